"""The quarter that an address asks for."""

from datetime import datetime
from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from csm.kit import periods
from csm.kit.periods import Kind, Period

KINDS: tuple[Kind, ...] = ("quarter",)


def asked(query: QueryDict, now: datetime) -> Period:
    """`quarter=2026-Q4`, or the running one. Raises `Http404` for what is no quarter."""
    zone = timezone.get_default_timezone()
    key = query.get("quarter", "")
    try:
        if key:
            return periods.parse(key, zone=zone, kinds=KINDS)
        return periods.at(now, kind="quarter", zone=zone)
    except ValueError as error:
        raise Http404 from error


def around(period: Period, now: datetime, **kept: str) -> dict[str, Any]:
    """The quarter in words, and the ways to those beside it; `kept` stays in their addresses."""
    has_next = period.has_ended(now)
    return {
        "period": period,
        "label": periods.label(period),
        "previous_url": _url(period.previous, kept),
        "next_url": _url(period.following, kept) if has_next else "",
    }


def _url(period: Period, kept: dict[str, str]) -> str:
    return f"?{urlencode({**kept, 'quarter': period.key})}"
