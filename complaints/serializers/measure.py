"""Long-term measures as the API reads and shows them (W-07)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from rest_framework import serializers

from complaints.actions.measures import Given
from complaints.models import Measure, MeasureFile, MeasureGroup, MeasureStatus
from complaints.serializers.fields import VersionedSerializer
from organisation.access import postings, visible
from organisation.models import Person
from organisation.serializers import (
    CodedSerializer,
    PersonField,
    PersonReferenceSerializer,
    StrictSerializer,
)


class OwnerField(PersonField):
    """Also somebody who works above the caller: a measure may be a superior's."""

    def people(self) -> QuerySet[Person]:
        me: Person = self.context["me"]
        above = {pk for posting in postings(me) for pk in posting.branch.ancestor_ids}
        seen = Q(pk__in=visible(Person, me).values("pk")) | Q(postings__branch__in=above)
        return Person.objects.filter(seen).distinct()


class MeasureGivenSerializer(StrictSerializer):
    """A measure as it is to be; without an owner it is the order's owner's.

    `number` names one that the order has; else the one of the same group and words is meant, or a
    new one.
    """

    number = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=999)
    group = serializers.ChoiceField(MeasureGroup.choices)
    text = serializers.CharField(max_length=5000, allow_blank=True)
    owner = OwnerField(required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)

    def to_internal_value(self, data: Any) -> Given:
        return Given(**super().to_internal_value(data))


class MeasureFileSerializer(serializers.Serializer[MeasureFile]):
    """A file that proves a measure; `url` delivers it to those who may see the measure."""

    id = serializers.UUIDField(source="file_id")
    name = serializers.CharField(source="file.name")
    content_type = serializers.CharField(source="file.content_type")
    size = serializers.IntegerField(source="file.size")
    url = serializers.SerializerMethodField()

    def get_url(self, proof: MeasureFile) -> str:
        return reverse("api-measure-file", args=[proof.measure_id, proof.file_id])


class MeasureSerializer(serializers.Serializer[Measure]):
    """A measure. `number` counts within its order, and is the cycle of its deadline."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    group = serializers.ChoiceField(MeasureGroup.choices)
    text = serializers.CharField()
    owner = PersonReferenceSerializer(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(MeasureStatus.choices)
    promised_at = serializers.DateTimeField(allow_null=True)
    proof = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = PersonReferenceSerializer(allow_null=True)
    dropped_at = serializers.DateTimeField(allow_null=True)
    dropped_by = PersonReferenceSerializer(allow_null=True)
    drop_reason = serializers.CharField()
    offered = serializers.BooleanField(source="is_offered")
    files = MeasureFileSerializer(source="shown_files", many=True)
    version = serializers.IntegerField()


def order_fields(source: str) -> tuple[Any, Any, Any]:
    """The id, the number and the title of the order that a row belongs to."""
    return (
        serializers.IntegerField(source=f"{source}_id"),
        serializers.CharField(source=f"{source}.number", allow_null=True),
        serializers.CharField(source=f"{source}.title"),
    )


class MeasureRowSerializer(MeasureSerializer):
    """A measure apart from its order."""

    order, order_number, order_title = order_fields("order")
    branch = CodedSerializer(source="order.branch")


class MeasureProofSerializer(VersionedSerializer):
    """Words, or files in parts named `files` of a multipart body, or both."""

    proof = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    files = serializers.ListField(
        child=serializers.FileField(max_length=255, allow_empty_file=True),
        source="uploads",
        required=False,
    )
