"""Audits, first contacts and the report line as the API reads and shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.serializers.fields import MomentField, VersionedSerializer
from csm.api.showing import shown
from organisation.access import branches
from organisation.models import Branch, Person
from organisation.serializers import (
    CodedSerializer,
    CodeField,
    PersonReferenceSerializer,
    StrictSerializer,
)
from organisation.serializers import PersonField as Somebody
from staff import contact_reading
from staff.contact_reading import Line
from staff.models import (
    Audit,
    AuditedContact,
    AuditKind,
    AuditStatus,
    Checklist,
    Finding,
    MysteryCall,
    Tip,
    TipStatus,
    TypicalCase,
)


def seen_branches(person: Person) -> Any:
    return branches(person, "audit.see")


def any_branch(person: Person) -> Any:
    """Whoever reports something may name every unit."""
    return Branch.objects.active()


class KeptRateSerializer(serializers.Serializer[Any]):
    """`kept` of `n`; the share with its interval (Wilson, 95 %), null where nothing was counted."""

    kept = serializers.IntegerField()
    n = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class ContactStandingSerializer(serializers.Serializer[Line]):
    """A branch of a quarter; `rank` is fair to small branches, equal where chance alone differs."""

    branch = serializers.CharField(source="place.code")
    rank = serializers.IntegerField(allow_null=True)
    contacts = KeptRateSerializer()
    calls = KeptRateSerializer()


class AuditedContactSerializer(serializers.Serializer[AuditedContact]):
    """A drawn contact: the four answers, each with the moment of its record."""

    complaint = serializers.CharField(source="complaint.number")
    branch = serializers.CharField(source="branch.code")
    person = PersonReferenceSerializer()
    draw = serializers.IntegerField(source="draw_id")
    answers = serializers.SerializerMethodField()

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "item": {"type": "string"},
                    "value": {"type": "boolean", "nullable": True},
                    "source": {"type": "string"},
                    "at": {"type": "string", "format": "date-time", "nullable": True},
                },
            },
        }
    )
    def get_answers(self, row: AuditedContact) -> list[dict[str, Any]]:
        return [
            {"item": each.name, "value": each.value, "source": str(each.source), "at": each.at}
            for each in contact_reading.answers(row)
        ]


class DrawContactsSerializer(StrictSerializer):
    """The days of intake, both included; of the branch and each below it so many.

    No seed: whoever chose it could try out which contacts it draws.
    """

    branch = CodeField(seen_branches)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    per_branch = serializers.IntegerField(min_value=1, max_value=200)


class ContactDrawSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    branch = serializers.CharField(source="branch.code")
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    per_branch = serializers.IntegerField()
    seed = serializers.IntegerField()
    frame_size = serializers.IntegerField()
    drawn_at = serializers.DateTimeField()


class EnterMysteryCallSerializer(StrictSerializer):
    """A mystery call as it is typed in; `submission` makes one that is sent twice one."""

    branch = CodeField(seen_branches)
    called_at = MomentField()
    asked = serializers.CharField(max_length=300)
    remark = serializers.CharField(max_length=500, required=False, allow_blank=True)
    is_registered = serializers.BooleanField(allow_null=True, required=False, default=None)
    is_kept = serializers.BooleanField(allow_null=True, required=False, default=None)
    is_followed = serializers.BooleanField(allow_null=True, required=False, default=None)
    is_answered = serializers.BooleanField(allow_null=True, required=False, default=None)
    submission = serializers.UUIDField()


class MysteryCallSerializer(serializers.Serializer[MysteryCall]):
    id = serializers.IntegerField()
    branch = serializers.CharField(source="branch.code")
    called_at = serializers.DateTimeField()
    by = PersonReferenceSerializer()
    asked = serializers.CharField()
    remark = serializers.CharField()
    is_registered = serializers.BooleanField(allow_null=True)
    is_kept = serializers.BooleanField(allow_null=True)
    is_followed = serializers.BooleanField(allow_null=True)
    is_answered = serializers.BooleanField(allow_null=True)


class ChecklistItemSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    text_en = serializers.CharField()


class ChecklistSerializer(serializers.Serializer[Checklist]):
    """A checklist with the items of its newest published edition."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    post = serializers.CharField()
    branch = serializers.CharField(source="branch.code")
    items = serializers.SerializerMethodField()

    @extend_schema_field(ChecklistItemSerializer(many=True))
    def get_items(self, row: Checklist) -> list[Any]:
        edition = next((each for each in row.editions.all() if not each.is_open), None)
        return (
            []
            if edition is None
            else [shown(ChecklistItemSerializer, each) for each in edition.items.all()]
        )


class PlanAuditSerializer(StrictSerializer):
    """An audit to come; the auditor is the caller unless named."""

    kind = serializers.ChoiceField(AuditKind.choices)
    branch = CodeField(seen_branches)
    checklist = serializers.IntegerField()
    planned_on = serializers.DateField()
    auditor = Somebody(required=False)
    is_announced = serializers.BooleanField(required=False, default=True)


class AuditSaidSerializer(StrictSerializer):
    """`is_met` null: does not apply there. What is not met needs a remark."""

    item = serializers.IntegerField()
    is_met = serializers.BooleanField(allow_null=True)
    remark = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    gravity = serializers.ChoiceField(
        Finding.Gravity.choices, required=False, default=Finding.Gravity.MINOR
    )


class CarryOutAuditSerializer(VersionedSerializer):
    """Every item of the checklist answered at once."""

    answers = serializers.ListField(child=AuditSaidSerializer(), max_length=60)
    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class AuditReasonSerializer(VersionedSerializer):
    reason = serializers.CharField(max_length=500)


class FindingSerializer(serializers.Serializer[Finding]):
    id = serializers.IntegerField()
    gravity = serializers.ChoiceField(Finding.Gravity.choices)
    work_order = serializers.IntegerField(source="order_id", allow_null=True)


class AuditAnswerSerializer(serializers.Serializer[Any]):
    item = serializers.IntegerField(source="item_id")
    text = serializers.CharField(source="item.text")
    is_met = serializers.BooleanField(allow_null=True)
    remark = serializers.CharField()
    finding = serializers.SerializerMethodField()

    @extend_schema_field(FindingSerializer(allow_null=True))
    def get_finding(self, row: Any) -> Any:
        found = getattr(row, "finding", None)
        return None if found is None else FindingSerializer(found).data


class AuditSerializer(serializers.Serializer[Audit]):
    """An audit; an unannounced one is shown from its end on."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(AuditKind.choices)
    is_announced = serializers.BooleanField()
    status = serializers.ChoiceField(AuditStatus.choices)
    version = serializers.IntegerField()
    branch = CodedSerializer()
    checklist = serializers.CharField(source="edition.checklist.name")
    edition = serializers.IntegerField(source="edition.number")
    auditor = PersonReferenceSerializer()
    planned_on = serializers.DateField()
    done_on = serializers.DateField(allow_null=True)
    summary = serializers.CharField()


class FullAuditSerializer(AuditSerializer):
    answers = AuditAnswerSerializer(many=True)


class ReportTipSerializer(StrictSerializer):
    """Something to report. `is_named` keeps the caller's name, apart; else nothing leads there."""

    branch = CodeField(any_branch)
    subject = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=5000)
    is_named = serializers.BooleanField(required=False, default=False)
    contact = serializers.CharField(max_length=200, required=False, allow_blank=True)


class TipReceiptSerializer(serializers.Serializer[Any]):
    """Kept by the reporter alone: shown this once."""

    receipt = serializers.CharField()


class TipSerializer(serializers.Serializer[Tip]):
    """What was reported; who did, no call tells."""

    id = serializers.IntegerField()
    branch = serializers.CharField(source="branch.code")
    subject = serializers.CharField()
    text = serializers.CharField()
    received_on = serializers.DateField()
    status = serializers.ChoiceField(TipStatus.choices)
    version = serializers.IntegerField()
    result = serializers.CharField()
    reward = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    is_paid = serializers.SerializerMethodField()

    def get_is_paid(self, row: Tip) -> bool:
        return row.paid_at is not None


class DecideTipSerializer(VersionedSerializer):
    is_upheld = serializers.BooleanField()
    result = serializers.CharField(max_length=2000)
    reward = serializers.DecimalField(
        max_digits=9, decimal_places=2, required=False, allow_null=True
    )


class PayTipSerializer(VersionedSerializer):
    receipt = serializers.CharField(max_length=40)


class PublishCaseSerializer(StrictSerializer):
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=5000)


class TypicalCaseSerializer(serializers.Serializer[TypicalCase]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    published_on = serializers.DateField()
