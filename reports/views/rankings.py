"""The ranking of a week or a month: frozen, or as it stands now."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.models import Milestone
from csm.kit import clock, htmx, periods
from csm.kit.periods import Kind, Period
from organisation.access import can
from organisation.doors import me
from reports import asking, closing, disputing, lines, numbers, standings, tables, tabs
from reports.by_part import by_part, rule_lines
from reports.exports import RANKINGS
from reports.measures import MEASURES
from reports.places import LEVELS
from reports.points import points
from reports.rankings import POOLED, differs
from reports.standings import Standing
from reports.tables import COMPOSITE

# What is shown where nobody can be ranked by the composite.
INSTEAD = "on_time"


@require_safe
def rankings(request: HttpRequest) -> HttpResponse:
    """Open to everybody who is signed in; the lists behind the figures are not."""
    now = clock.now()
    level, period = asking.level(request.GET), asking.period(request.GET, now)
    asked = asking.measure(request.GET)
    standing = asking.standing(request.GET, period, level=level, now=now)
    seen = numbers.seen(standing, person=me(request), now=now)
    context = {
        **_head(standing, now, asked),
        **_figures(standing, seen),
        **_table(standing, seen, asked),
        **_causes(standing, seen),
        "contested": disputing.contestable(standing, me(request), now=now),
        "tabs": tabs.row(me(request), "rankings"),
        "may_export": can(me(request), RANKINGS.verb),
        "sees_complaints": can(me(request), "complaint.see"),
    }
    return htmx.page(request, "reports/rankings.html", context)


def _head(standing: Standing, now: datetime, measure: str) -> dict[str, Any]:
    period, level = standing.period, standing.level
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
        "previous_url": _url(period.previous, level, measure),
        "next_url": _url(period.following, level, measure) if period.has_ended(now) else "",
        "other_url": _url(_within(period, other, now), level, measure),
        "levels": [(name == level, name.label, _url(period, name, measure)) for name in LEVELS],
    }


def _within(period: Period, kind: Kind, now: datetime) -> Period:
    """The week or month in which a period ends, or that of today while it runs."""
    if period.has_ended(now):
        return periods.on(period.last_on, kind=kind, zone=period.zone)
    return periods.at(now, kind=kind, zone=period.zone)


def _url(period: Period, level: str, measure: str) -> str:
    given = {"period": period.key, "level": level} | ({"measure": measure} if measure else {})
    return f"?{urlencode(given)}"


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
        "is_empty": not (company["complaints"] or _clocks(standing) or _answers(standing)),
    }


def _clocks(standing: Standing) -> int:
    return sum(sum(counts.values()) for counts in standing.company["timers"].values())


def _answers(standing: Standing) -> float:
    """What customers said or shipped; awareness looks back further than the period."""
    parts = standing.company["parts"]
    return sum(part["n"] for name, part in parts.items() if name != "awareness")


def _table(standing: Standing, seen: numbers.Seen, asked: str) -> dict[str, Any]:
    is_composite = standing.formula != POOLED
    is_instead = is_composite and not asked and not tables.is_ranked(standing)
    table = tables.table(standing, seen, INSTEAD if is_instead else asked or COMPOSITE)
    return {
        "table": table,
        "lines": [lines.of_row(standing, row, seen) for row in standing.rows],
        "points": points(table, standing.company),
        "milestones": [label for _value, label in Milestone.choices],
        "is_instead": is_instead,
        "measures": _measures(standing, table.kind) if is_composite else [],
        "by_part": by_part(standing) if table.kind == COMPOSITE else None,
        "rule": rule_lines(standing.company["rule"]),
    }


def _measures(standing: Standing, current: str) -> list[dict[str, Any]]:
    """The composite and its parts, one of them current."""
    names = {COMPOSITE: _("Score"), **{name: each.label for name, each in MEASURES.items()}}
    return [
        {
            "label": label,
            "url": _url(standing.period, standing.level, name),
            "is_current": name == current,
        }
        for name, label in names.items()
    ]


def _causes(standing: Standing, seen: numbers.Seen) -> dict[str, Any]:
    bars = lines.bars(standing, seen)
    return {"bars": bars, "most": max((bar.number.value for bar in bars), default=0)}
