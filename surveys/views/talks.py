"""Notes of a talk, typed in without an invitation being drawn (S-01, S-06)."""

import secrets
from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock
from csm.kit.errors import NotOpen, Refused
from csm.kit.htmx import go, page
from organisation.access import branches, require
from organisation.doors import attempt, me
from surveys import sheets
from surveys.actions import answering, talks
from surveys.actions.answering import Further, Sender, Talk
from surveys.forms.talks import TalkForm
from surveys.given import read
from surveys.models import Method, Source
from surveys.views.survey import survey_or_404

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """With whom it was; then the questions."""
    survey, person = survey_or_404(request, pk), me(request)
    require(person, talks.ENTER)
    talks.check_open(survey)
    data = request.POST if request.method == "POST" else None
    form = TalkForm(data, survey=survey, person=person)
    if form.is_valid():
        customer, now = form.cleaned_data["customer"], clock.now()
        if customer is None:
            return go(request, "survey-group", pk, form.cleaned_data["branch"].pk)
        made = attempt(
            form,
            lambda: talks.invite(survey=survey, customer=customer, by=person, now=now),
        )
        if made is not None:
            return go(request, "survey-enter", made.pk)
    status = 422 if request.method == "POST" else 200
    return page(request, "surveys/talk.html", {"survey": survey, "form": form}, status=status)


@GET_POST
def group(request: HttpRequest, pk: int, branch_pk: int) -> HttpResponse:
    """The sheet of a focus group, which names no customer; the same sheet twice is kept once."""
    survey, person = survey_or_404(request, pk), me(request)
    require(person, talks.ENTER)
    talks.check_open(survey)
    if survey.method != Method.GROUP:
        raise Http404
    rows = branches(person, talks.ENTER).filter(path__startswith=survey.branch.path)
    branch = get_object_or_404(rows, pk=branch_pk)
    if request.method != "POST":
        return _show(request, Sender(Talk(survey, branch), secrets.token_hex(32)), {})
    fields = {name: request.POST.getlist(name) for name in request.POST}
    sender = Sender(Talk(survey, branch), request.POST.get("sheet", "")[:64])
    try:
        answering.save(sender=sender, fields=fields, by=person, now=clock.now(), source=Source.NOTE)
    except NotOpen:
        raise
    except Further as more:
        return _show(request, sender, fields, further=more.keys)
    except Refused as refusal:
        problems = dict(refusal.fields) or {"": refusal.message}
        return _show(request, sender, fields, problems, status=422)
    messages.success(request, _("The answers are kept, as typed in by you."))
    return redirect("survey", survey.pk)


def _show(
    request: HttpRequest,
    sender: Sender,
    fields: Mapping[str, Sequence[str]],
    problems: Mapping[str, str] | None = None,
    *,
    further: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    asked = read(answering.questions_for(sender), fields).asked
    context = {
        "survey": sender.via.survey,
        "branch": sender.via.branch,
        "sheet": sender.session_hash,
        "further": further,
        **sheets.shown_with(asked, fields, problems),
    }
    return page(request, "surveys/group.html", context, status=status)
