"""What the company's training says about complaints, as it is told around (C-18, C-26)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from csm.kit.htmx import page


@require_safe
def recovery(request: HttpRequest) -> HttpResponse:
    """For everybody who is signed in."""
    return page(request, "complaints/recovery_help.html", {})
