"""What a late answer costs (C-17, F-06): 1, 10 or 100 units by the hours until the result.

Counted are complaints for which the promise of a result was made: not those that are invalid,
merged into another or of a category without clocks. One that was opened again has no result yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from complaints.models import Complaint, Milestone, Status, Timer, TimerState
from csm.kit.statistics.delays import FIRST_DAY, THIRD_DAY, delay_units

NOT_COUNTED = (Status.INVALID_PROPOSED, Status.INVALID, Status.MERGED)
HOUR = timedelta(hours=1)
UNITS = (1, 10, 100)


@dataclass(frozen=True)
class Delay:
    """The delay of one complaint; `is_open` while it still grows."""

    elapsed: timedelta
    units: int
    is_open: bool

    @property
    def avoidable(self) -> int:
        """What a result on the first day would have saved."""
        return self.units - 1

    @property
    def hours(self) -> float:
        return self.elapsed / HOUR


def delay_of(complaint: Complaint, timers: Iterable[Timer], *, now: datetime) -> Delay | None:
    """The delay of a complaint with these milestone timers; None where it is not counted."""
    is_promised = any(
        timer.kind == Milestone.RESULT and timer.state != TimerState.VOID for timer in timers
    )
    if not is_promised or complaint.status in NOT_COUNTED:
        return None
    elapsed = (complaint.answered_at or now) - complaint.received_at
    units = delay_units(max(elapsed, timedelta()) / HOUR)
    return Delay(elapsed, units, is_open=complaint.answered_at is None)


def counted(rows: QuerySet[Complaint], *, now: datetime) -> QuerySet[Any]:
    """Those of the complaints that count, with `elapsed` and `units`: the same sum in SQL."""
    return with_units(rows, now=now).filter(is_counted=True)


def with_units(rows: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    """All of them, with `is_counted`, `elapsed` and `units`."""
    results = Timer.objects.filter(complaint=OuterRef("pk"), kind=Milestone.RESULT)
    promised = Exists(results.exclude(state=TimerState.VOID))
    elapsed = ExpressionWrapper(
        Coalesce(F("answered_at"), Value(now)) - F("received_at"), output_field=DurationField()
    )
    units = Case(
        When(elapsed__lte=FIRST_DAY * HOUR, then=Value(UNITS[0])),
        When(elapsed__lte=THIRD_DAY * HOUR, then=Value(UNITS[1])),
        default=Value(UNITS[2]),
        output_field=IntegerField(),
    )
    is_counted = ExpressionWrapper(
        ~Q(status__in=NOT_COUNTED) & Q(promised), output_field=BooleanField()
    )
    found = rows.annotate(is_counted=is_counted, elapsed=elapsed)
    return cast(QuerySet[Any], found.annotate(units=units))


def cost(units: int, price: Decimal | None) -> Decimal | None:
    """What so many units cost; None while nobody has set a price."""
    return None if price is None else units * price
