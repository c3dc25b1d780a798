"""Care as forms: a customer's wishes and days, what is done, festivals, rules, the catalogue."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.forms.retention import DAY
from customers.models import (
    AddedService,
    Channel,
    DateKind,
    Grade,
    Lever,
    Occasion,
    Stage,
    Tier,
)

WHAT = {"required": _("Say what it is.")}


class ServiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self) -> None:
        offered = AddedService.objects.filter(is_active=True)
        super().__init__(offered, label=_("Added service"), required=False)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_lever_display()}: {obj.label}"


class FormApart(forms.Form):
    """`ids` keeps the forms of one page apart."""

    use_required_attribute = False
    ids: ClassVar[str]

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id=self.ids)


class WishForm(FormApart):
    ids = "wish-%s"
    channel = forms.ChoiceField(label=_("Best way"), choices=Channel.choices, required=False)
    quiet_until = forms.DateField(label=_("Leave in peace until"), widget=DAY, required=False)
    no_care = forms.BooleanField(label=_("Wishes no greetings or care"), required=False)
    no_notices = forms.BooleanField(label=_("Wishes no notices of changes"), required=False)
    words = forms.CharField(label=_("What else to heed"), max_length=300, required=False)


class DateForm(FormApart):
    ids = "date-%s"
    kind = forms.ChoiceField(label=_("Kind"), choices=DateKind.choices)
    month = forms.IntegerField(
        label=_("Month"),
        min_value=1,
        max_value=12,
        error_messages={"required": _("There is no such day.")},
    )
    day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=31,
        error_messages={"required": _("There is no such day.")},
    )
    words = forms.CharField(label=_("Whose, or what"), max_length=80, required=False)


class ActForm(FormApart):
    ids = "act-%s"
    on = forms.DateField(
        label=_("Day"),
        widget=DAY,
        error_messages={"required": _("Choose a day from today on, within a year.")},
    )
    words = forms.CharField(
        label=_("What is done"),
        max_length=200,
        error_messages={"required": _("Say what is done.")},
    )
    channel = forms.ChoiceField(label=_("Best way"), choices=Channel.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = ServiceField()


class FestivalForm(FormApart):
    ids = "festival-%s"
    name = forms.CharField(
        label=pgettext_lazy("of a festival", "Name"), max_length=80, error_messages=WHAT
    )
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    on = forms.DateField(
        label=_("Day"), widget=DAY, error_messages={"required": _("Choose a day.")}
    )


class CareRuleForm(FormApart):
    ids = "rule-%s"
    occasion = forms.ChoiceField(label=_("Occasion"), choices=Occasion.choices)
    standing = forms.ChoiceField(
        label=_("Tier or grade"),
        choices=[("", _("All")), *Tier.choices, *Grade.choices],
        required=False,
    )
    stage = forms.ChoiceField(
        label=_("Stage of the life cycle"),
        choices=[("", _("All")), *Stage.choices],
        required=False,
    )
    channel = forms.ChoiceField(label=_("Best way"), choices=Channel.choices, required=False)
    words = forms.CharField(label=_("What is done"), max_length=200, error_messages=WHAT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = ServiceField()


class AddedServiceForm(FormApart):
    ids = "service-%s"
    lever = forms.ChoiceField(label=_("Lever of value"), choices=Lever.choices)
    name = forms.CharField(
        label=pgettext_lazy("of a service", "Name"), max_length=80, error_messages=WHAT
    )
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    words = forms.CharField(label=_("What the customer gets"), max_length=300, required=False)
