"""Segments as a form: the words of the vocabulary, and nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Grade, Kind, Level, Segment, Stage, Tier
from customers.segments import LONGEST, WORDS
from organisation.access import branches, visible
from organisation.forms.fields import BranchField
from organisation.models import Person, Role, in_tree


class Several(forms.MultipleChoiceField):
    """Any of them; none: all."""

    def __init__(self, choices: Any = (), **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=choices, required=False, **kwargs)


class SegmentForm(forms.Form):
    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=pgettext_lazy("of a segment", "Name"),
        max_length=80,
        error_messages={"required": _("Give it a name.")},
    )
    branch = BranchField(
        label=_("Branch whose customers they are"),
        help_text=_("With all branches below it"),
        error_messages={"required": _("Choose a branch.")},
    )
    is_list = forms.BooleanField(
        label=_("A list of names, put together by hand"),
        required=False,
        help_text=_("Then the conditions below do not count"),
    )
    kinds = Several(Kind.choices, label=_("Kinds of customers"))
    tiers = Several(Tier.choices, label=_("Tiers"))
    grades = Several(Grade.choices, label=_("Grades"))
    stages = Several(Stage.choices, label=_("Stages of the life cycle"))
    levels = Several(Level.choices, label=_("Warnings"))
    branches = Several(
        label=pgettext_lazy("of a frame", "Branches"), widget=forms.SelectMultiple({"size": 6})
    )
    managers = Several(label=_("Account managers"), widget=forms.SelectMultiple({"size": 6}))
    not_visited_days = forms.IntegerField(
        label=_("Not visited for so many days"),
        required=False,
        min_value=1,
        max_value=LONGEST,
    )
    visited_days = forms.IntegerField(
        label=_("Visited within so many days"), required=False, min_value=1, max_value=LONGEST
    )

    def __init__(self, data: Any = None, *, person: Person, segment: Segment | None = None) -> None:
        first: dict[str, Any] = {}
        if segment is not None:
            first = {
                **segment.conditions,
                "name": segment.name,
                "branch": segment.branch_id,
                "version": segment.version,
            }
        super().__init__(data, initial=first)
        fields: Any = self.fields
        own = branches(person, "customer.edit").filter(is_active=True)
        fields["branch"].queryset = own
        fields["branches"].choices = [(row.code, row.label) for row in in_tree(own)]
        held = visible(Person, person).filter(postings__role=Role.ACCOUNT_MANAGER).distinct()
        fields["managers"].choices = [(str(row.pk), row.name) for row in held.order_by("name")]
        if segment is not None:
            del self.fields["is_list"]
        if segment is not None and segment.is_list:
            for name in WORDS:
                del self.fields[name]

    def given(self) -> dict[str, Any]:
        """What an action takes."""
        data = self.cleaned_data
        conditions = {name: data[name] for name in WORDS if data.get(name)}
        if "managers" in conditions:
            conditions["managers"] = [int(pk) for pk in conditions["managers"]]
        return {
            "name": data["name"],
            "branch": data["branch"],
            "is_list": data.get("is_list", False),
            "conditions": conditions,
        }

    def words(self) -> list[tuple[str, str]]:
        """The saved conditions as a person reads them: what is asked, and what may be there."""
        found = []
        for name in WORDS:
            if name in self.initial:
                field: Any = self.fields[name]
                held, labels = self.initial[name], dict(getattr(field, "choices", ()))
                values = held if isinstance(held, list) else [held]
                said = [str(labels.get(str(value), value)) for value in values]
                found.append((str(field.label), " · ".join(said)))
        return found
