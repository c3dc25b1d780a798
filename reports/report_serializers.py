"""Reports for programs: the values of the page, with their columns in the language asked for."""

from typing import Any

from rest_framework import serializers

from reports.closing import Stage


class ReportColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="Of the value in each line.")
    title = serializers.CharField()


class ReportSectionSerializer(serializers.Serializer[Any]):
    """One table. Shares are 0…1, nothing is rounded, null where nothing was counted."""

    name = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField(source="said")
    total = serializers.IntegerField(allow_null=True, help_text="Of a list: all there are.")
    seen = serializers.IntegerField(allow_null=True, help_text="Of a list: those you see.")
    columns = ReportColumnSerializer(many=True)
    lines = serializers.ListField(
        source="values", child=serializers.DictField(), help_text="By `key` and column name."
    )
    definitions = serializers.ListField(child=serializers.CharField())


class ReportHeadSerializer(serializers.Serializer[Any]):
    """The report of one period."""

    period = serializers.CharField(source="period.key")
    starts_at = serializers.DateTimeField(source="period.start")
    ends_at = serializers.DateTimeField(source="period.end")
    stage = serializers.ChoiceField(Stage.choices)
    until = serializers.DateTimeField(help_text="When the time for disputes is over.")


class PeriodReportSerializer(serializers.Serializer[Any]):
    """A report as the caller may see it: figures are everybody's, lists are not."""

    period = serializers.CharField(source="period.key")
    title = serializers.CharField()
    starts_at = serializers.DateTimeField(source="period.start")
    ends_at = serializers.DateTimeField(source="period.end")
    stage = serializers.ChoiceField(Stage.choices, source="life.stage")
    state = serializers.CharField()
    formula = serializers.CharField()
    checksum = serializers.CharField(allow_blank=True, help_text="Of a frozen ranking.")
    sections = ReportSectionSerializer(many=True)
