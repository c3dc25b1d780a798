"""Why somebody wishes to see what is masked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.models.access import CHOSEN_REASONS


class RevealForm(forms.Form):
    """The reason, one of a list; another one is said in words."""

    reason = forms.ChoiceField(
        label=_("Why do you need it?"), choices=[("", _("Choose a reason")), *CHOSEN_REASONS]
    )
    words = forms.CharField(label=_("In words"), max_length=200, required=False)
