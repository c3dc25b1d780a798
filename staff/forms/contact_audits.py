"""Drawing first contacts, and typing in a mystery call (T-12)."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import LocalTimeInput, needs
from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.models import Person
from staff.actions.contact_audits import MOST_PER_BRANCH, RUN
from staff.models.first_contact import ITEMS, label_of

YES, NO, UNJUDGED = "yes", "no", ""
ANSWERS = {YES: True, NO: False, UNJUDGED: None}
WORDS = ((YES, _("Yes")), (NO, _("No")), (UNJUDGED, _("Not judged")))


def day_field(label: Any, words: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=needs(words))


class DrawForm(forms.Form):
    """Of which days, and how many of each branch."""

    use_required_attribute = False
    branch = BranchField(
        label=_("Branch and all below it"), error_messages=needs(_("Choose the branch."))
    )
    first_on = day_field(_("Taken in from"), _("Enter the first day."))
    last_on = day_field(_("Taken in until"), _("Enter the last day."))
    per_branch = forms.IntegerField(
        label=_("Contacts per branch"),
        min_value=1,
        max_value=MOST_PER_BRANCH,
        initial=10,
        error_messages=needs(_("Enter how many.")),
    )

    def __init__(self, data: Any = None, *, person: Person, days: tuple[date, date]) -> None:
        super().__init__(data, initial={"first_on": days[0], "last_on": days[1]})
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = branches(person, RUN).filter(is_active=True)


class CallForm(forms.Form):
    """Who was called, when, and how it went."""

    use_required_attribute = False
    branch = BranchField(
        label=_("Branch that was called"), error_messages=needs(_("Choose the branch."))
    )
    called_at = forms.DateTimeField(
        label=_("When"),
        widget=LocalTimeInput(),
        error_messages=needs(_("Enter when you called.")),
    )
    asked = forms.CharField(
        label=_("What was asked"), max_length=300, error_messages=needs(_("Say what was asked."))
    )
    remark = forms.CharField(
        label=_("What was noticed"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data, initial={"submission": uuid.uuid4()})
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = branches(person, RUN).filter(is_active=True)
        for name in ITEMS:
            fields[name] = forms.TypedChoiceField(
                label=label_of(name),
                choices=WORDS,
                coerce=ANSWERS.__getitem__,
                empty_value=None,
                required=False,
                initial=UNJUDGED,
                widget=forms.RadioSelect,
            )
        self.order_fields(["branch", "called_at", "asked", *ITEMS, "remark"])

    def answers(self) -> dict[str, bool | None]:
        return {name: self.cleaned_data[name] for name in ITEMS}
