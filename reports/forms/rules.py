"""The weights of the ranking as a form: for each part a weight, two ends, and how many cases."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from reports.actions.rules import PartRule
from reports.measures import MEASURES, PARTS, Measure
from reports.models import RankingRule

FIELDS = ("weight", "floor", "target", "least")


class RankingRuleForm(forms.Form):
    """The next version, beginning with the present one."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, rule: RankingRule) -> None:
        super().__init__(data, initial=_initial(rule))
        for name, measure in MEASURES.items():
            cases = (
                _("Least number of shipments") if measure.is_rate else _("Least number of cases")
            )
            self.fields[f"{name}_weight"] = _whole(measure, _("Weight, %"))
            self.fields[f"{name}_floor"] = _number(measure, _("0 points at"))
            self.fields[f"{name}_target"] = _number(measure, _("100 points at"))
            self.fields[f"{name}_least"] = _whole(measure, cases)

    def rows(self) -> Iterator[tuple[Measure, list[Any]]]:
        """A part with its four inputs."""
        for name, measure in MEASURES.items():
            yield measure, [self[f"{name}_{field}"] for field in FIELDS]

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        parts = {
            name: PartRule(**{field: given[f"{name}_{field}"] for field in FIELDS})
            for name in PARTS
        }
        return {"parts": parts, "seen": given["seen"]}


def _whole(measure: Measure, label: Any) -> forms.IntegerField:
    widget = forms.NumberInput({"aria-label": f"{measure.label}: {label}"})
    words = needs(_("Enter a whole number."))
    return forms.IntegerField(label=label, widget=widget, error_messages=words)


def _number(measure: Measure, label: Any) -> forms.DecimalField:
    widget = forms.NumberInput({"aria-label": f"{measure.label}: {label}", "step": "any"})
    return forms.DecimalField(
        label=label,
        max_digits=8,
        decimal_places=2,
        widget=widget,
        error_messages=needs(_("Enter a number.")),
    )


def _initial(rule: RankingRule) -> dict[str, Any]:
    columns = (rule.weights, rule.floors, rule.targets, rule.leasts)
    found: dict[str, Any] = {"seen": rule.number}
    for name, row in zip(PARTS, zip(*columns, strict=True), strict=True):
        for field, value in zip(FIELDS, row, strict=True):
            found[f"{name}_{field}"] = _plain(value) if isinstance(value, Decimal) else value
    return found


def _plain(value: Decimal) -> str:
    """60 rather than 60.00."""
    return f"{value.normalize():f}"
