"""The ranking as a file."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from organisation.views import exports
from reports.exports import RANKINGS


@require_POST
def rankings(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, RANKINGS)
