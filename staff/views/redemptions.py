"""Redemptions: those one sees, and what becomes of each (F-21)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Person
from staff.actions import redemptions as actions
from staff.forms.rewards import DecisionForm, RefusalForm
from staff.models import Redemption, RedemptionStatus

SIZE = 50
RELATED = ("reward", "person", "branch", "decided_by", "handed_over_by")


@dataclass(frozen=True)
class Act:
    """An act on a redemption; `right` is empty for what only the person does."""

    name: str
    to: str
    label: Promise
    done: Promise
    act: Callable[..., Any]
    right: str = ""
    form: type[forms.Form] = DecisionForm

    @property
    def url_name(self) -> str:
        return f"redemption-{self.name}"

    def is_open(self, found: Redemption, person: Person) -> bool:
        is_own = found.person_id == person.pk
        may = can(person, self.right, found) and not is_own if self.right else is_own
        return may and self.to in found.MOVES.get(found.status, ())


ACTS = {
    act.name: act
    for act in (
        Act("approve", RedemptionStatus.APPROVED, _("Approve"), _("The redemption is approved."),
            actions.approve, actions.DECIDE),
        Act("hand-over", RedemptionStatus.HANDED_OVER, _("Note the hand-over"),
            _("The hand-over is noted."), actions.hand_over, actions.HAND_OVER),
        Act("refuse", RedemptionStatus.REFUSED, pgettext_lazy("a redemption", "Refuse"),
            _("The redemption is refused; its points are given back."),
            actions.refuse, actions.DECIDE, RefusalForm),
        Act("withdraw", RedemptionStatus.WITHDRAWN, pgettext_lazy("a redemption", "Withdraw"),
            _("The redemption is withdrawn; its points are given back."), actions.withdraw),
    )
}  # fmt: skip


@require_safe
def redemptions(request: HttpRequest) -> HttpResponse:
    """One's own, and those of the branches whose points one sees; newest first."""
    person = me(request)
    require(person, actions.ASK)
    status = request.GET.get("status", "")
    rows = visible(Redemption, person).select_related("reward", "person", "branch")
    if status in RedemptionStatus.values:
        rows = rows.filter(status=status)
    context = {
        "found": keyset.page(rows, order=("-pk",), params=request.GET, size=SIZE),
        "statuses": RedemptionStatus.choices,
        "status": status,
    }
    return page(request, "staff/redemption_list.html", context, part="list")


@require_safe
def redemption(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk))


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    found, chosen = _found(request, pk), ACTS[name]
    form = chosen.form(request.POST)
    if form.is_valid() and attempt(form, lambda: _do(request, chosen, found, form)):
        messages.success(request, str(chosen.done))
        return go(request, "redemption", pk)
    # Bad input is worth saying only to who may.
    if chosen.right:
        require(me(request), chosen.right, found)
    return _show(request, _found(request, pk), refused=(name, form))


def _do(request: HttpRequest, chosen: Act, found: Redemption, form: forms.Form) -> bool:
    chosen.act(redemption=found, by=me(request), now=clock.now(), **form.cleaned_data)
    return True


def _found(request: HttpRequest, pk: int) -> Redemption:
    found = visible_or_404(Redemption, me(request), pk=pk)
    return Redemption.objects.select_related(*RELATED).get(pk=found.pk)


def _show(
    request: HttpRequest, found: Redemption, *, refused: tuple[str, forms.Form] | None = None
) -> HttpResponse:
    context = {
        "redemption": found,
        "is_own": found.person_id == me(request).pk,
        "steps": [
            (each, _form(each, found, refused))
            for each in ACTS.values()
            if each.is_open(found, me(request))
        ],
        "form": refused[1] if refused else None,
    }
    return page(request, "staff/redemption.html", context, status=422 if refused else 200)


def _form(chosen: Act, found: Redemption, refused: tuple[str, forms.Form] | None) -> forms.Form:
    if refused and refused[0] == chosen.name:
        return refused[1]
    return chosen.form(initial={"version": found.version}, auto_id=f"{chosen.name}_%s")
