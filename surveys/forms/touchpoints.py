"""A touchpoint as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from complaints.forms.choices import category_choices
from complaints.models import Category
from surveys.models import SCALES, EditionStatus, Question, Touchpoint


class TouchpointForm(forms.ModelForm):  # type: ignore[type-arg]
    """What it is called, where it lies, and what feeds it."""

    question_keys = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
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
        keys.label = _("Its questions")
        keys.help_text = _("Questions with marks, of all questionnaires in use")
        keys.choices = _questions()  # type: ignore[attr-defined]
        categories.label = _("Complaint categories")
        categories.choices = [  # type: ignore[attr-defined]
            choice
            for choice in category_choices(Category.objects.filter(is_active=True))
            if choice[0]
        ]
        if self.instance.pk:
            keys.initial = self.instance.question_keys
            categories.initial = self.instance.categories.all()


def _questions() -> list[tuple[str, str]]:
    """Each key with the words that its newest edition gives it."""
    rows = (
        Question.objects.filter(kind__in=SCALES)
        .exclude(edition__status=EditionStatus.DRAFT)
        .order_by("key", "-edition__published_at", "-pk")
        .distinct("key")
    )
    return [(row.key, str(row)) for row in rows]
