"""The pages of a survey without login (S-03, S-04): an invitation's, and a counter's.

Mail scanners open every link: what is asked for is only looked at, and kept when it is sent.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from complaints.views.answers import see
from csm.kit import clock
from csm.kit.errors import NotOpen, Refused
from organisation.actions import limits
from organisation.actions.limits import TooOften
from organisation.public import TEN_MINUTES, network, open_link, public, speak, too_often
from surveys import sheets
from surveys.actions import answering, opting_out
from surveys.actions.answering import Further, Sender
from surveys.given import read
from surveys.models import (
    COUNTER,
    EDITABLE_FOR,
    SHEET,
    Counter,
    Invitation,
    InvitationStatus,
    Response,
)

# In ten minutes: on one link, and at one counter from one network, where many share a Wi-Fi.
SHEETS, COUNTER_SHEETS = 120, 300
COOKIE = "sheet"


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """The questions of an invitation; with what was answered so far."""
    now = clock.now()
    link = open_link(request, token, purpose=SHEET, now=now)
    rows = Invitation.objects.select_related("survey__edition", "customer", "response")
    invitation = get_object_or_404(rows, link=link)
    speak(request, invitation.customer.language)
    sender = Sender(invitation, device_hash=_device(request), language=get_language() or "")
    if invitation.status == InvitationStatus.OPTED_OUT:
        return render(request, "public/sheet_stopped.html", {"token": token})
    begun = getattr(invitation, "response", None)
    return _page(request, sender, token, begun, now)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest, token: str) -> HttpResponse:
    """The questions of a QR code; a browser answers once."""
    now = clock.now()
    link = open_link(request, token, purpose=COUNTER, now=now)
    rows = Counter.objects.select_related("survey__edition", "branch")
    session = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)
    sender = Sender(
        get_object_or_404(rows, link=link),
        session_hash=_hash("session", session),
        device_hash=_device(request),
        language=get_language() or "",
    )
    response = _page(request, sender, token, answering.known(sender), now)
    if request.method == "POST":
        response.set_cookie(
            COOKIE,
            session,
            max_age=30 * 86400,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No surveys any more: asked first, for scanners open this link as well (S-18)."""
    now = clock.now()
    link = open_link(request, token, purpose=SHEET, now=now)
    invitation = get_object_or_404(Invitation.objects.select_related("customer"), link=link)
    speak(request, invitation.customer.language)
    if request.method != "POST":
        return render(request, "public/sheet_stop.html", {"token": token})
    opting_out.decline(customer=invitation.customer, by=None, now=now)
    return render(request, "public/sheet_stopped.html", {"token": token})


def _page(
    request: HttpRequest, sender: Sender, token: str, known: Response | None, now: datetime
) -> HttpResponse:
    """`known`: the sheet that was begun or sent, if any."""
    try:
        answering.check_open(sender, known, by=None, now=now)
    except NotOpen as refusal:
        return render(request, "public/sheet_over.html", {"refusal": refusal}, status=410)
    if request.method == "POST":
        return _sent(request, sender, token, known, now)
    if known and known.completed_at and "change" not in request.GET:
        return _thanks(request, sender, known, token)
    return _form(request, sender, token, known, sheets.fields_of(known))


def _sent(
    request: HttpRequest, sender: Sender, token: str, known: Response | None, now: datetime
) -> HttpResponse:
    fields = {name: request.POST.getlist(name) for name in request.POST}
    try:
        _limit(request, sender, now)
        if request.POST.get("do") == "open":
            answering.opened(sender=sender, now=now)
            return HttpResponse(status=204)
        if request.POST.get("do") == "keep":
            answering.save(sender=sender, fields=fields, by=None, now=now, is_complete=False)
            if "X-Keeps" in request.headers:
                return HttpResponse(status=204)
            return see(_purpose(sender), token, query="?kept=1")
        answering.save(sender=sender, fields=fields, by=None, now=now)
    except Further as more:
        return _form(request, sender, token, known, fields, further=more.keys)
    except TooOften as refusal:
        page = _form(request, sender, token, known, fields, {"": refusal.message})
        return too_often(page, refusal)
    except NotOpen as refusal:
        return render(request, "public/sheet_over.html", {"refusal": refusal}, status=410)
    except Refused as refusal:
        problems = dict(refusal.fields) or {"": refusal.message}
        return _form(request, sender, token, known, fields, problems, status=422)
    return see(_purpose(sender), token)


def _form(
    request: HttpRequest,
    sender: Sender,
    token: str,
    known: Response | None,
    fields: Mapping[str, Sequence[str]],
    problems: Mapping[str, str] | None = None,
    *,
    further: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    questions = read(answering.questions_for(sender), fields).asked
    survey, invitation = sender.via.survey, sender.invitation
    is_change = known is not None and known.completed_at is not None
    context = {
        "survey": survey,
        "edition": survey.edition,
        **sheets.shown_with(questions, fields, problems),
        "further": further,
        "token": token,
        "purpose": _purpose(sender),
        "is_kept": "kept" in request.GET,
        "is_change": is_change,
        "may_stop": invitation is not None and not survey.is_anonymous,
        "may_keep": not survey.is_anonymous and not is_change,
        "may_open": bool(invitation and not invitation.opened_at and not survey.is_anonymous),
        "is_again": bool(invitation and invitation.again_id),
    }
    return render(request, "public/sheet.html", context, status=status)


def _thanks(request: HttpRequest, sender: Sender, known: Response, token: str) -> HttpResponse:
    context = {
        "survey": sender.via.survey,
        "edition": sender.via.survey.edition,
        "until": known.completed_at and known.completed_at + EDITABLE_FOR,
        "token": token,
        "purpose": _purpose(sender),
        "may_stop": sender.invitation is not None,
    }
    return render(request, "public/sheet_thanks.html", context)


def _purpose(sender: Sender) -> str:
    return SHEET if sender.invitation else COUNTER


def _limit(request: HttpRequest, sender: Sender, now: datetime) -> None:
    if sender.counter:
        key, limit = f"counter {sender.counter.pk} {network(request)}", COUNTER_SHEETS
    else:
        key, limit = f"sheet {sender.invitation and sender.invitation.pk}", SHEETS
    limits.spend(key, limit=limit, seconds=TEN_MINUTES, now=now)


def _device(request: HttpRequest) -> str:
    """The same for one browser of one network; nobody can tell from it which."""
    return _hash("device", f"{network(request)} {request.headers.get('User-Agent', '')}")


def _hash(kind: str, value: str) -> str:
    return salted_hmac(f"surveys.{kind}", value, algorithm="sha256").hexdigest()
