"""Pages without login: whose request it is, how its link is found, what a stranger is told.

What all their answers say to the browser (`no-referrer`, `no-store`, `noindex`) is written by
`csm.middleware`, on error pages too. Such a page extends `public.html`.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from csm.kit.addresses import client_address, network_of
from organisation.actions import limits, tokens
from organisation.actions.limits import TooOften
from organisation.middleware import cookie_language, keep_language
from organisation.models import PublicLink

# From one network, in ten minutes: addresses that open nothing.
GUESSES, TEN_MINUTES = 60, 600
Door = Callable[..., HttpResponse]


class Missing(Exception):
    """The token opens nothing here: unknown, expired, revoked and foreign look alike."""


def public(view: Door) -> Door:
    """A page for everybody, in the language asked for by `?language=`."""

    @login_not_required
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.GET.get("language", "")
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
        try:
            response = view(request, *args, **kwargs)
        except Missing:
            response = render(request, "public/missing.html", status=404)
        except TooOften as refusal:
            response = render(request, "public/too_often.html", {"refusal": refusal})
            too_often(response, refusal)
        if language in dict(settings.LANGUAGES):
            keep_language(request, response, language)
        return response

    return door


def speak(request: HttpRequest, language: str) -> None:
    """The language of whom the page is for, unless the reader has chosen one."""
    chosen = request.GET.get("language", "") in dict(settings.LANGUAGES)
    if language in dict(settings.LANGUAGES) and not (chosen or cookie_language(request)):
        translation.activate(language)


def too_often(response: HttpResponse, refusal: TooOften) -> HttpResponse:
    """The answer with the status and the time after which to come again."""
    response.status_code = 429
    response["Retry-After"] = str(refusal.seconds)
    return response


def network(request: HttpRequest) -> str:
    """What counts as one visitor, proxies of ours looked through."""
    address = client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("X-Forwarded-For", ""),
        settings.TRUSTED_PROXIES,
    )
    return network_of(address)


def open_link(request: HttpRequest, token: str, *, purpose: str, now: datetime) -> PublicLink:
    """The live link; Missing, or TooOften from a network that has guessed too much (B-08).

    Whoever knows an address is never counted. Where all guesses are spent nothing is looked up, so
    that no further guess can be told from another.
    """
    guesses: dict[str, Any] = {"limit": GUESSES, "seconds": TEN_MINUTES, "now": now}
    limits.check(f"guess {network(request)}", **guesses)
    link = tokens.find_link(token, purpose=purpose, now=now)
    if link is None:
        limits.spend(f"guess {network(request)}", **guesses)
        raise Missing
    return link
