"""What customers ship: written by programs, read by people."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.pagination import listed, size_of
from csm.api.schema import PAGES, page_of
from csm.kit import keyset
from customers.actions.volumes import VERB, Writer
from customers.importing import volume_rows
from customers.models import Customer, CustomerVolume
from organisation.access import require_everywhere, visible_or_404
from organisation.api.doors import Door
from organisation.serializers import StrictSerializer

MOST = 1000


class VolumeSerializer(serializers.Serializer[CustomerVolume]):
    """Shipments and revenue (yuan) of one period at one branch."""

    branch = serializers.CharField(source="branch.code")
    starts_on = serializers.DateField()
    days = serializers.IntegerField()
    shipments = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=14, decimal_places=2)
    last_on = serializers.DateField(allow_null=True)


class GivenVolumeSerializer(StrictSerializer):
    """`customer`, `branch`: codes; `period`: 2026-11 or 2026-W47."""

    customer = serializers.CharField(max_length=80)
    branch = serializers.CharField(max_length=80)
    period = serializers.CharField(max_length=10)
    shipments = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=20, decimal_places=2)
    last_on = serializers.DateField(required=False, allow_null=True, default=None)


class GivenVolumesSerializer(StrictSerializer):
    volumes = serializers.ListField(child=GivenVolumeSerializer(), max_length=MOST)


class FaultSerializer(serializers.Serializer[Any]):
    """`index` counts from 0; `fields` says by name what is wrong."""

    index = serializers.IntegerField()
    fields = serializers.DictField(child=serializers.CharField())  # type: ignore[assignment]


class WrittenSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = FaultSerializer(many=True)


class OfCustomer(Door):
    @extend_schema(
        operation_id="customer_volumes_list",
        parameters=PAGES,
        responses=page_of(VolumeSerializer),
    )
    def get(self, request: Request, pk: int) -> Response:
        """What a customer shipped, the latest period first."""
        customer = visible_or_404(Customer, self.me, pk=pk)
        found = keyset.page(
            customer.volumes.select_related("branch"),
            order=("-starts_on", "-pk"),
            params=request.query_params,
            size=size_of(request),
        )
        kind = VolumeSerializer
        return listed(request, kind, found.rows, previous=found.previous, next_=found.next)


class Volumes(Door):
    @extend_schema(request=GivenVolumesSerializer, responses=WrittenSerializer)
    def post(self, request: Request) -> Response:
        """Write at most 1,000 periods down; the same ones again change nothing.

        A period that is known is replaced; one that shares days with another is rejected. Every
        row answers for itself.
        """
        require_everywhere(self.me, VERB)
        return self.once(lambda: self._write(request.data))

    def _write(self, data: Any) -> Response:
        body = GivenVolumesSerializer(data=data)
        body.is_valid(raise_exception=True)
        today, zone = timezone.localdate(self.now), timezone.get_default_timezone()
        volumes, faults = [], {}
        for index, given in enumerate(body.validated_data["volumes"]):
            cells = {name: "" if value is None else str(value) for name, value in given.items()}
            volume, wrong = volume_rows.read(index, cells, today=today, zone=zone)
            if volume is not None:
                volumes.append(volume)
            elif wrong:
                faults[index] = wrong
        writer = Writer(CustomerVolume.Source.API, self.me, self.now)
        done = writer.write(volumes)
        faults.update(done.faults)
        rejected = [{"index": index, "fields": faults[index]} for index in sorted(faults)]
        answer = {
            "added": done.added,
            "changed": done.changed,
            "unchanged": done.unchanged,
            "rejected": rejected,
        }
        return Response(answer)
