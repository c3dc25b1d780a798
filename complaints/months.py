"""The month that an address asks for."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from csm.kit import periods
from csm.kit.periods import Period


def asked(query: QueryDict, now: datetime) -> Period:
    """`month=2026-11`, or the running one. Raises `Http404` for what is no month."""
    key = query.get("month", "")
    try:
        return of_key(key) if key else periods.at(now, kind="month", zone=_zone())
    except ValueError as error:
        raise Http404 from error


def of_key(key: str) -> Period:
    """Raises `ValueError` for what is no month, a week included."""
    found = periods.parse(key, zone=_zone())
    if found.kind != "month":
        raise ValueError(f"{key!r} is no month")
    return found


def around(period: Period, now: datetime, **kept: str) -> dict[str, Any]:
    """The month in words, and the ways to those beside it; `kept` stays in their addresses."""
    has_next = period.has_ended(now)
    return {
        "period": period,
        "label": periods.label(period),
        "previous_url": _url(period.previous, kept),
        "next_url": _url(period.following, kept) if has_next else "",
    }


def _zone() -> ZoneInfo:
    return timezone.get_default_timezone()


def _url(period: Period, kept: dict[str, str]) -> str:
    return f"?{urlencode({**kept, 'month': period.key})}"
