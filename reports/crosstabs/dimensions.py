"""By what a table of complaints can be broken down."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    F,
    Func,
    JSONField,
    TextField,
    Value,
    When,
)
from django.db.models.functions import (
    Cast,
    ExtractHour,
    ExtractIsoWeekDay,
    TruncDay,
    TruncMonth,
    TruncWeek,
)
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints import months
from complaints.models import Category, Channel, Severity, Status
from complaints.models.complaint import ENDED_STATUSES
from csm.kit import periods
from customers.models import Tier
from organisation.models import Branch, Level, Person
from reports import places

Words = Mapping[Any, str]
# How long open complaints are open, in hours: up to each of these, and longer.
AGES = ((24, "0"), (72, "1"), (7 * 24, "2"), (30 * 24, "3"))
OLDEST, ENDED = "4", "5"


@dataclass(frozen=True)
class Dimension:
    """`value` is what rows have in common; `words` says values in the active language.

    `parameter`: the condition of the complaint list that takes the `keys` of a value, where there
    is one; `is_exact`: without what belongs to them. `is_ordered`: its values have an order of
    their own; others stand by size.
    """

    name: str
    label: Promise | str
    value: Callable[[datetime], Any]
    words: Callable[[Iterable[Any]], Words]
    parameter: str = ""
    keys: Callable[[Any], list[str]] = lambda value: [str(value)]
    is_exact: bool = False
    is_ordered: bool = False


def _choices(choices: Iterable[tuple[Any, Any]]) -> Callable[[Iterable[Any]], Words]:
    found = dict(choices)
    return lambda _values: {value: str(label) for value, label in found.items()}


def _branches(values: Iterable[Any]) -> Words:
    """By code."""
    rows = Branch.objects.filter(code__in=[value for value in values if value])
    return {row.code: str(row.label) for row in rows}


def _categories(values: Iterable[Any]) -> Words:
    rows = Category.objects.filter(code__in=[value for value in values if value])
    return {row.code: str(row.label) for row in rows}


def _people(values: Iterable[Any]) -> Words:
    return dict(Person.objects.filter(pk__in=[v for v in values if v]).values_list("pk", "name"))


def _region(_now: datetime) -> Func:
    """The nearest region from the responsible branch upwards, by its code."""
    cut = places.cut(Level.REGION)
    codes = {str(unit): cut.units[place].code for unit, place in cut.of.items()}
    return Func(
        Value(codes, JSONField()),
        Cast("branch_id", TextField()),
        template="(%(expressions)s)",
        arg_joiner=" ->> ",
        output_field=CharField(),
    )


def _in_region(code: Any) -> list[str]:
    cut = places.cut(Level.REGION)
    return [cut.units[pk].code for pk, at in cut.of.items() if cut.units[at].code == code]


def _age(now: datetime) -> Case:
    bands = [
        When(received_at__gte=now - timedelta(hours=hours), then=Value(band))
        for hours, band in AGES
    ]
    return Case(
        When(status__in=ENDED_STATUSES, then=Value(ENDED)),
        *bands,
        default=Value(OLDEST),
        output_field=CharField(),
    )


def _ages(_values: Iterable[Any]) -> Words:
    return {
        "0": _("up to 24 h"),
        "1": _("up to 72 h"),
        "2": _("up to 7 days"),
        "3": _("up to 30 days"),
        OLDEST: _("longer"),
        ENDED: _("ended"),
    }


def _days(values: Iterable[Any]) -> Words:
    return {value: value.date().isoformat() for value in values if value}


def _weeks(values: Iterable[Any]) -> Words:
    return {value: months.on(_day(value), "week").key for value in values if value}


def _months(values: Iterable[Any]) -> Words:
    return {value: periods.label(months.on(_day(value))) for value in values if value}


def _day(value: Any) -> date:
    found: date = value.date()
    return found


def _hours(_values: Iterable[Any]) -> Words:
    return {hour: f"{hour:02d}" for hour in range(24)}


def _weekdays(_values: Iterable[Any]) -> Words:
    return {number + 1: str(name) for number, name in WEEKDAYS.items()}


DIMENSIONS = {
    each.name: each
    for each in (
        Dimension(
            "branch",
            pgettext_lazy("level", "Branch"),
            lambda _now: F("branch__code"),
            _branches,
            parameter="branch",
            is_exact=True,
        ),
        Dimension(
            "region",
            gettext_lazy("Region"),
            _region,
            _branches,
            parameter="branch",
            keys=_in_region,
            is_exact=True,
        ),
        Dimension(
            "category",
            gettext_lazy("Category"),
            lambda _now: F("category__code"),
            _categories,
            parameter="category",
            is_exact=True,
        ),
        Dimension(
            "channel",
            gettext_lazy("Channel"),
            lambda _now: F("channel"),
            _choices(Channel.choices),
            parameter="channel",
        ),
        Dimension(
            "severity",
            gettext_lazy("Severity"),
            lambda _now: F("severity"),
            _choices(Severity.choices),
            parameter="severity",
        ),
        Dimension(
            "status",
            gettext_lazy("Status"),
            lambda _now: F("status"),
            _choices(Status.choices),
            parameter="status",
        ),
        Dimension(
            "handler",
            gettext_lazy("Handler"),
            lambda _now: F("handler"),
            _people,
            parameter="handler",
        ),
        Dimension(
            "tier",
            gettext_lazy("Tier"),
            lambda _now: F("customer__tier"),
            _choices(Tier.choices),
            parameter="tier",
        ),
        Dimension("age", gettext_lazy("Open for"), _age, _ages, is_ordered=True),
        Dimension(
            "month",
            gettext_lazy("Month"),
            lambda _now: TruncMonth("received_at"),
            _months,
            is_ordered=True,
        ),
        Dimension(
            "week",
            gettext_lazy("Week"),
            lambda _now: TruncWeek("received_at"),
            _weeks,
            is_ordered=True,
        ),
        Dimension(
            "day",
            gettext_lazy("Day"),
            lambda _now: TruncDay("received_at"),
            _days,
            is_ordered=True,
        ),
        Dimension(
            "weekday",
            gettext_lazy("Day of the week"),
            lambda _now: ExtractIsoWeekDay("received_at"),
            _weekdays,
            is_ordered=True,
        ),
        Dimension(
            "hour",
            gettext_lazy("Hour of the day"),
            lambda _now: ExtractHour("received_at"),
            _hours,
            is_ordered=True,
        ),
    )
}
