"""The rows of a list of complaints: each with its four clocks, and marked when it has changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.functional import Promise

from complaints import clocks, looks
from complaints.clock_face import Clock
from complaints.models import Complaint
from organisation.access import places
from organisation.models import Branch, Person


class Row(NamedTuple):
    """`mark`: the words before the subject of what the person has not seen yet, or "".

    `branch` is the name of the responsible one; of one not assigned yet, where it was taken in.
    """

    complaint: Complaint
    clocks: list[Clock]
    mark: Promise | str
    branch: str


def rows_of(
    complaints: Sequence[Complaint],
    *,
    person: Person,
    now: datetime,
    targets: Mapping[str, timedelta],
) -> list[Row]:
    """In the same order, of complaints `with_looks`; two queries however many they are."""
    faces = clocks.four_of(complaints, now=now, targets=targets)
    names = _names({_branch(row) for row in complaints}, person)
    return [
        Row(row, faces[row.pk], looks.mark(row, person, now) or "", names[_branch(row)])
        for row in complaints
    ]


def _branch(complaint: Complaint) -> int:
    return complaint.branch_id if complaint.triaged_at else complaint.intake_branch_id


def _names(wanted: set[int], person: Person) -> dict[int, str]:
    """The names of these branches; those that the person sees anyway are known."""
    mine = (place for place in places(person, "branch.see") if place.pk in wanted)
    known = {place.pk: place.label for place in mine}
    if missing := wanted - known.keys():
        others = Branch.objects.filter(pk__in=missing)
        known |= {branch.pk: branch.label for branch in others}
    return known
