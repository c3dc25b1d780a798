"""The upload of a template."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs


class TemplateForm(forms.Form):
    """What it must be, `complaints.actions.document_templates` says."""

    file = forms.FileField(
        label=_("Template"),
        help_text=_("A Word document (.docx) with fields, without macros; at most 5 MB"),
        error_messages={**needs(_("Choose a file.")), "empty": _("The file is empty.")},
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
