"""A touchpoint as a form."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from complaints.forms.choices import category_choices
from complaints.models import Category
from surveys.models import Touchpoint


class KeysField(forms.CharField):
    """Keys of questions with commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        keys = re.split(r"[\s,，、]+", super().clean(value))
        return list(dict.fromkeys(key for key in keys if key))


class TouchpointForm(forms.ModelForm):  # type: ignore[type-arg]
    """What it is called, where it lies, and what feeds it."""

    question_keys = KeysField(required=False, max_length=400)
    categories = forms.ModelMultipleChoiceField(
        Category.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Touchpoint
        fields = ("leg", "name", "name_en", "position", "moment", "weight")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].help_text = _("Smaller numbers come first")
        self.fields["weight"].help_text = _("1 to 5; moments of truth weigh more")
        keys, categories = self.fields["question_keys"], self.fields["categories"]
        keys.label = _("Keys of its questions")
        keys.help_text = _("With commas between them, such as total, effort")
        categories.label = _("Complaint categories")
        categories.choices = [  # type: ignore[attr-defined]
            choice
            for choice in category_choices(Category.objects.filter(is_active=True))
            if choice[0]
        ]
        if self.instance.pk:
            keys.initial = self.instance.question_keys
            categories.initial = self.instance.categories.all()
