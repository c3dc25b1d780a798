"""Courses: the list, what is needed, one course with its sessions and its effect (T-18, T-19)."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.models import Improvement
from complaints.views import rectification
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible
from organisation.doors import attempt, me
from organisation.views.acting import Acts
from staff import knowledge, training_needs
from staff import training as reading
from staff.actions import training as actions
from staff.forms.training import CloseForm, CourseEditForm, CourseForm, born_from
from staff.models import Course, CourseStatus, Topic, TrainingSession
from staff.models.training import EDIT

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
MINE = 5


@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    """Newest first, with one's own sessions and how many courses were held in time."""
    person, now = me(request), clock.now()
    require(person, reading.SEE)
    rows = reading.courses()
    born = request.GET.get("improvement", "")
    if born.isascii() and born.isdigit() and len(born) < 19:
        rows = rows.filter(improvement=int(born))
    kinds = {
        "open": (pgettext("of courses", "Open"), Q(status=CourseStatus.OPEN)),
        "closed": (pgettext("of courses", "Closed"), Q(status=CourseStatus.CLOSED)),
    }
    view, tabs = rectification.views(Course.objects.all(), kinds, request.GET.get("view", ""))
    context = {
        "found": keyset.page(rows.filter(kinds[view][1]), order=("-id",), params=request.GET),
        "tabs": tabs,
        "view": view,
        "mine": list(reading.mine(person)[:MINE]),
        "timeliness": reading.timeliness(now=now),
        "may_edit": can(person, EDIT),
    }
    return page(request, "staff/course_list.html", context, part="list")


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """What complaints, orders and surveys of the branches that the person sees ask for."""
    person, now = me(request), clock.now()
    require(person, EDIT)
    context = {
        "categories": training_needs.of_categories(person, now=now),
        "improvements": list(training_needs.of_orders(person)[:20]),
        "dimensions": training_needs.of_surveys(person, now=now),
    }
    return page(request, "staff/training_needs.html", context)


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    """From a need its category, topic or request comes along."""
    person, now = me(request), clock.now()
    require(person, EDIT)
    improvement = _improvement(request)
    form = CourseForm(request.POST or None, keeper=person, start=_start(request, improvement, now))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form, lambda: actions.create(by=person, now=now, improvement=improvement, **given)
        )
        if made is not None:
            messages.success(request, _("The course is saved. Plan its first session."))
            return go(request, "course", made.pk)
    return _form(request, form, improvement=improvement)


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person, row = me(request), _course_or_404(request, pk)
    require(person, EDIT, row)
    form = CourseEditForm(request.POST or None, course=row)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        attempt(form, lambda: actions.edit(course=row, by=person, now=now, **given))
        if not form.errors:
            messages.success(request, _("The course is saved."))
            return go(request, "course", pk)
    return _form(request, form, course=row)


@require_safe
def course(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _course_or_404(request, pk), now=clock.now())


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The course is closed.")
    return COURSE.do(request, pk, CloseForm, actions.close, may=EDIT, done=done)


def _course_or_404(request: HttpRequest, pk: int) -> Course:
    require(me(request), reading.SEE)
    return get_object_or_404(reading.courses().select_related("created_by"), pk=pk)


def _show(
    request: HttpRequest,
    row: Course,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    sessions = visible(TrainingSession, person).filter(course=row)
    born = row.improvement
    context = {
        "course": row,
        "sessions": list(sessions.select_related("branch", "trainer")),
        "effect": reading.effect(row, person, now=now),
        "acts": row.open_actions if can(person, EDIT, row) else [],
        "may_plan": can(person, EDIT) and "plan_session" in row.open_actions,
        "born": born if born and visible(Improvement, person).filter(pk=born.pk).exists() else None,
        "form": act,
    }
    return page(request, "staff/course.html", context, status=status)


def _form(request: HttpRequest, form: BaseForm, **context: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/course_form.html", {"form": form, **context}, status=status)


def _improvement(request: HttpRequest) -> Improvement | None:
    """The request with a work order that an address names, if the person sees it."""
    key = request.GET.get("improvement", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return visible(Improvement, me(request)).filter(pk=int(key)).first()


def _start(request: HttpRequest, improvement: Improvement | None, now: datetime) -> dict[str, Any]:
    topic = request.GET.get("topic", "")
    return {
        "hold_by": reading.default_day(now),
        "category": knowledge.category_of(request.GET),
        "topic": topic if topic in Topic.values else "",
        "level": "entry",
        **(born_from(improvement) if improvement else {}),
    }


COURSE = Acts("course", "course", _course_or_404, _show)
