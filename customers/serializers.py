"""Customers as the API shows them: numbers, addresses and names of contacts are masked."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from csm.kit.masking import mask_email, mask_name, mask_phone
from customers.models import Contact, ContactPoint, Customer, Grade, Kind, Tier
from organisation.serializers import CodedSerializer, PersonReferenceSerializer

MASKS = {ContactPoint.Kind.PHONE: mask_phone, ContactPoint.Kind.EMAIL: mask_email}


class CustomerRowSerializer(serializers.Serializer[Customer]):
    """A customer as lists show it; `id` is what a complaint takes as its customer."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Kind.choices)
    tier = serializers.ChoiceField(Tier.choices, allow_blank=True)
    grade = serializers.ChoiceField(Grade.choices, allow_blank=True)
    home_branch = CodedSerializer()


class PointSerializer(serializers.Serializer[Any]):
    """A phone number or an e-mail address, masked."""

    kind = serializers.ChoiceField(ContactPoint.Kind.choices)
    value = serializers.CharField()


class CustomerContactSerializer(serializers.Serializer[Contact]):
    """Somebody to speak to; the name is masked."""

    id = serializers.IntegerField()
    name = serializers.SerializerMethodField()
    title = serializers.CharField()
    best_time = serializers.CharField()
    is_primary = serializers.BooleanField()
    points = serializers.SerializerMethodField()

    def get_name(self, contact: Contact) -> str:
        return mask_name(contact.name)

    @extend_schema_field(PointSerializer(many=True))
    def get_points(self, contact: Contact) -> list[dict[str, str]]:
        """Of points that were read beforehand."""
        return [
            {"kind": point.kind, "value": MASKS[ContactPoint.Kind(point.kind)](point.value)}
            for point in contact.points.all()
        ]


class FactsSerializer(serializers.Serializer[Any]):
    """What complaints and callbacks say about the customer."""

    complaints = serializers.IntegerField()
    open_complaints = serializers.IntegerField()
    last_complaint_at = serializers.DateTimeField(allow_null=True)
    dissatisfied_callbacks = serializers.IntegerField()
    last_callback_satisfied = serializers.BooleanField(allow_null=True)
    last_callback_score = serializers.IntegerField(allow_null=True)


class CustomerSerializer(CustomerRowSerializer):
    """A customer's card."""

    account_manager = PersonReferenceSerializer(allow_null=True)
    version = serializers.IntegerField()
    merged_into = serializers.IntegerField(source="merged_into_id", allow_null=True)
    facts = FactsSerializer()
    contacts = CustomerContactSerializer(many=True)
