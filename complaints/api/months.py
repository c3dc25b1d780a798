"""The month, and the branch, that a call asks for."""

from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from complaints import months
from csm.kit.periods import Period
from organisation.access import branches
from organisation.models import Branch, Person

MONTH = OpenApiParameter("month", description="As 2026-11; the running one, if none is named.")


def month_of(request: Request, now: datetime) -> Period:
    try:
        return months.asked(request.query_params, now)
    except Http404:
        raise ValidationError({"month": [_("Name a month such as 2026-11.")]}) from None


def branch_of(request: Request, person: Person, verb: str) -> Branch | None:
    """The one whose code it names, of those over which the person has the verb."""
    code = request.query_params.get("branch", "").replace("\0", "")
    if not code:
        return None
    found = branches(person, verb).filter(code=code).first()
    if found is None:
        raise ValidationError({"branch": [_("Name a branch that you see.")]})
    return found
