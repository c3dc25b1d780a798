"""One act on a record, from its form to the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from csm.kit import clock
from csm.kit.errors import NotOpen, Stale
from csm.kit.htmx import go
from organisation.access import require
from organisation.doors import attempt, me
from organisation.forms.records import RecordForm

Show = Callable[[BaseForm, int], HttpResponse]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Acts(Generic[M]):
    """The acts on one kind of record. Each loads it, asks for the right, acts, or shows it again.

    `name` is that of the page's address, `noun` what the actions call the record. `load` takes the
    request and the key, `show` the request, the record, and by keyword `now`, `act` and `status`.
    """

    name: str
    noun: str
    load: Callable[[HttpRequest, int], M]
    show: Callable[..., HttpResponse]

    def do(
        self,
        request: HttpRequest,
        pk: int,
        kind: type[RecordForm],
        action: Callable[..., object],
        *,
        may: str | Callable[..., None],
        done: str,
    ) -> HttpResponse:
        """`may` is the verb that is needed over the record, or what raises Forbidden."""
        row, person, now = self.load(request, pk), me(request), clock.now()
        if isinstance(may, str):
            require(person, may, row)
        else:
            may(row, by=person)
        return act(
            request,
            kind(row, request.POST, request.FILES),
            lambda given: action(**{self.noun: row}, by=person, now=now, **with_uploads(given)),
            done=done,
            show=lambda form, status: self.show(
                request, self.load(request, pk), now=now, act=form, status=status
            ),
            to=(self.name, pk),
        )


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
