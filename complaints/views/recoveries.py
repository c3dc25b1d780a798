"""Service recovery at one complaint: giving, deciding, cancelling (C-19, C-20)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints import clocks, delay_cost
from complaints.actions import challenges, delay_prices, following, recoveries
from complaints.forms.recoveries import DecisionForm, ReasonedForm, RecoveryForm
from complaints.models import Complaint, Recovery, RecoveryStatus
from complaints.views.answers import see
from complaints.views.found import complaint_or_404
from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import can, require
from organisation.doors import attempt, me


@dataclass(frozen=True)
class Act:
    """An act on a recovery. `act` takes recovery, by, now and the form's fields."""

    name: str
    label: Promise
    done: Promise
    act: Callable[..., Any]
    form: type[forms.Form]

    @property
    def url_name(self) -> str:
        return f"recovery-{self.name}"


ACTS = {
    act.name: act
    for act in (
        Act("approve", gettext_lazy("Approve"), gettext_lazy("The recovery is approved."),
            recoveries.approve, DecisionForm),
        Act("decline", pgettext_lazy("a recovery", "Decline"),
            gettext_lazy("The recovery is declined."), recoveries.decline, ReasonedForm),
        Act("cancel", gettext_lazy("Cancel the recovery"),
            gettext_lazy("The recovery is cancelled."), recoveries.cancel, ReasonedForm),
    )
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def care(request: HttpRequest, number: str) -> HttpResponse:
    """What this complaint costs and what its customer got; the card of its page is read from it."""
    complaint, now = complaint_or_404(request, number), clock.now()
    if request.method != "POST":
        return _care(request, complaint, now)
    require(me(request), recoveries.GIVE, complaint)
    form = RecoveryForm(request.POST, complaint=complaint)
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form, lambda: recoveries.give(complaint=complaint, by=me(request), now=now, **data)
        )
        if made is not None:
            is_given = made.status == RecoveryStatus.GIVEN
            messages.success(request, _("Given.") if is_given else _("Asked for approval."))
            return see("complaint", number)
    return _care(request, complaint, now, form)


def _care(
    request: HttpRequest, complaint: Complaint, now: datetime, form: RecoveryForm | None = None
) -> HttpResponse:
    person, timers = me(request), clocks.timers_of([complaint])
    price = delay_prices.current()
    delay = delay_cost.delay_of(complaint, timers, now=now)
    rows = complaint.recoveries.select_related("offer", "by", "decided_by")
    may_give = can(person, recoveries.GIVE, complaint) and recoveries.is_open(complaint)
    context = {
        "complaint": complaint,
        "delay": delay,
        "cost": delay_cost.cost(delay.units, price) if delay else None,
        "rows": list(rows),
        "total": recoveries.granted_sum(complaint),
        "challenges": list(complaint.challenges.select_related("by", "timer")),
        "may_challenge": following.speaks_for_customer(complaint, person, challenges.CHALLENGE)
        and complaint.status in challenges.OPEN_IN,
        "may_give": may_give,
        "is_unfolded": form is not None,
        "form": form,
        **(_giving(request, complaint, form) if may_give or form else {}),
    }
    status = 422 if form is not None else 200
    return page(request, "complaints/care.html", context, part="pane", status=status)


def _giving(
    request: HttpRequest, complaint: Complaint, form: RecoveryForm | None
) -> dict[str, Any]:
    limit = recoveries.limit_of(me(request), complaint)
    return {
        "giving": form or RecoveryForm(complaint=complaint),
        "limit": limit,
        "is_unbounded": limit is None,
    }


@require_safe
def recovery(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One recovery, with what may be decided on it."""
    return _show(request, _found(request, number, pk))


@require_POST
def act(request: HttpRequest, number: str, pk: int, name: str) -> HttpResponse:
    found, chosen = _found(request, number, pk), ACTS[name]
    form = chosen.form(request.POST)
    if form.is_valid() and attempt(form, lambda: _do(request, chosen, found, form)):
        messages.success(request, str(chosen.done))
        return see("complaint", number)
    # Bad input is worth saying only to who may.
    if name == "cancel":
        recoveries.check_cancel(found, by=me(request))
    else:
        require(me(request), recoveries.DECIDE, found.complaint)
    return _show(request, _found(request, number, pk), refused=(name, form))


def _do(request: HttpRequest, chosen: Act, found: Recovery, form: forms.Form) -> bool:
    chosen.act(recovery=found, by=me(request), now=clock.now(), **form.cleaned_data)
    return True


def _found(request: HttpRequest, number: str, pk: int) -> Recovery:
    complaint = complaint_or_404(request, number)
    rows = complaint.recoveries.select_related(
        "offer", "by", "decided_by", "cancelled_by", "branch"
    )
    found = get_object_or_404(rows, pk=pk)
    found.complaint = complaint
    return found


def _show(
    request: HttpRequest, found: Recovery, *, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    names = [name for name in ACTS if _is_open(found, name, request)]
    steps = [(ACTS[name], _form(ACTS[name], found, refused)) for name in names]
    context = {
        "complaint": found.complaint,
        "recovery": found,
        "steps": steps,
        "total": recoveries.granted_sum(found.complaint),
        "form": refused[1] if refused else None,
    }
    status = 422 if refused else 200
    return page(request, "complaints/recovery.html", context, part="pane", status=status)


def _is_open(found: Recovery, name: str, request: HttpRequest) -> bool:
    if name == "cancel":
        is_live = RecoveryStatus.CANCELLED in found.MOVES.get(found.status, ())
        return is_live and recoveries.may_cancel(found, me(request))
    return found.status == RecoveryStatus.ASKED and recoveries.may_decide(found, me(request))


def _form(chosen: Act, found: Recovery, refused: tuple[str, forms.Form] | None) -> forms.Form:
    if refused and refused[0] == chosen.name:
        return refused[1]
    return chosen.form(initial={"version": found.version}, auto_id=f"{chosen.name}_%s")
