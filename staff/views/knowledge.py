"""The knowledge base: its list, a question, what is asked, answered and reviewed (T-22)."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.views import rectification
from complaints.views.found import complaint_or_404
from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require
from organisation.doors import attempt, me
from organisation.forms.records import RecordForm, sent_or_fresh
from organisation.views.acting import Acts, act
from staff import knowledge as reading
from staff.actions import knowledge as actions
from staff.forms.knowledge import AnswerForm, QuestionForm, ReasonForm, ReviewForm
from staff.models import AnswerStatus, ExpertQuestion, QuestionStatus


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Newest first; what was answered, what waits for an answer, what waits for a review."""
    person = me(request)
    require(person, reading.SEE)
    words, category = reading.search_of(request.GET), reading.category_of(request.GET)
    rows = reading.questions(words=words, category=category)
    is_reviewed = Exists(reading.in_review().filter(question=OuterRef("pk")))
    kinds = {
        "answered": (
            pgettext("of questions to experts", "Answered"),
            Q(status=QuestionStatus.PUBLISHED),
        ),
        "open": (pgettext("of questions to experts", "Open"), Q(status=QuestionStatus.ASKED)),
        "review": (_("To review"), Q(is_reviewed)),
        "mine": (_("Mine"), Q(asked_by=person)),
    }
    view, tabs = rectification.views(rows, kinds, request.GET.get("view", ""))
    context = {
        "found": keyset.page(rows.filter(kinds[view][1]), order=("-id",), params=request.GET),
        "tabs": tabs,
        "view": view,
        "search": words,
        "category": category,
    }
    return page(request, "staff/question_list.html", context, part="list")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask the experts; from a complaint its category comes along."""
    person = me(request)
    require(person, actions.ASK)
    form = QuestionForm(request.POST or None, category=reading.category_of(request.GET))
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.ask(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The experts are asked."))
            return go(request, "expert-question", made.pk)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/question_form.html", {"form": form}, status=status)


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _question_or_404(request, pk), now=clock.now())


@require_safe
def beside(request: HttpRequest, number: str) -> HttpResponse:
    """What the company knows about the category of a complaint; its page fetches this."""
    complaint = complaint_or_404(request, number)
    person = me(request)
    context = {
        "complaint": complaint,
        "rows": reading.beside(complaint) if can(person, reading.SEE) else [],
        "may_ask": can(person, actions.ASK),
    }
    return page(request, "staff/complaint_knowledge.html", context, part="pane")


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_expert, _("Written. Another expert reads it first.")
    return QUESTION.do(request, pk, AnswerForm, actions.answer, may=may, done=done)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    may, done = actions.require_expert, _("Closed with the reason.")
    return QUESTION.do(request, pk, ReasonForm, actions.close, may=may, done=done)


@require_POST
def publish(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponse:
    done = _("The answer is published.")
    return _review(request, pk, answer_pk, ReviewForm, actions.publish, done)


@require_POST
def give_back(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponse:
    done = _("Given back with the reason.")
    return _review(request, pk, answer_pk, ReasonForm, actions.give_back, done)


def _review(
    request: HttpRequest,
    pk: int,
    answer_pk: int,
    kind: type[RecordForm],
    action: Callable[..., None],
    done: str,
) -> HttpResponse:
    """An act on one of the question's answers; its page is the question's."""
    question, person, now = _question_or_404(request, pk), me(request), clock.now()
    rows = question.answers.select_related("question__asked_by", "by")
    row = get_object_or_404(rows, pk=answer_pk)
    actions.require_expert(row, by=person)
    return act(
        request,
        kind(row, request.POST),
        lambda given: action(answer=row, by=person, now=now, **given),
        done=done,
        show=lambda form, status: _show(
            request, _question_or_404(request, pk), now=now, act=form, status=status
        ),
        to=("expert-question", pk),
    )


def _question_or_404(request: HttpRequest, pk: int) -> ExpertQuestion:
    require(me(request), reading.SEE)
    rows = reading.questions().select_related("answered_by", "reviewed_by", "closed_by")
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    row: ExpertQuestion,
    *,
    now: datetime,
    act: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    is_expert = can(person, actions.ANSWER)
    written = reading.answers(row, person)
    proposed = next((one for one in written if one.status == AnswerStatus.PROPOSED), None)
    context = {
        "question": row,
        "written": written,
        "proposed": proposed,
        "may_review": proposed is not None and proposed.by_id != person.pk,
        "acts": row.open_actions if is_expert and proposed is None else [],
        "answering": sent_or_fresh(AnswerForm, row, act),
        "form": act,
    }
    return page(request, "staff/question.html", context, status=status)


QUESTION = Acts("expert-question", "question", _question_or_404, _show)
