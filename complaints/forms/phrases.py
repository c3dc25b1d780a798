"""A canned reply as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.phrases import SHARE
from complaints.forms import choices
from complaints.forms.choices import needs
from complaints.models import Category, Phrase
from organisation.access import branches
from organisation.models import Person, in_tree


class PhraseForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, text, for whom and what about; sharing is offered where the person may share."""

    class Meta:
        model = Phrase
        fields = ("name", "text", "branch", "category")
        help_texts = {
            "name": _("So that you find it in the list"),
            "branch": _("Shared with everybody at the branch and below it"),
            "category": _("Offered for complaints of this category only"),
        }
        widgets = {"text": forms.Textarea({"rows": 6})}
        error_messages = {
            "name": needs(_("Enter the name.")),
            "text": needs(_("Enter the text.")),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        rows = branches(person, SHARE).filter(is_active=True)
        fields["branch"].queryset = rows
        found = in_tree(rows.select_related("parent"))
        named = [(branch.pk, choices.branch_name(branch)) for branch in found]
        fields["branch"].choices = [("", _("Only me")), *named]
        if not named:
            del self.fields["branch"]
        categories = Category.objects.filter(is_active=True)
        fields["category"].queryset = categories
        fields["category"].choices = [
            ("", _("Every category")),
            *choices.category_choices(categories)[1:],
        ]

    def _post_clean(self) -> None:
        """The action writes: the instance stays as it is stored."""

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        return {"branch": self.instance.branch if self.instance.pk else None} | self.cleaned_data
