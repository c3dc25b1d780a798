"""A place of the company as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.models import Branch, Level, Person

LEVELS = [choice for choice in Level.choices if choice[0] != Level.HEADQUARTERS]
PLACE = ("level", "parent")


class BranchForm(forms.ModelForm):  # type: ignore[type-arg]
    """Names, and the place in the tree; the headquarters has no place to choose."""

    level = forms.ChoiceField(label=_("Level"), choices=LEVELS, initial=Level.BRANCH)
    parent = BranchField(
        label=_("Belongs to"), error_messages={"required": _("Choose what it belongs to.")}
    )

    class Meta:
        model = Branch
        fields = ("code", "name", "name_en", "own_spelling", "level", "parent", "is_active")
        help_texts = {
            "own_spelling": _("Only where it is usually read otherwise: “shan xian”"),
            "code": _("Short and lasting; imports and programs use it"),
            "is_active": _("An inactive branch gets no new complaints"),
        }
        error_messages = {
            "code": {"required": _("Enter the code.")},
            "name": {"required": _("Enter the name.")},
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.parent_id is None:
            for name in (*PLACE, "is_active"):
                del self.fields[name]
            return
        self.fields["parent"].queryset = branches(person, "branch.edit")  # type: ignore[attr-defined]
        if not self.instance.pk:
            del self.fields["is_active"]
