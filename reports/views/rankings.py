"""The ranking of a week or a month: frozen, or as it stands now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from complaints.models import Milestone
from csm.kit import clock, htmx, periods
from csm.kit.periods import Kind, Period
from organisation.access import can
from organisation.doors import me
from reports import asking, closing, lines, numbers, standings, tabs
from reports.exports import RANKINGS
from reports.places import LEVELS
from reports.points import points
from reports.rankings import Share, differs
from reports.standings import Standing

# Where the bars begin: at 60 %, or lower when one of them needs it.
STARTS = (0.6, 0.4, 0.2, 0.0)


@require_safe
def rankings(request: HttpRequest) -> HttpResponse:
    """Open to everybody who is signed in; the lists behind the figures are not."""
    now = clock.now()
    level, period = asking.level(request.GET), asking.period(request.GET, now)
    standing = asking.standing(request.GET, period, level=level, now=now)
    seen = numbers.seen(standing, person=me(request), now=now)
    context = {
        **_head(standing, now),
        **_figures(standing, seen),
        **_table(standing, seen),
        **_causes(standing, seen),
        "tabs": tabs.row(me(request), "rankings"),
        "may_export": can(me(request), RANKINGS.verb),
        "sees_complaints": can(me(request), "complaint.see"),
    }
    return htmx.page(request, "reports/rankings.html", context)


def _head(standing: Standing, now: datetime) -> dict[str, Any]:
    period = standing.period
    until = closing.dispute_until(period)
    other: Kind = "month" if period.kind == "week" else "week"
    return {
        "standing": standing,
        "period": period,
        "label": periods.label(period),
        "is_week": period.kind == "week",
        "is_first": not standing.frozen_at and standings.latest("week") is None,
        "closes_at": until,
        "is_missed": until <= now,
        "is_period_known": period.start <= now,
        "previous_url": _url(period.previous, standing.level),
        "next_url": _url(period.following, standing.level) if period.has_ended(now) else "",
        "other_url": _url(_within(period, other, now), standing.level),
        "levels": [(name == standing.level, name.label, _url(period, name)) for name in LEVELS],
    }


def _within(period: Period, kind: Kind, now: datetime) -> Period:
    """The week or month in which a period ends, or that of today while it runs."""
    if period.has_ended(now):
        return periods.on(period.last_on, kind=kind, zone=period.zone)
    return periods.at(now, kind=kind, zone=period.zone)


def _url(period: Period, level: str) -> str:
    return f"?{urlencode({'period': period.key, 'level': level})}"


def _figures(standing: Standing, seen: numbers.Seen) -> dict[str, Any]:
    company, before = standing.company, standing.before
    line = lines.company_line(standing, seen)
    return {
        "company": line,
        "has_less": line.has_less,
        "before": before,
        "pooled_change": differs(company["pooled"], before["pooled"]),
        "all_four_change": differs(company["all_four"], before["all_four"]),
        "satisfied_change": differs(company["satisfied"], before["satisfied"]),
        "satisfied": company["satisfied"],
        "unanswered_calls": company["unanswered_calls"],
        "is_empty": not (company["complaints"] or _clocks(standing)),
    }


def _clocks(standing: Standing) -> int:
    return sum(sum(counts.values()) for counts in standing.company["timers"].values())


def _table(standing: Standing, seen: numbers.Seen) -> dict[str, Any]:
    found = lines.ranked_lines(standing, seen)
    ranked = [line.row["pooled"] for line in found if line.row["rank"]]
    start = _start([standing.company["pooled"], *ranked])
    return {
        "lines": found,
        "points": points(found),
        "milestones": [label for _value, label in Milestone.choices],
        "start": start,
        "middle": (1 + start) / 2,
    }


def _start(shares: Sequence[Share]) -> float:
    lowest = min((share["low"] or 0 for share in shares), default=1)
    return next(start for start in STARTS if start <= lowest)


def _causes(standing: Standing, seen: numbers.Seen) -> dict[str, Any]:
    bars = lines.bars(standing, seen)
    return {"bars": bars, "most": max((bar.number.value for bar in bars), default=0)}
