"""The views of a list as tabs: one shape, whatever the list is divided by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from complaints.forms.chosen import without_place


@dataclass(frozen=True)
class Tab:
    """A view of the list; `count` is None where counting would cost too much."""

    url: str
    label: str
    count: str | int | None
    is_current: bool


def tabs(
    choices: Iterable[tuple[str, Any]],
    given: QueryDict,
    *,
    name: str,
    current: str,
    counts: Mapping[str, str | int],
) -> list[Tab]:
    """One tab per value of the condition `name`; the other conditions stay, "" asks nothing."""
    return [
        Tab(_with(given, name, value), str(label), counts.get(value), value == current)
        for value, label in choices
    ]


def by_status(
    rows: QuerySet[Any], choices: Iterable[tuple[str, Any]], given: QueryDict, *, name: str
) -> list[Tab]:
    """All and one per status, counted in one query. `rows`: under the other conditions."""
    statuses = list(choices)
    found = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    counts = dict.fromkeys(dict(statuses), 0) | found | {"": sum(found.values())}
    everything = [("", _("All")), *statuses]
    return tabs(everything, given, name=name, current=given.get(name, ""), counts=counts)


def without(given: QueryDict, *names: str) -> QueryDict:
    """The conditions but these, from the first page on."""
    others = without_place(given)
    for name in names:
        others.pop(name, None)
    return others


def _with(given: QueryDict, name: str, value: str) -> str:
    params = without(given, name)
    if value:
        params[name] = value
    return f"?{params.urlencode()}"
