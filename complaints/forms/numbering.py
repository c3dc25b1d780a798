"""The template of a kind's numbers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from complaints.models import Numbering


class TemplateForm(forms.Form):
    """Several stand on one page: the ids name the kind."""

    template = forms.CharField(
        label=_("Template"),
        max_length=60,
        help_text=_("{n} is the number, {n:03d} with at least three digits, {yyyy} the year"),
        error_messages=needs(_("Enter the template.")),
    )

    @classmethod
    def of(cls, row: Numbering) -> "TemplateForm":
        return cls(initial={"template": row.template}, auto_id=f"id_{row.kind}_%s")
