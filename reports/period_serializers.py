"""Periods, their revisions and their disputes as the API reads and shows them."""

from typing import Any

from rest_framework import serializers

from complaints.models import Milestone, WaiverCode
from complaints.serializers.fields import VersionedSerializer, branch_field
from organisation.serializers import CodedSerializer, PersonReferenceSerializer, StrictSerializer
from reports.closing import Stage
from reports.models import Dispute, DisputeAbout, DisputeStatus


class RevisionSerializer(serializers.Serializer[Any]):
    """One frozen revision: the first, then one for each late correction."""

    revision = serializers.IntegerField()
    frozen_at = serializers.DateTimeField()
    by = serializers.CharField(help_text="A name; empty: by the system.")
    reason = serializers.CharField(help_text="Empty for the first.")


class PeriodSerializer(serializers.Serializer[Any]):
    """How far a week or month is. Disputes are taken from `ends_at` and before `disputes_until`."""

    period = serializers.CharField(source="period.key")
    starts_at = serializers.DateTimeField(source="period.start")
    ends_at = serializers.DateTimeField(source="period.end")
    stage = serializers.ChoiceField(Stage.choices)
    disputes_until = serializers.DateTimeField(source="until")
    open_disputes = serializers.IntegerField(help_text="While there are any it is not frozen.")
    revisions = RevisionSerializer(many=True)


class ChecksumSerializer(serializers.Serializer[Any]):
    """A frozen ranking of one level; `is_intact` null where no checksum was kept then."""

    level = serializers.CharField(help_text="branch or region")
    revision = serializers.IntegerField()
    formula = serializers.CharField()
    rule = serializers.IntegerField(allow_null=True)
    cut_off_at = serializers.DateTimeField(allow_null=True)
    checksum = serializers.CharField()
    is_intact = serializers.BooleanField(allow_null=True)


class OnePeriodSerializer(PeriodSerializer):
    checksums = ChecksumSerializer(many=True)


class RevisionReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000, help_text="What was found out, and how.")


class DisputeFileSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="file.pk")
    name = serializers.CharField(source="file.name")
    size = serializers.IntegerField(source="file.size")


class DisputeSerializer(serializers.Serializer[Dispute]):
    """What a branch contests, and the decision. `milestone` and `cycle` name the clock, if any."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(DisputeStatus.choices)
    period = serializers.CharField()
    about = serializers.ChoiceField(DisputeAbout.choices)
    complaint = serializers.CharField(source="complaint.number")
    milestone = serializers.ChoiceField(
        Milestone.choices, source="timer.kind", allow_null=True, default=None
    )
    cycle = serializers.IntegerField(source="timer.cycle", allow_null=True, default=None)
    branch = CodedSerializer()
    to_branch = CodedSerializer(allow_null=True)
    words = serializers.CharField()
    files = DisputeFileSerializer(many=True)
    by = PersonReferenceSerializer()
    at = serializers.DateTimeField()
    decision = serializers.CharField()
    decided_by = PersonReferenceSerializer(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    responsible = CodedSerializer(
        source="hand_over.to_branch", allow_null=True, default=None, help_text="Made so by a grant."
    )
    code = serializers.ChoiceField(
        WaiverCode.choices,
        source="waiver.code",
        allow_null=True,
        default=None,
        help_text="Of the waiver that a grant gave.",
    )
    version = serializers.IntegerField()


class DisputeBodySerializer(StrictSerializer):
    """With `milestone` the verdict of that clock, without it who is responsible.

    Files come in parts named `files` of a multipart body.
    """

    complaint = serializers.CharField(max_length=24)
    milestone = serializers.ChoiceField(Milestone.choices, required=False)
    cycle = serializers.IntegerField(required=False, min_value=1, max_value=32_000)
    to_branch = branch_field(required=False)
    words = serializers.CharField(max_length=5000)
    files = serializers.ListField(
        child=serializers.FileField(max_length=255, allow_empty_file=True),
        source="uploads",
        required=False,
    )


class DisputeDecisionSerializer(VersionedSerializer):
    """Granted, a clock needs the `code` of its waiver, a complaint the branch `to_branch`."""

    granted = serializers.BooleanField(source="is_granted")
    words = serializers.CharField(max_length=5000)
    code = serializers.ChoiceField(WaiverCode.choices, required=False)
    to_branch = branch_field(required=False)
