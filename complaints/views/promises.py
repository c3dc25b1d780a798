"""The catalogue of promises with how often each was broken; its editor (P-01 … P-03)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints import broken_promises, months
from complaints.actions import promises as actions
from complaints.forms.promises import BrokenForm, PromiseForm, RevisionForm
from complaints.models import Promise, PromiseRevision
from complaints.views.answers import see
from complaints.views.found import complaint_or_404
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, require_everywhere, sees_everything
from organisation.doors import attempt, me

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SEE = "complaint.see"


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """What each says now, and of a month how often it was broken, by branch."""
    person, now = me(request), clock.now()
    require(person, SEE)
    period = months.asked(request.GET, now)
    rows = list(PromiseRevision.objects.newest().select_related("promise"))
    lines = broken_promises.by_branch(person, rows, since=period.start, until=period.end)
    context = {
        **months.around(period, now),
        "today": timezone.localdate(now),
        "rows": rows,
        "lines": lines,
        "may_edit": sees_everything(person, actions.VERB),
    }
    return page(request, "complaints/promise_list.html", context)


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.VERB)
    form = PromiseForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        kind, now = form.cleaned_data["kind"], clock.now()
        made = attempt(
            form, lambda: actions.create(kind=kind, by=me(request), now=now, **form.said())
        )
        if made is not None:
            messages.success(request, _("The promise is saved."))
            return go(request, "promises")
    return _form(request, form, None)


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The next revision; what was said before stays listed."""
    require_everywhere(me(request), actions.VERB)
    promise = get_object_or_404(Promise, pk=pk)
    latest = promise.revisions.latest("number")
    form = RevisionForm(request.POST or None, instance=latest, initial={"seen": latest.number})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        attempt(
            form,
            lambda: actions.revise(
                promise=promise, seen=seen, by=me(request), now=clock.now(), **form.said()
            ),
        )
        if not form.errors:
            messages.success(request, _("The promise is saved."))
            return go(request, "promises")
    return _form(request, form, promise)


def _form(request: HttpRequest, form: RevisionForm, promise: Promise | None) -> HttpResponse:
    earlier = promise.revisions.select_related("created_by").order_by("-number") if promise else ()
    context = {"form": form, "promise": promise, "earlier": earlier}
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/promise_form.html", context, status=status)


@GET_POST
def mark(request: HttpRequest, number: str) -> HttpResponse:
    """Which promises the complaint says were broken; also ended ones, for it may be about those."""
    complaint = complaint_or_404(request, number)
    require(me(request), actions.MARKING, complaint)
    data = request.POST if request.method == "POST" else None
    offered = list(PromiseRevision.objects.newest())
    form = BrokenForm(data, complaint=complaint, offered=offered)
    if form.is_valid():
        chosen, now = form.cleaned_data["promises"], clock.now()
        actions.mark(complaint=complaint, promises=chosen, by=me(request), now=now)
        messages.success(request, _("The broken promises are noted."))
        return see("complaint", number)
    context = {"form": form, "complaint": complaint}
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/broken_form.html", context, status=status)
