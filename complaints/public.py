"""The pages of customers: to report (C-01), and to see how far we are (N-03)."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints import progress
from complaints.actions import customer_words, intake, tracking
from complaints.forms.public import AdditionForm, ObjectionForm, PhotoSheet, ReportForm, Sheet
from complaints.models import OPEN_IN, TRACK, Channel, Complaint, PromiseRevision, Status
from complaints.views.answers import SeeOther, see
from csm.kit import clock
from csm.kit.errors import Refused
from organisation.actions import limits, tokens, waiting
from organisation.actions.limits import TooOften
from organisation.doors import attempt
from organisation.public import TEN_MINUTES, network, open_link, public, too_often

# From one network in ten minutes; to one e-mail address in an hour; on one link in ten minutes.
REPORTS, LETTERS, SHEETS = 60, 5, 20
# Sheets with photos that came back, from one network in ten minutes.
WAITING = 20
# Of photos that are kept, from one network in an hour: KB, some hundred sheets with three each.
KILOBYTES = 1024**2
HOUR = 3600


@public
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The empty form; or the complaint, once; or the form again with all that was typed."""
    if request.method != "POST":
        return _form(request, ReportForm())
    form = ReportForm(request.POST, request.FILES)
    try:
        logged = _logged(request, form) if form.is_valid() else None
    except TooOften as refusal:
        form.add_error(None, refusal.message)
        return too_often(_form(request, form), refusal)
    if logged is None:
        _let_wait(request, form)
        return _form(request, form, status=422)
    row = tracking.current(logged, now=clock.now())
    return SeeOther(f"{tokens.path_of(row.link)}?new=1") if row else see("report")


def _logged(request: HttpRequest, form: ReportForm) -> Complaint | None:
    now, given = clock.now(), form.given()
    limits.spend(f"report {network(request)}", limit=REPORTS, seconds=TEN_MINUTES, now=now)
    if email := given["caller"].email:
        limits.spend(f"letters to {email.lower()}", limit=LETTERS, seconds=HOUR, now=now)
    _weigh(request, form, now)
    language = get_language() or ""
    return attempt(
        form,
        lambda: intake.log_complaint(
            by=None, now=now, channel=Channel.WEB, language=language, **given
        ),
    )


def _weigh(request: HttpRequest, form: Sheet, now: datetime) -> None:
    """Nobody fills the disk with photos (ASVS 5.2.4)."""
    if isinstance(form, PhotoSheet) and form.fit:
        size = sum(upload.size or 0 for upload in form.fit) // 1024 + 1
        key = f"photos {network(request)}"
        limits.spend(key, limit=KILOBYTES, seconds=HOUR, now=now, amount=size)


def _form(request: HttpRequest, form: ReportForm, *, status: int = 200) -> HttpResponse:
    promised = list(progress.promised())
    context = {"form": form, "promised": promised, "promises": _promises()}
    return render(request, "public/report.html", context, status=status)


def _let_wait(request: HttpRequest, form: PhotoSheet) -> None:
    """The good photos wait for the sheet to be sent again; where that cannot be, they are named."""
    if not form.fit or form.has_error("submission") or form.has_error("website"):
        return
    now = clock.now()
    try:
        limits.spend(f"waiting {network(request)}", limit=WAITING, seconds=TEN_MINUTES, now=now)
        form.waiting += waiting.keep(form.fit, now=now)
        form.fit = []
    except Refused:
        return


def _promises() -> list[PromiseRevision]:
    return list(PromiseRevision.objects.to_customers(timezone.localdate()))


@public
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    """State, promises and answer, and what the customer may say."""
    return _page(request, _opened(request, token), token)


@public
@require_POST
def add(request: HttpRequest, token: str) -> HttpResponse:
    """Words and photos to it."""
    complaint = _opened(request, token)
    form = AdditionForm(request.POST, request.FILES)

    def act(now: datetime) -> bool:
        data = form.cleaned_data
        customer_words.add(
            complaint=complaint,
            text=data["text"],
            uploads=data["photos"],
            waiting=form.waiting,
            submission=data["submission"],
            now=now,
        )
        return True

    return _said(request, complaint, token, form, act)


@public
@require_POST
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """It is not solved."""
    complaint = _opened(request, token)
    form = ObjectionForm(request.POST)

    def act(now: datetime) -> bool:
        data = form.cleaned_data
        customer_words.object_to(
            complaint=complaint, text=data["text"], submission=data["submission"], now=now
        )
        return True

    return _said(request, complaint, token, form, act)


def _opened(request: HttpRequest, token: str) -> Complaint:
    return tracking.complaint_of(open_link(request, token, purpose=TRACK, now=clock.now()))


def _said(
    request: HttpRequest,
    complaint: Complaint,
    token: str,
    form: AdditionForm | ObjectionForm,
    act: Callable[[datetime], bool],
) -> HttpResponse:
    """Done, and the page again; or the form with what was typed and what is wrong with it."""
    now = clock.now()
    try:
        limits.spend(f"link {complaint.pk}", limit=SHEETS, seconds=TEN_MINUTES, now=now)
        is_valid = form.is_valid()
        if is_valid:
            _weigh(request, form, now)
        done = is_valid and attempt(form, lambda: act(now))
    except TooOften as refusal:
        form.add_error(None, refusal.message)
        return too_often(_page(request, complaint, token, form), refusal)
    if not done:
        if isinstance(form, PhotoSheet):
            _let_wait(request, form)
        return _page(request, complaint, token, form, status=422)
    return see(TRACK, token, query=f"?said={form.said}")


def _page(
    request: HttpRequest,
    complaint: Complaint,
    token: str,
    form: AdditionForm | ObjectionForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page, the refused form in its place with what was typed."""
    now = clock.now()
    has_objected = customer_words.has_objected(complaint)
    is_merged = complaint.status == Status.MERGED
    context = {
        "complaint": complaint,
        "token": token,
        "address": f"{settings.BASE_URL}{tokens.path(TRACK, token)}",
        "state": progress.state_of(complaint),
        "steps": [] if is_merged else progress.steps_of(complaint, now=now),
        "answer": None if is_merged else progress.answer_to(complaint),
        "photos": complaint.attachments.filter(file__uploaded_by=None).count(),
        "messages_said": complaint.customer_messages.all(),
        "has_objected": has_objected,
        "may_reopen": complaint.status in OPEN_IN["reopen"],
        "form": form,
        "addition": form if isinstance(form, AdditionForm) else AdditionForm(),
        "objection": None if has_objected else _objection(form),
        "is_new": "new" in request.GET and not request.GET.get("said"),
        "said": request.GET.get("said", ""),
        "promises": _promises(),
    }
    return render(request, "public/track.html", context, status=status)


def _objection(form: AdditionForm | ObjectionForm | None) -> ObjectionForm:
    return form if isinstance(form, ObjectionForm) else ObjectionForm()
