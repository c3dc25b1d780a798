"""The vote of a customer for the service star, without login (T-11, F-20, B-08).

Mail scanners open every link: a vote is given by sending the page, never by opening it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from complaints.views.answers import see
from csm.kit import clock
from csm.kit.errors import NotOpen, Refused
from customers.actions import customers
from organisation.actions import limits
from organisation.actions.limits import TooOften
from organisation.public import TEN_MINUTES, open_link, public, speak, too_often
from staff.actions import star_ballots as actions
from staff.models import VOTE, StarBallot, StarCandidate, StarStatus
from surveys.actions import opting_out

# In ten minutes on one link.
POSTS = 60
NONE, STOP = "none", "stop"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, token: str) -> HttpResponse:
    """The people at the places where the customer was served, with their stories."""
    link = open_link(request, token, purpose=VOTE, now=clock.now())
    rows = StarBallot.objects.select_related("election__branch", "customer")
    ballot = get_object_or_404(rows, link=link)
    speak(request, ballot.customer.language)
    if ballot.customer.declines_surveys_at is not None:
        return render(request, "public/sheet_stopped.html", {"token": token})
    if request.method == "POST":
        return _sent(request, ballot, token)
    if ballot.voted_at is not None:
        return _page(request, "public/vote_thanks.html", ballot)
    return _shown(request, ballot)


def _shown(
    request: HttpRequest, ballot: StarBallot, problem: str = "", *, status: int = 200
) -> HttpResponse:
    try:
        actions.check_open(ballot, now=clock.now())
    except NotOpen as refusal:
        return _over(request, ballot, refusal)
    given = {
        "candidates": actions.offered(ballot),
        "chosen": request.POST.get("choice", ""),
        "problem": problem,
    }
    return _page(request, "public/vote.html", ballot, status=status, **given)


def _sent(request: HttpRequest, ballot: StarBallot, token: str) -> HttpResponse:
    now = clock.now()
    try:
        limits.spend(f"vote {ballot.pk}", limit=POSTS, seconds=TEN_MINUTES, now=now)
        if request.POST.get("do") == STOP:
            opting_out.decline(customer=ballot.customer, by=None, now=now)
            return render(request, "public/sheet_stopped.html", {"token": token})
        actions.vote(ballot=ballot, choice=_choice(request), now=now)
        customers.speak(customer=ballot.customer, language=get_language() or "")
    except TooOften as refusal:
        return too_often(_shown(request, ballot, refusal.message), refusal)
    except NotOpen as refusal:
        return _over(request, ballot, refusal)
    except Refused as refusal:
        return _shown(request, ballot, refusal.message, status=422)
    return see(VOTE, token)


def _choice(request: HttpRequest) -> int | None:
    """The key of a candidate; 0, which is nobody's, for what is none."""
    text = request.POST.get("choice", "")
    if text == NONE:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _over(request: HttpRequest, ballot: StarBallot, refusal: NotOpen) -> HttpResponse:
    return _page(request, "public/vote_over.html", ballot, status=410, refusal=refusal)


def _page(
    request: HttpRequest, template: str, ballot: StarBallot, *, status: int = 200, **given: object
) -> HttpResponse:
    """Who was elected stands on it as soon as it is published."""
    election = ballot.election
    elected = StarCandidate.objects.select_related("person", "branch")
    context = {
        "election": election,
        "star": elected.filter(election=election, is_elected=True).first()
        if election.status == StarStatus.ELECTED
        else None,
    }
    return render(request, template, context | given, status=status)
