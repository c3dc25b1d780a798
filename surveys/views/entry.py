"""Answers that somebody types in: on the phone, or from the notes of a talk (S-01)."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.models import DissatisfiedItem
from csm.kit import clock
from csm.kit.errors import NotOpen, Refused
from csm.kit.htmx import page
from organisation.access import require, visible_or_404
from organisation.doors import me
from surveys import changes, sheets
from surveys.actions import answering
from surveys.actions.answering import Further, Sender
from surveys.given import read
from surveys.models import Answer, Invitation
from surveys.views.calls import invitation_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet, filled in for a customer; those of an order that was put right, too."""
    found, person, now = invitation_or_404(request, pk), me(request), clock.now()
    require(person, "survey.enter", found)
    sender = Sender(found)
    answering.check_open(sender, answering.known(sender), by=person, now=now)
    if request.method != "POST":
        return _show(request, found, sheets.fields_of(answering.known(sender)))
    fields = {name: request.POST.getlist(name) for name in request.POST}
    source = answering.source_of(found.survey)
    try:
        answering.save(sender=sender, fields=fields, by=person, now=now, source=source)
    except NotOpen:
        raise
    except Further as more:
        return _show(request, found, fields, further=more.keys)
    except Refused as refusal:
        problems = dict(refusal.fields) or {"": refusal.message}
        return _show(request, found, fields, problems, status=422)
    messages.success(request, _("The answers are kept, as typed in by you."))
    return redirect("survey-calls", found.survey_id)


def _show(
    request: HttpRequest,
    found: Invitation,
    fields: Mapping[str, Sequence[str]],
    problems: Mapping[str, str] | None = None,
    *,
    further: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    asked = read(answering.questions_for(Sender(found)), fields).asked
    context = {
        "invitation": found,
        "survey": found.survey,
        "further": further,
        **sheets.shown_with(asked, fields, problems),
    }
    return page(request, "surveys/entry.html", context, status=status)


@require_safe
def item_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the customer answered, and answered again; the item's page loads it in place."""
    item = visible_or_404(DissatisfiedItem, me(request), pk=pk)
    rows = Answer.objects.select_related("question", "response__survey", "asked_again__response")
    answer = rows.filter(dissatisfied_item=item).first()
    change = changes.change_of(answer) if answer else None
    context = {"item": item, "answer": answer, "change": change}
    return page(request, "surveys/item_answer.html", context, part="answer")
