"""One act on a record, from its form to the answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from csm.kit.errors import NotOpen, Stale
from csm.kit.htmx import go
from organisation.doors import attempt

Show = Callable[[BaseForm, int], HttpResponse]


def act(
    request: HttpRequest,
    form: BaseForm,
    do: Callable[[dict[str, Any]], object],
    *,
    done: str,
    show: Show,
    to: tuple[Any, ...],
) -> HttpResponse:
    """Do it with what was cleaned, then go `to`; else `show` the form with what was typed.

    422 where the input is at fault, 409 where somebody was quicker.
    """
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            attempt(form, lambda: do(given))
        except (NotOpen, Stale) as refusal:
            form.add_error(None, refusal.message)
            status = 409
    if form.errors:
        return show(form, status)
    messages.success(request, done)
    return go(request, *to)


def with_uploads(given: dict[str, Any]) -> dict[str, Any]:
    """The input `files` as the actions call it."""
    return {"uploads" if name == "files" else name: value for name, value in given.items()}
