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

from django.db import connection
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
from reports.cases import Cases
from reports.places import Places
from reports.rankings import NO_CASE, Case, Cause, Entry, Tally, Total

# In the order of the contract.
VERDICTS = ("met", "breached", "running", "void", "waived", "unreached")
NOT_VALID = (Status.INVALID_PROPOSED, Status.INVALID, Status.MERGED)
VALID = tuple(status for status in Status if status not in NOT_VALID)
Rows = QuerySet[Any, dict[str, Any]]
# What the library cannot say: one reading of the clocks for each place and milestone, for all
# milestones of a place, and the same for the company. An empty place or kind stands for all.
CLOCKS = """
SELECT place, kind, verdict, count(*), count(DISTINCT complaint_id) FROM rows
GROUP BY GROUPING SETS ((place, kind, verdict), (place, verdict), (kind, verdict), (verdict))
"""
ALL_FOUR = """
SELECT branch, count(*), count(*) FILTER (WHERE breached = 0) FROM rows GROUP BY branch
"""


def counted(
    period: Period,
    places: Places,
    *,
    now: datetime,
    among: QuerySet[Complaint] | None = None,
    cases: Cases | None = None,
) -> tuple[list[Entry], Total]:
    """A line for each place that is always listed or has figures, and the company.

    `now` decides what is overdue. With `among`, only these complaints and their clocks count.
    `cases`: what else the parts of the composite rest on, by unit.
    """
    company = _nothing()
    tallies = {pk: _nothing() for pk in places.of.values()}
    for unit, parts in (cases or {}).items():
        _join(tallies[places.of[unit]].cases, parts)
    clocks = _clocks(period, now, among).annotate(place=_place("verdict_branch", places.of))
    for place, kind, verdict, number, complaints in _rows(CLOCKS, _one_by_one(clocks)):
        tally = company if place is None else tallies[place]
        if kind is None:
            tally.complaints_by_verdict[verdict] = complaints
        else:
            _add(tally, kind, verdict, clocks=number, complaints=complaints)
    taken_in = _taken_in(period, among).annotate(place=_place("branch", places.of))
    for row in _by_validity(taken_in):
        tallies[row["place"]].complaints = row["complaints"]
        tallies[row["place"]].valid = row["valid"]
    four = all_four.outcomes(_with_four_due(period, among), now=now)
    for branch, decided, met in _rows(ALL_FOUR, four):
        tally = tallies[places.of[branch]]
        tally.four_decided += decided
        tally.four_met += met
    lines = [
        Entry(places.name(pk), tally)
        for pk, tally in tallies.items()
        if places.is_always_listed(pk) or not tally.is_empty
    ]
    return lines, _total(
        company, lines, causes=causes(period, among), unanswered_calls=_unanswered(period)
    )


def _total(company: Tally, lines: Iterable[Entry], **rest: Any) -> Total:
    """The company: its own clocks, and the sum of its places.

    A complaint that is late at two places is one late complaint of the company.
    """
    parts = [line.tally for line in lines]
    calls = [part.cases.get("callback", NO_CASE) for part in parts]
    return Total(
        satisfied=sum(call.hits for call in calls),
        reached=sum(int(call.n) for call in calls),
        timers=company.timers,
        complaints_by_verdict=company.complaints_by_verdict,
        late_by_milestone=company.late_by_milestone,
        complaints=sum(part.complaints for part in parts),
        valid=sum(part.valid for part in parts),
        four_met=sum(part.four_met for part in parts),
        four_decided=sum(part.four_decided for part in parts),
        **rest,
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


def _one_by_one(clocks: QuerySet[Any]) -> QuerySet[Any]:
    return clocks.values("place", "kind", "verdict", "complaint_id")


def _rows(statement: str, rows: QuerySet[Any]) -> list[tuple[Any, ...]]:
    """What a statement adds up of `rows`, which it names so."""
    inner, given = rows.query.sql_with_params()
    whole = f"WITH rows AS MATERIALIZED ({inner}) {statement}"  # the library's, and ours from above
    with connection.cursor() as cursor:
        cursor.execute(whole, given)
        return list(cursor.fetchall())


def _by_validity(taken_in: QuerySet[Any]) -> Rows:
    rows: Rows = taken_in.values("place").annotate(
        complaints=Count("pk"), valid=Count("pk", filter=Q(status__in=VALID))
    )
    return rows


def _unanswered(period: Period) -> int:
    """Calls of the period that reached nobody."""
    calls = CallbackAttempt.objects.filter(at__gte=period.start, at__lt=period.end)
    return calls.filter(is_reached=False).count()


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


def _add(tally: Tally, kind: str, verdict: str, *, clocks: int, complaints: int) -> None:
    tally.timers[kind][verdict] = clocks
    if verdict == Verdict.BREACHED:
        tally.late_by_milestone[kind] = complaints


def _join(mine: dict[str, Case], more: Mapping[str, Case]) -> None:
    for name, (hits, n) in more.items():
        mine[name] = Case(hits + mine.get(name, NO_CASE).hits, n + mine.get(name, NO_CASE).n)


def _nothing() -> Tally:
    return Tally(
        timers={milestone: dict.fromkeys(VERDICTS, 0) for milestone in MILESTONES},
        complaints_by_verdict=dict.fromkeys(VERDICTS, 0),
        late_by_milestone=dict.fromkeys(MILESTONES, 0),
    )
