"""Counting running clocks by a policy's latest revision, after a look at what it does (rule 9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from complaints import policy_words
from complaints.actions import recalculation
from complaints.actions.recalculation import Change
from complaints.forms.recalculation import RecalculationForm, seen
from complaints.models import Policy
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import me

VERB = "policy.edit"


@dataclass(frozen=True)
class Row:
    """A clock with its old and its new deadline."""

    change: Change
    kind: str
    is_overdue: bool


@require_http_methods(["GET", "HEAD", "POST"])
def recalculate(request: HttpRequest, pk: int) -> HttpResponse:
    """How many clocks would move, which become overdue at once; done after a second look."""
    by, now = me(request), clock.now()
    require_everywhere(by, VERB)
    policy = get_object_or_404(Policy, pk=pk)
    revision = recalculation.latest(policy).revision
    preview = recalculation.preview(policy=policy, by=by, now=now)
    form = RecalculationForm(
        request.POST or None, now=seen(preview, revision.number), preview=preview
    )
    status, is_outdated = 200, False
    if request.method == "POST":
        is_outdated = form.is_outdated
        if not is_outdated and form.is_valid():
            count = recalculation.recalculate(policy=policy, by=by, now=now)
            messages.success(request, _said(count, revision.number))
            return go(request, "policy", pk)
        status = 409 if is_outdated else 422
    if is_outdated:
        form = RecalculationForm(now=seen(preview, revision.number), preview=preview)
    context = {
        "policy": policy,
        "revision": revision,
        "preview": preview,
        "kinds": [(policy_words.kind_name(kind), count) for kind, count in preview.by_kind.items()],
        "rows": _rows(preview.changes, now),
        "form": form,
        "is_outdated": is_outdated,
    }
    return page(request, "complaints/policy_recalculate.html", context, status=status)


def _rows(changes: Iterable[Change], now: datetime) -> list[Row]:
    """Those first that would be overdue at once."""
    rows = [
        Row(change, policy_words.kind_name(change.timer.kind), change.is_overdue_at_once(now))
        for change in changes
    ]
    return sorted(rows, key=lambda row: not row.is_overdue)


def _said(count: int, number: int) -> str:
    words = ngettext(
        "%(count)d clock is counted by revision %(number)d now.",
        "%(count)d clocks are counted by revision %(number)d now.",
        count,
    )
    return words % {"count": count, "number": number}
