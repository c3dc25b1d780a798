"""Task forces as they are shown: the duties by department (O-04)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Max
from django.utils import timezone

from organisation.access import visible
from organisation.models import Person, Role
from staff.models import Duty, DutyStatus, TaskForce, TaskForceStatus

MINE = 10


@dataclass(frozen=True)
class Department:
    """One department's duties; `late` of them are past their day."""

    label: str
    duties: Sequence[Duty]
    done: int
    late: int


def departments(force: TaskForce, person: Person, *, now: datetime) -> list[Department]:
    """In the order of the roles; of each duty when it was reported on last. One query."""
    rows = visible(Duty, person).filter(force=force).select_related("person")
    found = list(rows.annotate(reported_at=Max("reports__at")))
    order = list(Role.values)
    found.sort(key=lambda duty: (order.index(duty.department), duty.status, duty.pk))
    return [
        _department(str(Role(name).label), list(duties), force, now)
        for name, duties in groupby(found, lambda duty: duty.department)
    ]


def _department(label: str, duties: Sequence[Duty], force: TaskForce, now: datetime) -> Department:
    is_active = force.status == TaskForceStatus.ACTIVE
    return Department(
        label=label,
        duties=duties,
        done=sum(duty.status == DutyStatus.DONE for duty in duties),
        late=sum(is_active and is_late(duty, now=now) for duty in duties),
    )


def is_late(duty: Duty, *, now: datetime) -> bool:
    is_open = duty.status == DutyStatus.OPEN
    return is_open and duty.due_on is not None and duty.due_on < timezone.localdate(now)


def mine(person: Person) -> list[Duty]:
    """The open duties of a person, those with a day first."""
    rows = Duty.objects.filter(
        person=person, status=DutyStatus.OPEN, force__status=TaskForceStatus.ACTIVE
    )
    return list(rows.select_related("force").order_by("due_on", "pk")[:MINE])
