"""What the page of one notice shows."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import pgettext

from complaints import notice_timeline
from complaints.actions import notice_offers, notices
from complaints.forms.notices import ConsultForm, NoticeForm, OpinionForm
from complaints.models import Notice, NoticeStatus, Opinion, TimerKind
from complaints.notice_units import is_insider as is_insider_of
from complaints.notice_units import known_copies, known_opinions
from csm.kit.htmx import page
from organisation.access import can, visible
from organisation.doors import me
from organisation.models import Person

EVENTS_SHOWN = 30
# So many branches are named at once; the rest unfolds.
NAMED = 20


def notice_or_404(request: HttpRequest, pk: int) -> Notice:
    rows = visible(Notice, me(request)).select_related(
        "issuing_branch", "complaint", "work_order", "corrects",
        "created_by", "published_by", "withdrawn_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def show(
    request: HttpRequest,
    notice: Notice,
    *,
    now: datetime,
    refused: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The document, with the forms of what is open to the person; a refused one stays as typed."""
    person = me(request)
    acts = notice_offers.open_to(notice, person, now=now)
    is_insider = is_insider_of(notice, person)
    named = list(notice.addressees.all())
    awaited = list(notices.awaited(notice, now)) if "publish" in acts else []
    context = {
        "notice": notice,
        "acts": acts,
        "is_insider": is_insider,
        "named": named[:NAMED],
        "more_named": named[NAMED:],
        "due_at": _due_at(notice),
        "opinions": list(known_opinions(notice, person)),
        "opinion_forms": _opinion_forms(notice, person, acts, refused, now),
        "awaited": awaited,
        "can_publish": "publish" in acts and bool(named) and not awaited,
        "own_units": _own_units(notice, person) if "acknowledge" in acts else "",
        "copies": list(known_copies(notice, person)) if is_insider else [],
        "corrections": list(visible(Notice, person).filter(corrects=notice).order_by("pk")),
        "may_propose": can(person, "assessment.propose"),
        "now": now,
        "form": refused,
        "lost_words": _lost_words(acts, refused),
        **_writing(notice, acts, refused),
        **_events(request, notice, is_insider=is_insider),
    }
    return page(request, "complaints/notice.html", context, status=status)


def _writing(notice: Notice, acts: list[str], refused: forms.Form | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "save" in acts:
        is_refused = isinstance(refused, NoticeForm)
        found["notice_form"] = refused if is_refused else NoticeForm(notice=notice)
    if "consult" in acts:
        is_refused = isinstance(refused, ConsultForm)
        found["consult_form"] = refused if is_refused else ConsultForm(notice=notice)
    return found


def _opinion_forms(
    notice: Notice, person: Person, acts: list[str], refused: forms.Form | None, now: datetime
) -> list[tuple[Opinion, OpinionForm]]:
    if "opinion" not in acts:
        return []
    awaited = notice_offers.opinions_of(notice, person, now=now)
    return [(each, _opinion_form(each, refused)) for each in awaited]


def _opinion_form(opinion: Opinion, refused: forms.Form | None) -> OpinionForm:
    is_this = isinstance(refused, OpinionForm) and refused["branch"].value() == str(
        opinion.branch_id
    )
    return refused if is_this and isinstance(refused, OpinionForm) else OpinionForm.of(opinion)


def _own_units(notice: Notice, person: Person) -> str:
    """For which units the person acknowledges it."""
    names = [copy.branch.label for copy in notice_offers.copies_of(notice, person)]
    return pgettext("between names", ", ").join(names)


def _lost_words(acts: list[str], refused: forms.Form | None) -> str:
    """What no form shows: words for an act that is not open any more, the reason of another."""
    if refused is None:
        return ""
    is_gone = isinstance(refused, OpinionForm) and "opinion" not in acts
    is_gone |= isinstance(refused, NoticeForm) and "save" not in acts
    return str(refused.data.get("text" if is_gone else "reason", ""))


def _due_at(notice: Notice) -> datetime | None:
    """Until when the branches are to acknowledge it."""
    if notice.status != NoticeStatus.PUBLISHED:
        return None
    timers = notice.timers.filter(kind=TimerKind.ACKNOWLEDGEMENT)
    return timers.values_list("due_at", flat=True).first()


def _events(request: HttpRequest, notice: Notice, *, is_insider: bool) -> dict[str, Any]:
    events = notice_timeline.events_of(notice, is_insider=is_insider)
    total = events.count()
    most = total if request.GET.get("events") == "all" else EVENTS_SHOWN
    return {
        "entries": notice_timeline.entries(events[:most]),
        "more_events": total if total > most else 0,
    }
