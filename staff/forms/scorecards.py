"""Forms of scorecards: what counts, appeals and their answers (O-21)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from staff.actions.card_corrections import Corrected
from staff.actions.card_schemes import SchemeLine
from staff.measures import MEASURES, Measure
from staff.models import CardScheme, Perspective, ScorecardLine

PERSPECTIVES = list(Perspective)


class SchemeForm(forms.Form):
    """Four weights, and for each figure a floor, a target and a weight; 0 leaves it out."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, latest: CardScheme | None) -> None:
        super().__init__(data, initial=_initial(latest))
        for perspective in PERSPECTIVES:
            self.fields[str(perspective)] = forms.IntegerField(
                label=perspective.label,
                min_value=0,
                max_value=100,
                error_messages=needs(_("Enter 0.")),
            )
        for name, measure in MEASURES.items():
            for part, label in (
                ("floor", _("0 points at")),
                ("target", _("100 points at")),
            ):
                self.fields[f"{name}_{part}"] = forms.DecimalField(
                    label=label,
                    max_digits=8,
                    decimal_places=2,
                    required=False,
                    widget=forms.NumberInput(attrs={"aria-label": f"{measure.label}: {label}"}),
                )
            self.fields[f"{name}_weight"] = forms.IntegerField(
                label=_("Weight"),
                min_value=0,
                max_value=100,
                required=False,
                widget=forms.NumberInput(attrs={"aria-label": f"{measure.label}: {_('Weight')}"}),
            )

    def weights(self) -> list[Any]:
        return [self[str(name)] for name in PERSPECTIVES]

    def rows(self) -> Iterator[tuple[Measure, list[Any]]]:
        """A figure with its three inputs."""
        for name, measure in MEASURES.items():
            yield measure, [self[f"{name}_{part}"] for part in ("floor", "target", "weight")]

    def clean(self) -> dict[str, Any]:
        """A figure that counts has both ends."""
        given = super().clean() or {}
        for name in MEASURES:
            if not given.get(f"{name}_weight"):
                continue
            for part in ("floor", "target"):
                if given.get(f"{name}_{part}") is None and f"{name}_{part}" not in self.errors:
                    self.add_error(f"{name}_{part}", _("Enter a number."))
        return given

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "weights": {str(name): given[name] for name in PERSPECTIVES},
            "lines": [
                SchemeLine(
                    name, given[f"{name}_floor"], given[f"{name}_target"], given[f"{name}_weight"]
                )
                for name in MEASURES
                if given.get(f"{name}_weight")
            ],
            "seen": given["seen"],
        }


def _initial(latest: CardScheme | None) -> dict[str, Any]:
    if latest is None:
        return {"seen": 0}
    found: dict[str, Any] = {str(name): latest.weight(name) for name in PERSPECTIVES}
    found["seen"] = latest.number
    for line in latest.lines.all():
        found[f"{line.measure}_floor"] = _plain(line.floor)
        found[f"{line.measure}_target"] = _plain(line.target)
        found[f"{line.measure}_weight"] = line.weight
    return found


def _plain(value: Decimal) -> str:
    """60 rather than 60.00."""
    return f"{value.normalize():f}"


class AppealForm(forms.Form):
    use_required_attribute = False
    text = forms.CharField(
        label=_("What is wrong"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Name the line, and what it should count."),
        error_messages=needs(_("Say what is wrong, line by line.")),
    )


class AppealAnswerForm(forms.Form):
    """The decision; where it is granted, the figures as they have to be, line by line."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    is_granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=(("1", _("The appeal is granted")), ("0", _("The card stands"))),
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages=needs(_("Choose how you decided.")),
    )
    words = forms.CharField(
        label=_("Grounds"),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        error_messages=needs(_("Say how you decided, and which line is right.")),
    )

    def __init__(self, data: Any = None, *, version: int, lines: Sequence[ScorecardLine]) -> None:
        self.lines = [(MEASURES[line.measure], line) for line in lines]
        stored: dict[str, Any] = {"version": version}
        for measure, line in self.lines:
            stored[f"{measure.name}_value"] = None if line.value is None else _plain(line.value)
            stored[f"{measure.name}_n"] = line.n
        super().__init__(data, initial=stored)
        for measure, _line in self.lines:
            self.fields[f"{measure.name}_value"] = forms.DecimalField(
                label=str(measure.label),
                max_digits=9,
                decimal_places=4,
                required=False,
                widget=forms.NumberInput({"aria-label": measure.label, "step": "any"}),
            )
            self.fields[f"{measure.name}_n"] = forms.IntegerField(
                label="n",
                min_value=0,
                required=False,
                widget=forms.NumberInput({"aria-label": f"{measure.label}: n"}),
            )

    def rows(self) -> list[tuple[Measure, Any, Any]]:
        """A line with its two inputs."""
        return [
            (measure, self[f"{measure.name}_value"], self[f"{measure.name}_n"])
            for measure, _line in self.lines
        ]

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        lines = [
            Corrected(measure.name, given[f"{measure.name}_value"], given[f"{measure.name}_n"] or 0)
            for measure, _line in self.lines
        ]
        changed = [
            each
            for each, (_measure, line) in zip(lines, self.lines, strict=True)
            if (each.value, each.n) != (line.value, line.n)
        ]
        names = ("version", "is_granted", "words")
        return {name: given[name] for name in names} | {"lines": changed}
