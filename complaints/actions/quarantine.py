"""Timers that could not fire and were set aside."""

from datetime import datetime

from django.db import transaction
from django.db.models import Case, DateTimeField, Value, When

from complaints.models import Timer, TimerState
from organisation.access import require
from organisation.models import Person


@transaction.atomic
def release(*, timer: Timer, by: Person | None, now: datetime) -> None:
    """Let it try again with the next sweep; one that was finished meanwhile stays silent."""
    require(by, "operations.see", timer)
    Timer.objects.filter(pk=timer.pk, quarantined_at__isnull=False).update(
        quarantined_at=None,
        fire_failures=0,
        next_fire_at=Case(
            When(state=TimerState.RUNNING, then=Value(now)),
            default=None,
            output_field=DateTimeField(),
        ),
    )
