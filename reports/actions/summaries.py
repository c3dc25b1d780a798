"""Keeping the counts of each day as the facts have them: after a change, every night, on demand."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from complaints.models import MILESTONES, ImportRun
from csm.kit.periods import DAY, moment
from organisation.actions import sweeps
from organisation.models import SweepRun
from reports import summary_sql
from reports.summary_sql import EVERY, OF_COMPLAINTS, SHIPMENTS, Summary

SWEEP = "summaries"
# A change is committed a little after the moment that it carries.
OVERLAP = timedelta(minutes=10)
# So many statements at most, each for days that follow one another: more days, fewer statements.
MOST_SPANS = 4
YEAR = timedelta(days=366)
# Two at once would write the same rows.
LOCK = 4714
# A year of rows is compared in memory instead of on the disk.
ROOM = "64MB"
BEGIN = "SELECT pg_advisory_xact_lock(%(lock)s), set_config('work_mem', %(room)s, true)"

Span = tuple[date, date]


def refresh(*, now: datetime) -> int:
    """Count anew what was touched since the last time; once a day everything. Gives the rows.

    What follows from time alone, a deadline that passes, lies within the days from yesterday on.
    Imports write no changes of single complaints: after one, everything is counted.
    """
    ran_at = SweepRun.objects.filter(name=SWEEP).values_list("ran_at", flat=True).first()
    if ran_at is None or _day(ran_at) < _day(now) or _has_imported(ran_at - OVERLAP):
        written = rebuild(now=now)
    else:
        since = min(ran_at, now) - OVERLAP
        written = sum(
            _count(summaries, span, now=now)
            for days, summaries in (
                (_touched(since, now), OF_COMPLAINTS),
                (_days(summary_sql.SHIPPED, since=since), (SHIPMENTS,)),
            )
            for span in spans(days)
        )
    sweeps.mark(SWEEP, now=now)
    return written


def rebuild(*, now: datetime, first: date | None = None, last: date | None = None) -> int:
    """Count the days from `first` to `last`, all if not named; gives how many rows differed."""
    [(earliest, latest)] = _rows(summary_sql.BOUNDS)
    if earliest is None:
        return 0
    begin, end = max(first or earliest, earliest), min(last or latest, latest)
    written = 0
    while begin <= end:
        written += _count(EVERY, (begin, min(begin + YEAR - DAY, end)), now=now)
        begin += YEAR
    return written


def spans(days: Collection[date], most: int = MOST_SPANS) -> list[Span]:
    """The days as at most so many spans, parted at the widest gaps; they may hold others, too."""
    ordered = sorted(days)
    if not ordered:
        return []
    gaps = sorted(pairwise(ordered), key=lambda pair: pair[0] - pair[1])[: most - 1]
    parted = sorted(gap for gap in gaps if gap[1] - gap[0] > DAY)
    begins = [ordered[0], *(later for _earlier, later in parted)]
    ends = [*(earlier for earlier, _later in parted), ordered[-1]]
    return list(zip(begins, ends, strict=True))


@transaction.atomic
def _count(summaries: Sequence[Summary], span: Span, *, now: datetime) -> int:
    zone = timezone.get_default_timezone()
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, {"lock": LOCK, "room": ROOM})
    return sum(
        _rows(
            summary.statement,
            first=span[0],
            last=span[1],
            start=moment(span[0], time(0), zone),
            end=moment(span[1] + DAY, time(0), zone),
            now=now,
        )[0][0]
        for summary in summaries
    )


def _touched(since: datetime, now: datetime) -> set[date]:
    [(last,)] = _rows(summary_sql.LAST_DUE)
    first = _day(since) - DAY
    until = max(last or first, _day(now))
    lately = {first + n * DAY for n in range((until - first).days + 1)}
    return lately | _days(summary_sql.TOUCHED, since=since)


def _has_imported(since: datetime) -> bool:
    recent = Q(import_job__finished_at__gte=since) | Q(undone_at__gte=since)
    return ImportRun.objects.filter(recent).exists()


def _days(statement: str, **given: Any) -> set[date]:
    return {day for (day,) in _rows(statement, **given)}


def _rows(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    said = {"zone": str(timezone.get_default_timezone()), "milestones": list(MILESTONES), **given}
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return list(cursor.fetchall())


def _day(at: datetime) -> date:
    return timezone.localtime(at, timezone.get_default_timezone()).date()
