"""A table as an address asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints import months
from complaints.filters import ComplaintFilter
from complaints.models import Category, Channel
from csm.kit import periods
from csm.kit.periods import Kind, Period
from organisation.access import branches
from organisation.models import Person
from organisation.models.branch import in_tree
from reports.crosstabs.dimensions import DIMENSIONS, Dimension
from reports.crosstabs.measures import MEASURES, Measure

MOST_MEASURES = 8
EVERY = ("", "—")
SIMPLEST = "rows=branch&measure=valid&period=last-month"
# Those that move on with time: a kept table always shows the last week.
RELATIVE: Mapping[str, tuple[Kind, int, object]] = {
    "last-week": ("week", 1, gettext_lazy("Last week")),
    "this-week": ("week", 0, gettext_lazy("This week")),
    "last-month": ("month", 1, gettext_lazy("Last month")),
    "this-month": ("month", 0, gettext_lazy("This month")),
    "last-quarter": ("quarter", 1, gettext_lazy("Last quarter")),
    "this-quarter": ("quarter", 0, gettext_lazy("This quarter")),
    "this-year": ("year", 0, gettext_lazy("This year")),
}
# The conditions of the complaint list that a table takes over; the period and the dimensions say
# the rest.
CONDITIONS = ("branch", "category", "channel", "severity", "status", "tier", "handler", "exact")


@dataclass(frozen=True)
class Spec:
    """`columns`: a second dimension; then there is one measure."""

    rows: Dimension
    columns: Dimension | None
    measures: tuple[Measure, ...]
    period: Period
    conditions: QueryDict


class TableForm(forms.Form):
    """Rows, columns, measures, period: what an address may name."""

    use_required_attribute = False
    rows = forms.ChoiceField(
        label=pgettext_lazy("of a table", "Rows"),
        choices=[(each.name, each.label) for each in DIMENSIONS.values()],
        error_messages={"required": gettext_lazy("Choose the rows.")},
    )
    columns = forms.ChoiceField(
        label=pgettext_lazy("of a table", "Columns"),
        choices=[
            ("", gettext_lazy("The figures")),
            *((each.name, each.label) for each in DIMENSIONS.values()),
        ],
        required=False,
        help_text=gettext_lazy("Something else than the figures: then there is one figure."),
    )
    measure = forms.MultipleChoiceField(
        label=gettext_lazy("Figures"),
        choices=[(each.name, each.label) for each in MEASURES.values()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose a figure.")},
    )
    period = forms.CharField(
        label=gettext_lazy("Period"),
        max_length=30,
        widget=forms.Select,
        error_messages={"required": gettext_lazy("Choose the period.")},
    )
    branch = forms.CharField(
        label=gettext_lazy("Only this branch, with what belongs to it"),
        required=False,
        widget=forms.Select,
    )
    category = forms.CharField(
        label=gettext_lazy("Only this category, with what belongs to it"),
        required=False,
        widget=forms.Select,
    )
    channel = forms.CharField(
        label=gettext_lazy("Only this channel"),
        required=False,
        widget=forms.Select(choices=[EVERY, *Channel.choices]),
    )

    def __init__(self, data: QueryDict | None, *, person: Person, now: datetime) -> None:
        super().__init__(data, initial={"period": "last-month", "measure": ["valid"]})
        self.now = now
        self.conditions = _conditions(data or QueryDict())
        self.filter = ComplaintFilter(self.conditions, person=person, now=now)
        boxes: dict[str, Any] = self.fields
        given = data.get("period", "") if data else ""
        boxes["period"].widget.choices = _periods(str(given), now)
        units = in_tree(branches(person, "branch.see"))
        boxes["branch"].widget.choices = [EVERY, *((row.code, row.label) for row in units)]
        kinds = Category.objects.filter(is_active=True)
        boxes["category"].widget.choices = [EVERY, *((row.code, row.label) for row in kinds)]

    def clean_period(self) -> Period:
        key = self.cleaned_data["period"]
        try:
            return period_of(key, self.now)
        except ValueError as error:
            words = _("Enter a period such as 2026-W47, 2026-11, 2026-Q4 or 2026.")
            raise forms.ValidationError(words) from error

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("columns") and given["columns"] == given.get("rows"):
            self.add_error("columns", _("Rows and columns are the same."))
        if len(given.get("measure", ())) > (1 if given.get("columns") else MOST_MEASURES):
            most = 1 if given.get("columns") else MOST_MEASURES
            self.add_error("measure", _("Choose at most %(n)d.") % {"n": most})
        if not self.filter.is_valid():
            self.add_error(None, _("A condition is not known: %(names)s.") % self._unknown())

    def _unknown(self) -> dict[str, str]:
        return {"names": ", ".join(str(name) for name in self.filter.form.errors)}

    @property
    def spec(self) -> Spec:
        """Of a valid form."""
        given = self.cleaned_data
        return Spec(
            DIMENSIONS[given["rows"]],
            DIMENSIONS[given["columns"]] if given["columns"] else None,
            tuple(MEASURES[name] for name in given["measure"]),
            given["period"],
            self.conditions,
        )


def period_of(key: str, now: datetime) -> Period:
    """By its key, or as it lies from `now`. Raises `ValueError`."""
    if key not in RELATIVE:
        return months.of_key(key, *periods.EVERY_KIND)
    kind, back, _label = RELATIVE[key]
    found = months.running(now, kind)
    return found.previous if back else found


def _periods(given: str, now: datetime) -> list[tuple[str, object]]:
    """The usual ones by their names, the last weeks and months, and the one that was asked for."""
    found: dict[str, object] = {key: label for key, (_kind, _back, label) in RELATIVE.items()}
    usual: tuple[tuple[Kind, int], ...] = (("week", 8), ("month", 12))
    for kind, number in usual:
        period = months.running(now, kind)
        for _each in range(number):
            period = period.previous
            found[period.key] = periods.label(period)
    if given and given not in found:
        try:
            found[given] = periods.label(period_of(given, now))
        except ValueError:
            found[given] = given
    return list(found.items())


def _conditions(data: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in CONDITIONS:
        if values := [value for value in data.getlist(name) if value]:
            kept.setlist(name, values)
    return kept
