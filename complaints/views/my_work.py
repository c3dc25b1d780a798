"""My work: what is mine, by time left."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from csm.kit import htmx


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    return htmx.page(request, "complaints/my_work.html", {})
