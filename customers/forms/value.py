"""Labels by hand, and the rules of value, as forms."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Grade, Quadrant, Stage, Tier, ValueRule

CHOICES = (
    (_("Tier"), [(f"tier:{value}", label) for value, label in Tier.choices]),
    (_("Stage of the life cycle"), [(f"stage:{value}", label) for value, label in Stage.choices]),
    (_("Quadrant"), [(f"quadrant:{value}", label) for value, label in Quadrant.choices]),
)


class OverrideForm(forms.Form):
    """What a person says against the rule."""

    value = forms.ChoiceField(label=_("Instead"), choices=CHOICES)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")}
    )
    expires_on = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput({"type": "date"}),
        error_messages={"required": _("Enter a day after today, within a year.")},
    )

    def given(self) -> dict[str, Any]:
        kind, value = self.cleaned_data["value"].split(":")
        rest = {name: self.cleaned_data[name] for name in ("reason", "expires_on")}
        return {"kind": kind, "value_": value, **rest}


class NumbersField(forms.CharField):
    """Numbers with spaces or commas between them, best first."""

    def __init__(self, *, whole: bool = True, **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)
        self.whole = whole

    def prepare_value(self, value: Any) -> Any:
        return " ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Any]:
        number = (
            forms.IntegerField(min_value=0, max_value=1_000_000_000)
            if self.whole
            else forms.DecimalField(max_digits=3, decimal_places=2)
        )
        words = super().clean(value).replace(",", " ").replace("，", " ").split()
        return [number.clean(word) for word in words]


class GradesField(forms.CharField):
    """A grade and its lowest revenue on each line; nothing: no rule."""

    widget = forms.Textarea({"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{grade} {limit}" for grade, limit in value.items())
        return value

    def clean(self, value: Any) -> dict[str, int]:
        number = forms.IntegerField(min_value=0, max_value=1_000_000_000)
        found: dict[str, int] = {}
        for line in super().clean(value).splitlines():
            grade, _space, limit = line.strip().partition(" ")
            if not grade:
                continue
            if grade.upper() not in Grade.values or grade.upper() in found:
                raise forms.ValidationError(
                    _("Write each grade once, as “3A 150000”: %(line)s"), params={"line": line}
                )
            found[grade.upper()] = number.clean(limit.strip().replace(",", ""))
        return found


@dataclass(frozen=True)
class Group:
    """What belongs together in the form of the rules, and what to know of it."""

    code: str
    title: Any
    names: tuple[str, ...]
    said: Any = ""


GROUPS = (
    Group(
        "tiers",
        _("Value index and tiers"),
        ("recency", "frequency", "money", "weights", "tiers", "settle_after"),
        _("A tier rises at the end of a month and falls only after two months in a row."),
    ),
    Group(
        "stages",
        _("Stages of the life cycle"),
        ("young_days", "growth", "decline", "silent_days", "left_days"),
        _("What grows or declines is measured against the course of the whole company."),
    ),
    Group("quadrants", _("Quadrants"), ("satisfied_from", "expressive_days")),
    Group("grades", _("Grades of companies"), ("grades",)),
    Group("labels", _("How long labels hold"), ("valid_days",)),
)


class ValueRuleForm(forms.Form):
    """The next version, beginning with the present one."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    recency = NumbersField(
        label=_("Days since the last shipment, at most"), help_text=_("For 5, 4, 3 and 2 points")
    )
    frequency = NumbersField(
        label=_("Shipments in 90 days, at least"), help_text=_("For 5, 4, 3 and 2 points")
    )
    money = NumbersField(
        label=_("Revenue in 90 days, ¥, at least"), help_text=_("For 5, 4, 3 and 2 points")
    )
    weights = NumbersField(
        label=_("Weights, %"), help_text=_("Of days, shipments and revenue; 100 together")
    )
    tiers = NumbersField(
        label=_("Index of the tiers, at least"),
        help_text=_("Of diamond, gold and silver; the index goes from 1 to 5"),
        whole=False,
    )
    settle_after = forms.IntegerField(
        label=_("Days after the end of a month before it is judged"), min_value=0, max_value=28
    )
    young_days = forms.IntegerField(label=_("New for so many days"), min_value=1, max_value=720)
    growth = forms.IntegerField(label=_("Growth from, %"), min_value=1, max_value=500)
    decline = forms.IntegerField(label=_("Decline from, %"), min_value=1, max_value=99)
    silent_days = forms.IntegerField(
        label=_("Declining after so many days of silence"), min_value=1, max_value=720
    )
    left_days = forms.IntegerField(
        label=_("Gone after so many days of silence"), min_value=2, max_value=1080
    )
    valid_days = forms.IntegerField(
        label=_("A label holds for so many days"), min_value=14, max_value=366
    )
    satisfied_from = forms.IntegerField(
        label=_("Content from this index of satisfaction on"), min_value=1, max_value=100
    )
    expressive_days = forms.IntegerField(
        label=_("Outspoken for so many days after a complaint, praise or a comment"),
        min_value=1,
        max_value=1080,
    )
    grades = GradesField(
        label=_("Revenue in 90 days, ¥, from which a grade is proposed"),
        required=False,
        max_length=400,
        help_text=_(
            "A grade and its limit on each line, as “3A 150000”; empty: nothing is proposed"
        ),
    )

    def __init__(self, data: Any = None, *, rule: ValueRule) -> None:
        names = [name for name in self.base_fields if name != "seen"]
        first = {name: getattr(rule, name) for name in names} | {"seen": rule.number}
        super().__init__(data, initial=first)

    def groups(self) -> list[dict[str, Any]]:
        """The fields in their groups, as the page shows them."""
        return [
            {
                "code": group.code,
                "title": group.title,
                "said": group.said,
                "fields": [self[name] for name in group.names],
            }
            for group in GROUPS
        ]
