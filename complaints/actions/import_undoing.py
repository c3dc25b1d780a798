"""Taking back a whole import: set-based, in one transaction, only while nobody has touched it."""

from datetime import datetime

from django.db import connection, transaction

from complaints.actions import facts
from complaints.models import ImportRun
from customers.actions import bulk
from customers.models import Customer
from organisation.models import Person

# A complaint of an import is untouched while its only event is the import, and none points to it.
TOUCHED = """
SELECT count(*) FROM complaints_importedcomplaint l JOIN complaints_complaint c
ON c.id = l.complaint_id WHERE l.run_id = %(run)s AND (
    c.version > 1 OR c.changed_at IS NOT NULL
    OR EXISTS (SELECT FROM complaints_event e WHERE e.complaint_id = c.id AND e.kind <> 'imported')
    OR EXISTS (SELECT FROM complaints_complaint o WHERE o.repeat_of_id = c.id)
)
"""
# Nobody may begin to work on one of them meanwhile.
LOCK = """
SELECT count(*) FROM (
    SELECT FROM complaints_complaint WHERE id IN (
        SELECT complaint_id FROM complaints_importedcomplaint WHERE run_id = %(run)s
    ) ORDER BY id FOR UPDATE
) locked
"""
CUSTOMERS = """
SELECT DISTINCT customer_id FROM complaints_complaint
WHERE customer_id IS NOT NULL AND id IN (
    SELECT complaint_id FROM complaints_importedcomplaint WHERE run_id = %(run)s
)
"""
# The trigger of the time line lets "imported" go together with this import, and nothing else.
ALLOW = "SELECT set_config('csm.undone_import', %(run)s::text, true)"
OF_THE_RUN = "(SELECT complaint_id FROM complaints_importedcomplaint WHERE run_id = %(run)s)"
ENTRIES = f"""
DELETE FROM customers_timelineentry WHERE kind = 'complaint' AND reference IN (
    SELECT number FROM complaints_complaint WHERE id IN {OF_THE_RUN}
)
"""  # noqa: S608  constants only
PARTS = tuple(
    f"DELETE FROM {table} WHERE complaint_id IN {OF_THE_RUN}"  # noqa: S608  constants only
    for table in ("complaints_event", "complaints_timer", "complaints_look")
)
COMPLAINTS = """
WITH gone AS (
    DELETE FROM complaints_importedcomplaint WHERE run_id = %(run)s RETURNING complaint_id
)
DELETE FROM complaints_complaint WHERE id IN (SELECT complaint_id FROM gone)
"""


def touched(run: ImportRun) -> int:
    """How many of its complaints somebody has worked on since."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"run": run.pk})
        (count,) = cursor.fetchone()
    return int(count)


@transaction.atomic
def take_back(run: ImportRun, *, by: Person, now: datetime) -> int:
    """Remove its complaints, and the customers that only they had; gives the number of the first.

    The caller has asked for the right, and whether the complaints are untouched.
    """
    given = {"run": run.pk}
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, given)
        customers = [key for (key,) in cursor.fetchall()]
        for statement in (ALLOW, ENTRIES, *PARTS):
            cursor.execute(statement, given)
        cursor.execute(COMPLAINTS, given)
        count = int(cursor.rowcount)
    if run.imported_at is not None:
        bulk.remove_unused(_without_complaints(customers), created_at=run.imported_at)
    facts.refresh_many(customers, now=now)
    ImportRun.objects.filter(pk=run.pk).update(undone_at=now, undone_by=by, undone_count=count)
    return count


def _without_complaints(customers: list[int]) -> list[int]:
    rows = Customer.objects.filter(pk__in=customers, complaints=None)
    return list(rows.values_list("pk", flat=True))


def lock(run: ImportRun) -> None:
    """Hold its complaints until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"run": run.pk})
