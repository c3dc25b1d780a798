"""The bodies of the calls that do something to a complaint."""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.models import Channel, Complaint, Milestone, Severity, WaiverCode
from complaints.serializers.fields import (
    MomentField,
    VersionedSerializer,
    branch_field,
    category_field,
)
from customers.models import Customer
from customers.phones import digits_of
from organisation import access
from organisation.models import Branch, Person
from organisation.serializers import CodeField, PersonField, StrictSerializer

MOST_DIGITS = 20


class IntakeBranchField(CodeField):
    """Where a complaint is taken in; mostly at the caller's own branch, which has been read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_intake_branches, **kwargs)

    def find(self, code: str) -> Branch | None:
        me = self.context["me"]
        own = (posting.branch for posting in access.postings(me) if posting.branch.code == code)
        branch = next(own, None)
        if branch and branch.is_active and access.can(me, "complaint.log", branch):
            return branch
        return cast(Branch | None, super().find(code))


def _intake_branches(me: Person) -> QuerySet[Branch]:
    return access.branches(me, "complaint.log").filter(is_active=True)


class LogSerializer(StrictSerializer):
    """A new complaint. `branch` is the one that takes it in, else the caller's own.

    The customer is one that the caller sees (`customer`), or who has the same phone at that branch,
    or a new one.
    """

    subject = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=20_000, allow_blank=True)
    channel = serializers.ChoiceField(Channel.choices)
    received_at = MomentField(required=False, allow_null=True)
    customer = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    customer_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    customer_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    customer_email = serializers.EmailField(max_length=120, required=False, allow_blank=True)
    branch = IntakeBranchField(required=False, allow_null=True)
    category = category_field(required=False, allow_null=True)
    severity = serializers.ChoiceField(Severity.choices, required=False)
    waybill = serializers.CharField(max_length=60, required=False, allow_blank=True)

    def validate_subject(self, value: str) -> str:
        # It becomes the subject of mails: one line.
        return " ".join(value.split())

    def validate_customer(self, value: int | None) -> Customer | None:
        if value is None:
            return None
        customer = (
            access.visible(Customer, self.context["me"]).filter(pk=value, merged_into=None).first()
        )
        if customer is None:
            raise serializers.ValidationError(_("There is no such customer that you can see."))
        return customer

    def validate_customer_phone(self, value: str) -> str:
        if len(digits_of(value)) > MOST_DIGITS:
            raise serializers.ValidationError(_("Enter one phone number."))
        return value


class TriageSerializer(VersionedSerializer):
    """`valid` true: whose it is. `valid` false: why it is none; a second person confirms."""

    valid = serializers.BooleanField()
    branch = branch_field(required=False)
    handler = PersonField(required=False, allow_null=True)
    category = category_field(required=False)
    severity = serializers.ChoiceField(Severity.choices, required=False)
    reason = serializers.CharField(max_length=2000, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed = ("branch", "category", "severity") if attrs["valid"] else ("reason",)
        missing = {name: [_("This field is required.")] for name in needed if name not in attrs}
        if missing:
            raise serializers.ValidationError(missing)
        return attrs


class ApologySerializer(VersionedSerializer):
    channel = serializers.ChoiceField(Channel.choices)
    at = MomentField(required=False, allow_null=True)
    words = serializers.CharField(max_length=5000)


class ResultSerializer(VersionedSerializer):
    channel = serializers.ChoiceField(Channel.choices)
    at = MomentField(required=False, allow_null=True)
    result = serializers.CharField(max_length=5000)
    customer_satisfied = serializers.BooleanField(
        source="is_customer_satisfied", required=False, allow_null=True
    )


class CallbackSerializer(VersionedSerializer):
    """Reached: `satisfied`, perhaps a score. Not reached: when to call again."""

    reached = serializers.BooleanField(source="is_reached")
    satisfied = serializers.BooleanField(source="is_satisfied", required=False, allow_null=True)
    score = serializers.IntegerField(min_value=0, max_value=10, required=False, allow_null=True)
    words = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    next_at = MomentField(required=False, allow_null=True)


class AssignSerializer(VersionedSerializer):
    handler = PersonField()


class TransferSerializer(VersionedSerializer):
    branch = branch_field()
    handler = PersonField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=2000)


class PauseSerializer(VersionedSerializer):
    """Waiting for the customer; without `until`, until the pauses are used up."""

    reason = serializers.CharField(max_length=2000)
    until = MomentField(required=False, allow_null=True)


class ReceiptSerializer(VersionedSerializer):
    received_at = MomentField()
    reason = serializers.CharField(max_length=2000)


class WaiverSerializer(VersionedSerializer):
    milestone = serializers.ChoiceField(Milestone.choices)
    code = serializers.ChoiceField(WaiverCode.choices)
    words = serializers.CharField(max_length=2000)


class MergeSerializer(VersionedSerializer):
    """`into` is the number of the complaint that goes on."""

    into = serializers.CharField(max_length=24)

    def validate_into(self, value: str) -> Complaint:
        found = access.visible(Complaint, self.context["me"]).filter(number=value).first()
        if found is None:
            raise serializers.ValidationError(
                _("There is no complaint with this number that you can see.")
            )
        return found


class NoteTextSerializer(VersionedSerializer):
    """`@name` or `@username` lets somebody take part."""

    text = serializers.CharField(max_length=5000)


class AttachSerializer(VersionedSerializer):
    """Photos and documents; the content decides the type."""

    files = serializers.ListField(
        child=serializers.FileField(max_length=255, allow_empty_file=True),
        source="uploads",
        allow_empty=False,
    )
