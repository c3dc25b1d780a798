"""The door of every export: a file, or the page of the job that makes it."""

from typing import cast

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from csm.kit import clock
from csm.kit.tables import CONTENT_TYPES
from organisation.actions import exports
from organisation.actions.exports import Export
from organisation.doors import me
from organisation.exports import BRANCHES, PEOPLE
from organisation.views.files import download


def answer(request: HttpRequest, what: Export, query: QueryDict | None = None) -> HttpResponseBase:
    """To a POST with `form` (csv, xlsx) and `query`, the part of the list's address after "?".

    A list that reads its address in its own way gives the `query` that it has understood.
    """
    form = request.POST.get("form", "xlsx")
    if form not in CONTENT_TYPES:
        raise Http404
    made = exports.export(
        what,
        form=form,
        query=QueryDict(request.POST.get("query", "")) if query is None else query,
        by=me(request),
        now=clock.now(),
    )
    if not isinstance(made, exports.Ready):
        return cast(HttpResponse, redirect("job", made.pk))
    return download(made.content, made.name, made.content_type)


@require_POST
def branches(request: HttpRequest) -> HttpResponseBase:
    return answer(request, BRANCHES)


@require_POST
def people(request: HttpRequest) -> HttpResponseBase:
    return answer(request, PEOPLE)
