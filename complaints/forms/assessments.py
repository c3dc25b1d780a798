"""The assessment as forms: proposing, deciding, appealing, answering. And its rules."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.actions import assessments as actions
from complaints.forms.choices import handler_choices, needs
from complaints.models import Assessment, AssessmentKind, AssessmentRule
from organisation.access import branches
from organisation.forms.fields import BranchField
from organisation.models import Branch, Person

PROPOSE = "assessment.propose"
UPHELD = (("yes", _("Uphold the assessment")), ("no", _("Grant the appeal: nothing counts")))


class Words(forms.Textarea):
    def __init__(self) -> None:
        super().__init__({"rows": 3})


class RuleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A rule with what it usually costs."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.text} ({measure_words(obj.kind, obj.measure)})"


def measure_words(kind: str, measure: int | Decimal | None) -> str:
    """What it costs, in words."""
    words = {
        AssessmentKind.POINTS: pgettext_lazy("of an assessment", "%(n)s points"),
        AssessmentKind.AMOUNT: pgettext_lazy("of an assessment", "%(n)s yuan"),
        AssessmentKind.REMOVAL: _("Removal from the post"),
    }[AssessmentKind(kind)]
    return str(words) % {"n": measure} if measure is not None else str(words)


class BranchForm(forms.Form):
    """Which branch it is about, where no record says it."""

    branch = BranchField(label=_("Branch"), to_field_name="code")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["branch"].queryset = branches(by, PROPOSE).filter(is_active=True)


class ProposeForm(forms.Form):
    """For a branch or somebody there. A rule alone will do: it says kind and measure, too."""

    use_required_attribute = False
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Person"),
        required=False,
        help_text=_("Empty: it concerns the branch"),
    )
    rule = RuleChoice(
        AssessmentRule.objects.none(),
        label=_("Company rule"),
        required=False,
        empty_label="—",
        help_text=_("Gives kind and measure, unless you choose others"),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("of an assessment", "Kind"),
        required=False,
        choices=[("", _("As the rule says")), *AssessmentKind.choices],
        help_text=_("Removal from the post: only a proposal, which a manager decides about"),
    )
    points = forms.IntegerField(label=_("Points"), required=False, min_value=1, max_value=1000)
    amount = forms.DecimalField(
        label=_("Amount"), required=False, min_value=Decimal("0.01"), max_digits=10,
        decimal_places=2,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=Words(),
        error_messages=needs(_("Say what for.")),
    )

    def __init__(self, *args: Any, branch: Branch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["person"].queryset = Person.objects.filter(is_active=True)
        fields["person"].choices = handler_choices(actions.postings_of(branch))
        fields["rule"].queryset = AssessmentRule.objects.filter(is_active=True)

    def clean(self) -> None:
        given = self.cleaned_data
        if not given.get("rule") and not given.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Choose a kind, or a rule that says it."))

    def given(self) -> dict[str, Any]:
        """What the action takes: what was left empty is as the rule says."""
        given = dict(self.cleaned_data)
        rule: AssessmentRule | None = given.pop("rule")
        kind = given["kind"] or (rule.kind if rule else "")
        is_as_ruled = rule is not None and kind == rule.kind
        if is_as_ruled and given["points"] is None and given["amount"] is None and rule:
            given |= {"points": rule.points, "amount": rule.amount}
        return given | {"kind": kind, "rule": rule.text if rule else ""}


class ActForm(forms.Form):
    """An act on an assessment; `version` is the state that the person decided on."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = assessment.version
        self.prepare(assessment)

    def prepare(self, assessment: Assessment) -> None:
        """Fill in what depends on the assessment."""

    def given(self) -> dict[str, Any]:
        return self.cleaned_data


class DecideForm(ActForm):
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=1000)
    amount = forms.DecimalField(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2
    )
    words = forms.CharField(
        label=_("Grounds"), required=False, max_length=2000, widget=Words()
    )  # fmt: skip

    def prepare(self, assessment: Assessment) -> None:
        """Only its own measure, as proposed."""
        for name in ("points", "amount"):
            if name != assessment.kind:
                del self.fields[name]
            else:
                self.fields[name].initial = assessment.measure


class RejectForm(ActForm):
    words = forms.CharField(
        label=_("Grounds"),
        max_length=2000,
        widget=Words(),
        error_messages=needs(_("Say why not.")),
    )


class AppealForm(ActForm):
    words = forms.CharField(
        label=_("What speaks against it"),
        max_length=5000,
        widget=Words(),
        error_messages=needs(_("Say what speaks against it.")),
    )


class FinishForm(ActForm):
    is_upheld = forms.ChoiceField(
        label=_("The answer"),
        choices=UPHELD,
        widget=forms.RadioSelect,
        error_messages=needs(_("Choose the answer.")),
    )
    words = forms.CharField(
        label=_("Answer to the appeal"),
        max_length=2000,
        widget=Words(),
        error_messages=needs(_("Answer the appeal.")),
    )

    def given(self) -> dict[str, Any]:
        return self.cleaned_data | {"is_upheld": self.cleaned_data["is_upheld"] == "yes"}


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A rule; the code of a known one stays."""

    class Meta:
        model = AssessmentRule
        fields = ("code", "text", "kind", "points", "amount", "is_active")
        help_texts = {
            "code": _("Short and lasting"),
            "points": _("For the kind “points”"),
            "amount": _("For the kind “amount”"),
            "is_active": _("An inactive rule is not offered, and the clock proposes nothing by it"),
        }
        error_messages = {
            "code": needs(_("Enter the code.")),
            "text": needs(_("Enter the rule.")),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code" if self.instance.pk else "is_active"]

    def _post_clean(self) -> None:
        """The action writes: the instance stays as it is stored."""
