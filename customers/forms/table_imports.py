"""A file to import."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import TableImport


class TableForm(forms.Form):
    """What it is a table of, and the file."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=TableImport.Kind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), also packed with gzip; 50 MB at most"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        max_length=255,
    )
