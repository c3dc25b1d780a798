"""Questionnaires: the list, one with its editions, and the draft with its preview."""

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.kit.htmx import go, page
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from surveys import bank, sheets
from surveys.actions import questionnaires as actions
from surveys.forms.acts import version_in
from surveys.forms.questionnaires import QuestionnaireForm, WordsForm
from surveys.models import Edition, EditionStatus, Question, QuestionKind, Questionnaire

EDITION = "surveys/edition.html"


@require_safe
def questionnaires(request: HttpRequest) -> HttpResponse:
    """All that the person may see, the newest first."""
    rows = visible(Questionnaire, me(request)).select_related("branch")
    rows = rows.annotate(
        published=Max("editions__number", filter=Q(editions__status=EditionStatus.PUBLISHED)),
        drafts=Count("editions", filter=Q(editions__status=EditionStatus.DRAFT)),
    )
    context = {
        "found": keyset.page(rows, order=("-id",), params=request.GET),
        "may_edit": can(me(request), actions.EDIT),
    }
    return page(request, "surveys/questionnaire_list.html", context, part="list")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, actions.EDIT)
    form = QuestionnaireForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: actions.create(by=person, now=clock.now(), **given))
        if made is not None:
            return go(request, "edition", made.pk)
    return page(
        request,
        "surveys/questionnaire_form.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


@require_safe
def questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """Its editions: what was asked when, and what is being drafted."""
    row = visible_or_404(Questionnaire, me(request), pk=pk)
    context = {
        "questionnaire": row,
        "editions": row.editions.annotate(
            asked=Count("questions", distinct=True), used=Count("surveys", distinct=True)
        ),
        "may_edit": can(me(request), actions.EDIT, row),
    }
    return page(request, "surveys/questionnaire.html", context)


@require_POST
def next_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the draft that follows, or go on with it."""
    person = me(request)
    row = visible_or_404(Questionnaire, person, pk=pk)
    draft = actions.begin_next(questionnaire=row, by=person, now=clock.now())
    return go(request, "edition", draft.pk)


@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, edition_or_404(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands before and after the questions."""
    row, person = edition_or_404(request, pk), me(request)
    require(person, actions.EDIT, row.questionnaire)
    form = WordsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        row.refresh_from_db()
        attempt(
            form,
            lambda: actions.save_words(
                edition=row, words=given, by=person, now=clock.now(), version=version
            ),
        )
        if not form.errors:
            return go(request, "edition", pk)
    return page(request, "surveys/edition_words.html", {"edition": row, "form": form})


@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    row, person = edition_or_404(request, pk), me(request)
    require(person, actions.EDIT, row.questionnaire)
    try:
        actions.publish(edition=row, by=person, now=clock.now(), version=version_in(request.POST))
    except (Forbidden, NotOpen, Stale):
        raise
    except Refused as refusal:
        return show(request, edition_or_404(request, pk), refusal=refusal, status=422)
    messages.success(request, _("Published: surveys may ask it from now on."))
    return go(request, "edition", pk)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    row, person = edition_or_404(request, pk), me(request)
    actions.retire(edition=row, by=person, now=clock.now(), version=version_in(request.POST))
    messages.success(request, _("No new survey asks it any more."))
    return go(request, "questionnaire", row.questionnaire_id)


def show(
    request: HttpRequest, row: Edition, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    """The draft, or what was published; beside it what a customer sees."""
    questions = list(row.questions.all())
    may_edit = can(me(request), actions.EDIT, row.questionnaire)
    context = {
        "edition": row,
        "questions": questions,
        "preview": sheets.sheet(questions, {}, {}),
        "may_edit": may_edit and row.is_open,
        "may_retire": may_edit and row.status == EditionStatus.PUBLISHED,
        "kinds": QuestionKind.choices,
        "lists": bank.NAMES.items(),
        "refusal": refusal,
    }
    return page(request, EDITION, context, status=status)


def edition_or_404(request: HttpRequest, pk: int) -> Edition:
    rows = visible(Edition, me(request)).select_related("questionnaire__branch")
    return get_object_or_404(rows, pk=pk)


def question_or_404(row: Edition, key: str) -> Question:
    return get_object_or_404(row.questions.all(), key=key)
