"""Timers that could not fire and were set aside."""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When

from complaints.models import Status, Timer, TimerState
from organisation.access import require
from organisation.models import Person

SPEAKS = Q(state=TimerState.RUNNING) & (
    Q(complaint=None)
    | Q(complaint__cycle=F("cycle")) & ~Q(complaint__status=Status.INVALID_PROPOSED)
)


@transaction.atomic
def release(*, timer: Timer, by: Person | None, now: datetime) -> None:
    """Let it try again with the next sweep; one that may not speak meanwhile stays silent.

    That is one that was finished, one of an earlier cycle, and one whose complaint is in doubt.
    """
    require(by, "operations.see", timer)
    Timer.objects.filter(pk=timer.pk, quarantined_at__isnull=False).update(
        quarantined_at=None,
        fire_failures=0,
        next_fire_at=Case(
            When(pk__in=Timer.objects.filter(SPEAKS).values("pk"), then=Value(now)),
            default=None,
            output_field=DateTimeField(),
        ),
    )
