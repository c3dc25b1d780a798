"""The days of a contest, put right (T-06)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import me
from organisation.views.acting import act
from staff import contests as reading
from staff.actions import contest_days as actions
from staff.forms.contest_days import DaysForm
from staff.models import Contest


@require_http_methods(["GET", "HEAD", "POST"])
def days(request: HttpRequest, pk: int) -> HttpResponse:
    person, row = me(request), get_object_or_404(Contest, pk=pk)
    require_everywhere(person, reading.RUN)
    if request.method == "POST":
        form, now = DaysForm(row, request.POST), clock.now()
        return act(
            request,
            form,
            lambda given: actions.correct(contest=row, by=person, now=now, **given),
            done=_("The days are put right. The branch managers are told."),
            show=lambda sent, status: _show(request, row, sent, status),
            to=("contest",),
        )
    if not row.is_open:
        messages.info(request, _("The winners of this contest are announced: it is over."))
        return go(request, "contest-results", pk)
    return _show(request, row, DaysForm(row))


def _show(request: HttpRequest, row: Contest, form: Any, status: int = 200) -> HttpResponse:
    context = {"contest": row, "form": form}
    return page(request, "staff/contest_days.html", context, status=status)
