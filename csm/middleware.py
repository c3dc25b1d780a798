"""What holds for every page: refused acts have a page of their own, and answers are private."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from csm.kit.errors import Forbidden, Refused
from csm.views import API, refusal


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
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
