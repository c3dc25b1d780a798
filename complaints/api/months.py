"""The month that a call asks for."""

from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from complaints import months
from csm.kit.periods import Period

MONTH = OpenApiParameter("month", description="As 2026-11; the running one, if none is named.")


def month_of(request: Request, now: datetime) -> Period:
    try:
        return months.asked(request.query_params, now)
    except Http404:
        raise ValidationError({"month": [_("Name a month such as 2026-11.")]}) from None
