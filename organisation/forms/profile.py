"""What everybody may change about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.forms.people import LANGUAGES, NEW_PASSWORD
from organisation.models import Person


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)


class ShortcutsForm(forms.Form):
    """WCAG 2.1.4: whoever dictates, or types past the field, can do without single keys."""

    uses_shortcuts = forms.BooleanField(
        label=_("Single keys act"),
        required=False,
        help_text=_("Such as j and k for the next and the previous complaint; ? lists them."),
    )


class OwnPasswordForm(forms.Form):
    """The present password proves that it is the person who asks."""

    present = forms.CharField(
        label=_("Present password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(NEW_PASSWORD),
        help_text=_("At least 10 characters"),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self.person.check_password(present):
            raise forms.ValidationError(_("This is not your present password"))
        return present


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("So that you know which to revoke")
    )
