"""Planning visits, writing them down, and what follows, as forms."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit import clock
from customers.forms.retention import DAY
from customers.models import FindingKind, Grade, Purpose, Tier, Visit, VisitCadence, VisitKind
from customers.retention import colleagues
from organisation.forms.fields import PersonField
from organisation.forms.records import RecordForm
from organisation.models import Person


class PlanForm(forms.Form):
    """Aim, plan and steps: K-14. `people`: who may be chosen."""

    use_required_attribute = False

    kind = forms.ChoiceField(label=_("Kind"), choices=VisitKind.choices)
    on = forms.DateField(
        label=_("Day"),
        widget=DAY,
        error_messages={"required": _("Choose a day from today on, within a year.")},
    )
    starts_at = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    owner = PersonField(
        queryset=Person.objects.none(),
        label=_("Who visits or receives"),
        error_messages={"required": _("Choose somebody.")},
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    aim = forms.CharField(label=_("What is to be reached"), max_length=200, required=False)
    plan_ = forms.CharField(
        label=pgettext_lazy("of a visit", "Plan"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    steps = forms.CharField(
        label=_("Steps"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("One a line"),
    )
    anyway = forms.BooleanField(
        label=_("Visit even if it is sooner than planned for this tier or grade"), required=False
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = people


class ChangePlanForm(PlanForm):
    """The kind of a visit stays."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        names = ("on", "starts_at", "place", "owner", "purpose", "aim", "steps", "version")
        first = {name: getattr(visit, name) for name in names} | {"plan_": visit.plan}
        super().__init__(*args, initial=first, **kwargs)
        del self.fields["kind"]


class WriteDownForm(RecordForm):
    use_required_attribute = False
    ids = "write-%s"
    on = forms.DateField(
        label=_("Day"),
        widget=DAY,
        error_messages={"required": _("Enter the day, within the last year.")},
    )
    who = forms.CharField(
        label=_("Who was there"),
        max_length=200,
        error_messages={"required": _("Say who was there.")},
    )
    words = forms.CharField(
        label=_("What was said"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Say what was said.")},
    )

    @staticmethod
    def start(record: Visit) -> dict[str, Any]:
        """Made on the planned day, or earlier: today."""
        return {"on": min(record.on, timezone.localdate(clock.now()))}


class FindingForm(RecordForm):
    use_required_attribute = False
    ids = "find-%s"
    kind = forms.ChoiceField(label=_("What it is about"), choices=FindingKind.choices)
    words = forms.CharField(
        label=_("What was learnt"),
        max_length=500,
        error_messages={"required": _("Say what was learnt.")},
    )


class TaskForm(RecordForm):
    use_required_attribute = False
    ids = "task-%s"
    text = forms.CharField(
        label=_("What is to be done"),
        max_length=500,
        error_messages={"required": _("Say what is to be done.")},
    )
    owner = PersonField(
        queryset=Person.objects.none(),
        label=_("By whom"),
        error_messages={"required": _("Choose somebody.")},
    )
    due_on = forms.DateField(
        label=_("To be done by"),
        widget=DAY,
        error_messages={"required": _("Choose a day from today on, within a year.")},
    )

    def __init__(self, record: Visit, *args: Any) -> None:
        super().__init__(record, *args)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = colleagues(record.customer)


class SpanField(forms.CharField):
    """Two numbers, "14 60"; nothing: no rule."""

    def clean(self, value: Any) -> tuple[int, int] | None:
        words = super().clean(value).replace("–", " ").replace("-", " ").split()
        if not words:
            return None
        if len(words) != 2 or not all(word.isdecimal() and len(word) < 5 for word in words):
            raise forms.ValidationError(_("Write two numbers of days, such as 14 60."))
        return int(words[0]), int(words[1])


class CadenceForm(forms.Form):
    """A line for each tier and grade."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        known = {row.standing: row for row in VisitCadence.objects.all()}
        for value, label in (*Tier.choices, *Grade.choices):
            row = known.get(value)
            self.fields[value] = SpanField(
                label=str(label),
                required=False,
                max_length=20,
                initial=f"{row.fewest_days} {row.most_days}" if row else "",
            )
