"""The notice (通报) as the API reads and shows it (C-11, R-03)."""

import re
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.models import (
    Complaint,
    Notice,
    NoticeCopy,
    NoticeStatus,
    Opinion,
    WorkOrder,
)
from complaints.serializers.fields import MomentField, VersionedSerializer, any_branch
from organisation.access import visible
from organisation.models import Branch
from organisation.serializers import (
    CodedSerializer,
    CodeField,
    PersonReferenceSerializer,
    StrictSerializer,
)

MOST_UNITS = 5000
KEY = re.compile(r"[0-9]{1,18}")


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class UnitsField(serializers.Field[Any, Any, list[str], Any]):
    """Codes of active branches, whichever the caller sees; read in one query."""

    default_error_messages = {
        "invalid": gettext_lazy("Send a list of codes."),
        "unknown": gettext_lazy("“{value}” is not known here."),
    }

    def to_internal_value(self, data: Any) -> list[Branch]:
        if not isinstance(data, list) or len(data) > MOST_UNITS:
            self.fail("invalid")
        if not all(isinstance(code, str) and code.isprintable() for code in data):
            self.fail("invalid")
        found = list(Branch.objects.active().filter(code__in=data))
        unknown = set(data) - {branch.code for branch in found}
        if unknown:
            self.fail("unknown", value=min(unknown)[:80])
        return found


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
class SeenField(serializers.Field[Any, Any, Any, Any]):
    """A row that the caller sees, by its number or id."""

    default_error_messages = {"unknown": gettext_lazy("“{value}” is not known here.")}

    def __init__(self, model: type[Model], key: str, **kwargs: Any) -> None:
        self.model, self.key = model, key
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        text = str(data)[:40]
        is_key = text.isprintable() if self.key == "number" else KEY.fullmatch(text)
        rows = visible(self.model, self.context["me"])
        row = rows.filter(**{self.key: text}).first() if is_key else None
        if row is None:
            self.fail("unknown", value=text)
        return row


class NoticeWordsSerializer(VersionedSerializer):
    """What a draft says and whom it is for; both are given whole."""

    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=10_000, allow_blank=True)
    addressees = UnitsField(help_text="Codes of branches.")


class NewNoticeSerializer(StrictSerializer):
    """A draft. Without `issuing_branch` it is the caller's own unit, if there is only one."""

    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    addressees = UnitsField(default=list, help_text="Codes of branches.")
    issuing_branch = CodeField(any_branch, required=False)
    complaint = SeenField(Complaint, "number", required=False, help_text="Its number.")
    work_order = SeenField(WorkOrder, "pk", required=False, help_text="Its id.")


class ConsultSerializer(VersionedSerializer):
    branches = UnitsField(help_text="Codes of the units that are asked.")
    due_at = MomentField(required=False, help_text="Without it, as long as the policy gives.")


class GiveOpinionSerializer(StrictSerializer):
    text = serializers.CharField(max_length=5000)
    branch = CodeField(any_branch, required=False, help_text="Where the caller speaks for several.")


class AcknowledgeSerializer(StrictSerializer):
    branch = CodeField(any_branch, required=False, help_text="Without it, all of the caller's own.")


class NoticeReferenceSerializer(serializers.Serializer[Notice]):
    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)


class NoticeRowSerializer(serializers.Serializer[Notice]):
    """A notice as lists show it. `number` is given with the publication."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    numbered_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(NoticeStatus.choices, source="status")
    version = serializers.IntegerField()
    title = serializers.CharField()
    issuing_branch = CodedSerializer()
    complaint = serializers.CharField(source="complaint.number", default=None, allow_null=True)
    work_order = serializers.IntegerField(source="work_order_id", allow_null=True)
    corrects = NoticeReferenceSerializer(allow_null=True)
    is_by_clock = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    consulted_at = serializers.DateTimeField(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)

    def get_is_by_clock(self, notice: Notice) -> bool:
        return notice.timer_id is not None


class OpinionSerializer(serializers.Serializer[Opinion]):
    """`text` is empty while it is awaited, and for ever where the unit was silent."""

    branch = CodedSerializer()
    asked_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    given_at = serializers.DateTimeField(allow_null=True)
    given_by = PersonReferenceSerializer(allow_null=True)
    text = serializers.CharField()


class NoticeCopySerializer(serializers.Serializer[NoticeCopy]):
    branch = CodedSerializer()
    read_at = serializers.DateTimeField(source="reading.at", default=None, allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = PersonReferenceSerializer(allow_null=True)


class NoticeSerializer(NoticeRowSerializer):
    """All of a notice; of opinions and copies those that are the caller's to know."""

    text = serializers.CharField()
    addressees = CodedSerializer(source="shown_addressees", many=True)
    created_by = PersonReferenceSerializer(allow_null=True)
    published_by = PersonReferenceSerializer(allow_null=True)
    withdrawn_by = PersonReferenceSerializer(allow_null=True)
    withdrawal_reason = serializers.CharField()
    opinions = OpinionSerializer(source="shown_opinions", many=True)
    copies = NoticeCopySerializer(source="shown_copies", many=True)
    allowed = serializers.SerializerMethodField()

    def get_allowed(self, notice: Notice) -> list[str]:
        allowed: list[str] = self.context["allowed"]
        return allowed
