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
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from complaints import all_four
from complaints.models import (
    MILESTONES,
    CallbackAttempt,
    Category,
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
Rows = QuerySet[Any, dict[str, Any]]


def entries(
    period: Period, places: Places, *, now: datetime, among: QuerySet[Complaint] | None = None
) -> list[Entry]:
    """A line for each place that is always listed or has figures; `now` decides what is overdue.

    With `among`, only these complaints and their clocks count.
    """
    tallies = {pk: _nothing() for pk in places.of.values()}
    clocks = _clocks(period, now, among).annotate(place=_place("verdict_branch", places.of))
    taken_in = _taken_in(period, among).annotate(place=_place("branch", places.of))
    for row in _by_milestone(clocks):
        _add(tallies[row["place"]], row)
    for row in _by_verdict(clocks):
        tallies[row["place"]].complaints_by_verdict[row["verdict"]] = row["complaints"]
    for row in _by_validity(taken_in):
        tallies[row["place"]].complaints = row["complaints"]
        tallies[row["place"]].valid = row["valid"]
    for branch, breached in all_four.outcomes(_with_four_due(period, among), now=now):
        tally = tallies[places.of[branch]]
        tally.four_decided += 1
        tally.four_met += not breached
    return [
        Entry(places.name(pk), tally)
        for pk, tally in tallies.items()
        if places.is_always_listed(pk) or not tally.is_empty
    ]


def total(
    period: Period,
    lines: Iterable[Entry],
    *,
    now: datetime,
    among: QuerySet[Complaint] | None = None,
) -> Total:
    """The company: the sum of its places, and what cannot be had by adding them up.

    A complaint that is late at two places is one late complaint of the company.
    """
    parts = [line.tally for line in lines]
    by_verdict, late_by_milestone = _of_all(_clocks(period, now, among))
    return Total(
        timers={
            milestone: {
                verdict: sum(part.timers[milestone][verdict] for part in parts)
                for verdict in VERDICTS
            }
            for milestone in MILESTONES
        },
        complaints_by_verdict=by_verdict,
        late_by_milestone=late_by_milestone,
        complaints=sum(part.complaints for part in parts),
        valid=sum(part.valid for part in parts),
        four_met=sum(part.four_met for part in parts),
        four_decided=sum(part.four_decided for part in parts),
        causes=causes(period, among),
        **_calls(period),
    )


def causes(period: Period, among: QuerySet[Complaint] | None = None) -> list[Cause]:
    """Categories of the valid complaints, the most frequent first."""
    rows = (
        _taken_in(period, among)
        .filter(status__in=VALID)
        .annotate(has_more=Exists(Category.objects.filter(parent=OuterRef("category"))))
        .values("category__code", "category__name", "category__name_en", "has_more")
        .annotate(complaints=Count("pk"))
        .order_by("-complaints", F("category__code").asc(nulls_last=True))
    )
    return [
        {
            "code": row["category__code"] or "",
            "name": row["category__name"] or "",
            "name_en": row["category__name_en"] or "",
            "is_whole": not row["has_more"],
            "complaints": row["complaints"],
        }
        for row in rows
    ]


def _clocks(period: Period, now: datetime, among: QuerySet[Complaint] | None) -> QuerySet[Any]:
    """The milestones that fall due in the period, with their verdicts."""
    due = Timer.objects.milestones().filter(due_at__gte=period.start, due_at__lt=period.end)
    return (due if among is None else due.filter(complaint__in=among)).with_verdict(now)


def _taken_in(period: Period, among: QuerySet[Complaint] | None) -> QuerySet[Any]:
    rows = Complaint.objects.all() if among is None else among
    return rows.filter(received_at__gte=period.start, received_at__lt=period.end)


def _with_four_due(period: Period, among: QuerySet[Complaint] | None) -> QuerySet[Any]:
    """The complaints whose last promise, the callback, falls due in the period."""
    callbacks = Timer.objects.filter(
        kind=Milestone.CALLBACK,
        cycle=all_four.FIRST_CYCLE,
        due_at__gte=period.start,
        due_at__lt=period.end,
    )
    rows = Complaint.objects.all() if among is None else among
    return rows.filter(pk__in=callbacks.values("complaint"))


def _by_milestone(clocks: QuerySet[Any]) -> Rows:
    rows: Rows = clocks.values("place", "kind", "verdict").annotate(
        clocks=Count("pk"), complaints=Count("complaint", distinct=True)
    )
    return rows


def _by_verdict(clocks: QuerySet[Any]) -> Rows:
    rows: Rows = clocks.values("place", "verdict").annotate(
        complaints=Count("complaint", distinct=True)
    )
    return rows


def _of_all(clocks: QuerySet[Any]) -> tuple[Counts, Counts]:
    """The company's complaints by verdict, and its late ones by milestone."""
    late = Q(verdict=Verdict.BREACHED)
    traits = {verdict: Q(verdict=verdict) for verdict in VERDICTS}
    traits |= {milestone: late & Q(kind=milestone) for milestone in MILESTONES}
    found = clocks.aggregate(
        **{name: Count("complaint", distinct=True, filter=trait) for name, trait in traits.items()}
    )
    return {name: found[name] for name in VERDICTS}, {name: found[name] for name in MILESTONES}


def _by_validity(taken_in: QuerySet[Any]) -> Rows:
    rows: Rows = taken_in.values("place").annotate(
        complaints=Count("pk"), valid=Count("pk", filter=Q(status__in=VALID))
    )
    return rows


def _calls(period: Period) -> Counts:
    """What customers said when they were called back in the period."""
    calls = CallbackAttempt.objects.filter(at__gte=period.start, at__lt=period.end)
    return calls.aggregate(
        reached=Count("pk", filter=Q(is_reached=True)),
        satisfied=Count("pk", filter=Q(is_satisfied=True)),
        unanswered_calls=Count("pk", filter=Q(is_reached=False)),
    )


def _place(branch: str, place_of: Mapping[int, int]) -> F | Func:
    """The place of the row's branch, looked up in the database, so that it does the adding up."""
    if all(unit == place for unit, place in place_of.items()):
        return F(f"{branch}_id")
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
        tally.late_by_milestone[row["kind"]] = row["complaints"]


def _nothing() -> Tally:
    return Tally(
        timers={milestone: dict.fromkeys(VERDICTS, 0) for milestone in MILESTONES},
        complaints_by_verdict=dict.fromkeys(VERDICTS, 0),
        late_by_milestone=dict.fromkeys(MILESTONES, 0),
    )
