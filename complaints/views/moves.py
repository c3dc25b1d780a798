"""The moves on a complaint: one POST, one action, back to the page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.actions.guard import check_open
from complaints.forms.moves import MoveForm
from complaints.models import Complaint
from complaints.views import complaint as page
from complaints.views.answers import see
from complaints.views.found import complaint_or_404
from complaints.views.offers import MOVES, Move
from csm.kit import clock
from organisation.access import require, visible
from organisation.doors import attempt, me


@require_POST
def move(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Make a move: 303 to the complaint; 422 with its form open when the input will not do.

    403: not this person's. 409: not open in this state, or decided on an older one.
    """
    complaint = complaint_or_404(request, number)
    chosen = MOVES[action]
    form = page.form_of(chosen, complaint, request.POST, request.FILES)
    if form.is_valid() and attempt(form, lambda: _act(request, chosen, complaint, form)):
        return _after(request, chosen, complaint)
    # Bad input is worth saying only to who may, while it is open.
    require(me(request), chosen.verb, complaint)
    check_open(complaint, action)
    return page.show(request, complaint, refused=(action, form), status=422)


def _act(request: HttpRequest, chosen: Move, complaint: Complaint, form: MoveForm) -> bool:
    given: dict[str, Any] = form.cleaned_data
    chosen.act(complaint=complaint, by=me(request), now=clock.now(), **given)
    return True


def _after(request: HttpRequest, chosen: Move, complaint: Complaint) -> HttpResponse:
    """To the complaint; to my work when it left the person's sight, as after a transfer."""
    words = _("%(number)s: %(move)s, done.") % {"number": complaint.number, "move": chosen.label}
    messages.success(request, words)
    if visible(Complaint, me(request)).filter(pk=complaint.pk).exists():
        return see("complaint", complaint.number)
    return see("my-work")
