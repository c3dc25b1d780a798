"""Visits to come: a month of them, who is due, one visit with what follows (K-14, K-15)."""

from datetime import date, datetime, timedelta
from functools import partial

from django import forms
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from customers import retention, visits
from customers.actions import visit_feeds
from customers.actions import visit_follow_ups as follow_ups
from customers.actions import visits as actions
from customers.forms.visits import (
    ChangePlanForm,
    FindingForm,
    PlanForm,
    TaskForm,
    WriteDownForm,
)
from customers.models import Customer, Visit, VisitStatus, VisitTask
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts

SHOWN = 50


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The month, what is late, whose visit is due; own ones, or those of all branches seen."""
    person, now = me(request), clock.now()
    today = timezone.localdate(now)
    require(person, "customer.see")
    mine = request.GET.get("view", "mine") != "all"
    first = _month(request.GET.get("month", ""), today)
    rows = visits.due(person, today=today, mine=mine)
    weeks = visits.month(person, first, mine=mine)
    context = {
        "weeks": weeks,
        "has_visits": any(day.visits for week in weeks for day in week),
        "first": first,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{first + timedelta(days=31):%Y-%m}",
        "today": today,
        "view": "mine" if mine else "all",
        "tabs": _tabs(mine=mine, month=f"{first:%Y-%m}"),
        "due": rows.select_related("home_branch", "account_manager")[:SHOWN],
        "due_count": rows.count(),
        "late": visits.late_plans(person, today=today, mine=mine)[:SHOWN],
        "tasks": visits.open_tasks(person)[:SHOWN],
        "may_edit": can(person, actions.EDIT),
        "may_set": can(person, "customer.rules"),
        "feed_url": visit_feeds.address(person, now=now),
    }
    return page(request, "customers/visit_board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    rows = visible(Customer, person).select_related("home_branch")
    customer = get_object_or_404(rows, pk=pk)
    require(person, actions.EDIT, customer)
    start = {"owner": customer.account_manager_id or person.pk}
    posted = request.POST if request.method == "POST" else None
    form = PlanForm(posted, initial=start, people=retention.colleagues(customer))
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.plan(customer=customer, by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The visit is planned."))
            return go(request, "visit", made.pk)
    context = {"form": form, "customer": customer, "cadence": visits.cadence_of(customer)}
    return page(request, "customers/visit_form.html", context, status=_status(form))


@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _visit_or_404(request, pk), now=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row, person = _visit_or_404(request, pk), me(request)
    actions.check_may(row, by=person)
    posted = request.POST if request.method == "POST" else None
    form = ChangePlanForm(posted, visit=row, people=retention.colleagues(row.customer))
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        attempt(form, lambda: actions.change(visit=row, by=person, now=now, **given))
        if not form.errors:
            messages.success(request, _("The visit is planned."))
            return go(request, "visit", pk)
    context = {
        "form": form,
        "customer": row.customer,
        "visit": row,
        "cadence": visits.cadence_of(row.customer),
    }
    return page(request, "customers/visit_form.html", context, status=_status(form))


@require_POST
def write_down(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, WriteDownForm, actions.write_down, done=_("The visit is written down."))


@require_POST
def find(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, FindingForm, follow_ups.find, done=_("It is noted."))


@require_POST
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, TaskForm, follow_ups.follow_up, done=_("It is noted."))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = _visit_or_404(request, pk)
    actions.cancel(visit=row, by=me(request), now=clock.now())
    messages.success(request, _("The visit is cancelled."))
    return go(request, "visit", pk)


@require_POST
def finish_task(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    row = _visit_or_404(request, pk)
    tasks = VisitTask.objects.select_related("visit__customer__home_branch")
    task = get_object_or_404(tasks, pk=task_pk, visit=row)
    follow_ups.finish_task(task=task, by=me(request), now=clock.now())
    return go(request, "visit", pk)


def _show(
    request: HttpRequest,
    row: Visit,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    may_act = row.owner_id == person.pk or can(person, actions.EDIT, row.customer)
    context = {
        "visit": row,
        "customer": row.customer,
        "form": act,
        "findings": row.findings.select_related("by"),
        "tasks": row.tasks.select_related("owner"),
        "may_act": may_act,
        "today": timezone.localdate(now),
    }
    if may_act and row.is_planned:
        context["write_form"] = sent_or_fresh(WriteDownForm, row, act)
    if may_act and row.status != VisitStatus.CANCELLED:
        context["finding_form"] = sent_or_fresh(FindingForm, row, act)
        context["task_form"] = sent_or_fresh(TaskForm, row, act)
    return page(request, "customers/visit.html", context, status=status)


def _visit_or_404(request: HttpRequest, pk: int) -> Visit:
    found: Visit = visible_or_404(Visit, me(request), pk=pk)
    return found


_do = partial(Acts("visit", "visit", _visit_or_404, _show).do, may=actions.check_may)


def _month(text: str, today: date) -> date:
    """The first day of the month "2026-12"; of this one for what cannot be read."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 1970 <= found.year < 2200 else today.replace(day=1)


def _tabs(*, mine: bool, month: str) -> list[dict[str, object]]:
    choices = ((True, "mine", _("Mine")), (False, "all", _("All")))
    return [
        {"url": f"?view={view}&month={month}", "label": label, "is_current": mine is own}
        for own, view, label in choices
    ]


def _status(form: forms.Form) -> int:
    return 422 if form.errors else 200
