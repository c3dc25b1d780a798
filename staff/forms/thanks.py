"""The form of thanks: whom the customer named, and with which words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import near, needs, people, staff_choices
from organisation.forms.fields import PersonField
from organisation.models import Branch, Person
from staff.actions import thanks


class ThanksForm(forms.Form):
    """Those who work at the branch, above it and below it are offered, but oneself."""

    use_required_attribute = False
    person = PersonField(
        label=_("Whom the customer thanked"),
        error_messages=needs(_("Choose whom the customer thanked.")),
    )
    words = forms.CharField(
        label=_("The customer's words"),
        max_length=thanks.LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Everybody in the company reads them: leave out who the customer is."),
        error_messages=needs(_("Enter what the customer said.")),
    )

    def __init__(self, data: Any = None, *, branch: Branch, by: Person, words: str) -> None:
        super().__init__(data, initial={"words": words[: thanks.LONGEST]})
        offered = near(branch).exclude(person=by)
        field: Any = self.fields["person"]
        field.queryset = people(offered)
        field.choices = staff_choices(offered)
