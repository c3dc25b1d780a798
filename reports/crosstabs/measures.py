"""What can be counted of the complaints in a cell of a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    FloatField,
    Func,
    OuterRef,
    Q,
    Subquery,
    Sum,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints import delay_cost
from complaints.all_four import FIRST_CYCLE
from complaints.models import (
    GRANTED,
    CallbackAttempt,
    Complaint,
    Milestone,
    Recovery,
    Verdict,
    verdict_at,
)
from complaints.models.complaint import ENDED_STATUSES
from reports.figures import VALID

Unit = Literal["count", "share", "hours", "number", "money"]
Rows = Any
MEDIAN, NINETIETH = 0.5, 0.9
RECURS_WITHIN = timedelta(days=90)
IS_VALID = Q(status__in=VALID)


class Percentile(Aggregate):
    """So large a share of the values lies at or below it (continuous, as PostgreSQL has it)."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Measure:
    """`value` aggregates rows that `prepare` made ready; of a share it is the hits of `n`.

    `definition` says what is counted; it stands below every table that shows it.
    """

    name: str
    label: Promise
    definition: Promise
    unit: Unit
    value: Aggregate
    n: Aggregate | None = None
    prepare: Callable[[Rows, datetime], Rows] = lambda rows, _now: rows


def _count(condition: Q) -> Count:
    return Count("pk", filter=condition)


def _with_clock(kind: str) -> Callable[[Rows, datetime], Rows]:
    """One clock for each complaint, that of the first cycle, so that nothing doubles."""
    own = Q(timers__kind=kind, timers__cycle=FIRST_CYCLE)

    def prepare(rows: Rows, now: datetime) -> Rows:
        clock = f"{kind}_clock"
        joined = rows.annotate(**{clock: FilteredRelation("timers", condition=own)})
        return joined.annotate(**{f"{kind}_verdict": verdict_at(now, of=clock)})

    return prepare


def _on_time(kind: str, label: Promise) -> Measure:
    verdict = f"{kind}_verdict"
    return Measure(
        f"on_time_{kind}",
        label,
        _(
            "Met of met and overdue, of the first clock of each complaint; waived, void, running "
            "and not reached are in neither (F-04)."
        ),
        "share",
        _count(Q(**{verdict: Verdict.MET})),
        _count(Q(**{f"{verdict}__in": (Verdict.MET, Verdict.BREACHED)})),
        prepare=_with_clock(kind),
    )


def _hours_to(end: str, share: float) -> Percentile:
    elapsed = ExpressionWrapper(F(end) - F("received_at"), output_field=DurationField())
    hours = Func(
        elapsed,
        template="(EXTRACT(EPOCH FROM %(expressions)s) / 3600)::float8",
        output_field=FloatField(),
    )
    return Percentile(hours, share=share)


def _with_words(rows: Rows, _now: datetime) -> Rows:
    """What the customer said in the last call that reached them."""
    calls = CallbackAttempt.objects.filter(complaint=OuterRef("pk"), is_reached=True)
    return rows.annotate(said=Subquery(calls.order_by("-at", "-pk").values("is_satisfied")[:1]))


def _with_earlier(rows: Rows, _now: datetime) -> Rows:
    """Whether the same customer complained of the same within 90 days before (F-19)."""
    received_at = OuterRef("received_at")
    earlier = Complaint.objects.filter(
        IS_VALID,
        customer=OuterRef("customer"),
        category=OuterRef("category"),
        received_at__lt=received_at,
        received_at__gte=received_at - RECURS_WITHIN,
    )
    return rows.annotate(recurs=Exists(earlier))


def _with_recoveries(rows: Rows, _now: datetime) -> Rows:
    given = Recovery.objects.filter(complaint=OuterRef("pk"), status__in=GRANTED)
    total = given.order_by().values("complaint").annotate(total=Sum("amount")).values("total")
    return rows.annotate(recovered=Subquery(total))


def _with_units(rows: Rows, now: datetime) -> Rows:
    return delay_cost.with_units(rows, now=now)


_ANSWERED = _("Hours from receipt to the result, of complaints that have one.")
_APOLOGISED = _("Hours from receipt to the apology, of complaints that have one.")
MEASURES = {
    each.name: each
    for each in (
        Measure(
            "complaints",
            _("Complaints"),
            _("All that were received in the period, whatever became of them."),
            "count",
            Count("pk"),
        ),
        Measure(
            "valid",
            _("Valid complaints"),
            _("Received in the period; neither invalid, to be confirmed as such, nor merged."),
            "count",
            _count(IS_VALID),
        ),
        Measure(
            "open",
            _("Open complaints"),
            _("Received in the period; neither closed, invalid nor merged now."),
            "count",
            _count(~Q(status__in=ENDED_STATUSES)),
        ),
        _on_time(Milestone.APOLOGY, _("Apologised on time")),
        _on_time(Milestone.RESULT, _("Result on time")),
        _on_time(Milestone.WORK_ORDER, _("Work order on time")),
        _on_time(Milestone.CALLBACK, _("Callback on time")),
        Measure(
            "apology_median",
            _("Hours to the apology, median"),
            _APOLOGISED,
            "hours",
            _hours_to("apologised_at", MEDIAN),
        ),
        Measure(
            "apology_90",
            _("Hours to the apology, 90 of 100"),
            _APOLOGISED,
            "hours",
            _hours_to("apologised_at", NINETIETH),
        ),
        Measure(
            "result_median",
            _("Hours to the result, median"),
            _ANSWERED,
            "hours",
            _hours_to("answered_at", MEDIAN),
        ),
        Measure(
            "result_90",
            _("Hours to the result, 90 of 100"),
            _ANSWERED,
            "hours",
            _hours_to("answered_at", NINETIETH),
        ),
        Measure(
            "satisfied",
            _("Satisfied at the callback"),
            _("Of customers who were reached and said so or not, by their last call."),
            "share",
            _count(Q(said=True)),
            _count(Q(said__isnull=False)),
            prepare=_with_words,
        ),
        Measure(
            "reopened",
            _("Opened again"),
            _("Of valid complaints, those that began a second time."),
            "share",
            _count(IS_VALID & Q(cycle__gt=FIRST_CYCLE)),
            _count(IS_VALID),
        ),
        Measure(
            "recurring",
            _("Of the same again within 90 days"),
            _(
                "Of valid complaints of known customers with a category, those whose customer had "
                "complained of the same within 90 days before (F-19)."
            ),
            "share",
            _count(IS_VALID & Q(recurs=True)),
            _count(IS_VALID & Q(customer__isnull=False, category__isnull=False)),
            prepare=_with_earlier,
        ),
        Measure(
            "delay_units",
            _("Delay cost, units"),
            _("A result within 24 hours costs 1 unit, within 72 hours 10, later 100 (F-06)."),
            "number",
            Sum("units", filter=Q(is_counted=True)),
            prepare=_with_units,
        ),
        Measure(
            "recovery",
            _("Given to customers"),
            _("What was given or approved for these complaints, in yuan."),
            "money",
            Sum("recovered"),
            prepare=_with_recoveries,
        ),
    )
}
