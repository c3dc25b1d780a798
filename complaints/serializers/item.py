"""Dissatisfied items, and orders that come from no complaint, as the API reads and shows them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.actions.items import RECORD
from complaints.actions.order_opening import OPEN
from complaints.models import HIGHEST, LOWEST, DissatisfiedItem, ItemStatus, OrderSource, Origin
from complaints.serializers.complaint import CustomerReferenceSerializer
from complaints.serializers.fields import VersionedSerializer
from customers.models import Customer
from organisation.access import branches, visible
from organisation.models import Branch, Person
from organisation.serializers import (
    CodedSerializer,
    CodeField,
    PersonReferenceSerializer,
    StrictSerializer,
)


class CustomerIdField(serializers.IntegerField):
    """A customer by id, among those whom the caller may see."""

    default_error_messages = {"unknown": _("You see no customer of this id.")}

    def to_internal_value(self, data: Any) -> Any:
        pk = super().to_internal_value(data)
        customer = visible(Customer, self.context["me"]).filter(pk=pk, merged_into=None).first()
        if customer is None:
            self.fail("unknown")
        return customer


def _recorded(person: Person) -> QuerySet[Branch]:
    return branches(person, RECORD).filter(is_active=True)


def _opened(person: Person) -> QuerySet[Branch]:
    return branches(person, OPEN).filter(is_active=True)


def _score(**kwargs: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=4, decimal_places=2, min_value=LOWEST, max_value=HIGHEST, **kwargs
    )


def _words(length: int = 2000) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


class RecordItemSerializer(StrictSerializer):
    """A new item. `threshold` is 7.00 unless said; a score not below it needs `explanation`."""

    customer = CustomerIdField()
    branch = CodeField(_recorded)
    score = _score()
    threshold = _score(required=False)
    explanation = _words(500)
    opinion = serializers.CharField(max_length=2000)
    plan = _words()
    planned_on = serializers.DateField(required=False, allow_null=True)
    origin = serializers.ChoiceField(
        [(each.value, each.label) for each in (Origin.MANUAL, Origin.TALK)], required=False
    )


class ItemFieldsSerializer(VersionedSerializer):
    """What is to be corrected; what is left out stays as it is."""

    customer = CustomerIdField(required=False)
    branch = CodeField(_recorded, required=False)
    score = _score(required=False)
    threshold = _score(required=False)
    explanation = _words(500)
    opinion = serializers.CharField(max_length=2000, required=False)
    plan = _words()
    planned_on = serializers.DateField(required=False, allow_null=True)


class ItemOrderSerializer(serializers.Serializer[Any]):
    """The order that an item became."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    status = serializers.CharField()


class ItemSerializer(serializers.Serializer[DissatisfiedItem]):
    """A dissatisfied item. Scores are strings with two decimals; `order` is the one that counts."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(ItemStatus.choices)
    version = serializers.IntegerField()
    customer = CustomerReferenceSerializer(allow_null=True)
    branch = CodedSerializer()
    score = serializers.DecimalField(max_digits=4, decimal_places=2)
    threshold = serializers.DecimalField(max_digits=4, decimal_places=2)
    explanation = serializers.CharField()
    opinion = serializers.CharField()
    plan = serializers.CharField()
    planned_on = serializers.DateField(allow_null=True)
    origin = serializers.ChoiceField(Origin.choices)
    recorded_at = serializers.DateTimeField()
    recorded_by = PersonReferenceSerializer(allow_null=True)
    set_aside_at = serializers.DateTimeField(allow_null=True)
    set_aside_reason = serializers.CharField()
    order = serializers.SerializerMethodField()

    def get_order(self, item: DissatisfiedItem) -> dict[str, Any] | None:
        """Of an item read `with_orders`."""
        order = next(iter(item.live_orders), None)  # type: ignore[attr-defined]
        return ItemOrderSerializer(order).data if order else None


class OpenOrderSerializer(StrictSerializer):
    """An order that comes from no complaint; `found_on` and `found_by` are a finding's."""

    source = serializers.ChoiceField(  # type: ignore[assignment]  # hides the library's own
        [OrderSource.HAND.value, OrderSource.FINDING.value]
    )
    branch = CodeField(_opened)
    customer = CustomerIdField(required=False, allow_null=True)
    occasion = serializers.CharField(max_length=2000)
    found_on = serializers.DateField(required=False)
    found_by = serializers.CharField(max_length=80, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Two fields belong to a finding, which cannot do without them."""
        is_finding = attrs["source"] == OrderSource.FINDING
        wrong = [name for name in ("found_on", "found_by") if (name in attrs) != is_finding]
        if wrong:
            words = _("A finding needs this.") if is_finding else _("Only a finding has this.")
            raise serializers.ValidationError({name: [words] for name in wrong})
        return attrs


class OrderComplaintNumberSerializer(VersionedSerializer):
    """A complaint of the order's branch; `version` is the order's."""

    complaint = serializers.CharField(max_length=24)
