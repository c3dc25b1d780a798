"""The calls on customers that may be one, what was corrected, and all data about one (K-17)."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.kit import keyset
from customers import duplicates
from customers.actions import merging, personal_data
from customers.models import Correction, Customer
from customers.serializers import CustomerRowSerializer
from organisation.access import branch_ids, require, require_everywhere, visible
from organisation.api.doors import Door
from organisation.models.access import CHOSEN_REASONS
from organisation.serializers import PersonReferenceSerializer, StrictSerializer


class PairSerializer(serializers.Serializer[duplicates.Pair]):
    """Two customers, the older first, and in words why they may be one."""

    first = CustomerRowSerializer()
    second = CustomerRowSerializer()
    reasons = serializers.ListField(child=serializers.CharField())


class PairsSerializer(serializers.Serializer[Any]):
    results = PairSerializer(many=True)


class CorrectionSerializer(serializers.Serializer[Correction]):
    """Which field was changed, from what to what, by whom."""

    at = serializers.DateTimeField()
    by = PersonReferenceSerializer(allow_null=True)
    field = serializers.CharField()
    was = serializers.CharField()
    became = serializers.CharField()


class MergeBodySerializer(StrictSerializer):
    """`into`: the customer that goes on; `version`: of the merged one, as it was looked at."""

    into = serializers.IntegerField(min_value=1)
    version = serializers.IntegerField(required=False, min_value=1)


class MergedSerializer(serializers.Serializer[Any]):
    """`left`: rows by kind of which one may be had only, and which stay behind."""

    into = serializers.IntegerField()
    left = serializers.DictField(child=serializers.IntegerField())


class ApartBodySerializer(StrictSerializer):
    first = serializers.IntegerField(min_value=1)
    second = serializers.IntegerField(min_value=1)


class TakeOutBodySerializer(StrictSerializer):
    """Why; `words` for another reason."""

    reason = serializers.ChoiceField(CHOSEN_REASONS)
    words = serializers.CharField(required=False, allow_blank=True, max_length=200)


class Duplicates(Door):
    @extend_schema(operation_id="customer_duplicates_list", responses=PairsSerializer)
    def get(self, request: Request) -> Response:
        """Pairs that the caller may merge, the likeliest first; what is decided makes room."""
        require(self.me, duplicates.VERB)
        return Response(PairsSerializer({"results": duplicates.pairs(self.me)}).data)


class Apart(Door):
    @extend_schema(request=ApartBodySerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Two that look alike are not the same: they are not listed again."""
        require(self.me, duplicates.VERB)
        return self.once(self._apart)

    def _apart(self) -> Response:
        given = self.body(ApartBodySerializer)
        rows = visible(Customer, self.me)
        first, second = (get_object_or_404(rows, pk=given[name]) for name in ("first", "second"))
        merging.tell_apart(first=first, second=second, by=self.me, now=self.now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Merge(Door):
    @extend_schema(request=MergeBodySerializer, responses=MergedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let another customer go on for both. There is no way back."""
        found = get_object_or_404(visible(Customer, self.me).select_related("home_branch"), pk=pk)
        require(self.me, duplicates.VERB, found)
        return self.once(lambda: self._merge(found))

    def _merge(self, found: Customer) -> Response:
        given = self.body(MergeBodySerializer)
        rows = visible(Customer, self.me).select_related("home_branch")
        mine = rows.filter(home_branch__in=branch_ids(self.me, duplicates.VERB))
        into = get_object_or_404(mine, pk=given["into"])
        left = merging.merge(
            customer=found, into=into, by=self.me, now=self.now, version=given.get("version")
        )
        return Response({"into": into.pk, "left": left})


class Corrections(Door):
    @extend_schema(
        operation_id="customer_corrections_list",
        parameters=PAGES,
        responses=page_of(CorrectionSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What was changed on a customer's card, the newest first."""
        customer = get_object_or_404(visible(Customer, self.me), pk=pk)
        found = keyset.page(
            Correction.objects.filter(customer=customer).select_related("by"),
            order=("-at", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = CorrectionSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)


class Data(Door):
    keeps_answers = False

    @extend_schema(request=TakeOutBodySerializer, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, pk: int) -> Response:
        """Everything that is kept about a customer, by kind; the look stays on record.

        The answer is kept nowhere: a repeat is made anew.
        """
        customer = get_object_or_404(visible(Customer, self.me), pk=pk)
        require_everywhere(self.me, personal_data.VERB)
        given = self.body(TakeOutBodySerializer)
        found = personal_data.collect(customer=customer, by=self.me, now=self.now, **given)
        return Response(found)
