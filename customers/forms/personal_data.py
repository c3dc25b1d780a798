"""Taking out everything about one customer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.forms.looks import RevealForm


class TakeOutForm(RevealForm):
    """Why, and as which file."""

    form = forms.ChoiceField(
        label=_("File"), choices=[("docx", _("Word, to read")), ("json", _("JSON, for programs"))]
    )
