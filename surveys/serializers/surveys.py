"""Surveys and their invitations as the API reads and shows them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.models import Category
from complaints.serializers.complaint import CustomerReferenceSerializer
from complaints.serializers.fields import MomentField, VersionedSerializer, category_field
from customers.models import Grade, Kind, Stage, Tier
from organisation.access import branches, visible
from organisation.models import Branch, Person
from organisation.serializers import CodedSerializer, CodeField, StrictSerializer
from surveys.actions.drawing import LARGEST_SEED
from surveys.actions.surveys import EDIT
from surveys.figures import Standing
from surveys.models import (
    CallOutcome,
    Counter,
    Edition,
    Invitation,
    InvitationStatus,
    Method,
    Survey,
    SurveyStatus,
)
from surveys.reading import Row


class EditionIdField(serializers.IntegerField):
    """An edition of a questionnaire by id, among those whom the caller may see."""

    default_error_messages = {"unknown": _("You see no questionnaire of this id.")}

    def to_internal_value(self, data: Any) -> Any:
        pk = super().to_internal_value(data)
        found = visible(Edition, self.context["me"]).filter(pk=pk)
        edition = found.select_related("questionnaire__branch").first()
        if edition is None:
            self.fail("unknown")
        return edition


def _edited(person: Person) -> QuerySet[Branch]:
    return branches(person, EDIT).filter(is_active=True)


class FrameSerializer(StrictSerializer):
    """Who may be drawn; a list that is empty or missing takes all.

    `branches`: codes, `segments`: ids.
    """

    tiers = serializers.ListField(child=serializers.ChoiceField(Tier.choices), required=False)
    grades = serializers.ListField(child=serializers.ChoiceField(Grade.choices), required=False)
    kinds = serializers.ListField(child=serializers.ChoiceField(Kind.choices), required=False)
    stages = serializers.ListField(child=serializers.ChoiceField(Stage.choices), required=False)
    branches = serializers.ListField(child=serializers.CharField(max_length=20), required=False)
    segments = serializers.ListField(child=serializers.RegexField(r"^[0-9]{1,18}$"), required=False)


class ChangeSurveySerializer(VersionedSerializer):
    """What is to be changed; what is left out stays as it is."""

    name = serializers.CharField(max_length=120, required=False)
    name_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    edition = EditionIdField(required=False)
    branch = CodeField(_edited, required=False)
    method = serializers.ChoiceField(Method.choices, required=False)
    is_anonymous = serializers.BooleanField(required=False)
    frame = FrameSerializer(required=False)
    stratum = serializers.ChoiceField(Survey.Stratum.choices, required=False, allow_blank=True)
    quotas = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False)
    margin = serializers.DecimalField(max_digits=4, decimal_places=2, required=False)
    size = serializers.IntegerField(min_value=1, max_value=10**7, required=False, allow_null=True)
    cool_down_days = serializers.IntegerField(min_value=0, max_value=3650, required=False)
    remind_every_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    remind_at_most = serializers.IntegerField(min_value=0, max_value=20, required=False)
    open_for_days = serializers.IntegerField(min_value=1, max_value=365, required=False)
    after_closing = serializers.BooleanField(required=False)
    delay_hours = serializers.IntegerField(min_value=0, max_value=8760, required=False)
    opens_complaint = serializers.BooleanField(required=False)
    category = category_field(required=False, allow_null=True)

    def validate_quotas(self, value: dict[str, int]) -> dict[str, int]:
        """A dictionary judges its values, and takes any key."""
        code = serializers.CharField(max_length=40, allow_blank=True, trim_whitespace=False)
        return {code.run_validation(key): number for key, number in value.items()}

    def validate_frame(self, value: dict[str, Any]) -> dict[str, Any]:
        return {name: list(codes) for name, codes in value.items() if codes}


class PrepareSurveySerializer(ChangeSurveySerializer):
    """A survey in preparation."""

    name = serializers.CharField(max_length=120)
    edition = EditionIdField()
    branch = CodeField(_edited)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        del fields["version"]
        return fields


class DrawSerializer(VersionedSerializer):
    """`seed` repeats a draw; without it a new one is made."""

    seed = serializers.IntegerField(min_value=0, max_value=LARGEST_SEED, required=False)


class StandingSerializer(serializers.Serializer[Standing]):
    """Numbers of the invitations that the caller sees; rates are 0 to 1, null without any."""

    by_status = serializers.DictField(child=serializers.IntegerField())
    invited = serializers.IntegerField()
    complete = serializers.IntegerField()
    undeliverable = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    rate_with_partial = serializers.FloatField(allow_null=True)


class SurveySerializer(serializers.Serializer[Row]):
    """A survey. What the draw found, and the seed, see those who see the whole survey."""

    id = serializers.IntegerField(source="survey.pk")
    name = serializers.CharField(source="survey.name")
    name_en = serializers.CharField(source="survey.name_en")
    status = serializers.ChoiceField(SurveyStatus.choices, source="survey.status")
    version = serializers.IntegerField(source="survey.version")
    method = serializers.ChoiceField(Method.choices, source="survey.method")
    edition = serializers.IntegerField(source="survey.edition_id")
    branch = CodedSerializer(source="survey.branch")
    is_anonymous = serializers.BooleanField(source="survey.is_anonymous")
    frame = serializers.JSONField(source="survey.frame")
    stratum = serializers.CharField(source="survey.stratum")
    quotas = serializers.JSONField(source="survey.quotas")
    margin = serializers.DecimalField(max_digits=4, decimal_places=2, source="survey.margin")
    size = serializers.IntegerField(source="survey.size", allow_null=True)
    cool_down_days = serializers.IntegerField(source="survey.cool_down_days")
    remind_every_days = serializers.IntegerField(source="survey.remind_every_days")
    remind_at_most = serializers.IntegerField(source="survey.remind_at_most")
    open_for_days = serializers.IntegerField(source="survey.open_for_days")
    after_closing = serializers.BooleanField(source="survey.after_closing")
    delay_hours = serializers.IntegerField(source="survey.delay_hours")
    opens_complaint = serializers.BooleanField(source="survey.opens_complaint")
    category = serializers.SerializerMethodField()
    opened_at = serializers.DateTimeField(source="survey.opened_at", allow_null=True)
    closed_at = serializers.DateTimeField(source="survey.closed_at", allow_null=True)
    drawn_at = serializers.DateTimeField(source="survey.drawn_at", allow_null=True)
    draw = serializers.SerializerMethodField()
    invitations = StandingSerializer(source="standing")

    def get_category(self, row: Row) -> str | None:
        category: Category | None = row.survey.category
        return category.code if category else None

    def get_draw(self, row: Row) -> dict[str, Any] | None:
        """Frame size, seed, numbers excluded by reason; strata as `[code, frame, drawn]`."""
        survey = row.survey
        if survey.drawn_at is None or not row.is_whole:
            return None
        return {"frame_size": survey.frame_size, "seed": survey.seed, **survey.draw}


class InvitationSerializer(serializers.Serializer[Invitation]):
    """One customer who is asked; the address stays inside."""

    id = serializers.IntegerField()
    survey = serializers.IntegerField(source="survey_id")
    customer = CustomerReferenceSerializer()
    branch = CodedSerializer()
    status = serializers.ChoiceField(InvitationStatus.choices)
    version = serializers.IntegerField()
    complaint = serializers.SerializerMethodField()
    stratum = serializers.CharField()
    sent_at = serializers.DateTimeField(allow_null=True)
    next_message_at = serializers.DateTimeField(allow_null=True)
    call_at = serializers.DateTimeField(allow_null=True)
    reminders = serializers.IntegerField()
    expires_at = serializers.DateTimeField()

    def get_complaint(self, invitation: Invitation) -> str | None:
        return invitation.complaint.number if invitation.complaint else None


class CallSerializer(VersionedSerializer):
    """What came of a call; `never_again` goes with `declines`."""

    outcome = serializers.ChoiceField(CallOutcome.choices)
    next_at = MomentField(required=False, allow_null=True)
    never_again = serializers.BooleanField(required=False)


class CounterSerializer(serializers.Serializer[Counter]):
    """A QR code; its address is on its page only."""

    id = serializers.IntegerField()
    branch = CodedSerializer()
    place = serializers.CharField()
    created_at = serializers.DateTimeField()
    taken_down_at = serializers.DateTimeField(source="link.revoked_at", allow_null=True)


class HangCounterSerializer(StrictSerializer):
    branch = CodeField(_edited)
    place = serializers.CharField(max_length=120)


class WishSerializer(serializers.Serializer[Any]):
    """Since when a customer does not wish to be asked; null: may be asked."""

    declines_surveys_at = serializers.DateTimeField(allow_null=True)
