"""What is counted for a ranking: queries only, each for all places at once (F-04).

Complaints count in the period of their receipt, for the branch responsible for them; clocks in the
period of their deadline, for the branch that owned them then (`Timer.verdict_branch`). "All four
met" looks at the four clocks of the first cycle: the complaint counts once all are decided, in the
period of the callback's deadline (the last of the four), for the branch responsible for it, since
the callback's own clock is the issuing unit's.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from complaints.models import (
    MILESTONES,
    CallbackAttempt,
    Complaint,
    Milestone,
    Status,
    Timer,
    Verdict,
)
from csm.kit.periods import Period
from reports.places import Places
from reports.rankings import Cause, Counts, Entry, Tally, Total

# In the order of the contract.
VERDICTS = ("met", "breached", "running", "void", "waived", "unreached")
NOT_VALID = (Status.INVALID_PROPOSED, Status.INVALID, Status.MERGED)
VALID = tuple(status for status in Status if status not in NOT_VALID)
DECIDED = (Verdict.MET, Verdict.BREACHED)
FIRST_CYCLE = 1
Rows = QuerySet[Any, dict[str, Any]]


def entries(period: Period, places: Places, *, now: datetime) -> list[Entry]:
    """A line for each place that is always listed or has figures; `now` decides what is overdue."""
    tallies = {pk: Tally(timers=_no_clocks(), late_by=_zeros()) for pk in places.of.values()}
    clocks = _clocks(period, now).annotate(place=_place("verdict_branch", places.of))
    taken_in = _taken_in(period).annotate(place=_place("branch", places.of))
    decided = _four_decided(period, now).annotate(place=_place("branch", places.of))
    for row in _by_verdict(clocks):
        _add(tallies[row["place"]], row)
    for row in _late(clocks):
        tallies[row["place"]].late = row["late"]
    for row in _by_validity(taken_in):
        tallies[row["place"]].complaints = row["complaints"]
        tallies[row["place"]].valid = row["valid"]
    for row in _by_four(decided):
        tallies[row["place"]].four_met = row["met"]
        tallies[row["place"]].four_decided = row["decided"]
    return [
        Entry(places.name(pk), tally)
        for pk, tally in tallies.items()
        if places.is_always_listed(pk) or not tally.is_empty
    ]


def total(period: Period, lines: Iterable[Entry], *, now: datetime) -> Total:
    """The company: the sum of its places, and what cannot be had by adding them up.

    A complaint that is late at two places is one late complaint of the company.
    """
    parts = [line.tally for line in lines]
    late = _late_of_all(_clocks(period, now))
    return Total(
        timers={
            milestone: {
                verdict: sum(part.timers[milestone][verdict] for part in parts)
                for verdict in VERDICTS
            }
            for milestone in MILESTONES
        },
        late=late.pop("all"),
        late_by=late,
        complaints=sum(part.complaints for part in parts),
        valid=sum(part.valid for part in parts),
        four_met=sum(part.four_met for part in parts),
        four_decided=sum(part.four_decided for part in parts),
        causes=causes(period),
        **_calls(period),
    )


def causes(period: Period) -> list[Cause]:
    """Categories of the valid complaints, the most frequent first."""
    rows = (
        _taken_in(period)
        .filter(status__in=VALID)
        .values("category__code", "category__name", "category__name_en")
        .annotate(complaints=Count("pk"))
        .order_by("-complaints", F("category__code").asc(nulls_last=True))
    )
    return [
        {
            "code": row["category__code"] or "",
            "name": row["category__name"] or "",
            "name_en": row["category__name_en"] or "",
            "complaints": row["complaints"],
        }
        for row in rows
    ]


def _clocks(period: Period, now: datetime) -> QuerySet[Timer]:
    """The milestones that fall due in the period, with their verdicts."""
    return (
        Timer.objects.milestones()
        .filter(due_at__gte=period.start, due_at__lt=period.end)
        .with_verdict(now)
    )


def _taken_in(period: Period) -> QuerySet[Complaint]:
    return Complaint.objects.filter(received_at__gte=period.start, received_at__lt=period.end)


def _four_decided(period: Period, now: datetime) -> QuerySet[Complaint]:
    """Complaints whose four first clocks are all met or breached; `is_broken` if any is breached."""
    mine = Timer.objects.milestones().filter(complaint=OuterRef("pk"), cycle=FIRST_CYCLE)
    decided = mine.with_verdict(now).filter(verdict__in=DECIDED)
    count = decided.order_by().values("complaint").annotate(n=Count("pk")).values("n")
    callbacks = Timer.objects.filter(
        kind=Milestone.CALLBACK,
        cycle=FIRST_CYCLE,
        due_at__gte=period.start,
        due_at__lt=period.end,
    )
    return (
        Complaint.objects.filter(pk__in=callbacks.values("complaint"))
        .annotate(decided_clocks=Subquery(count, output_field=IntegerField()))
        .filter(decided_clocks=len(MILESTONES))
        .annotate(is_broken=Exists(decided.filter(verdict=Verdict.BREACHED)))
    )


def _by_verdict(clocks: QuerySet[Timer]) -> Rows:
    return clocks.values("place", "kind", "verdict").annotate(
        clocks=Count("pk"), complaints=Count("complaint", distinct=True)
    )


def _late(clocks: QuerySet[Timer]) -> Rows:
    late = clocks.filter(verdict=Verdict.BREACHED)
    return late.values("place").annotate(late=Count("complaint", distinct=True))


def _late_of_all(clocks: QuerySet[Timer]) -> Counts:
    """Late complaints of the company: "all", and by milestone."""
    by_kind = {kind: Count("complaint", distinct=True, filter=Q(kind=kind)) for kind in MILESTONES}
    return clocks.filter(verdict=Verdict.BREACHED).aggregate(
        all=Count("complaint", distinct=True), **by_kind
    )


def _by_validity(taken_in: QuerySet[Complaint]) -> Rows:
    return taken_in.values("place").annotate(
        complaints=Count("pk"), valid=Count("pk", filter=Q(status__in=VALID))
    )


def _by_four(decided: QuerySet[Complaint]) -> Rows:
    return decided.values("place").annotate(
        decided=Count("pk"), met=Count("pk", filter=Q(is_broken=False))
    )


def _calls(period: Period) -> Counts:
    """What customers said when they were called back in the period."""
    calls = CallbackAttempt.objects.filter(at__gte=period.start, at__lt=period.end)
    return calls.aggregate(
        reached=Count("pk", filter=Q(is_reached=True)),
        satisfied=Count("pk", filter=Q(is_satisfied=True)),
        unanswered_calls=Count("pk", filter=Q(is_reached=False)),
    )


def _place(branch: str, place_of: Mapping[int, int]) -> Func:
    """The place of the row's branch, looked up in the database, so that it does the adding up."""
    return Func(
        Value({str(unit): place for unit, place in place_of.items()}, JSONField()),
        Cast(f"{branch}_id", TextField()),
        template="(%(expressions)s)::bigint",
        arg_joiner=" ->> ",
        output_field=BigIntegerField(),
    )


def _add(tally: Tally, row: Mapping[str, Any]) -> None:
    tally.timers[row["kind"]][row["verdict"]] = row["clocks"]
    if row["verdict"] == Verdict.BREACHED:
        tally.late_by[row["kind"]] = row["complaints"]


def _zeros() -> Counts:
    return dict.fromkeys(MILESTONES, 0)


def _no_clocks() -> dict[str, Counts]:
    return {milestone: dict.fromkeys(VERDICTS, 0) for milestone in MILESTONES}
