"""The forms of a notice. Field names are those of the actions' arguments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms import units
from complaints.forms.choices import LocalTimeInput, branches, needs
from complaints.forms.moves import reason_field
from complaints.forms.units import UnitsField
from complaints.models import Notice, Opinion
from organisation.access import units as units_of
from organisation.models import Branch, Person


class NoticeForm(forms.Form):
    """Its words and whom it is for; a draft may lack all but the title."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("What happened and where, in one line"),
        error_messages=needs(_("Enter the title.")),
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("The facts, what is wrong about them, and what every branch is to do"),
    )
    addressees = UnitsField(
        label=_("For these branches"),
        required=False,
        help_text=_("A draft may leave this open; it can be published once they are named."),
    )

    def __init__(self, *args: Any, notice: Notice | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _stored(notice))
        super().__init__(*args, **kwargs)
        field: Any = self.fields["addressees"]
        field.offer(branches())

    @property
    def groups(self) -> list[units.Group]:
        return units.groups(self["addressees"])


def _stored(notice: Notice | None) -> dict[str, Any]:
    if notice is None:
        return {}
    return {
        "version": notice.version,
        "title": notice.title,
        "text": notice.text,
        "addressees": list(notice.addressees.all()),
    }


class NewNoticeForm(NoticeForm):
    """The same, with the unit that issues it; where there is only one, nobody is asked."""

    issuing_branch = forms.ModelChoiceField(
        Branch.objects.none(),
        label=_("Issuing unit"),
        error_messages=needs(_("Choose the issuing unit.")),
    )
    field_order = ("issuing_branch", "title", "text", "addressees")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["issuing_branch"]
        field.queryset = Branch.objects.active().filter(pk__in=units_of(person, "notice.write"))
        field.label_from_instance = lambda branch: branch.label
        own = list(field.queryset[:2])
        if len(own) == 1:
            field.widget, field.initial = forms.HiddenInput(), own[0].pk


class ConsultForm(forms.Form):
    """Whose opinion is asked, and until when; those who were asked are not offered again."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    branches = UnitsField(
        label=_("Ask these units"),
        error_messages=needs(_("Name the units whose opinion is asked.")),
    )
    due_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=LocalTimeInput(),
        help_text=_("Empty: as long as the policy gives. Silence until then is no opinion."),
        error_messages={"invalid": _("Enter a date and a time.")},
    )

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": notice.version}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["branches"]
        asked = {notice.issuing_branch_id, *notice.opinions.values_list("branch", flat=True)}
        field.offer(row for row in branches() if row.pk not in asked)

    @property
    def groups(self) -> list[units.Group]:
        return units.groups(self["branches"])


class OpinionForm(forms.Form):
    """What a unit thinks of the draft."""

    branch = forms.ModelChoiceField(Branch.objects.all(), widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Opinion of our unit"),
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Write what your unit thinks of it.")),
    )

    @classmethod
    def of(cls, opinion: Opinion) -> "OpinionForm":
        return cls(initial={"branch": opinion.branch_id}, auto_id=f"id_{opinion.branch_id}_%s")


class WithdrawForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = reason_field()


class VersionForm(forms.Form):
    """An act that needs nothing but the state it was decided on."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
