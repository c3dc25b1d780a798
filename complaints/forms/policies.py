"""A policy as a form: for which complaints, by which clock, and the ladder of each kind."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints import policy_words
from complaints.actions import policies
from complaints.actions.policies import Rule
from complaints.forms.choices import LocalTimeInput, category_choices, needs
from complaints.forms.ladders import BLANK, HOUR, HoursField, Ladder
from complaints.models import Category, Policy, PolicyRevision, Severity
from customers.models import Grade, Tier
from organisation.forms.fields import BranchField
from organisation.models import WorkCalendar

ANY = ("", _("Any"))
MOST_ATTEMPTS = 20
# What a first policy starts from when there is none to copy.
FIRST_REWORK = 24 * HOUR
TERMS = ("tier", "grade", "severity", "category", "branch", "calendar")
LIMITS = ("pause_limit", "callback_attempts", "callback_spread", "appeal_within")


class PolicyForm(forms.Form):
    """All but the ladders. `number` is the revision that the page showed."""

    use_required_attribute = False
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    name = forms.CharField(
        label=_("Name"), max_length=80, error_messages=needs(_("Enter the name."))
    )
    is_active = forms.BooleanField(
        label=_("Active"),
        required=False,
        initial=True,
        help_text=_("An inactive policy is passed over; running clocks keep theirs"),
    )
    tier = forms.ChoiceField(label=_("Tier"), choices=(ANY, *Tier.choices), required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=(ANY, *Grade.choices), required=False)
    category = forms.ModelChoiceField(
        Category.objects.all(), label=_("Category"), required=False, empty_label=_("Any")
    )
    severity = forms.ChoiceField(
        label=_("Severity"), choices=(ANY, *Severity.choices), required=False
    )
    branch = BranchField(label=_("Branch"), required=False, help_text=_("With all below it"))
    calendar = forms.ModelChoiceField(
        WorkCalendar.objects.order_by("name"),
        label=_("Clock"),
        required=False,
        empty_label=_("Every hour counts"),
    )
    pause_limit = HoursField(label=_("Longest pause in all, hours"))
    callback_attempts = forms.IntegerField(
        label=_("Callback attempts"), min_value=1, max_value=MOST_ATTEMPTS
    )
    callback_spread = HoursField(label=_("Spread over at least, hours"))
    appeal_within = HoursField(
        label=_("Time to appeal, hours"),
        min_value=Decimal("0.01"),
        help_text=_("From the decision about an assessment"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].empty_label = _("Any")  # type: ignore[attr-defined]
        field = self.fields["category"]
        field.choices = [ANY, *category_choices(field.queryset)[1:]]  # type: ignore[attr-defined]

    def revision(self) -> PolicyRevision:
        """What was typed, as a revision that is not stored."""
        data = self.cleaned_data
        return PolicyRevision(**{name: data[name] for name in (*TERMS, *LIMITS)})


class PolicyEditor:
    """The whole page: the policy and its ladders, filled from a rule or from what was sent."""

    def __init__(
        self, rule: Rule, data: QueryDict | None = None, *, policy: Policy | None = None
    ) -> None:
        self.form = PolicyForm(data, initial=_initial(rule, policy))
        self.ladders = [
            Ladder(
                kind,
                data,
                target=rule.targets.get(kind, FIRST_REWORK),
                steps=rule.steps.get(kind, []),
            )
            for kind in policy_words.kinds_of(rule)
        ]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(ladder.is_valid() for ladder in self.ladders)])

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, in the order of the page: where it stands, and its sentence."""
        return list(self._errors()) if self.form.is_bound else []

    def _errors(self) -> Iterator[tuple[str, str]]:
        yield from _errors(self.form)
        for ladder in self.ladders:
            # Five ladders ask for the same things: the sentence says in which one.
            for place, text in _of_ladder(ladder):
                yield place, str(_("%(name)s: %(text)s") % {"name": ladder.name, "text": text})

    def rule(self) -> Rule:
        """What was typed, ready to plan, to compare and to be written."""
        revision = self.form.revision()
        return Rule(
            revision=revision,
            targets={ladder.kind: ladder.duration for ladder in self.ladders},
            steps={ladder.kind: ladder.steps for ladder in self.ladders},
            calendar=policies.working_hours(revision.calendar),
        )


def _of_ladder(ladder: Ladder) -> Iterator[tuple[str, str]]:
    yield from _errors(ladder.target)
    for error in ladder.rows.non_form_errors():
        yield f"{ladder.kind}-title", str(error)
    for row in ladder.rows.forms:
        if not ladder.rows.goes(row):
            yield from _errors(row)


def _errors(form: forms.Form) -> Iterator[tuple[str, str]]:
    for error in form.non_field_errors():
        yield "", str(error)
    for field in form:
        place = f"{field.auto_id}_0" if _is_group(field) else field.auto_id
        yield from ((place, str(error)) for error in field.errors)


def _is_group(field: forms.BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxSelectMultiple)


def with_another_row(data: QueryDict, kind: str) -> QueryDict:
    """What was sent, with one more row in the ladder of a kind, as empty as a row begins."""
    changed, name = data.copy(), f"{kind}-steps-TOTAL_FORMS"
    total = changed.get(name, "")
    if total.isascii() and total.isdigit():
        changed[name] = str(int(total) + 1)
        for field, values in BLANK.items():
            changed.setlist(f"{kind}-steps-{total}-{field}", values)
    return changed


def _initial(rule: Rule, policy: Policy | None) -> dict[str, Any]:
    revision = rule.revision
    return {
        "number": revision.number or 0,
        "name": policy.name if policy else "",
        "is_active": policy.is_active if policy else True,
        **{name: getattr(revision, name) for name in (*TERMS, *LIMITS)},
    }


class PreviewForm(forms.Form):
    """For which branch and moment a ladder is played through."""

    use_required_attribute = False
    branch = BranchField(label=_("Branch"), error_messages=needs(_("Choose the branch.")))
    received_at = forms.DateTimeField(
        label=pgettext_lazy("when", "Received"),
        required=False,
        widget=LocalTimeInput(),
        help_text=_("Empty: now"),
    )

    def __init__(self, *args: Any, branches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["branch"]
        field.queryset = branches.order_by("path")
        field.empty_label = None


class CompareForm(forms.Form):
    """Two revisions of a policy by their numbers."""

    use_required_attribute = False
    old = forms.TypedChoiceField(label=_("Earlier revision"), coerce=int)
    new = forms.TypedChoiceField(label=_("Later revision"), coerce=int)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = [(number, str(number)) for number in numbers]  # type: ignore[attr-defined]
