"""The period that an address of the incentives asks for, and the ways to others."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from complaints import months
from csm.kit import periods
from csm.kit.periods import Kind, Period

KINDS: Sequence[Kind] = ("month", "quarter", "year")
QUARTERS: Sequence[Kind] = ("quarter",)


def asked(query: QueryDict, now: datetime, kinds: Sequence[Kind] = KINDS) -> Period:
    """`period=2026-11`, `2026-Q4` or `2026`; without it the running one of the first kind.

    Raises `Http404` for what is no such period.
    """
    key = query.get("period", "")
    try:
        return months.of_key(key, *kinds) if key else months.running(now, kinds[0])
    except ValueError as error:
        raise Http404 from error


def around(
    period: Period, now: datetime, kinds: Sequence[Kind] = KINDS, *, kept: Mapping[str, str] = {}
) -> dict[str, Any]:
    """The period in words, and the ways beside it and to other kinds; `kept` stays in them."""
    today = timezone.localdate(now)
    within = min(period.last_on, max(today, period.first_on))
    names = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
    others = [months.on(within, kind) for kind in kinds]
    return {
        "period": period,
        "label": periods.label(period),
        "earlier_url": _url(period.previous, kept),
        "later_url": _url(period.following, kept) if period.has_ended(now) else "",
        "tabs": [
            {
                "url": _url(other, kept),
                "label": names[other.kind],
                "is_current": other.kind == period.kind,
            }
            for other in others
        ],
    }


def _url(period: Period, kept: Mapping[str, str]) -> str:
    return f"?{urlencode({**kept, 'period': period.key})}"
