"""The results of a survey for programs."""

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from organisation.access import visible_or_404
from organisation.api.doors import Door
from surveys.models import Survey
from surveys.results import reading
from surveys.serializers.results import ResultsSerializer


class SurveyResults(Door):
    @extend_schema(
        operation_id="survey_results_retrieve",
        parameters=[OpenApiParameter("month", OpenApiTypes.STR, description="As 2026-11.")],
        responses=ResultsSerializer,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The figures of a survey, or of one month of it, over the responses that you see."""
        survey = visible_or_404(Survey, self.me, pk=pk)
        try:
            asked = reading.asked(survey, self.me, request.query_params)
        except Http404:
            raise ValidationError({"month": [_("Name a month such as 2026-11.")]}) from None
        return Response(ResultsSerializer(reading.results(asked)).data)
