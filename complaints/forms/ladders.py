"""The ladder of one kind of clock as rows, with its target above them."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.models import AUDIENCES, Effect, LadderStep, TimerKind
from complaints.policy_words import listed
from organisation.models import Channel, Importance

HOUR = timedelta(hours=1)
LONGEST = 8760  # hours: a year
MOST_STEPS = 12
PERCENT, AFTER = "percent", "after"
UNITS = ((PERCENT, _("% of the target")), (AFTER, _("h after the deadline")))
NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
Typed = dict[str, Any]


class HoursField(forms.DecimalField):
    """A span typed in hours, kept to the minute: 0.5 is half an hour."""

    def __init__(self, **options: Any) -> None:
        options = {"min_value": 0, "max_value": LONGEST} | options
        super().__init__(decimal_places=2, widget=forms.TextInput(NUMBER), **options)

    def prepare_value(self, value: Any) -> Any:
        return hours(value) if isinstance(value, timedelta) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        return None if typed is None else timedelta(minutes=round(typed * 60))


def hours(span: timedelta) -> str:
    """As few digits as say it: 24, 0.5, 0.33."""
    return f"{Decimal(span / HOUR):.2f}".rstrip("0").rstrip(".")


class TargetForm(forms.Form):
    duration = HoursField(
        label=_("Target in hours"),
        min_value=Decimal("0.01"),
        error_messages={
            "required": _("Enter the target."),
            "min_value": _("A target must be longer than zero."),
        },
    )


class StepForm(forms.Form):
    """When, who, how, what else. A row that was left as it came is no step."""

    use_required_attribute = False
    amount = forms.DecimalField(
        label=_("When"),
        min_value=0,
        max_value=LONGEST,
        decimal_places=2,
        widget=forms.TextInput(NUMBER),
        error_messages=needs(_("Enter when this step speaks.")),
    )
    unit = forms.ChoiceField(label=_("Counted in"), choices=UNITS, initial=AFTER)
    roles = forms.MultipleChoiceField(
        label=_("Who hears"),
        choices=AUDIENCES,
        widget=forms.CheckboxSelectMultiple,
        error_messages=needs(_("Choose who hears this step.")),
    )
    channels = forms.MultipleChoiceField(
        label=_("How"),
        choices=Channel.choices,
        initial=list(Channel.values),
        widget=forms.CheckboxSelectMultiple,
        error_messages=needs(_("Choose how they are told.")),
    )
    importance = forms.TypedChoiceField(
        label=_("How grave"), choices=Importance.choices, initial=Importance.REMINDER, coerce=int
    )
    effect = forms.ChoiceField(
        label=_("What else"), choices=(("", "—"), *Effect.choices), required=False
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind != TimerKind.WORK_ORDER:
            del self.fields["effect"]

    def clean(self) -> Typed:
        data = super().clean() or {}
        amount = data.get("amount")
        if amount is not None and data.get("unit") == PERCENT and not _is_share(amount):
            self.add_error(
                "amount", _("Before the deadline, enter 1 to 99; at the deadline is 0 hours after.")
            )
        return data

    @property
    def heading(self) -> str:
        """The chosen roles, for the closed box."""
        chosen = self["roles"].value() or []
        return listed(name for role, name in AUDIENCES if role in chosen)

    @property
    def step(self) -> LadderStep:
        """The row, once it is valid, as a step without a revision."""
        data = self.cleaned_data
        is_percent = data["unit"] == PERCENT
        return LadderStep(
            kind=self.kind,
            percent=int(data["amount"]) if is_percent else None,
            after=None if is_percent else timedelta(minutes=round(data["amount"] * 60)),
            roles=data["roles"],
            channels=data["channels"],
            importance=data["importance"],
            effect=data.get("effect", ""),
        )


# What stands in a row before anybody writes in it.
BLANK: dict[str, list[str]] = {
    "unit": [AFTER],
    "channels": list(Channel.values),
    "importance": [str(Importance.REMINDER.value)],
}


def _is_share(amount: Decimal) -> bool:
    return amount == int(amount) and 0 < amount < 100


class Steps(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of a kind. `filled` are those that are steps, in the order of the page."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    @property
    def filled(self) -> list[StepForm]:
        return [form for form in self.forms if form.has_changed() and not self.goes(form)]

    @staticmethod
    def goes(form: forms.Form) -> bool:
        """Whether the row is marked to be removed."""
        return bool(form.cleaned_data.get("DELETE"))

    def clean(self) -> None:
        """The same people at the same moment is one step, not two."""
        seen = set()
        for form in self.filled:
            if form.errors:
                continue
            step = form.step
            meaning = (step.percent, step.after, frozenset(step.roles))
            if meaning in seen:
                form.add_error("amount", _("The same step stands above. Remove one of the two."))
            seen.add(meaning)


StepFormSet = forms.formset_factory(
    StepForm,
    formset=Steps,
    extra=1,
    can_delete=True,
    max_num=MOST_STEPS,
    absolute_max=MOST_STEPS + 1,
    validate_max=True,
)


def typed(step: LadderStep) -> Typed:
    """A stored step as the row shows it."""
    is_percent = step.percent is not None
    return {
        "amount": step.percent if is_percent else hours(step.after or timedelta()),
        "unit": PERCENT if is_percent else AFTER,
        "roles": step.roles,
        "channels": step.channels,
        "importance": step.importance,
        "effect": step.effect,
    }


class Ladder:
    """Target and steps of one kind, read and checked together."""

    def __init__(
        self,
        kind: str,
        data: Any = None,
        *,
        target: timedelta | None = None,
        steps: Sequence[LadderStep] = (),
    ) -> None:
        self.kind = kind
        self.name = TimerKind(kind).label
        self.target = TargetForm(data, prefix=kind, initial={"duration": target})
        initial = None if data is not None else [typed(step) for step in steps]
        self.rows = cast(
            Steps,
            StepFormSet(data, prefix=f"{kind}-steps", initial=initial, form_kwargs={"kind": kind}),
        )

    def is_valid(self) -> bool:
        return all([self.target.is_valid(), self.rows.is_valid()])

    @property
    def duration(self) -> timedelta:
        return self.target.cleaned_data["duration"]  # type: ignore[no-any-return]

    @property
    def steps(self) -> list[LadderStep]:
        return [form.step for form in self.rows.filled]
