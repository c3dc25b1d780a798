"""Pages that belong to no room: the choice of language, and errors."""

import logging
import secrets
import sys
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from csm.kit.secrecy import PUBLIC
from organisation.middleware import activate_own_language, keep_language
from organisation.models import Person

logger = logging.getLogger(__name__)
API = "/api/"
# No letters or digits that are mistaken for others when read out on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
API_FAILURES = {
    500: ("server_error", gettext_lazy("Something went wrong on our side")),
    503: ("unavailable", gettext_lazy("The service is not available")),
}


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language with the browser and with the person, and goes back."""
    response = HttpResponseRedirect(local_path(request.POST.get("next", "")))
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    keep_language(request, response, language)
    if request.user.is_authenticated:
        Person.objects.filter(pk=request.user.pk).update(language=language)
    return response


def local_path(url: str) -> str:
    """The address if it is a path on this site, else the start page (B-15)."""
    is_local = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if is_local else "/"


def referring_path(request: HttpRequest) -> str:
    """The page on this site that the request came from; empty when it came from elsewhere."""
    origin = urlsplit(request.headers.get("Referer", ""))
    if origin.netloc != request.get_host() or origin.path == request.path:
        return ""
    return local_path(urlunsplit(("", "", origin.path, origin.query, "")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _(
        "This page was open for too long, or cookies are switched off. "
        "Go back, reload the page and send it again."
    )
    return refusal(request, 403, message)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return _api_error(400, "malformed", _("The request could not be read."))
    return HttpResponse(loader.get_template("400.html").render(), status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, 403, "")


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    activate_own_language(request)  # an address without a view passed the middleware by
    return refusal(request, 404, "")


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor context; the reference on the page is also in the log."""
    is_down = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    reference = "R-" + "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(5))
    logger.error("Reference %s: %s %s", reference, request.method, request.path)
    status = 503 if is_down else 500
    if request.path.startswith(API):
        response = _api_error(status, *API_FAILURES[status])
    else:
        text = loader.get_template(f"{status}.html").render({"reference": reference})
        response = HttpResponse(text, status=status)
    response["CSM-Reference"] = reference
    if is_down:
        response["Retry-After"] = "60"
    return response


def _api_error(status: int, code: str, message: Promise | str) -> HttpResponse:
    """What the API's own handler could not answer, in the shape of all its errors."""
    body = {"code": code, "message": str(message), "fields": {}}
    return JsonResponse(body, status=status)


def refusal(
    request: HttpRequest, status: int, message: str, fields: dict[str, str] | None = None
) -> HttpResponse:
    """The page of a refused request; for HTMX the sentence alone, in the news line."""
    context = {
        "status": status,
        "message": message,
        "fields": fields or {},
        "back": referring_path(request),
    }
    if request.headers.get("HX-Request"):
        response = render(request, "_parts/refused.html", context, status=status)
        return reswap(retarget(response, "#news"), "innerHTML")
    if PUBLIC.match(request.path):
        name = "missing" if status == 404 else "refused"
        return render(request, f"public/{name}.html", context, status=status)
    return render(request, f"{status}.html", context, status=status)
