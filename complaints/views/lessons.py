"""What other branches learned: offered to ours, and who took it up (T-10)."""

import uuid
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import lessons as actions
from complaints.forms.measures import AcceptForm, DeclineForm
from complaints.models import Lesson, LessonStatus, Measure
from complaints.views import rectification
from complaints.views.acting import act, with_uploads
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import can, require, visible
from organisation.doors import me
from organisation.models import Person
from organisation.views.files import hand_out


@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """What is offered to the person's branches; open ones first by choice."""
    person = me(request)
    seen = visible(Lesson, person).exclude(status=LessonStatus.WITHDRAWN)
    kinds = {
        "offered": (pgettext("of lessons", "Offered"), Q(status=LessonStatus.OFFERED)),
        "accepted": (pgettext("of lessons", "Taken up"), Q(status=LessonStatus.ACCEPTED)),
        "declined": (pgettext("of lessons", "Declined"), Q(status=LessonStatus.DECLINED)),
    }
    view, tabs = rectification.views(seen, kinds, request.GET.get("view", ""))
    rows = seen.filter(kinds[view][1]).select_related("branch", "measure__order__branch")
    context = {
        "found": keyset.page(rows, order=("-id",), params=request.GET),
        "tabs": tabs,
        "view": view,
        "rooms": rectification.rooms("lessons"),
        "may_follow": can(person, "work_order.confirm"),
    }
    return page(request, "complaints/lesson_list.html", context, part="list")


@require_safe
def spread(request: HttpRequest) -> HttpResponse:
    """Who took up what: each measure that was offered, of the orders that the person sees."""
    person = me(request)
    offered = Lesson.objects.filter(measure=OuterRef("pk")).exclude(status=LessonStatus.WITHDRAWN)
    rows = visible(Measure, person).filter(Exists(offered)).select_related("order__branch")
    found = keyset.page(rows, order=("-id",), params=request.GET)
    counts = {row.pk: dict.fromkeys(LessonStatus.values, 0) for row in found.rows}
    told = Lesson.objects.filter(measure__in=found.rows).order_by()
    for measure, status, number in told.values_list("measure", "status").annotate(Count("pk")):
        counts[measure][status] = number
    context = {
        "found": found,
        "rows": [(row, counts[row.pk]) for row in found.rows],
        "rooms": rectification.rooms("lessons"),
    }
    return page(request, "complaints/lesson_spread.html", context, part="list")


@require_safe
def spread_of(request: HttpRequest, pk: int) -> HttpResponse:
    """What each branch made of one measure."""
    row = get_object_or_404(
        visible(Measure, me(request)).select_related("order__branch", "owner"), pk=pk
    )
    told = row.lessons.exclude(status=LessonStatus.WITHDRAWN)
    context = {
        "measure": row,
        "found": keyset.page(
            told.select_related("branch", "answered_by"),
            order=("branch__path",),
            params=request.GET,
        ),
    }
    return page(request, "complaints/lesson_spread_of.html", context)


@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _lesson_or_404(me(request), pk), clock.now())


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The branch has taken it up."""
    row, person, now = _lesson_or_404(me(request), pk), me(request), clock.now()
    require(person, "lesson.answer", row)
    return act(
        request,
        AcceptForm(request.POST, request.FILES),
        lambda given: actions.accept(lesson=row, by=person, now=now, **with_uploads(given)),
        done=_("Recorded: the measure is in force here."),
        show=lambda form, status: _show(
            request, _lesson_or_404(person, pk), now, accepting=form, status=status
        ),
        to=("lesson", pk),
    )


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not fit here."""
    row, person, now = _lesson_or_404(me(request), pk), me(request), clock.now()
    require(person, "lesson.answer", row)
    return act(
        request,
        DeclineForm(request.POST, auto_id="decline_%s"),
        lambda given: actions.decline(lesson=row, by=person, now=now, **given),
        done=_("Declined with the reason."),
        show=lambda form, status: _show(
            request, _lesson_or_404(person, pk), now, declining=form, status=status
        ),
        to=("lesson", pk),
    )


@require_safe
def file(request: HttpRequest, pk: int, file_id: uuid.UUID) -> FileResponse:
    """A file of proof, to those who may see the lesson."""
    row = _lesson_or_404(me(request), pk)
    return hand_out(request, row.files.all(), file_id)


def _lesson_or_404(person: Person, pk: int) -> Lesson:
    rows = visible(Lesson, person).select_related("branch", "measure__order__branch", "answered_by")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: Lesson,
    now: datetime,
    *,
    accepting: BaseForm | None = None,
    declining: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_answer = can(me(request), "lesson.answer", row)
    version = {"version": row.version, "adopted_on": timezone.localdate(now)}
    context = {
        "lesson": row,
        "measure": row.measure,
        "files": list(row.files.select_related("file")),
        "can_accept": accepting is not None or (may_answer and "accept" in row.open_actions),
        "can_decline": declining is not None or (may_answer and "decline" in row.open_actions),
        "accepting": accepting or AcceptForm(initial=version),
        "declining": declining or DeclineForm(initial=version, auto_id="decline_%s"),
        "form": accepting or declining,
    }
    return page(request, "complaints/lesson.html", context, status=status)
