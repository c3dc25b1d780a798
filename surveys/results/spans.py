"""The period that an address asks for, and those that a page offers."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import months as calendar
from csm.kit import periods
from csm.kit.errors import Refused
from csm.kit.periods import EVERY_KIND, Kind, Period

# Beside years, quarters and months a page offers the weeks of so many months.
MONTHS_OF_WEEKS = 3


def asked(query: QueryDict) -> Period | None:
    """`period=2026-W47` (a month, a quarter, a year alike), or the days `from` … `to`; None: all.

    Raises `Refused` with `fields`.
    """
    given = {name: query.get(name, "").strip() for name in ("from", "to")}
    if any(given.values()):
        return _between(given)
    key = query.get("period", "").strip()
    return of_key(key) if key else None


def of_key(key: str) -> Period:
    """Raises `Refused` for what is no period."""
    try:
        return calendar.of_key(key, *EVERY_KIND)
    except ValueError:
        words = _("Name a period such as 2026-W47, 2026-11, 2026-Q4 or 2026.")
        raise Refused.at("period", words) from None


def _between(given: dict[str, str]) -> Period:
    found, wrong = {}, {}
    for name, text in given.items():
        try:
            found[name] = date.fromisoformat(text)
        except ValueError:
            wrong[name] = _("Write a day such as 2026-11-03.")
    if not wrong:
        try:
            return periods.days(found["from"], found["to"], zone=timezone.get_default_timezone())
        except ValueError:
            wrong["to"] = _("The last day is before the first one, or too far away.")
    raise Refused(next(iter(wrong.values())), fields=wrong)


def typed(query: QueryDict, period: Period | None) -> dict[str, str]:
    """What the fields of the days hold: what was typed, else the days of the period."""
    known = {"from": str(period.first_on), "to": str(period.last_on)} if period else {}
    return {name: query.get(name) or known.get(name, "") for name in ("from", "to")}


Choices = list[tuple[str, list[tuple[str, str]]]]


def offered(months: Sequence[date], chosen: Period | None) -> Choices:
    """Groups of (key, words): the periods of months that hold answers, newest first."""
    latest = _held("month", months)[:MONTHS_OF_WEEKS]
    days = [month.first_on + timedelta(n) for month in latest for n in range(28)]
    groups = [
        (_("Years"), _held("year", months)),
        (_("Quarters"), _held("quarter", months)),
        (_("Months"), _held("month", months)),
        (_("Weeks"), _held("week", [*days, *(month.last_on for month in latest)])),
    ]
    if chosen and all(chosen not in rows for _name, rows in groups):
        groups.insert(0, (_("Shown"), [chosen]))
    return [(name, [(row.key, periods.label(row)) for row in rows]) for name, rows in groups]


def _held(kind: Kind, days: Iterable[date]) -> list[Period]:
    """Those that hold one of the days, the latest first."""
    found = {calendar.on(day, kind) for day in days}
    return sorted(found, key=lambda period: period.first_on, reverse=True)
