"""Fields that every body of a call on a complaint or an order may have."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework import serializers

from complaints.actions.guard import EARLIEST, LATEST, implausible_year
from complaints.models import Category
from organisation.models import Branch, Person
from organisation.serializers import CodeField, StrictSerializer


def plausible(moment: datetime) -> None:
    """Refuse a year that nobody means: some of them no calendar can count with."""
    if not EARLIEST <= moment.year <= LATEST:
        raise ValidationError(implausible_year())


class MomentField(serializers.DateTimeField):
    """ISO 8601; without an offset it is the company's local time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[plausible], **kwargs)

    def enforce_timezone(self, value: datetime) -> datetime:
        """At the ends of the calendar a year has no moment in another zone."""
        try:
            return super().enforce_timezone(value)
        except OverflowError as error:
            raise serializers.ValidationError(implausible_year()) from error


class VersionedSerializer(StrictSerializer):
    """A body that may say which version its decision was made on."""

    version = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="The version that was shown; if the record has another one by now: 409 stale.",
    )


class ReasonSerializer(VersionedSerializer):
    reason = serializers.CharField(max_length=2000)


def any_branch(person: Person) -> QuerySet[Branch]:
    """A complaint may go to any active branch, also to one that the sender does not see."""
    return Branch.objects.active()


def any_category(person: Person) -> QuerySet[Category]:
    return Category.objects.filter(is_active=True)


def branch_field(**kwargs: Any) -> CodeField:
    return CodeField(any_branch, **kwargs)


def category_field(**kwargs: Any) -> CodeField:
    return CodeField(any_category, **kwargs)
