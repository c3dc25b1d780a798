"""Looking at a complaint: what changes afterwards is marked, and colleagues see who is there."""

from datetime import datetime

from django.db import connection

from complaints.models import Complaint, Look
from organisation.models import Person


def look(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """The person has the page as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, {"complaint": complaint.pk, "person": by.pk, "now": now})


# One statement needs no transaction around it: this happens whenever a page is opened.
LOOK = """
INSERT INTO complaints_look (complaint_id, person_id, looked_at, present_at)
VALUES (%(complaint)s, %(person)s, %(now)s, %(now)s)
ON CONFLICT (complaint_id, person_id)
DO UPDATE SET looked_at = excluded.looked_at, present_at = excluded.present_at
"""


def stay(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """The page is still open, as it was: later changes have not been seen."""
    Look.objects.filter(complaint=complaint, person=by, looked_at__lte=now).update(present_at=now)
