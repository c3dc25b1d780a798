"""Elections of the service star as the API reads and shows them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.models import Complaint
from complaints.serializers.fields import VersionedSerializer
from csm.kit.periods import Period
from organisation.access import branches, visible
from organisation.models import Branch, Person
from organisation.serializers import (
    CodedSerializer,
    CodeField,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from staff import star_reading as reading
from staff.actions.star_candidates import NOMINATE
from staff.actions.star_elections import EDIT
from staff.models import Barrier, StarCandidate, StarStatus, Thanks
from staff.serializers.rewards import amount, cost


def _electing(person: Person) -> QuerySet[Branch]:
    return branches(person, EDIT).filter(is_active=True)


def _nominating(person: Person) -> QuerySet[Branch]:
    return branches(person, NOMINATE).filter(is_active=True)


def _seen(person: Person) -> QuerySet[Complaint]:
    return visible(Complaint, person).select_related("branch", "customer")


class ComplaintField(CodeField):
    """A complaint by its number, among those that the caller sees."""

    default_error_messages = {"unknown": _("You see no complaint of this number.")}

    def find(self, code: str) -> Any:
        return self.rows(self.context["me"]).filter(number=code).first()


class ThanksIdField(serializers.IntegerField):
    """Thanks by id, among those that the caller sees."""

    default_error_messages = {"unknown": _("You see no thanks of this id.")}

    def to_internal_value(self, data: Any) -> Any:
        pk = super().to_internal_value(data)
        found = visible(Thanks, self.context["me"]).filter(pk=pk).first()
        if found is None:
            self.fail("unknown")
        return found


class ChangeElectionSerializer(VersionedSerializer):
    """`last_on`: the last day on which votes are taken, after the quarter.

    `prize_cost`: in yuan, charged to the award fund when a star is elected; 0 for nothing.
    """

    last_on = serializers.DateField()
    prize = serializers.CharField(max_length=200)
    prize_cost = cost()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["ends_at"] = reading.ends_after(attrs.pop("last_on"))
        return attrs


class PrepareElectionSerializer(ChangeElectionSerializer):
    """`quarter`: as 2026-Q4, the present one or one of those beside it. `branch`: a code."""

    quarter = serializers.CharField(max_length=7)
    branch = CodeField(_electing)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        del fields["version"]
        return fields

    def validate_quarter(self, value: str) -> Period:
        offered = {period.key: period for period in reading.quarters(self.context["now"])}
        if value not in offered:
            words = _("Choose one of these: %(quarters)s.")
            raise serializers.ValidationError(words % {"quarters": ", ".join(offered)})
        return offered[value]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["period"] = attrs.pop("quarter")
        return super().validate(attrs)


class StarStorySerializer(StrictSerializer):
    """A story with the complaint (its number) or the thanks (their id) that bear it out."""

    story = serializers.CharField(max_length=2000)
    story_en = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    complaint = ComplaintField(_seen, required=False)
    thanks = ThanksIdField(required=False)


class NominateSerializer(StarStorySerializer):
    """`person` works at the branch. Names, numbers and addresses in the story are masked."""

    branch = CodeField(_nominating)
    person = PersonField()


class WithdrawSerializer(StrictSerializer):
    """A reason is needed once customers were asked; it is published."""

    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class DecideElectionSerializer(VersionedSerializer):
    """`candidate`: the id of one who leads; null elects nobody. `words`: why, where needed."""

    candidate = serializers.IntegerField(allow_null=True)
    words = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class PrizeSerializer(VersionedSerializer):
    given_on = serializers.DateField()


class TurnoutSerializer(serializers.Serializer[reading.Turnout]):
    """Numbers of customers: asked, their letter written, voted."""

    asked = serializers.IntegerField()
    sent = serializers.IntegerField()
    voted = serializers.IntegerField()


class StarFiguresSerializer(serializers.Serializer[StarCandidate]):
    """Of `answered` customers `votes` chose the candidate; shares are 0 to 1 (F-20)."""

    votes = serializers.IntegerField()
    answered = serializers.IntegerField()
    share = serializers.FloatField(source="raw", allow_null=True)
    score = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class StarCandidateSerializer(serializers.Serializer[reading.Standing]):
    """A candidate. `figures` are null until they may be seen; `barrier`: why not elected."""

    id = serializers.IntegerField(source="row.pk")
    person = PersonReferenceSerializer(source="row.person")
    branch = CodedSerializer(source="row.branch")
    story = serializers.CharField(source="row.story")
    story_en = serializers.CharField(source="row.story_en")
    complaint = serializers.SerializerMethodField()
    is_withdrawn = serializers.SerializerMethodField()
    is_elected = serializers.BooleanField(source="row.is_elected")
    barrier = serializers.ChoiceField(Barrier.choices, allow_blank=True)
    figures = StarFiguresSerializer(allow_null=True)

    def get_complaint(self, obj: reading.Standing) -> str | None:
        complaint = obj.row.complaint
        return complaint.number if complaint is not None and obj.sees_complaint else None

    def get_is_withdrawn(self, obj: reading.Standing) -> bool:
        return obj.row.withdrawn_at is not None


class ElectionRowSerializer(serializers.Serializer[Any]):
    """An election in a list."""

    id = serializers.IntegerField(source="pk")
    quarter = serializers.CharField()
    branch = CodedSerializer()
    status = serializers.ChoiceField(StarStatus.choices)
    prize = serializers.CharField()
    prize_cost = amount()
    last_on = serializers.DateField()
    version = serializers.IntegerField()


class ElectionSerializer(serializers.Serializer[reading.Sight]):
    """An election as the caller sees it. Nobody sees how a vote stands before its end."""

    id = serializers.IntegerField(source="election.pk")
    quarter = serializers.CharField(source="election.quarter")
    branch = CodedSerializer(source="election.branch")
    status = serializers.ChoiceField(StarStatus.choices, source="election.status")
    prize = serializers.CharField(source="election.prize")
    prize_cost = amount(source="election.prize_cost")
    last_on = serializers.DateField(source="election.last_on")
    opened_at = serializers.DateTimeField(source="election.opened_at", allow_null=True)
    counted_at = serializers.DateTimeField(source="election.counted_at", allow_null=True)
    decided_at = serializers.DateTimeField(source="election.decided_at", allow_null=True)
    decision = serializers.CharField(source="election.decision")
    prize_given_on = serializers.DateField(source="election.prize_given_on", allow_null=True)
    version = serializers.IntegerField(source="election.version")
    turnout = TurnoutSerializer()
    candidates = StarCandidateSerializer(source="standings", many=True)
