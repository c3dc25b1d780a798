"""Forms of points: giving, taking back, rules."""

from secrets import randbits
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.forms.choices import needs
from organisation.access import branches
from organisation.forms.fields import BranchField, PersonField
from organisation.models import Person
from staff.models import PointRuleRevision, Trigger

GIVE = "points.give"
SAID = ("name", "name_en", "points", "cap", "cap_period", "needs_evidence", "cites", "is_on")


class RevisionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A rule as it is now, with what it gives."""

    def label_from_instance(self, obj: Any) -> str:
        words = f"{obj} (+{obj.points})"
        if obj.cites:
            words = gettext("%(rule)s, by %(cites)s") % {"rule": words, "cites": obj.cites}
        return gettext("%(rule)s, with evidence") % {"rule": words} if obj.needs_evidence else words


class GiveForm(forms.Form):
    """Points for one person at once; `nonce` lets the same form count once."""

    use_required_attribute = False
    branch = BranchField(label=_("Branch"), error_messages=needs(_("Choose the branch.")))
    person = PersonField(
        label=pgettext_lazy("staff", "Person"),
        error_messages=needs(_("Choose who gets the points.")),
    )
    revision = RevisionField(
        PointRuleRevision.objects.none(),
        label=_("Rule"),
        empty_label="—",
        error_messages=needs(_("Choose the rule.")),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What the person did, and for which customer"),
        error_messages=needs(_("Say what for: everybody who sees the points reads it.")),
    )
    evidence = forms.CharField(
        label=_("Complaint or work order"),
        max_length=40,
        required=False,
        help_text=_("Its number, where the rule asks for evidence"),
    )
    nonce = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)

    def __init__(self, data: Any = None, *, giver: Person) -> None:
        super().__init__(data, initial={"nonce": randbits(62)})
        fields: dict[str, Any] = self.fields
        mine = branches(giver, GIVE).filter(is_active=True)
        fields["branch"].queryset = mine
        if len(mine) == 1:
            fields["branch"].initial = mine[0]
        working = Person.objects.filter(is_active=True, postings__branch__in=mine)
        fields["person"].queryset = working.exclude(pk=giver.pk).distinct()
        fields["revision"].queryset = PointRuleRevision.objects.newest().filter(
            rule__trigger=Trigger.BY_HAND, is_on=True
        )


class TakeBackForm(forms.Form):
    """Why points are taken back."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages=needs(_("Say why it is taken back.")),
    )


class RuleRevisionForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a rule gives; `seen` is the revision that was read."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PointRuleRevision
        fields = SAID
        help_texts = {
            "points": _("Below zero it is taken off: for each assessed point."),
            "cites": _("Its name and article: whoever gets or loses points reads it."),
            "cap": _("The most that one person gets by this rule; empty for no limit."),
        }
        error_messages = {
            "name": needs(_("Enter a name.")),
            "points": needs(_("Enter how many points.")),
        }

    def _post_clean(self) -> None:
        """The action writes and checks."""

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in SAID}


class RuleForm(RuleRevisionForm):
    """A new one: what it rewards, too."""

    code = forms.SlugField(label=_("Code"), max_length=40, error_messages=needs(_("Enter a code.")))
    trigger = forms.ChoiceField(label=_("What it rewards"), choices=Trigger)

    field_order = ("code", "trigger", *SAID)
