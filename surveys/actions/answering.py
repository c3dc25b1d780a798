"""Answers: kept while somebody fills them in, and complete once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import move
from customers.actions import customers, timeline
from organisation import letters
from organisation.access import require
from organisation.models import Branch, Person
from surveys.actions import closed_loop, facts
from surveys.given import Fields, Given, Sheet, read
from surveys.models import (
    EDITABLE_FOR,
    SILENT,
    Answer,
    Counter,
    Invitation,
    InvitationStatus,
    Method,
    Question,
    Response,
    Source,
    Survey,
    SurveyStatus,
)

# By which way of asking an answer comes that staff type in.
SOURCES = {Method.INTERVIEW: Source.NOTE, Method.GROUP: Source.NOTE}
# So many sheets of one device within so long are looked at twice.
BURST, BURST_WITHIN = 3, timedelta(minutes=10)


@dataclass(frozen=True)
class Talk:
    """A focus group: customers of a branch who sat together, none of them named."""

    survey: Survey
    branch: Branch


@dataclass(frozen=True)
class Sender:
    """Who sends a sheet: by an invitation, at a counter with the session of a browser, or staff
    after a talk; `session_hash` is then that of the one sheet."""

    via: Invitation | Counter | Talk
    session_hash: str = ""
    device_hash: str = ""
    language: str = ""

    @property
    def invitation(self) -> Invitation | None:
        return self.via if isinstance(self.via, Invitation) else None

    @property
    def counter(self) -> Counter | None:
        return self.via if isinstance(self.via, Counter) else None


class Further(Refused):
    """More is to be asked before the sheet can be sent: the questions of `keys`."""

    code = "further"

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(_("Something follows from your answers."))
        self.keys = keys


@transaction.atomic
def save(
    *,
    sender: Sender,
    fields: Fields,
    by: Person | None,
    now: datetime,
    source: Source = Source.CUSTOMER,
    is_complete: bool = True,
) -> tuple[Response, Sheet]:
    """Keep what was filled in; `is_complete`: the sheet is sent, and every rule of it holds.

    A sheet on its way keeps what is right so far; not an anonymous one, which could not be found
    again. A complete one may be changed for 12 hours, by the customer.
    `by` None is the customer; a person types in what a customer says (`source`).
    Raises `Refused` with `fields` by the names of the form, `Further` for a page (`asked` names its
    questions) that lacks questions.
    """
    sender = _held(sender)
    survey = sender.via.survey
    if by is not None:
        require(by, "survey.enter", sender.via.branch)
    found = known(sender)
    check_open(sender, found, by=by, now=now)
    if not is_complete:
        _check_keeping(survey, found)
    sheet = _read(sender, fields, is_complete=is_complete)
    response = found or _begin(sender, by=by, source=source, now=now)
    if found and by is not None:
        _take_over(found, by, source)
    if by is None and response.customer:
        customers.speak(customer=response.customer, language=sender.language)
    _keep(response, sheet.answers)
    if is_complete:
        _complete(response, sender.invitation, now=now)
    else:
        _advance(sender.invitation, InvitationStatus.PARTIAL, now=now)
    return response, sheet


@transaction.atomic
def opened(*, sender: Sender, now: datetime) -> None:
    """The customer does something on the page; who only looks, as mail scanners do, is not told."""
    sender = _held(sender)
    check_open(sender, known(sender), by=None, now=now)
    if sender.invitation and not sender.via.survey.is_anonymous:
        _advance(sender.invitation, InvitationStatus.OPENED, now=now)


def known(sender: Sender) -> Response | None:
    """The sheet that was begun or sent; none of an anonymous survey by invitation."""
    rows = Response.objects.select_related("branch", "customer", "survey")
    if sender.invitation:
        return rows.filter(invitation=sender.invitation).first()
    if not sender.session_hash:
        return None
    # At whichever counter: a browser answers a survey once.
    return rows.filter(survey=sender.via.survey, session_hash=sender.session_hash).first()


def check_open(sender: Sender, found: Response | None, *, by: Person | None, now: datetime) -> None:
    """Refuse what cannot be answered, or changed, any more."""
    survey, invitation = sender.via.survey, sender.invitation
    completed_at = found and found.completed_at
    if completed_at and (by is not None or now > completed_at + EDITABLE_FOR):
        raise NotOpen(_("Thank you, you have answered already."))
    is_again = invitation is not None and invitation.again_id is not None
    if survey.status != SurveyStatus.OPEN and not is_again:
        raise NotOpen(_("This survey is over. Thank you for your interest."))
    if invitation is None or completed_at:
        return
    if invitation.status == InvitationStatus.OPTED_OUT:
        raise NotOpen(_("You told us that you do not wish to be asked."))
    if invitation.status == InvitationStatus.COMPLETE:
        raise NotOpen(_("Thank you, you have answered already."))
    if now >= invitation.expires_at:
        raise NotOpen(_("This survey is over. Thank you for your interest."))


def source_of(survey: Survey) -> Source:
    """Of what staff type in: notes of a talk, else what was said on the phone."""
    return SOURCES.get(Method(survey.method), Source.PHONE)


def questions_for(sender: Sender) -> list[Question]:
    """What is asked: all of it, or only what is asked again."""
    rows = list(sender.via.survey.edition.questions.all())
    again = sender.invitation and sender.invitation.again
    if not again:
        return rows
    [question] = [row for row in rows if row.pk == again.question_id]
    question.items = [row for row in question.items if row["key"] == again.item]
    question.condition = {}
    return [question]


def _read(sender: Sender, fields: Fields, *, is_complete: bool) -> Sheet:
    """What was filled in; of a page, what follows from it and was not there is asked first."""
    sheet = read(questions_for(sender), fields)
    if not is_complete:
        return sheet
    on_page = fields.get("asked")
    keys = [row.key for row in sheet.asked if on_page is not None and row.key not in on_page]
    if keys:
        raise Further(keys)
    if wrong := {**sheet.missing, **sheet.problems}:
        raise Refused(_("Some answers are missing or not right."), fields=wrong)
    if not sheet.answers:
        raise Refused(_("Answer at least one question."))
    return sheet


def _held(sender: Sender) -> Sender:
    """Of fifty posts at once, one goes first, and the others find what it wrote."""
    if sender.invitation:
        rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
        beside = ("survey__edition", "again", "customer", "branch")
        return replace(sender, via=rows.select_related(*beside).get(pk=sender.invitation.pk))
    with connection.cursor() as cursor:
        cursor.execute(ONE_BROWSER, {"session": sender.session_hash})
    return sender


# Two sheets of one browser at a counter wait for each other; those of others do not.
ONE_BROWSER = "SELECT pg_advisory_xact_lock(hashtextextended(%(session)s, 0))"


def _check_keeping(survey: Survey, found: Response | None) -> None:
    if survey.is_anonymous:
        raise NotOpen(_("Anonymous answers are kept once they are sent."))
    if found and found.completed_at:
        raise NotOpen(_("Send your changes to keep them."))


def _begin(sender: Sender, *, by: Person | None, source: Source, now: datetime) -> Response:
    """A new sheet; of an anonymous survey without a name, and of the day (F-22)."""
    survey, invitation = sender.via.survey, sender.invitation
    fields: dict[str, Any] = {}
    if invitation is not None:
        fields = {"tier": invitation.tier, "grade": invitation.grade, "stage": invitation.stage}
    if invitation is not None and not survey.is_anonymous:
        fields |= {
            "invitation": invitation,
            "customer": invitation.customer,
            "complaint": invitation.complaint,
            "is_repeat": invitation.again_id is not None,
        }
    if not survey.is_anonymous:
        fields |= {"device_hash": sender.device_hash, "suspicion": _suspicion(sender, now)}
    return Response.objects.create(
        survey=survey,
        branch=sender.via.branch,
        counter=sender.counter,
        source=source if invitation or by else Source.INTERCEPT,
        entered_by=by,
        language=sender.language,
        session_hash="" if invitation else sender.session_hash,
        started_at=_day(now) if survey.is_anonymous else now,
        **fields,
    )


def _take_over(response: Response, by: Person, source: Source) -> None:
    """What the customer began alone is finished on the phone."""
    response.source, response.entered_by = source, by
    response.save(update_fields=["source", "entered_by"])


def _suspicion(sender: Sender, now: datetime) -> str:
    """Flagged, not refused: a family shares a phone, too."""
    if not sender.device_hash:
        return ""
    same = Response.objects.filter(
        survey=sender.via.survey,
        device_hash=sender.device_hash,
        started_at__gt=now - BURST_WITHIN,
    )
    return "burst" if same.count() + 1 >= BURST else ""


def _keep(response: Response, answers: Sequence[Given]) -> None:
    """Exactly these answers from now on; one that became work keeps its row."""
    rows = [
        Answer(
            response=response,
            question=given.question,
            item=given.item,
            value=given.value,
            choices=list(given.choices),
            text=given.text,
            importance=given.importance,
            expectation=given.expectation,
            competitor=given.competitor,
        )
        for given in answers
    ]
    kept = {(row.question_id, row.item) for row in rows}
    gone = [row.pk for row in response.answers.all() if (row.question_id, row.item) not in kept]
    response.answers.filter(pk__in=gone, dissatisfied_item__isnull=True).delete()
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["response", "question", "item"],
        update_fields=["value", "choices", "text", "importance", "expectation", "competitor"],
    )


def _complete(response: Response, invitation: Invitation | None, *, now: datetime) -> None:
    is_first = response.completed_at is None
    moment = _day(now) if response.survey.is_anonymous else now
    stamp = {"completed_at": moment} if is_first else {"changed_at": moment}
    Response.objects.filter(pk=response.pk).update(**stamp)
    for name, value in stamp.items():
        setattr(response, name, value)
    _advance(invitation, InvitationStatus.COMPLETE, now=now)
    closed_loop.open_items(response, now=now)
    facts.refresh([response.customer_id], now=now)
    if is_first:
        timeline.record(
            customer=response.customer,
            at=now,
            kind="survey_answered",
            title=response.survey.name,
            branch=response.branch,
            url_name="survey-response",
            reference=str(response.pk),
        )


def _advance(invitation: Invitation | None, to: InvitationStatus, *, now: datetime) -> None:
    """As far as it has come; a sheet that is changed later leaves it where it is."""
    if invitation is None or to not in invitation.MOVES.get(invitation.status, ()):
        return
    fields: dict[str, Any] = dict(SILENT) if to == InvitationStatus.COMPLETE else {}
    if not invitation.survey.is_anonymous:
        fields["opened_at"] = invitation.opened_at or now
    move(invitation, to=to, **fields)
    if to == InvitationStatus.COMPLETE:
        letters.take_back([invitation.link_id])


def _day(now: datetime) -> datetime:
    """Anonymous answers know their day, not their hour (F-22)."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
