"""The moves on a complaint: one POST, one action, back to the page."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from complaints.actions.guard import check_open
from complaints.forms import choices
from complaints.forms.moves import MoveForm
from complaints.models import Complaint
from complaints.views import complaint as page
from complaints.views import conflicts, phrases
from complaints.views.answers import see
from complaints.views.complaint_steps import form_of
from complaints.views.found import complaint_or_404
from complaints.views.offers import MOVES, Move, is_open, may
from complaints.views.trail import carried, list_url
from csm.kit import clock, htmx
from csm.kit.errors import NotOpen, Stale
from organisation.access import require, visible
from organisation.doors import attempt, me
from organisation.models import Branch

PRIMARY_KEY = re.compile(r"[0-9]{1,18}")


@require_safe
def handlers(request: HttpRequest) -> HttpResponse:
    """The people to choose from at a branch, for the box beside it."""
    require(me(request), "complaint.transfer")
    rows = Branch.objects.active()
    code = request.GET.get("branch", "")
    branch = rows.filter(pk=code).first() if PRIMARY_KEY.fullmatch(code) else None
    found = choices.handler_choices(choices.handlers(branch))
    return htmx.page(request, "complaints/_options.html", {"choices": found})


@require_POST
def move(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Make a move: 303 to the complaint; 422 with its form open when the input will not do.

    403: not this person's. 409: not open in this state, or decided on an older one; then with what
    was typed beside what stands now.
    """
    complaint = complaint_or_404(request, number)
    chosen = MOVES[action]
    if "insert" in request.POST and is_open(chosen, complaint, me(request)):
        return _insert(request, chosen, complaint)
    form = form_of(chosen, complaint, me(request), request.POST, request.FILES)
    if form.is_valid():
        try:
            if attempt(form, lambda: _act(request, chosen, complaint, form)):
                return _after(request, chosen, complaint)
        except (NotOpen, Stale) as refusal:
            return _conflict(request, chosen, form, refusal)
    # Bad input is worth saying only to who may, while it is open.
    if not may(chosen, complaint, me(request)):
        require(me(request), chosen.verb, complaint)
    # As it is stored: a refused act has left its marks on the record that it was given.
    complaint = complaint_or_404(request, number)
    check_open(complaint, action)
    return page.show(request, complaint, refused=(action, form), status=422)


def _act(request: HttpRequest, chosen: Move, complaint: Complaint, form: MoveForm) -> bool:
    chosen.act(complaint=complaint, by=me(request), now=clock.now(), **form.given())
    return True


def _insert(request: HttpRequest, chosen: Move, complaint: Complaint) -> HttpResponse:
    """Without script: the form again, with the canned reply below what was typed."""
    typed = {name: request.POST.get(name, "") for name in chosen.form.base_fields}
    words = phrases.chosen_words(me(request), complaint, request.POST.get("phrase", ""))
    field = chosen.form.words_field
    typed[field] = "\n".join(filter(None, (typed.get(field, ""), words)))
    form = form_of(chosen, complaint, me(request), initial=typed)
    return page.show(request, complaint, refused=(chosen.action, form))


def _conflict(
    request: HttpRequest, chosen: Move, form: MoveForm, refusal: NotOpen | Stale
) -> HttpResponse:
    """What was typed, beside what the complaint says by now."""
    person = me(request)
    fresh = complaint_or_404(request, form.complaint.number)
    standing = chosen.form(complaint=fresh, person=person).standing()
    for name in form.silent:
        if not form.cleaned_data.get(name):
            standing.pop(name, None)
    again = None
    if is_open(chosen, fresh, person):
        data = request.POST.copy()
        data["version"] = str(fresh.version)
        again = form_of(chosen, fresh, person, data)
    return conflicts.show(
        request,
        fresh,
        refusal=refusal,
        form=form,
        standing=standing,
        again=again,
        may_note=is_open(MOVES["note"], fresh, person),
    )


def _after(request: HttpRequest, chosen: Move, complaint: Complaint) -> HttpResponse:
    """To the complaint; to the list when it left the person's sight, as after a transfer."""
    messages.success(request, str(chosen.done))
    if visible(Complaint, me(request)).filter(pk=complaint.pk).exists():
        return see("complaint", complaint.number, query=carried(request))
    return see(list_url(request) or "my-work")
