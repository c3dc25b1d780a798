"""Rows for tests and the demo."""

from datetime import datetime
from itertools import count

from csm.kit import clock
from organisation.models import Branch, Person
from staff.actions import points
from staff.models import PointEntry, SourceKind, Trigger

SOURCES = count(1)


def earned(
    person: Person,
    branch: Branch,
    *,
    trigger: Trigger = Trigger.STAR,
    now: datetime | None = None,
) -> PointEntry:
    """Points of the first rule of a trigger, as if for the next outcome."""
    now = now or clock.now()
    (entry,) = points.award(
        person=person,
        branch=branch,
        trigger=trigger,
        source_kind=SourceKind(trigger),
        source_id=next(SOURCES),
        earned_on=now.date(),
        now=now,
    )
    return entry
