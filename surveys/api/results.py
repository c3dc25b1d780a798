"""The results of a survey for programs."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from organisation.access import visible_or_404
from organisation.api.doors import Door
from surveys.models import Survey
from surveys.results import reading
from surveys.serializers.results import ResultsSerializer

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
