"""What other branches learned: offered to ours, an order at a time, and who took it up (T-10)."""

import uuid
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.forms import BaseForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from complaints import offered as offering
from complaints.actions import lessons as actions
from complaints.forms.lessons import AnswersForm
from complaints.models import Lesson, LessonFile, LessonStatus, Measure
from complaints.views import rectification
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import can, visible
from organisation.doors import me
from organisation.forms.records import sent_or_fresh
from organisation.views.acting import Acts
from organisation.views.files import hand_out


@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """The orders from which the person's branches are to learn; open ones first by choice.

    One that is answered in part stands in more than one view.
    """
    person = me(request)
    labels = {
        LessonStatus.OFFERED: pgettext("of lessons", "To answer"),
        LessonStatus.ACCEPTED: pgettext("of lessons", "Taken up"),
        LessonStatus.DECLINED: pgettext("of lessons", "Declined"),
    }
    kinds = {status.value: (label, Q(status=status)) for status, label in labels.items()}
    seen, given = visible(Lesson, person), request.GET.get("view", "")
    view, tabs = rectification.views(seen, kinds, given, each=offering.EACH)
    rows = offering.firsts(seen, view).select_related("branch", "measure__order__branch")
    found = keyset.page(rows, order=("-id",), params=request.GET)
    context = {
        "found": found,
        "offers": offering.offers(found.rows),
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
    """All that the lesson's order offers to its branch; the same page for each of these."""
    return _show(request, _lesson_or_404(request, pk), now=clock.now())


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the branch says to each of them."""
    may, done = "lesson.answer", _("The answers are recorded.")
    return ACTS.do(request, pk, AnswersForm, actions.answer, may=may, done=done)


@require_safe
def file(request: HttpRequest, pk: int, file_id: uuid.UUID) -> FileResponse:
    """A file of proof, to those who may see the lesson."""
    return hand_out(request, _lesson_or_404(request, pk).files.all(), file_id)


def _lesson_or_404(request: HttpRequest, pk: int) -> Lesson:
    rows = visible(Lesson, me(request)).select_related("branch", "measure__order__branch")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: Lesson,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    files = Prefetch("files", LessonFile.objects.select_related("file"))
    rows = list(row.together().prefetch_related(files))
    form = sent_or_fresh(AnswersForm, row, act)
    may_answer = act is not None or can(me(request), "lesson.answer", row)
    context = {
        "lesson": row,
        "order": row.measure.order,
        "rows": [(each, form.line(each) if may_answer else None) for each in rows],
        "can_answer": may_answer and bool(form.answerable),
        "form": form,
        "lost_files": [upload.name for _name, files in request.FILES.lists() for upload in files],
    }
    return page(request, "complaints/lesson.html", context, status=status)


ACTS = Acts("lesson", "lesson", _lesson_or_404, _show)
