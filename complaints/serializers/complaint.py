"""A complaint as the API shows it: a row of the list, and all of it."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.models import Category, Channel, Complaint, Severity, Status
from complaints.serializers.accountability import AccountabilitySerializer
from complaints.serializers.timeline import (
    AttachmentSerializer,
    CallbackAttemptSerializer,
    EventSerializer,
    HandOverSerializer,
    NoteSerializer,
    OrderReferenceSerializer,
    ParticipantSerializer,
    ReplySerializer,
)
from complaints.serializers.timer import TimerSerializer
from csm.kit.masking import mask_email, mask_name, mask_phone
from customers.models import Customer, Grade, Kind, Tier
from organisation.serializers import CodedSerializer, PersonReferenceSerializer


class CategorySerializer(serializers.Serializer[Category]):
    """A category. `parent` is the code of the one above, null at the top."""

    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]  # hides the library's own
        source="parent.code", allow_null=True, default=None
    )


class CustomerReferenceSerializer(serializers.Serializer[Customer]):
    """Who complains, in short."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    tier = serializers.ChoiceField(Tier.choices, allow_blank=True)
    grade = serializers.ChoiceField(Grade.choices, allow_blank=True)


class ContactSerializer(serializers.Serializer[Complaint]):
    """How the customer can be reached, masked; empty where nothing is known."""

    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()


class ComplaintRowSerializer(serializers.Serializer[Complaint]):
    """A complaint with its clocks, as lists show it."""

    number = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    version = serializers.IntegerField()
    cycle = serializers.IntegerField()
    subject = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    severity = serializers.ChoiceField(Severity.choices)
    category = CodedSerializer(allow_null=True)
    waybill = serializers.CharField()
    customer = CustomerReferenceSerializer(allow_null=True)
    branch = CodedSerializer()
    intake_branch = CodedSerializer()
    handler = PersonReferenceSerializer(allow_null=True)
    received_at = serializers.DateTimeField()
    logged_at = serializers.DateTimeField()
    logged_late = serializers.BooleanField(source="was_logged_late")
    next_due_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    timers = TimerSerializer(source="shown_timers", many=True)


class ComplaintSerializer(ComplaintRowSerializer):
    """All of a complaint. Lists are oldest first; `allowed` names the calls open to the caller."""

    description = serializers.CharField()
    contact = serializers.SerializerMethodField()
    issuing_branch = CodedSerializer(allow_null=True)
    logged_by = PersonReferenceSerializer(allow_null=True)
    triaged_by = PersonReferenceSerializer(allow_null=True)
    triaged_at = serializers.DateTimeField(allow_null=True)
    apologised_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    called_back_at = serializers.DateTimeField(allow_null=True)
    invalid_reason = serializers.CharField()
    repeat_of = serializers.CharField(source="repeat_of.number", allow_null=True, default=None)
    merged_into = serializers.CharField(source="merged_into.number", allow_null=True, default=None)
    source = serializers.CharField()  # type: ignore[assignment]  # hides the library's own
    reference = serializers.CharField()
    events = EventSerializer(source="shown_events", many=True)
    replies = ReplySerializer(source="shown_replies", many=True)
    callbacks = CallbackAttemptSerializer(source="shown_callbacks", many=True)
    work_orders = OrderReferenceSerializer(source="shown_orders", many=True)
    notes = NoteSerializer(source="shown_notes", many=True)
    attachments = AttachmentSerializer(source="shown_attachments", many=True)
    hand_overs = HandOverSerializer(source="shown_hand_overs", many=True)
    participants = ParticipantSerializer(source="shown_participants", many=True)
    accountability = AccountabilitySerializer(source="shown_accountability", many=True)
    allowed = serializers.SerializerMethodField()

    @extend_schema_field(ContactSerializer)
    def get_contact(self, complaint: Complaint) -> dict[str, str]:
        return {
            "name": mask_name(complaint.contact_name),
            "phone": mask_phone(complaint.contact_phone),
            "email": mask_email(complaint.contact_email),
        }

    def get_allowed(self, complaint: Complaint) -> list[str]:
        allowed: list[str] = self.context["allowed"]
        return allowed
