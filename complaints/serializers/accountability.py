"""Who answers for what, and suppliers, as the API reads and shows them (C-28, W-06)."""

from typing import Any

from rest_framework import serializers

from complaints.actions.accountability import MOST_LINES, Line, problems_of
from complaints.models import Accountability, Party, Supplier
from complaints.serializers.fields import VersionedSerializer
from organisation.serializers import PersonField, PersonReferenceSerializer, StrictSerializer


class SupplierReferenceSerializer(serializers.Serializer[Supplier]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class AccountabilitySerializer(serializers.Serializer[Accountability]):
    """One line. `work_order` is the order that it belongs to, null for one of the complaint."""

    party = serializers.ChoiceField(Party.choices)
    person = PersonReferenceSerializer(allow_null=True)
    supplier = SupplierReferenceSerializer(allow_null=True)
    what = serializers.CharField()
    consequence = serializers.CharField()
    work_order = serializers.IntegerField(source="work_order_id", allow_null=True)


class LineSerializer(StrictSerializer):
    """One line: `person` for one of our people or a manager, `supplier` (its id) for a supplier."""

    party = serializers.ChoiceField(Party.choices)
    person = PersonField(required=False, allow_null=True)
    supplier = serializers.PrimaryKeyRelatedField(
        queryset=Supplier.objects.all(), required=False, allow_null=True
    )
    what = serializers.CharField(max_length=2000)
    consequence = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default=""
    )

    def to_internal_value(self, data: Any) -> Line:
        given = super().to_internal_value(data)
        person, supplier = given.get("person"), given.get("supplier")
        line = Line(
            party=given["party"],
            person=person.pk if person else None,
            supplier=supplier.pk if supplier else None,
            what=given["what"],
            consequence=given["consequence"],
        )
        if problems := problems_of(line):
            raise serializers.ValidationError(problems)
        return line


class LinesSerializer(VersionedSerializer):
    """The whole record of the complaint: lines that are not named any more go."""

    lines = serializers.ListField(child=LineSerializer(), max_length=MOST_LINES)


class SupplierSerializer(serializers.Serializer[Any]):
    """A supplier, with what the caller sees of its history."""

    id = serializers.IntegerField(source="supplier.pk")
    name = serializers.CharField(source="supplier.name")
    contact = serializers.CharField(source="supplier.contact")
    active = serializers.BooleanField(source="supplier.is_active")
    lines = serializers.IntegerField()
    complaints = serializers.IntegerField()
    orders = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)


class AddSupplierSerializer(StrictSerializer):
    name = serializers.CharField(max_length=120)
    contact = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ChangeSupplierSerializer(StrictSerializer):
    name = serializers.CharField(max_length=120, required=False)
    contact = serializers.CharField(max_length=200, required=False, allow_blank=True)
    active = serializers.BooleanField(source="is_active", required=False)
