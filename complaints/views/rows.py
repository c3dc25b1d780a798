"""The rows of a list of complaints: each with its four clocks, and marked when it has changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.functional import Promise

from complaints import clocks, looks
from complaints.clock_face import Clock
from complaints.models import Complaint
from organisation.models import Person


class Row(NamedTuple):
    """`mark`: the words before the subject of what the person has not seen yet, or ""."""

    complaint: Complaint
    clocks: list[Clock]
    mark: Promise | str


def rows_of(
    complaints: Sequence[Complaint],
    *,
    person: Person,
    now: datetime,
    targets: Mapping[str, timedelta],
) -> list[Row]:
    """In the same order; two queries however many they are."""
    faces = clocks.four_of(complaints, now=now, targets=targets)
    marks = looks.marks(complaints, person, now)
    return [Row(row, faces[row.pk], marks.get(row.pk, "")) for row in complaints]
