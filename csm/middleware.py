"""What holds for every page: refusals have a page, answers are private, forms have a token."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, Refused
from csm.kit.secrecy import PUBLIC
from csm.views import API, refusal

# Of pages whose address may be the key to them, be it that they show an error (B-08).
OF_PUBLIC_PAGES = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


class RefusedMiddleware:
    """Answers what an action refused and the page's view did not show beside its form.

    403: the act is not the person's. 409: nothing was changed, for the reason told. The API has
    a handler of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused) or request.path.startswith(API):
            return None
        status = 403 if isinstance(error, Forbidden) else 409
        return refusal(request, status, error.message, error.fields)


class PrivateMiddleware:
    """Pages are one person's: nothing between us and the browser keeps a copy (B-06).

    The browser itself may: who goes back finds what was typed. A view that shows whole numbers or
    keys says `no-store`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if PUBLIC.match(request.path):
            for name, value in OF_PUBLIC_PAGES.items():
                response[name] = value
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class SizeMiddleware:
    """What strangers send is refused before it is read, when it is larger than any of our forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = request.META.get("CONTENT_LENGTH") or "0"
        if PUBLIC.match(request.path) and int(size) > settings.PUBLIC_MAX_BYTES:
            words = _(
                "This is too large. Go back, choose fewer or smaller photos, and send it again."
            )
            return refusal(request, 413, words)
        return self.get_response(request)


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's own, for pages that tell nobody where they are, too.

    A form on a page with `no-referrer` comes with "Origin: null". Such a form is believed by its
    token alone, which no foreign page can read; elsewhere the origin has to be ours.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        is_silent = request.META["HTTP_ORIGIN"] == "null" and PUBLIC.match(request.path)
        return bool(is_silent) or bool(
            super()._origin_verified(request)  # type: ignore[misc]
        )
