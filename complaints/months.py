"""The company's calendar: the month, or another period, of a key, a moment, a day, an address."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from csm.kit import periods
from csm.kit.periods import Kind, Period


def asked(query: QueryDict, now: datetime, kind: Kind = "month") -> Period:
    """`month=2026-11`, or the running one. Raises `Http404` for what is no such period."""
    key = query.get(kind, "")
    try:
        return of_key(key, kind) if key else running(now, kind)
    except ValueError as error:
        raise Http404 from error


def of_key(key: str, *kinds: Kind) -> Period:
    """Raises `ValueError` for what is no period of one of `kinds`; without any, no month."""
    return periods.parse(key, zone=timezone.get_default_timezone(), kinds=kinds or ("month",))


def running(now: datetime, kind: Kind = "month") -> Period:
    return periods.at(now, kind=kind, zone=timezone.get_default_timezone())


def on(day: date, kind: Kind = "month") -> Period:
    """The one that holds a day."""
    return periods.on(day, kind=kind, zone=timezone.get_default_timezone())


def around(period: Period, now: datetime, **kept: str) -> dict[str, Any]:
    """The period in words, and the ways to those beside it; `kept` stays in their addresses."""
    has_next = period.has_ended(now)
    return {
        "period": period,
        "label": periods.label(period),
        "previous_url": _url(period.previous, kept),
        "next_url": _url(period.following, kept) if has_next else "",
    }


def _url(period: Period, kept: dict[str, str]) -> str:
    return f"?{urlencode({**kept, period.kind: period.key})}"
