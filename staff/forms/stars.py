"""Forms of the service star: an election, a candidate, the decision, the prize."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints.forms.choices import needs
from complaints.models import Complaint
from csm.kit import periods
from csm.kit.periods import Period
from organisation.access import branches, visible
from organisation.forms.fields import BranchField, PersonField
from organisation.models import Branch, Person
from staff import star_reading as reading
from staff.actions.star_elections import EDIT
from staff.forms.rewards import CostField
from staff.models import StarCandidate, StarElection, Thanks

NOBODY = "nobody"


class DayField(forms.DateField):
    """A day of the calendar, as the browser picks it."""

    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")


class VersionForm(forms.Form):
    """`version` is the state that was read."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ChangeElectionForm(VersionForm):
    """What may be changed before the voting."""

    last_on = DayField(
        label=gettext_lazy("Last day of the vote"),
        help_text=gettext_lazy("After the quarter; from the following midnight no vote is taken."),
        error_messages=needs(gettext_lazy("Enter the last day of the vote.")),
    )
    prize = forms.CharField(
        label=gettext_lazy("Prize"),
        max_length=200,
        help_text=gettext_lazy("What the star gets; the points come by their own rule."),
        error_messages=needs(gettext_lazy("Say what the star gets.")),
    )
    prize_cost = CostField(
        label=gettext_lazy("What the prize costs"),
        help_text=gettext_lazy("In yuan: charged to the award fund when a star is elected"),
    )

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "ends_at": reading.ends_after(given["last_on"]),
            "prize": given["prize"],
            "prize_cost": given["prize_cost"],
        }


class ElectionForm(ChangeElectionForm):
    """An election of a unit and all below it."""

    quarter = forms.ChoiceField(label=gettext_lazy("Quarter"))
    branch = BranchField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("Its customers, and those of all units below it, are asked."),
        error_messages=needs(gettext_lazy("Choose the unit that elects.")),
    )

    field_order = ("quarter", "branch", "last_on", "prize", "prize_cost")

    def __init__(self, data: Any = None, *, person: Person, offered: list[Period]) -> None:
        super().__init__(data)
        self.offered = {period.key: period for period in offered}
        fields: dict[str, Any] = self.fields
        fields["quarter"].choices = [(key, periods.label(row)) for key, row in self.offered.items()]
        fields["quarter"].initial = offered[1].key
        fields["branch"].queryset = branches(person, EDIT).filter(is_active=True)

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return super().said() | {
            "period": self.offered[given["quarter"]],
            "branch": given["branch"],
        }


class ThanksField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        day = timezone.localdate(obj.at).isoformat()
        return f"{obj.person.name} · {day} · {obj.words[:60]}"


class StoryForm(forms.Form):
    """A story and what bears it out."""

    use_required_attribute = False
    story = forms.CharField(
        label=gettext_lazy("Story"),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "What the person did for a customer, as it happened. Customers read it and choose by "
            "it; names of the customer, numbers and addresses are masked."
        ),
        error_messages=needs(gettext_lazy("Tell what the person did: customers choose by it.")),
    )
    story_en = forms.CharField(
        label=gettext_lazy("Story in English"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    complaint = forms.CharField(
        label=gettext_lazy("Complaint"),
        max_length=24,
        required=False,
        help_text=gettext_lazy(
            "The number of the complaint in which it happened, or choose thanks."
        ),
    )
    thanks = ThanksField(
        Thanks.objects.none(), label=gettext_lazy("Thanks"), required=False, empty_label="—"
    )

    def __init__(self, data: Any = None, *, person: Person, election: StarElection) -> None:
        super().__init__(data)
        self.person = person
        fields: dict[str, Any] = self.fields
        fields["thanks"].queryset = reading.thanks_for(election, person)

    def of(self, candidate: StarCandidate) -> "StoryForm":
        """With what is there already."""
        self.initial = {
            "story": candidate.story,
            "story_en": candidate.story_en,
            "complaint": candidate.complaint.number if candidate.complaint else "",
            "thanks": candidate.thanks_id,
        }
        return self

    def clean_complaint(self) -> Complaint | None:
        number = self.cleaned_data["complaint"].strip()
        if not number:
            return None
        found = visible(Complaint, self.person).filter(number=number)
        if (complaint := found.select_related("branch", "customer").first()) is None:
            raise forms.ValidationError(_("You see no complaint of this number."))
        return complaint


class CandidateForm(StoryForm):
    """Somebody who is put up, with the story."""

    branch = BranchField(
        label=gettext_lazy("Branch"),
        help_text=gettext_lazy("Customers whom it served may choose the person."),
        error_messages=needs(gettext_lazy("Choose the branch.")),
    )
    candidate = PersonField(
        label=pgettext_lazy("staff", "Person"),
        error_messages=needs(gettext_lazy("Choose who is put up.")),
    )

    field_order = ("branch", "candidate", "story", "story_en", "complaint", "thanks")

    def __init__(self, data: Any = None, *, person: Person, election: StarElection) -> None:
        super().__init__(data, person=person, election=election)
        where = [place.pk for place in reading.branches_for(election, person)]
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = Branch.objects.filter(pk__in=where, is_active=True)
        if len(where) == 1:
            fields["branch"].initial = where[0]
        working = Person.objects.filter(is_active=True, postings__branch__in=where)
        fields["candidate"].queryset = working.exclude(pk=person.pk).distinct()


class WithdrawForm(forms.Form):
    """Why a candidate is taken out; before the voting it needs no reason."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It is published with the result."),
    )


class DecideForm(VersionForm):
    """Who is elected: one of those who lead, or nobody."""

    star = forms.ChoiceField(
        label=gettext_lazy("Elected"),
        widget=forms.RadioSelect,
        error_messages=needs(gettext_lazy("Choose who is elected, or nobody.")),
    )
    words = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Needed where several have the same score, or nobody is elected; it is published."
        ),
    )

    field_order = ("star", "words")

    def __init__(self, data: Any = None, *, leaders: list[StarCandidate]) -> None:
        super().__init__(data)
        self.leaders = {str(row.pk): row for row in leaders}
        fields: dict[str, Any] = self.fields
        fields["star"].choices = [
            *((pk, f"{row.person.name}, {row.branch.label}") for pk, row in self.leaders.items()),
            (NOBODY, _("Nobody")),
        ]
        if len(leaders) == 1:
            fields["star"].initial = str(leaders[0].pk)

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"star": self.leaders.get(given["star"]), "words": given["words"]}


class PrizeForm(VersionForm):
    """When the prize was handed over."""

    given_on = DayField(
        label=gettext_lazy("Handed over on"),
        error_messages=needs(gettext_lazy("Enter the day.")),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"given_on": today})
