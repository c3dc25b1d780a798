"""Checklists, planning and carrying out audits (T-14, T-16, P-04)."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import needs
from complaints.forms.files import FilesField
from organisation.access import ROLE_VERBS, branches
from organisation.forms.fields import BranchField, PersonField
from organisation.models import Person
from staff import audit_reading
from staff.actions.audits import ANSWER, RUN, Answer
from staff.forms.contact_audits import day_field
from staff.models import Audit, AuditKind, Checklist, Finding

MET, UNMET, NOT_HERE = "met", "unmet", "not-here"
MEANS = {MET: True, UNMET: False, NOT_HERE: None}
BOXES = ("met", "remark", "gravity", "files")
FOUND = (
    (MET, pgettext_lazy("of an audit", "Met")),
    (UNMET, _("Not met")),
    (NOT_HERE, _("Does not apply here")),
)


def items_field() -> forms.CharField:
    return forms.CharField(
        label=_("Items of the checklist"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("One a line, as something that is so. English, if any, behind a bar: |"),
        error_messages=needs(_("Enter one item at least.")),
    )


class ChecklistForm(forms.Form):
    """A new checklist."""

    use_required_attribute = False
    branch = BranchField(label=_("Kept by"), error_messages=needs(_("Choose the branch.")))
    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages=needs(_("Give it a name."))
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    post = forms.CharField(
        label=_("Contact post"),
        max_length=60,
        help_text=_("Whose standard it is: front desk, driver, warehouse."),
        error_messages=needs(_("Say for which post it is.")),
    )
    items = items_field()

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        mine = branches(person, RUN) | branches(person, ANSWER)
        fields["branch"].queryset = mine.filter(is_active=True)


class ItemsForm(forms.Form):
    """The items of a draft."""

    use_required_attribute = False
    items = items_field()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ChecklistField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.post}"


class PlanForm(forms.Form):
    """An audit to come. A branch manager plans those of the own branch only."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("Kind"), choices=AuditKind, widget=forms.RadioSelect)
    branch = BranchField(label=_("Branch"), error_messages=needs(_("Choose the branch.")))
    checklist = ChecklistField(
        Checklist.objects.none(),
        label=_("Checklist"),
        empty_label="—",
        error_messages=needs(_("Choose the checklist.")),
    )
    planned_on = day_field(_("To be carried out by"), _("Enter the day."))
    auditor = PersonField(label=_("Auditor"), error_messages=needs(_("Choose the auditor.")))
    is_unannounced = forms.BooleanField(
        label=_("Unannounced: the branch sees nothing of it until it is carried out"),
        required=False,
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data, initial={"auditor": person.pk})
        fields: dict[str, Any] = self.fields
        running, answering = branches(person, RUN), branches(person, ANSWER)
        mine = (running | answering).filter(is_active=True)
        fields["branch"].queryset = mine
        if len(mine) == 1:
            fields["branch"].initial = mine[0]
        fields["checklist"].queryset = audit_reading.published(person)
        kinds = [AuditKind.EFFECT] if running.exists() else []
        kinds += [AuditKind.SELF] if answering.exists() else []
        fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        fields["kind"].initial = kinds[0].value if kinds else None
        roles = [role for role, verbs in ROLE_VERBS.items() if {RUN, ANSWER} & verbs]
        may = Q(postings__role__in=roles, postings__branch__in=running)
        may |= Q(postings__role__in=roles, postings__branch__in=answering) | Q(pk=person.pk)
        fields["auditor"].queryset = Person.objects.filter(may, is_active=True).distinct()
        if AuditKind.EFFECT not in kinds:
            del fields["is_unannounced"]


class CarryOutForm(forms.Form):
    """A few boxes for each item."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, audit: Audit) -> None:
        super().__init__(data, files, initial={"version": audit.version})
        self.items = list(audit.edition.items.all())
        fields: dict[str, Any] = self.fields
        for item in self.items:
            fields[f"met-{item.pk}"] = forms.ChoiceField(
                label=_("How it is"),
                choices=FOUND,
                widget=forms.RadioSelect,
                error_messages=needs(_("Answer this item.")),
            )
            fields[f"remark-{item.pk}"] = forms.CharField(
                label=_("What was found"), max_length=500, required=False
            )
            fields[f"gravity-{item.pk}"] = forms.ChoiceField(
                label=_("Gravity"), choices=Finding.Gravity, required=False
            )
            fields[f"files-{item.pk}"] = FilesField(label=_("Evidence"), required=False)

    def lines(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """Each item with its boxes."""
        for item in self.items:
            yield (
                item,
                [self[f"{name}-{item.pk}"] for name in ("met", "remark", "gravity", "files")],
            )

    def answers(self) -> dict[int, Answer]:
        given = self.cleaned_data
        return {
            item.pk: Answer(
                is_met=MEANS[given[f"met-{item.pk}"]],
                remark=given[f"remark-{item.pk}"],
                gravity=given[f"gravity-{item.pk}"] or Finding.Gravity.MINOR,
                uploads=given[f"files-{item.pk}"],
            )
            for item in self.items
        }


class CancelForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=_("Why it is called off"),
        max_length=500,
        error_messages=needs(_("Say why it is called off.")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
