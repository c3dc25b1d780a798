"""Promises for programs: the catalogue, which a complaint says were broken, and how often."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from complaints import broken_promises
from complaints.actions import promises as actions
from complaints.api.months import MONTH, month_of
from complaints.models import Complaint, PromiseRevision
from complaints.serializers import promise as bodies
from csm.api.pagination import listed
from csm.api.schema import page_of
from csm.api.showing import shown
from organisation.access import require, visible_or_404
from organisation.api.doors import Door

VERB = "complaint.see"


class Promises(Door):
    @extend_schema(operation_id="promises_list", responses=page_of(bodies.PromiseSerializer))
    def get(self, request: Request) -> Response:
        """What each says now, ended ones too; all on one page."""
        require(self.me, VERB)
        rows = PromiseRevision.objects.newest().select_related("promise")
        return listed(request, bodies.PromiseSerializer, list(rows))


class Broken(Door):
    @extend_schema(
        operation_id="promises_broken_list",
        parameters=[MONTH],
        responses=page_of(bodies.BrokenCountSerializer),
    )
    def get(self, request: Request) -> Response:
        """How often each was broken, by branch: complaints received in the month that you see."""
        require(self.me, VERB)
        period = month_of(request, self.now)
        promises = list(PromiseRevision.objects.newest())
        lines = broken_promises.by_branch(self.me, promises, since=period.start, until=period.end)
        return listed(request, bodies.BrokenCountSerializer, [_told(line) for line in lines])


def _told(line: broken_promises.Line) -> dict[str, object]:
    return {
        "branch": line.branch,
        "promises": [{"promise": row.promise_id, "count": n} for row, n in line.cells],
        "total": line.total,
    }


class OfComplaint(Door):
    @extend_schema(
        request=bodies.BrokenPromisesBodySerializer,
        responses=bodies.BrokenPromiseSerializer(many=True),
    )
    def put(self, request: Request, number: str) -> Response:
        """Say which promises the complaint says were broken: these, and no others."""
        complaint = visible_or_404(Complaint, self.me, number=number)
        require(self.me, actions.MARKING, complaint)
        given = bodies.BrokenPromisesBodySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        actions.mark(complaint=complaint, by=self.me, now=self.now, **given.validated_data)
        rows = complaint.broken_promises.select_related("revision").order_by("promise")
        return Response([shown(bodies.BrokenPromiseSerializer, row) for row in rows])
