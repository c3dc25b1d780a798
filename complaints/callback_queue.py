"""Whom to call back, by time left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from complaints import clocks
from complaints.clock_face import Face
from complaints.models import (
    UNFINISHED,
    CallbackAttempt,
    Complaint,
    Status,
    Timer,
    TimerKind,
)
from complaints.models.timer import TimerQuerySet
from csm.kit import keyset
from organisation.access import branches, sees_everything, visible
from organisation.models import Person

VERB = "callback.record"
SIZE = 30


@dataclass(frozen=True)
class Waiting:
    """Somebody to call back: how often it was tried, when to try again, and the time left."""

    complaint: Complaint
    face: Face
    tries: int
    next_at: datetime | None

    @property
    def name(self) -> str:
        customer = self.complaint.customer
        return customer.name if customer else self.complaint.contact_name or self.complaint.number


@dataclass(frozen=True)
class Day:
    """The figures above the queue."""

    waiting: int
    due_today: int
    done_today: int
    reached_today: int


def reachable(person: Person) -> QuerySet[Complaint]:
    """The complaints whose customers the person may call back."""
    rows = visible(Complaint, person)
    if sees_everything(person, VERB):
        return rows
    mine = branches(person, VERB).values("pk")
    return rows.filter(Q(branch__in=mine) | Q(intake_branch__in=mine))


def timers_for(person: Person) -> TimerQuerySet:
    """The unfinished callback clocks of answered complaints, as one queue."""
    return Timer.objects.filter(
        kind=TimerKind.CALLBACK,
        state__in=UNFINISHED,
        cycle=F("complaint__cycle"),
        complaint__status=Status.ANSWERED,
        complaint__in=reachable(person),
    )


def page(
    person: Person, params: QueryDict, *, now: datetime
) -> tuple[list[Waiting], keyset.Page[Timer]]:
    """One page of the queue: whoever is due first comes first."""
    rows = timers_for(person).select_related("complaint__customer")
    found = keyset.page(rows, order=("due_at", "pk"), params=params, size=SIZE)
    tries = tries_of(found.rows)
    return [_waiting(timer, tries, now) for timer in found.rows], found


def _waiting(timer: Timer, tries: dict[int, list[CallbackAttempt]], now: datetime) -> Waiting:
    # The queue is made of complaints' clocks.
    complaint = cast(Complaint, timer.complaint)
    made = tries.get(complaint.pk, [])
    return Waiting(
        complaint=complaint,
        face=clocks.face(timer, now=now),
        tries=len(made),
        next_at=made[-1].next_at if made else None,
    )


def tries_of(timers: list[Timer]) -> dict[int, list[CallbackAttempt]]:
    """The calls of the present cycle, oldest first, by complaint."""
    rows = CallbackAttempt.objects.filter(
        complaint__in=[timer.complaint_id for timer in timers], cycle=F("complaint__cycle")
    )
    found: dict[int, list[CallbackAttempt]] = {}
    for attempt in rows:
        found.setdefault(attempt.complaint_id, []).append(attempt)
    return found


def day(person: Person, *, now: datetime) -> Day:
    """How many wait, how many of them fall due today, and what was done today."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=1)
    queue = timers_for(person).aggregate(
        waiting=Count("pk"), due_today=Count("pk", filter=Q(due_at__lt=end))
    )
    calls = CallbackAttempt.objects.filter(
        at__gte=start, complaint__in=reachable(person)
    ).aggregate(done_today=Count("pk"), reached_today=Count("pk", filter=Q(is_reached=True)))
    return Day(**queue, **calls)
