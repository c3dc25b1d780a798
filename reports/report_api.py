"""Weekly and monthly reports for programs: what stands on their pages (C-14, R-01, R-02)."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from csm.api.schema import page_of
from csm.api.showing import shown
from organisation.access import require
from reports import report_serializers as bodies
from reports.documents import building
from reports.period_api import PERIOD_PAGES, SEE, PeriodDoor, PeriodsDoor


class Reports(PeriodsDoor):
    @extend_schema(
        operation_id="reports_list",
        parameters=PERIOD_PAGES,
        responses=page_of(bodies.ReportHeadSerializer),
    )
    def get(self, request: Request) -> Response:
        """The periods with a report, newest first, back to the first complaint."""
        require(self.me, SEE)
        return self.lives(request, bodies.ReportHeadSerializer)


class OneReport(PeriodDoor):
    @extend_schema(operation_id="reports_retrieve", responses=bodies.PeriodReportSerializer)
    def get(self, request: Request, period: str) -> Response:
        """A report with the figures of the company, and of each list what the caller sees."""
        require(self.me, SEE)
        chosen = self.life(period).period
        found = building.report(building.facts(chosen, now=self.now), self.me)
        return Response(shown(bodies.PeriodReportSerializer, found))
