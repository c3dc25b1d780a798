"""The rectification work order as the API reads and shows it (W-01 … W-11)."""

from django.urls import reverse
from rest_framework import serializers

from complaints.actions.accountability import MOST_LINES
from complaints.actions.order_rows import MOST_CAUSES, MOST_ENTRIES, MOST_RELIEFS, ROWS
from complaints.actions.order_sections import SECTIONS
from complaints.models import (
    OrderComplaint,
    OrderFile,
    OrderSection,
    OrderSource,
    OrderStatus,
    OrderVersion,
    WorkOrder,
)
from complaints.models.work_order import STANDINGS
from complaints.serializers.accountability import AccountabilitySerializer, LineSerializer
from complaints.serializers.complaint import CustomerReferenceSerializer
from complaints.serializers.fields import MomentField, VersionedSerializer
from complaints.serializers.measure import MeasureGivenSerializer, MeasureSerializer
from complaints.serializers.order_rows import AnalysisSerializer, EntrySerializer, ReliefSerializer
from organisation.serializers import CodedSerializer, PersonReferenceSerializer

# In the API the customer's word has one name everywhere.
NAMES = tuple(name for name in SECTIONS if name != "is_customer_satisfied")


class SectionsSerializer(VersionedSerializer, serializers.ModelSerializer[WorkOrder]):
    """Sections of the paper form; what is left out stays as it is, a list is replaced."""

    occurred_at = MomentField(required=False, allow_null=True)
    course = EntrySerializer(many=True, max_length=MOST_ENTRIES, required=False)  # type: ignore[call-arg]
    causes = AnalysisSerializer(many=True, max_length=MOST_CAUSES, required=False)  # type: ignore[call-arg]
    emergency_measures = ReliefSerializer(many=True, max_length=MOST_RELIEFS, required=False)  # type: ignore[call-arg]
    measures = MeasureGivenSerializer(source="plan", many=True, required=False)
    accountability = LineSerializer(many=True, max_length=MOST_LINES, required=False)  # type: ignore[call-arg]
    customer_satisfied = serializers.BooleanField(
        source="is_customer_satisfied", required=False, allow_null=True
    )

    class Meta:
        model = WorkOrder
        fields = (*NAMES, *ROWS, "measures", "customer_satisfied", "version")


class ReturnSerializer(VersionedSerializer):
    reason = serializers.CharField(max_length=2000)
    sections = serializers.ListField(
        child=serializers.ChoiceField(OrderSection.choices),
        allow_empty=False,
        help_text="The sections to mend.",
    )


class ConfirmSerializer(VersionedSerializer):
    guidance = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    offered = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=999),
        required=False,
        help_text="Numbers of the measures that other branches are offered; without it, all.",
    )


class AnnulSerializer(VersionedSerializer):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class OrderComplaintSerializer(serializers.Serializer[OrderComplaint]):
    """A complaint that the order answers, and in which of its cycles."""

    number = serializers.CharField(source="complaint.number")
    cycle = serializers.IntegerField()


class OrderFileSerializer(serializers.Serializer[OrderFile]):
    """A file of evidence; `url` delivers it to those who may see the order."""

    id = serializers.UUIDField(source="file_id")
    name = serializers.CharField(source="file.name")
    content_type = serializers.CharField(source="file.content_type")
    size = serializers.IntegerField(source="file.size")
    uploaded_at = serializers.DateTimeField(source="file.uploaded_at")
    url = serializers.SerializerMethodField()

    def get_url(self, evidence: OrderFile) -> str:
        return reverse("api-evidence", args=[evidence.order_id, evidence.file_id])


class WorkOrderRowSerializer(serializers.Serializer[WorkOrder]):
    """An order as lists show it. `number` is given with the first submission.

    `item` is the dissatisfied item that it comes from, `score` that item's; `occasion` says what a
    finding or an order opened by hand is about.
    """

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    numbered_at = serializers.DateTimeField(allow_null=True)
    status = serializers.ChoiceField(OrderStatus.choices)
    version = serializers.IntegerField()
    title = serializers.CharField()
    source = serializers.ChoiceField(OrderSource.choices)  # type: ignore[assignment]
    item = serializers.IntegerField(source="item_id", allow_null=True)
    customer = CustomerReferenceSerializer(allow_null=True)
    score = serializers.DecimalField(
        source="item.score", max_digits=4, decimal_places=2, allow_null=True, default=None
    )
    occasion = serializers.CharField()
    found_on = serializers.DateField(allow_null=True)
    found_by = serializers.CharField()
    branch = CodedSerializer()
    issuing_branch = CodedSerializer()
    owner = PersonReferenceSerializer(allow_null=True)
    promised_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    saved_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    returned_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    complaints = OrderComplaintSerializer(source="shown_links", many=True)


class WorkOrderSerializer(WorkOrderRowSerializer):
    """All of an order. `missing` are the sections without which it cannot be submitted."""

    title_subject = serializers.CharField()
    title_nature = serializers.CharField()
    title_content = serializers.CharField()
    customer_name = serializers.CharField()
    customer_standing = serializers.ChoiceField(STANDINGS)
    waybill = serializers.CharField()
    occurred_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()
    involved = serializers.CharField()
    remarks = serializers.CharField()
    course = EntrySerializer(source="shown_course", many=True)
    causes = AnalysisSerializer(source="shown_causes", many=True)
    emergency_measures = ReliefSerializer(source="shown_emergency_measures", many=True)
    measures = MeasureSerializer(source="shown_measures", many=True)
    accountability = AccountabilitySerializer(source="shown_accountability", many=True)
    effect_report = serializers.CharField()
    effect_reported_at = serializers.DateTimeField(allow_null=True)
    effect_reported_by = PersonReferenceSerializer(allow_null=True)
    customer_satisfied = serializers.BooleanField(source="is_customer_satisfied", allow_null=True)
    guidance = serializers.CharField()
    return_reason = serializers.CharField()
    returned_sections = serializers.ListField(child=serializers.ChoiceField(OrderSection.choices))
    annulled_at = serializers.DateTimeField(allow_null=True)
    annulment_reason = serializers.CharField()
    created_by = PersonReferenceSerializer(allow_null=True)
    submitted_by = PersonReferenceSerializer(allow_null=True)
    confirmed_by = PersonReferenceSerializer(allow_null=True)
    files = OrderFileSerializer(source="shown_files", many=True)
    missing = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()

    def get_missing(self, order: WorkOrder) -> list[str]:
        missing: list[str] = self.context["missing"]
        return missing

    def get_allowed(self, order: WorkOrder) -> list[str]:
        allowed: list[str] = self.context["allowed"]
        return allowed


class OrderVersionSerializer(serializers.Serializer[OrderVersion]):
    """What the order said at one of its submissions; `sections` has the names of the order's."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = PersonReferenceSerializer()
    sections = serializers.JSONField()
