"""Forms of the knowledge base."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import category_choices, needs
from complaints.models import Category
from organisation.forms.records import RecordForm
from staff.models import ExpertQuestion


class QuestionForm(forms.Form):
    """A question to the experts."""

    use_required_attribute = False
    title = forms.CharField(
        label=_("Question"),
        max_length=120,
        help_text=_("One sentence, as a colleague would look for it."),
        error_messages=needs(_("Ask in one sentence.")),
    )
    details = forms.CharField(
        label=_("Details"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Everybody in the company can read it: name no customer and no number."),
    )
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label=_("Complaint category"),
        required=False,
        help_text=_("The answer then stands beside complaints of this category."),
    )

    def __init__(self, data: Any = None, *, category: Category | None = None) -> None:
        super().__init__(data, initial={"category": category})
        field: Any = self.fields["category"]
        field.queryset = Category.objects.filter(is_active=True)
        field.choices = category_choices(field.queryset)


class AnswerForm(RecordForm):
    """An answer; it begins with what is published."""

    use_required_attribute = False
    ids = "answer_%s"
    text = forms.CharField(
        label=_("Answer"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("What to do, step by step. Another expert reads it before it is published."),
        error_messages=needs(_("Write the answer.")),
    )

    @staticmethod
    def start(record: ExpertQuestion) -> dict[str, Any]:
        return {"text": record.answer}


class ReviewForm(RecordForm):
    """Publishing asks for nothing."""

    ids = "review_%s"


class ReasonForm(RecordForm):
    """Why it is given back or closed."""

    ids = "reason_%s"
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages=needs(_("Say why: whoever wrote it reads it.")),
    )
