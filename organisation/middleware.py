"""The language of a page: the browser's cookie, the person, the browser's wish, else Chinese."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

CHINESE, ENGLISH = "zh-hans", "en"
YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    """Activates the language, and says in the answer which one it is and what it depends on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(cookie_language(request) or wished_language(request))
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or CHINESE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """The person's own language, on pages that read the person anyway."""
        if getattr(view, "login_required", True):
            activate_own_language(request)


def activate_own_language(request: HttpRequest) -> None:
    """The language that the person chose, unless the browser's cookie names one."""
    language = getattr(getattr(request, "user", None), "language", "")
    if language in dict(settings.LANGUAGES) and not cookie_language(request):
        translation.activate(language)


def keep_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Let the browser remember the choice."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def cookie_language(request: HttpRequest) -> str:
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in dict(settings.LANGUAGES) else ""


def wished_language(request: HttpRequest) -> str:
    """Chinese of any kind, or English, whichever the browser names first; else Chinese."""
    for wish, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wish == "zh" or wish.startswith("zh-"):
            return CHINESE
        if wish == "en" or wish.startswith("en-"):
            return ENGLISH
    return CHINESE
