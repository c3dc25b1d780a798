"""Acts on many complaints at once: choose on the list, fill in, see what became of each."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import bulk as actions
from complaints.actions import undoing
from complaints.actions.bulk import MOST, Chosen
from complaints.actions.offers import COMPLAINT_VERBS
from complaints.forms.bulk import FORMS, BulkMixin
from complaints.models import BulkAct, BulkKind, Complaint, Outcome
from complaints.views import bulk_words
from complaints.views.answers import see
from complaints.views.listing import Listing
from complaints.views.news import moment
from complaints.views.trail import PARAMETER, carried
from csm.kit import clock, htmx
from organisation.access import require, visible
from organisation.doors import attempt, me

# So many of the chosen are named on the page.
SHOWN = 20
# What the page carries on from the list.
CARRIED = ("number", "every", "shown_at")


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The form of the chosen act; sent with `go`, the act itself: 303 to what became of it.

    422: nothing was done, the form says why. An urge has nothing to fill in.
    """
    name, now = request.POST.get("act", ""), clock.now()
    _require(request, name)
    chosen = _chosen(request, now)
    count = len(chosen.versions) + len(chosen.ids)
    if name not in FORMS or not count:
        messages.error(request, _("Nothing was chosen. Choose complaints, then what to do."))
        return see("complaints", query=_back(request))
    is_sent = "go" in request.POST or name == "urge"
    form = FORMS[name](request.POST if is_sent else None, person=me(request))
    if is_sent and form.is_valid():
        act = attempt(form, lambda: _change(request, chosen, form, now))
        if act is not None:
            return see("bulk-result", act.pk, query=carried(request))
    context = {
        "act": name,
        "label": bulk_words.LABELS[BulkKind(name)],
        "title": bulk_words.title(name, count),
        "form": form,
        "count": count,
        "rows": _rows(request, chosen)[:SHOWN],
        "more": max(count - SHOWN, 0),
        "carried": [(key, value) for key in CARRIED for value in request.POST.getlist(key)],
        "trail": carried(request),
        "back_url": reverse("complaints") + _back(request),
    }
    return htmx.page(request, "complaints/bulk.html", context, status=422 if is_sent else 200)


@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each: in one sentence, and by row what was not done, still chosen."""
    act, now = _act(request, pk), clock.now()
    results = list(act.results.all())
    refused = [row for row in results if row.outcome != Outcome.DONE]
    numbers = [row.number for row in refused]
    seen = {row.number: row for row in visible(Complaint, me(request)).filter(number__in=numbers)}
    context = {
        "act": act,
        "title": bulk_words.sentence(act, results),
        "refused": [(row, seen.get(row.number)) for row in refused],
        "bulk_acts": bulk_words.offered(me(request)),
        "now": now,
        "may_undo": undoing.may_undo(act, me(request), now),
        "undo_until": act.at + undoing.WITHIN,
        "trail": carried(request),
        "back_url": reverse("complaints") + _back(request),
    }
    return htmx.page(request, "complaints/bulk_result.html", context)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back where nobody has touched it since: 303 to what became of each."""
    act = undoing.undo(act=_act(request, pk), by=me(request), now=clock.now())
    return see("bulk-result", act.pk, query=carried(request))


def _act(request: HttpRequest, pk: int) -> BulkAct:
    """One's own: another's is not found."""
    return get_object_or_404(visible(BulkAct, me(request)), pk=pk)


def _require(request: HttpRequest, name: str) -> None:
    """A right to the act somewhere; without a known act, to any of them."""
    if name in FORMS:
        require(me(request), COMPLAINT_VERBS[name])
    else:
        actions.require_any(me(request))


def _change(request: HttpRequest, chosen: Chosen, form: BulkMixin, now: datetime) -> BulkAct:
    return actions.change(chosen=chosen, kind=form.kind(), by=me(request), now=now)


def _chosen(request: HttpRequest, now: datetime) -> Chosen:
    """By number as "TS20261119-0027:3", or all that the list of the address finds."""
    given = request.POST
    if given.get("every"):
        shown_at = moment(given.get("shown_at", "")) or now
        listing = Listing(QueryDict(request.GET.get(PARAMETER, "")), me(request), now)
        return Chosen(ids=listing.first(MOST, at=shown_at), shown_at=shown_at)
    return Chosen(versions=dict(_numbered(value) for value in given.getlist("number")))


def _numbered(value: str) -> tuple[str, int | None]:
    number, _colon, version = value.replace("\0", "").partition(":")
    is_version = version.isascii() and version.isdigit() and len(version) < 10
    return number, int(version) if is_version else None


def _rows(request: HttpRequest, chosen: Chosen) -> Any:
    """Those that the person sees."""
    named = Q(number__in=list(chosen.versions)) | Q(pk__in=list(chosen.ids))
    return visible(Complaint, me(request)).filter(named).order_by("number")


def _back(request: HttpRequest) -> str:
    text = request.GET.get(PARAMETER, "") if carried(request) else ""
    return f"?{text}" if text else ""
