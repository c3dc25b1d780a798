"""The lists around work orders, and the tabs that lead from one to the other."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.views.tabs import Tab, tabs


def rooms(current: str) -> list[Tab]:
    """The lists as tabs, this one current."""
    lists = {
        "work-orders": _("Work orders"),
        "measures": _("Measures"),
        "checks": _("Effectiveness"),
        "lessons": _("Lessons"),
        "improvements": _("Topics and courses"),
    }
    return [
        Tab(reverse(name), label, count=None, is_current=name == current)
        for name, label in lists.items()
    ]


def views(
    rows: QuerySet[Any],
    kinds: dict[str, tuple[str, Q]],
    given: str,
    *,
    each: str | Combinable = "pk",
) -> tuple[str, list[Tab]]:
    """The chosen view of a list and all of them as tabs, counted in one question.

    `kinds`: name → label and condition; the first is shown when the address names none. What is
    counted is the distinct values of `each`.
    """
    view = given if given in kinds else next(iter(kinds))
    is_distinct = each != "pk"
    counted = {
        name: Count(each, filter=condition, distinct=is_distinct)
        for name, (_label, condition) in kinds.items()
    }
    counts = rows.order_by().aggregate(**{f"of_{name}": count for name, count in counted.items()})
    shown = tabs(
        [(name, label) for name, (label, _condition) in kinds.items()],
        QueryDict(),
        name="view",
        current=view,
        counts={name: counts[f"of_{name}"] for name in kinds},
    )
    return view, shown
