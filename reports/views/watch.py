"""Signs beside the ranking that figures deserve a second look."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csm.kit import clock, htmx, periods
from csm.kit.periods import Period
from organisation.doors import me
from organisation.models import Level, Person
from reports import asking, places, tabs, watch
from reports.lines import named
from reports.watch import Watched


@require_safe
def watch_list(request: HttpRequest) -> HttpResponse:
    """How often each sign stands at each branch; `?branch=WX&sign=flips` lists the complaints.

    Open to everybody who is signed in, as rankings are; of the complaints only those they see.
    """
    now, person = clock.now(), me(request)
    period = asking.period(request.GET, now)
    cut, found = places.cut(Level.BRANCH), watch.counted(period)
    found.sort(key=lambda each: (-each.total, cut.units[each.branch].code))
    rows = [_row(each, cut, period) for each in found if each.total]
    context = {
        "tabs": tabs.row(person, "watch"),
        "period": period,
        "label": periods.label(period),
        "previous_url": _address(period.previous),
        "next_url": _address(period.following) if period.has_ended(now) else "",
        "signs": [(name, watch.OF[sign]) for sign, name in watch.NAMES.items()],
        "rows": rows,
        "company": watch.company(found),
        "quiet": len(found) - len(rows),
        "opened": _opened(request, found, cut, period, person),
    }
    return htmx.page(request, "reports/watch.html", context)


def _row(each: Watched, cut: places.Places, period: Period) -> dict[str, Any]:
    place = cut.name(each.branch)
    return {
        "name": named(place, "name", "name_en"),
        "region": named(place, "region", "region_en"),
        "cells": [
            {
                "count": count,
                "label": watch.NAMES[count.sign],
                "url": _address(period, branch=place["code"], sign=count.sign),
            }
            for count in each.counts
        ],
    }


def _opened(
    request: HttpRequest, found: list[Watched], cut: places.Places, period: Period, person: Person
) -> dict[str, Any] | None:
    """The complaints of one number. Raises `Http404` for a sign or branch that is none."""
    code, sign = request.GET.get("branch", ""), request.GET.get("sign", "")
    if not (code or sign):
        return None
    branch = next((pk for pk, unit in cut.units.items() if unit.code == code), None)
    if branch is None or sign not in watch.NAMES:
        raise Http404
    complaints = watch.complaints(sign, branch, period, person=person)
    counts = next((each.counts for each in found if each.branch == branch), ())
    return {
        "name": named(cut.name(branch), "name", "name_en"),
        "sign": watch.NAMES[sign],
        "number": sum(count.number for count in counts if count.sign == sign),
        "complaints": complaints,
    }


def _address(period: Period, **more: str) -> str:
    return f"?{urlencode({'period': period.key, **more})}"
