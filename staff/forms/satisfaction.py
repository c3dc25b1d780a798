"""Forms of the survey of staff (S-20)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from organisation.models import Branch
from staff.models import Agreement, StaffRound

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoundForm(forms.Form):
    """When staff are asked."""

    use_required_attribute = False
    first_on = forms.DateField(
        label=_("First day"),
        widget=DATE,
        help_text=_("The round belongs to the quarter of this day."),
        error_messages=needs(_("Choose the first day.")),
    )
    last_on = forms.DateField(
        label=_("Last day"), widget=DATE, error_messages=needs(_("Choose the last day."))
    )


class GroupField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class AnswerForm(forms.Form):
    """The statements of a round, the group, and free words. It is never kept on the server."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, of: StaffRound, groups: list[Branch]) -> None:
        super().__init__(data)
        self.number = len(of.questions)
        for place, words in enumerate(of.questions):
            self.fields[f"mark_{place}"] = forms.TypedChoiceField(
                label=words,
                choices=Agreement.choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages=needs(_("Choose how far you agree.")),
            )
        if groups:
            self.fields["group"] = GroupField(
                Branch.objects.filter(pk__in=[row.pk for row in groups]),
                label=_("Count my answer with"),
                required=False,
                empty_label=_("The company only"),
                help_text=_("Only groups in which at least five people work are offered."),
            )
        self.fields["words"] = forms.CharField(
            label=_("What should change first?"),
            required=False,
            max_length=2000,
            widget=forms.Textarea({"rows": 4}),
            help_text=_(
                "Kept without your marks and your group. Write nothing by which you are known."
            ),
        )

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "marks": [given[f"mark_{place}"] for place in range(self.number)],
            "group": given.get("group"),
            "words": given["words"],
        }
