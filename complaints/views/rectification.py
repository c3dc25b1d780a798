"""The lists around work orders, and the tabs that lead from one to the other."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _


def rooms(current: str) -> list[dict[str, Any]]:
    """The lists as tabs, this one current."""
    lists = {
        "work-orders": _("Work orders"),
        "measures": _("Measures"),
        "checks": _("Effectiveness"),
        "lessons": _("Lessons"),
        "improvements": _("Topics and courses"),
    }
    return [
        {"url": reverse(name), "label": label, "is_current": name == current}
        for name, label in lists.items()
    ]


def views(
    rows: QuerySet[Any], kinds: dict[str, tuple[str, Q]], given: str
) -> tuple[str, list[dict[str, Any]]]:
    """The chosen view of a list and all of them as tabs, counted in one question.

    `kinds`: name → label and condition; the first is shown when the address names none.
    """
    view = given if given in kinds else next(iter(kinds))
    numbered = {f"n{place}": Count("pk", filter=q) for place, (_l, q) in enumerate(kinds.values())}
    counts = rows.order_by().aggregate(**numbered)
    tabs = [
        {
            "url": f"?view={name}",
            "label": label,
            "count": counts[f"n{place}"],
            "is_current": name == view,
        }
        for place, (name, (label, _q)) in enumerate(kinds.items())
    ]
    return view, tabs
