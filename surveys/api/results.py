"""The results of a survey for programs."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from organisation.access import require, visible_or_404
from organisation.api.doors import Door
from surveys.models import Survey
from surveys.results import journey, reading, spans
from surveys.serializers.results import JourneySerializer, ResultsSerializer

PERIOD = [
    OpenApiParameter(
        "period", OpenApiTypes.STR, description="As 2026-W47, 2026-11, 2026-Q4, 2026."
    ),
    OpenApiParameter("from", OpenApiTypes.DATE, description="With `to`: the first day."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="The last day, in it."),
]


class SurveyResults(Door):
    @extend_schema(
        operation_id="survey_results_retrieve",
        parameters=PERIOD,
        responses=ResultsSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The figures of a survey, or of one period of it, over the responses that you see."""
        survey = visible_or_404(Survey, self.me, pk=pk)
        asked = reading.asked(survey, self.me, request.query_params)
        return Response(ResultsSerializer(reading.results(asked)).data)


class JourneyMap(Door):
    @extend_schema(operation_id="journey_retrieve", parameters=PERIOD, responses=JourneySerializer)
    def get(self, request: Request) -> Response:
        """How customers experience each touchpoint, over the last 12 months or a period."""
        require(self.me, "survey.see")
        found = journey.journey(self.me, now=self.now, period=spans.asked(request.query_params))
        return Response(JourneySerializer(found).data)
