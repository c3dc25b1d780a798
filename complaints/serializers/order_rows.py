"""The rows of a work order as the API reads and shows them (W-03, W-04, W-05).

A list replaces the one that is there; its rows are in the order of the form.
"""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.actions.order_rows import MOST_WORDS, Analysis, Entry, Proof, Relief
from complaints.models import LONGEST_CHAIN, CauseCategory, EvidenceKind
from complaints.serializers.fields import MomentField
from organisation.serializers import StrictSerializer


def _words(most: int = 10_000) -> serializers.CharField:
    return serializers.CharField(max_length=most, allow_blank=True, required=False, default="")


class EntrySerializer(StrictSerializer):
    """What happened, when and where."""

    at = MomentField(allow_null=True, required=False, default=None)
    place = _words(120)
    text = _words()

    def to_internal_value(self, data: Any) -> Entry:
        return Entry(**super().to_internal_value(data))


class ReliefSerializer(StrictSerializer):
    """What the customer got, and when."""

    at = MomentField(allow_null=True, required=False, default=None)
    text = _words()

    def to_internal_value(self, data: Any) -> Relief:
        return Relief(**super().to_internal_value(data))


class ProofSerializer(StrictSerializer):
    """Evidence: a record or a witness in words, or a file of the order by its `id`."""

    kind = serializers.ChoiceField(EvidenceKind.choices)
    text = _words(5000)
    file = serializers.UUIDField(allow_null=True, required=False, default=None)

    def validate(self, attrs: Any) -> Any:
        is_file = attrs["kind"] == EvidenceKind.FILE
        if is_file != (attrs["file"] is not None):
            raise serializers.ValidationError({"file": _("A file, and only a file, has one.")})
        if not is_file and not attrs["text"]:
            raise serializers.ValidationError({"text": _("Say which record, or who saw what.")})
        return attrs


class AnalysisSerializer(StrictSerializer):
    """A cause, with up to five whys and what proves it."""

    category = serializers.ChoiceField(
        CauseCategory.choices, allow_blank=True, required=False, default=""
    )
    text = _words()
    whys = serializers.ListField(
        child=serializers.CharField(max_length=300), max_length=LONGEST_CHAIN, required=False
    )
    evidence = ProofSerializer(many=True, max_length=2 * MOST_WORDS, required=False)  # type: ignore[call-arg]

    def to_internal_value(self, data: Any) -> Analysis:
        given = super().to_internal_value(data)
        return Analysis(
            category=given["category"],
            text=given["text"],
            whys=tuple(given.get("whys", ())),
            evidence=tuple(Proof(**row) for row in given.get("evidence", ())),
        )
