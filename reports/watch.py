"""Where figures could have been made to look better: signs to look into, and never a verdict.

Of the complaints received in a period, by the branch responsible, those of which a record says so
today. Each sign has the cases that it is of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint
from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Person

Sign = Literal["flips", "receipts", "callbacks", "deadlines"]
# A result in the last hour of its 24 counts as given just before the deadline.
JUST_BEFORE = timedelta(hours=1)
NAMES: Mapping[str, Promise] = {
    "flips": _("Judged valid, then invalid"),
    "receipts": _("Time of receipt changed"),
    "callbacks": _("Called back by the branch itself"),
    "deadlines": _("Answered just before the deadline, then opened again"),
}
# What each sign is a part of.
OF: Mapping[str, Promise] = {
    "flips": _("of those judged valid"),
    "receipts": _("of those received"),
    "callbacks": _("of those reached by a callback"),
    "deadlines": _("of those answered"),
}
# Each complaint of the period with its signs; what a sign is of stands beside it.
SIGNS = """
SELECT c.id, c.branch_id,
    EXISTS (SELECT FROM complaints_event e WHERE e.complaint_id = c.id
        AND e.kind = 'judged_valid') AS of_flips,
    EXISTS (SELECT FROM complaints_event e JOIN complaints_event v ON v.complaint_id = c.id
        AND v.kind = 'judged_valid' AND (v.at, v.id) < (e.at, e.id)
        WHERE e.complaint_id = c.id AND e.kind = 'invalid_confirmed') AS flips,
    true AS of_receipts,
    EXISTS (SELECT FROM complaints_event e WHERE e.complaint_id = c.id
        AND e.kind = 'receipt_corrected') AS receipts,
    EXISTS (SELECT FROM complaints_callbackattempt a WHERE a.complaint_id = c.id
        AND a.is_reached) AS of_callbacks,
    EXISTS (SELECT FROM complaints_callbackattempt a
        JOIN organisation_posting p ON p.person_id = a.by_id AND p.branch_id = c.branch_id
        WHERE a.complaint_id = c.id AND a.is_reached
            AND c.branch_id IS DISTINCT FROM c.issuing_branch_id) AS callbacks,
    EXISTS (SELECT FROM complaints_timer t WHERE t.complaint_id = c.id
        AND t.kind = 'result' AND t.met_at IS NOT NULL) AS of_deadlines,
    EXISTS (SELECT FROM complaints_timer t WHERE t.complaint_id = c.id
        AND t.kind = 'result' AND t.cycle < c.cycle
        AND t.met_at BETWEEN t.due_at - %(before)s AND t.due_at) AS deadlines
FROM complaints_complaint c
WHERE c.received_at >= %(start)s AND c.received_at < %(end)s
"""
COUNTED = f"""
SELECT branch_id, count(*) FILTER (WHERE flips), count(*) FILTER (WHERE of_flips),
    count(*) FILTER (WHERE receipts), count(*) FILTER (WHERE of_receipts),
    count(*) FILTER (WHERE callbacks), count(*) FILTER (WHERE of_callbacks),
    count(*) FILTER (WHERE deadlines), count(*) FILTER (WHERE of_deadlines)
FROM ({SIGNS}) signs GROUP BY branch_id
"""  # noqa: S608  constants only
FOUND = {
    sign: f"SELECT id FROM ({SIGNS}) signs WHERE {sign} AND branch_id = %(branch)s"  # noqa: S608
    for sign in NAMES
}


@dataclass(frozen=True)
class Count:
    """`number` complaints with a sign, of `n` that it could stand at."""

    sign: str
    number: int
    n: int


@dataclass(frozen=True)
class Watched:
    """The signs of one branch, in the order of `NAMES`."""

    branch: int
    counts: Sequence[Count]

    @property
    def total(self) -> int:
        return sum(each.number for each in self.counts)


def counted(period: Period) -> list[Watched]:
    """The branches that received complaints in the period; one statement."""
    return [
        Watched(
            branch,
            [
                Count(sign, numbers[2 * place], numbers[2 * place + 1])
                for place, sign in enumerate(NAMES)
            ],
        )
        for branch, *numbers in _rows(COUNTED, period)
    ]


def company(watched: Iterable[Watched]) -> list[Count]:
    """The sums of all branches."""
    rows = [each.counts for each in watched]
    return [
        Count(sign, sum(r[place].number for r in rows), sum(r[place].n for r in rows))
        for place, sign in enumerate(NAMES)
    ]


def complaints(sign: str, branch: int, period: Period, *, person: Person) -> list[Complaint]:
    """Those behind a number that the person sees, the newest first."""
    found = [pk for (pk,) in _rows(FOUND[sign], period, branch=branch)]
    rows = visible(Complaint, person).filter(pk__in=found)
    return list(rows.order_by("-received_at", "-pk"))


def _rows(statement: str, period: Period, **given: Any) -> list[tuple[Any, ...]]:
    said = {"start": period.start, "end": period.end, "before": JUST_BEFORE, **given}
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return list(cursor.fetchall())
