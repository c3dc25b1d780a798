"""The complaints behind the signals of a page, and how many of them the person may open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from complaints.models import Category, Complaint, Timer, Verdict
from complaints.models.timer import verdict_at
from organisation.access import sees_everything, visible
from organisation.models import Level, Person
from reports import places
from reports.changes import Charted, Week
from reports.figures import VALID
from reports.links import Links
from reports.numbers import Number
from reports.rankings import Cause, Place

# Monday, branch and category; None: whichever.
Key = tuple[date, int | None, int | None]


@dataclass(frozen=True)
class Behind:
    """Counts by key: of all complaints late with a clock, and those seen by the person."""

    late: Mapping[Key, int]
    seen_late: Mapping[Key, int]
    seen: Mapping[Key, int] | None
    places: places.Places
    causes: Mapping[int, Cause]

    def number(self, charted: Charted, week: Week) -> Number | None:
        """None where no list has such a condition: what customers said on the phone."""
        series, links = charted.series, Links(week.period)
        where = self.place(series.branch)
        key = (week.period.first_on, series.branch, series.category)
        if series.measure == "callback":
            return None
        if series.measure == "on_time":
            url = links.clocks(where, verdict=Verdict.BREACHED)
            return Number(self.late.get(key, 0), self.seen_late.get(key, 0), url)
        value = int(week.pair[0])
        causes = [self.causes[series.category]] if series.category is not None else []
        url = links.received(where, statuses=VALID, causes=causes)
        return Number(value, value if self.seen is None else self.seen.get(key, 0), url)

    def place(self, pk: int | None) -> Place | None:
        return None if pk is None else self.places.name(pk)


def behind(shown: Sequence[Charted], *, person: Person, now: datetime) -> Behind:
    """Four statements at the most; fewer for who sees everything."""
    weeks = [week.period for each in shown for week in each.signals]
    late: dict[Key, int] = {}
    seen_late: dict[Key, int] = {}
    seen: dict[Key, int] | None = None
    if weeks:
        span = {"gte": min(week.start for week in weeks), "lt": max(week.end for week in weeks)}
        is_all = sees_everything(person, "complaint.see")
        late = _late(span, now)
        mine = visible(Complaint, person)
        seen_late = late if is_all else _late(span, now, complaint__in=mine)
        seen = None if is_all else _received(mine, span)
    return Behind(late, seen_late, seen, places.cut(Level.BRANCH), _causes())


def _late(span: Mapping[str, datetime], now: datetime, **only: Any) -> dict[Key, int]:
    rows = (
        Timer.objects.milestones()
        .filter(due_at__gte=span["gte"], due_at__lt=span["lt"], **only)
        .annotate(outcome=verdict_at(now), week=_week("due_at"))
        .filter(outcome=Verdict.BREACHED)
    )
    number = Count("complaint", distinct=True)
    company = rows.order_by().values_list("week").annotate(number)
    by_branch = rows.order_by().values_list("week", "verdict_branch").annotate(number)
    found: dict[Key, int] = {(week.date(), None, None): n for week, n in company}
    return found | {(week.date(), branch, None): n for week, branch, n in by_branch}


def _received(mine: QuerySet[Complaint], span: Mapping[str, datetime]) -> dict[Key, int]:
    rows = (
        Complaint.objects.filter(
            pk__in=mine.values("pk"),
            received_at__gte=span["gte"],
            received_at__lt=span["lt"],
            status__in=VALID,
        )
        .annotate(week=_week("received_at"))
        .order_by()
        .values_list("week", "branch", "category")
        .annotate(Count("pk"))
    )
    found: dict[Key, int] = {}
    for week, branch, category, number in rows:
        for key in {(branch, category), (branch, None), (None, category), (None, None)}:
            place = (week.date(), *key)
            found[place] = found.get(place, 0) + number
    return found


def _week(moment: str) -> TruncWeek:
    return TruncWeek(moment, tzinfo=timezone.get_default_timezone())


def _causes() -> dict[int, Cause]:
    """Every category as lists name it."""
    rows = list(Category.objects.all())
    parents = {row.parent_id for row in rows}
    return {
        row.pk: {
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "is_whole": row.pk not in parents,
            "complaints": 0,
        }
        for row in rows
    }
