"""Ladders, files of key accounts, competitors, what to say, and the filters of the list."""

import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from customers.actions.account_files import PARTS
from customers.models import (
    RUNGS,
    AccountFile,
    Customer,
    Grade,
    Ladder,
    Level,
    Quadrant,
    Rung,
    Secrecy,
    Stage,
    TalkText,
    Tier,
)
from customers.models.account_file import LONGEST
from customers.models.talk import LONGEST as LONGEST_TALK

DAY = re.compile(r"(\d{1,2})-(\d{1,2})\s+(\S.*)")
STANDINGS = [
    ("", _("Any tier or grade")),
    (_("Tier"), Tier.choices),
    (_("Grade"), Grade.choices),
]
STAGES = [("", _("Any stage")), *Stage.choices]
RUNG_CHOICES = [
    (label, [(f"{ladder}:{value}", words) for value, words in RUNGS[ladder].choices])
    for ladder, label in Ladder.choices
]


class RungForm(forms.Form):
    """One step on one ladder; the hidden fields say where the customer stood when it was read."""

    use_required_attribute = False
    value = forms.ChoiceField(
        label=_("Where the customer stands"),
        choices=[("", "—"), *RUNG_CHOICES],
        error_messages={"required": _("Choose a value.")},
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, error_messages={"required": _("Say why.")}
    )

    def __init__(self, *args: Any, placed: dict[str, Rung], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for ladder in Ladder.values:
            self.fields[f"seen_{ladder}"] = forms.CharField(
                required=False,
                max_length=20,
                widget=forms.HiddenInput,
                initial=placed[ladder].value if ladder in placed else "",
            )

    def given(self) -> dict[str, Any]:
        ladder, value = self.cleaned_data["value"].split(":")
        seen = self.cleaned_data[f"seen_{ladder}"]
        reason = self.cleaned_data["reason"]
        return {"ladder": ladder, "value": value, "reason": reason, "seen": seen}


class DatesField(forms.CharField):
    """A day of the year and what is on it, on each line: “05-12 Founding day”."""

    widget = forms.Textarea({"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(f"{row['month']:02d}-{row['day']:02d} {row['what']}" for row in value)
        return value

    def clean(self, value: Any) -> list[dict[str, Any]]:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        return [self._row(line) for line in lines if line]

    def _row(self, line: str) -> dict[str, Any]:
        found = DAY.fullmatch(line)
        if found is None:
            raise forms.ValidationError(
                _("Write month, day and what is on it, as “05-12 Founding day”, not “%(line)s”."),
                params={"line": line[:60]},
            )
        month, day, what = found.groups()
        return {"month": int(month), "day": int(day), "what": what[:120]}


def _area(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=help_text,
    )


class FileForm(forms.Form):
    """The next version of a file, beginning with the present one."""

    use_required_attribute = False
    business = _area(_("Business"), _("What the customer makes and ships, for whom, when most"))
    people = _area(_("Key persons, and what matters to them"))
    needs = _area(_("Needs"))
    preferences = _area(
        _("Preferences"), _("How, when and by whom the customer likes to be served")
    )
    aims = _area(_("Our aims, and the next steps"))
    dates = DatesField(
        label=_("Dates for care"),
        max_length=LONGEST,
        required=False,
        help_text=_("One on each line: month-day and what is on it, as “05-12 Founding day”"),
    )
    secrecy = forms.ChoiceField(
        label=_("Who reads it"), choices=Secrecy.choices, widget=forms.RadioSelect
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, file: AccountFile | None) -> None:
        first: dict[str, Any] = {"secrecy": Secrecy.INTERNAL}
        if file is not None:
            first = {name: getattr(file, name) for name in (*PARTS, "dates", "secrecy")}
            first["seen"] = file.pk
        super().__init__(data, initial=first)


class CompetitorForm(forms.Form):
    use_required_attribute = False
    competitor = forms.CharField(
        label=_("Competitor"),
        max_length=120,
        error_messages={"required": _("Say which competitor.")},
    )
    words = forms.CharField(
        label=_("What was seen"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Price, service, who came, what the customer said"),
        error_messages={"required": _("Say what was seen.")},
    )
    seen_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the day, within the last year.")},
    )


class TalkForm(forms.ModelForm):  # type: ignore[type-arg]
    use_required_attribute = False
    stage = forms.ChoiceField(label=_("Stage of the life cycle"), choices=STAGES, required=False)
    standing = forms.ChoiceField(label=_("Tier or grade"), choices=STANDINGS, required=False)

    class Meta:
        model = TalkText
        fields = ("stage", "standing", "words", "words_en")
        labels: dict[str, Any] = {"words": _("What is said"), "words_en": _("The same in English")}
        error_messages: dict[str, Any] = {"words": {"required": _("Write what to say.")}}
        widgets = {
            "words": forms.Textarea({"rows": 3, "maxlength": LONGEST_TALK}),
            "words_en": forms.Textarea({"rows": 3, "maxlength": LONGEST_TALK}),
        }

    def _post_clean(self) -> None:
        """The action writes and checks; what is said of the two already is replaced."""


class CustomerFilter(forms.Form):
    """What narrows the list of customers; what cannot be read narrows nothing."""

    standing = forms.ChoiceField(label=_("Tier or grade"), choices=STANDINGS)
    stage = forms.ChoiceField(label=_("Stage of the life cycle"), choices=STAGES)
    quadrant = forms.ChoiceField(
        label=_("Quadrant"),
        choices=[("", _("Any quadrant")), *Quadrant.choices, ("unknown", _("Not known"))],
    )
    warning = forms.ChoiceField(
        label=_("Warning"),
        choices=[("", _("With or without a warning")), ("any", _("Any warning")), *Level.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def asked(self) -> dict[str, str]:
        """What was chosen, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def said(self) -> str:
        """The same in words."""
        fields: dict[str, Any] = self.fields
        labels = {name: dict(flatten_choices(field.choices)) for name, field in fields.items()}
        return " · ".join(str(labels[name][value]) for name, value in self.asked().items())

    def narrowed(self, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        asked = self.asked()
        if standing := asked.get("standing"):
            rows = rows.filter(Q(tier=standing) | Q(grade=standing))
        if stage := asked.get("stage"):
            rows = rows.filter(stage=stage)
        if quadrant := asked.get("quadrant"):
            rows = rows.filter(quadrant="" if quadrant == "unknown" else quadrant)
        if warning := asked.get("warning"):
            wanted = Level.values if warning == "any" else [warning]
            rows = rows.filter(risk__level__in=wanted)
        return rows
