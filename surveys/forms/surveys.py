"""A survey as a form: whom it asks, how, and how often."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.forms.choices import category_choices
from complaints.models import Category
from customers.models import Grade, Kind, Segment, Stage, Tier
from organisation.access import branches, visible
from organisation.forms.fields import BranchField
from organisation.models import Branch, Person, in_tree
from surveys.frames import STRATA
from surveys.models import Edition, EditionStatus, Survey

PARTS = ("tiers", "grades", "kinds", "stages", "branches")
ASKED = ("name", "name_en", "edition", "branch", "method", "is_anonymous")
SAMPLE = ("stratum", "quotas", "margin", "size", "cool_down_days")
SENDING = ("remind_every_days", "remind_at_most", "open_for_days")
AFTER = ("after_closing", "delay_hours", "opens_complaint", "category")


class Several(forms.MultipleChoiceField):
    """Boxes of which none means all."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(choices=choices, required=False, **kwargs)


class QuotasField(forms.CharField):
    """`{code: number}`, written as a line for each stratum: its name and how many."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return "\n".join(f"{STRATA.get(code, code)} {number}" for code, number in value.items())

    def to_python(self, value: Any) -> dict[str, int]:  # type: ignore[override]
        lines = [line.strip() for line in str(value or "").splitlines() if line.strip()]
        return dict(map(self._read, lines))

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit."""

    def _read(self, line: str) -> tuple[str, int]:
        name, _space, number = line.replace("\uff1a", " ").replace(":", " ").rpartition(" ")
        if not (name.strip() and number.isascii() and number.isdigit() and len(number) < 8):
            words = _("“%(line)s”: write the stratum and a number, such as Gold 20.")
            raise forms.ValidationError(words % {"line": line[:60]})
        if int(number) < 1:
            raise forms.ValidationError(_("A quota is 1 or more; leave the stratum out instead."))
        codes = {str(label): code for code, label in STRATA.items()}
        return codes.get(name.strip(), name.strip()), int(number)


class EditionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        words = _("%(name)s, edition %(number)d")
        return words % {"name": obj.questionnaire, "number": obj.number}


class SurveyForm(forms.ModelForm):  # type: ignore[type-arg]
    """All of a survey in preparation."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    edition = EditionField(
        Edition.objects.none(), label=gettext_lazy("Questionnaire"), empty_label="—"
    )
    branch = BranchField(
        label=gettext_lazy("Issuing unit"),
        help_text=gettext_lazy("It asks customers of this unit and of all below it"),
    )
    tiers = Several(Tier.choices, label=gettext_lazy("Tiers"))
    grades = Several(Grade.choices, label=gettext_lazy("Grades"))
    kinds = Several(Kind.choices, label=gettext_lazy("Kinds of customers"))
    stages = Several(Stage.choices, label=gettext_lazy("Stages of the life cycle"))
    branches = Several(
        label=pgettext_lazy("of a frame", "Branches"), widget=forms.SelectMultiple({"size": 6})
    )
    segments = Several(label=gettext_lazy("Segments"))
    quotas = QuotasField(
        label=gettext_lazy("Quotas"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "A line for each stratum, such as Gold 20. Empty: in proportion to their sizes"
        ),
    )

    class Meta:
        model = Survey
        fields = (*ASKED, *SAMPLE, *SENDING, *AFTER)
        help_texts = {
            "is_anonymous": gettext_lazy("Answers keep no link to the customer and no time"),
            "size": gettext_lazy("Empty: as many as the precision takes"),
            "cool_down_days": gettext_lazy("Whoever any survey asked in these days is left out"),
            "after_closing": gettext_lazy("No sample: whoever complained is asked once per cycle"),
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        own = branches(person, "survey.edit").filter(is_active=True)
        fields["version"].initial = self.instance.version
        fields["branch"].queryset = own
        fields["edition"].queryset = _editions(own)
        fields["branches"].choices = [(row.code, row.label) for row in in_tree(own)]
        shown = visible(Segment, person).order_by("name", "pk")
        fields["segments"].choices = [(str(row.pk), row.name) for row in shown]
        fields["category"].choices = category_choices(Category.objects.filter(is_active=True))
        for name in PARTS:
            fields[name].initial = self.instance.frame.get(name, [])

    def _post_clean(self) -> None:
        """The action writes and checks: the instance stays as it is stored."""

    def given(self) -> dict[str, Any]:
        """What an action takes."""
        data = self.cleaned_data
        frame = {name: data[name] for name in PARTS if data.get(name)}
        names = (name for name in self.Meta.fields if name in data)
        return {name: data[name] for name in names} | {"frame": frame}

    def parts(self) -> Iterator[tuple[str, Iterable[Any]]]:
        """The fields as the page groups them."""
        yield _("What is asked"), self._of(ASKED)
        yield _("Whom it asks"), self._of(PARTS)
        yield _("The sample"), self._of(SAMPLE)
        yield _("Invitations and reminders"), self._of(SENDING)
        yield _("Complaints"), self._of(AFTER)

    def _of(self, names: Iterable[str]) -> list[Any]:
        return [self[name] for name in names]


def _editions(own: Any) -> Any:
    """Published ones that are kept by a unit of the person's or above it."""
    keepers = {pk for branch in own for pk in branch.ancestor_ids} if own else set()
    rows = Edition.objects.filter(status=EditionStatus.PUBLISHED)
    of = rows.filter(questionnaire__branch__in=Branch.objects.filter(pk__in=keepers))
    return of.select_related("questionnaire").order_by("questionnaire__name", "-number")
