"""The callback desk (C-12): whom to call, what to say, and what the customer answered."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints import callback_queue
from complaints.actions import callbacks as actions
from complaints.actions import contacts
from complaints.actions.notes import may_write
from complaints.forms.callbacks import CallbackForm
from complaints.models import CallbackAttempt, Complaint
from complaints.views import callback_desk, conflicts
from complaints.views.found import complaint_or_404
from csm.kit import clock
from csm.kit.errors import NotOpen, Stale
from csm.kit.htmx import go, page
from organisation.access import require
from organisation.doors import attempt, me

TEMPLATE = "complaints/callbacks.html"


@require_safe
def callbacks(request: HttpRequest) -> HttpResponse:
    """The queue, with its first customer beside it; on a phone the queue alone."""
    require(me(request), callback_queue.VERB)
    now = clock.now()
    context = _queue(request, now)
    if context["queue"]:
        complaint = complaint_or_404(request, context["queue"][0].complaint.number)
        context |= _desk(request, complaint, now)
    return page(request, TEMPLATE, context | {"is_queue": True})


@require_http_methods(["GET", "HEAD", "POST"])
def callback(request: HttpRequest, number: str) -> HttpResponse:
    """One customer: the call on GET, its result on POST."""
    complaint = complaint_or_404(request, number)
    require(me(request), callback_queue.VERB, complaint)
    if request.method == "POST":
        return _record(request, complaint)
    now = clock.now()
    return page(request, TEMPLATE, _queue(request, now) | _desk(request, complaint, now))


def _record(request: HttpRequest, complaint: Complaint) -> HttpResponse:
    now = clock.now()
    form = CallbackForm(request.POST)
    if form.is_valid():
        try:
            made = attempt(
                form,
                lambda: actions.record(
                    complaint=complaint, by=me(request), now=now, **form.given()
                ),
            )
        except (NotOpen, Stale) as refusal:
            return _conflict(request, complaint.number, form, refusal)
        if made is not None:
            messages.success(request, _outcome(made, complaint))
            if request.POST.get("then") == "next":
                return go(request, "callbacks")
            return go(request, "callback", complaint.number)
    context = _queue(request, now) | callback_desk.about(complaint, me(request), now=now)
    return page(request, TEMPLATE, context | {"form": form.shown()}, status=422)


def _conflict(
    request: HttpRequest, number: str, form: CallbackForm, refusal: NotOpen | Stale
) -> HttpResponse:
    """A colleague called, too: what the customer said to both."""
    fresh, again = complaint_or_404(request, number), None
    if "callback" in fresh.open_actions:
        data = request.POST.copy()
        data["version"] = str(fresh.version)
        again = CallbackForm(data)
    return conflicts.show(
        request,
        fresh,
        refusal=refusal,
        form=form,
        standing=_last_call(fresh),
        again=again,
        may_note=may_write(fresh, me(request)),
    )


def _last_call(complaint: Complaint) -> dict[str, Any]:
    call = complaint.callback_attempts.order_by("pk").last()
    if call is None:
        return {}
    return {
        "reached": call.is_reached,
        "satisfied": call.is_satisfied,
        "score": call.score,
        "words": call.words,
        "next_at": call.next_at,
    }


def _queue(request: HttpRequest, now: datetime) -> dict[str, Any]:
    queue, found = callback_queue.page(me(request), request.GET, now=now)
    return {"queue": queue, "found": found, "day": callback_queue.day(me(request), now=now)}


def _desk(request: HttpRequest, complaint: Complaint, now: datetime) -> dict[str, Any]:
    """The customer with the form, as long as the call is open; the whole number goes on record."""
    context = callback_desk.about(complaint, me(request), now=now)
    if "callback" not in complaint.open_actions:
        return context | {"number": ""}
    contacts.reveal_phone(complaint=complaint, by=me(request), now=now)
    form = callback_desk.blank_form(
        complaint, tries=context["tries"], rule=context["rule"], now=now
    )
    return context | {"form": form}


def _outcome(made: CallbackAttempt, complaint: Complaint) -> str:
    """Says whose it was: the page has gone on to the next customer."""
    named = {
        "customer": complaint.customer.name if complaint.customer else complaint.number,
        "cycle": complaint.cycle,
    }
    if not made.is_reached:
        return _("%(customer)s: no reply, recorded.") % named
    if made.is_satisfied:
        return _("%(customer)s: satisfied, recorded.") % named
    return _("%(customer)s: not satisfied. The complaint is open again, cycle %(cycle)d.") % named
