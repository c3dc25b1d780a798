"""A category as a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import NOTHING, category_choices
from complaints.models import Category, Severity


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """Names, and the place in the tree."""

    parent = forms.ModelChoiceField(Category.objects.all(), label=_("Belongs to"), required=False)

    class Meta:
        model = Category
        fields = (
            "code",
            "name",
            "name_en",
            "parent",
            "position",
            "intake_hints",
            "intake_text",
            "intake_severity",
            "is_exempt",
            "is_active",
        )
        widgets = {
            "intake_hints": forms.Textarea({"rows": 4}),
            "intake_text": forms.Textarea({"rows": 4}),
        }
        help_texts = {
            "code": _("Short and lasting; imports and programs use it"),
            "position": _("Smaller numbers come first"),
            "is_exempt": _(
                "For praise and questions: complaints of it get no clocks from now on; "
                "clocks that run go on"
            ),
            "intake_hints": _("One on each line; shown to whoever logs such a complaint"),
            "intake_text": _("Stands in the empty description; empty: that of the category above"),
            "is_active": _("An inactive category is not offered any more"),
        }
        error_messages = {
            "code": {"required": _("Enter the code.")},
            "name": {"required": _("Enter the name.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        field.choices = category_choices(field.queryset)  # type: ignore[attr-defined]
        severities = self.fields["intake_severity"]
        severities.choices = [NOTHING, *Severity.choices]  # type: ignore[attr-defined]
        if not self.instance.pk:
            del self.fields["is_active"]
