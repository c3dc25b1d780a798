"""One question of a draft."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from csm.kit import clock
from csm.kit.errors import Refused
from csm.kit.htmx import go, page
from organisation.access import require
from organisation.doors import attempt, me
from surveys import bank
from surveys.actions import questionnaires, questions
from surveys.forms.questions import QuestionForm, first_kind, fresh
from surveys.models import Edition, Question
from surveys.views.questionnaires import edition_or_404, question_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Another question, at the end; `?kind=` proposes how it is answered."""
    row = _draft(request, pk)
    return _form(
        request, row, fresh(first_kind(request.GET.get("kind", ""))), list(row.questions.all())
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    row = _draft(request, pk)
    found = question_or_404(row, key)
    earlier = [other for other in row.questions.all() if other.position < found.position]
    return _form(request, row, found, earlier)


@require_POST
def change(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Up, down or away: what the pressed button says."""
    row, person = _draft(request, pk), me(request)
    question_or_404(row, key)
    do, now = request.POST.get("do"), clock.now()
    if do == "remove":
        questions.remove(edition=row, key=key, by=person, now=now)
    else:
        questions.shift(edition=row, key=key, by=person, now=now, up=do == "up")
    return go(request, "edition", pk)


@require_POST
def from_bank(request: HttpRequest, pk: int) -> HttpResponse:
    """A list of the question bank, as a matrix to be shortened."""
    row, person, name = _draft(request, pk), me(request), request.POST.get("list", "")
    if name not in bank.NAMES:
        raise Refused(_("Choose a list of the question bank."))
    key = questions.add_from_bank(edition=row, name=name, by=person, now=clock.now())
    return go(request, "question", pk, key)


def _draft(request: HttpRequest, pk: int) -> Edition:
    row = edition_or_404(request, pk)
    require(me(request), questionnaires.EDIT, row.questionnaire)
    return row


def _form(
    request: HttpRequest, row: Edition, question: Question, earlier: list[Question]
) -> HttpResponse:
    key, version = question.key, row.version
    form = QuestionForm(request.POST or None, question=question, earlier=earlier, version=version)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: questions.put(
                edition=row,
                key=key,
                fields=form.given(),
                by=me(request),
                now=clock.now(),
                version=form.cleaned_data["version"],
            ),
        )
        if saved is not None:
            return go(request, "edition", row.pk)
    status = 422 if request.method == "POST" else 200
    context = {"edition": row, "form": form, "is_new": not key}
    return page(request, "surveys/question_form.html", context, status=status)
