"""What happened to a complaint, as the API shows it: events, words, calls, hand-overs, files."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from complaints.models import (
    Attachment,
    CallbackAttempt,
    Channel,
    Event,
    HandOver,
    Note,
    OrderComplaint,
    OrderStatus,
    Participant,
    Reply,
)
from organisation.serializers import CodedSerializer, PersonReferenceSerializer


class EventSerializer(serializers.Serializer[Event]):
    """One fact: codes and ids, never words. `by` is null where the system itself acted."""

    kind = serializers.CharField()
    at = serializers.DateTimeField()
    by = PersonReferenceSerializer(allow_null=True)
    cycle = serializers.IntegerField()
    data = serializers.SerializerMethodField()  # type: ignore[assignment]  # hides the library's own

    def get_data(self, event: Event) -> dict[str, Any]:
        """Branches by code, as everywhere in the API; the codes were read beforehand."""
        codes: dict[int, str] = self.context["codes"]
        return {
            name: codes.get(value, value) if name.endswith("branch") else value
            for name, value in event.data.items()
        }


class NoteSerializer(serializers.Serializer[Note]):
    """Words from colleague to colleague."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()


class ReplySerializer(serializers.Serializer[Reply]):
    """What the customer was told: the apology or the result of a cycle."""

    kind = serializers.ChoiceField(Reply.Kind.choices)
    cycle = serializers.IntegerField()
    channel = serializers.ChoiceField(Channel.choices)
    at = serializers.DateTimeField()
    words = serializers.CharField()
    by = PersonReferenceSerializer(allow_null=True)
    logged_at = serializers.DateTimeField()
    customer_satisfied = serializers.BooleanField(source="is_customer_satisfied", allow_null=True)


class CallbackAttemptSerializer(serializers.Serializer[CallbackAttempt]):
    """One call to the customer."""

    id = serializers.IntegerField()
    cycle = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = PersonReferenceSerializer(allow_null=True)
    reached = serializers.BooleanField(source="is_reached")
    satisfied = serializers.BooleanField(source="is_satisfied", allow_null=True)
    score = serializers.IntegerField(allow_null=True)
    words = serializers.CharField()
    next_at = serializers.DateTimeField(allow_null=True)


class OrderReferenceSerializer(serializers.Serializer[OrderComplaint]):
    """An order that answers the complaint, and in which of its cycles."""

    id = serializers.IntegerField(source="order.pk")
    number = serializers.CharField(source="order.number", allow_null=True)
    status = serializers.ChoiceField(OrderStatus.choices, source="order.status")
    cycle = serializers.IntegerField()


class HandOverSerializer(serializers.Serializer[HandOver]):
    """From whom to whom; open until somebody accepts."""

    from_branch = CodedSerializer()
    to_branch = CodedSerializer()
    from_person = PersonReferenceSerializer(allow_null=True)
    to_person = PersonReferenceSerializer(allow_null=True)
    at = serializers.DateTimeField()
    by = PersonReferenceSerializer(allow_null=True)
    reason = serializers.CharField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_by = PersonReferenceSerializer(allow_null=True)


class ParticipantSerializer(serializers.Serializer[Participant]):
    """Somebody who takes part without owning the complaint."""

    person = PersonReferenceSerializer()
    reason = serializers.ChoiceField(Participant.Reason.choices)
    since_at = serializers.DateTimeField()


class AttachmentSerializer(serializers.Serializer[Attachment]):
    """A file; `url` delivers it to those who may see the complaint."""

    id = serializers.UUIDField(source="file_id")
    name = serializers.CharField(source="file.name")
    content_type = serializers.CharField(source="file.content_type")
    size = serializers.IntegerField(source="file.size")
    uploaded_at = serializers.DateTimeField(source="file.uploaded_at")
    url = serializers.SerializerMethodField()

    def get_url(self, attachment: Attachment) -> str:
        return reverse("api-attachment", args=[self.context["number"], attachment.file_id])
