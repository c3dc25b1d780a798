"""The name and the words of a questionnaire."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.models import Person
from surveys.actions.questionnaires import EDIT
from surveys.models import Edition


class QuestionnaireForm(forms.Form):
    """A new one; it belongs to one of the person's units."""

    name = forms.CharField(label=gettext_lazy("name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("name in English"), max_length=120, required=False)
    branch = BranchField(label=gettext_lazy("Kept by"))

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        field: Any = self.fields["branch"]
        field.queryset = branches(person, EDIT)
        field.initial = field.queryset.order_by("path").first()


class WordsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands before and after the questions."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Edition
        fields = ("welcome", "welcome_en", "thanks", "thanks_en", "version")
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("welcome", "welcome_en", "thanks", "thanks_en")
        }
