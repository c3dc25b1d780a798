"""Answers: kept while somebody fills them in, and complete once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import move
from customers.actions import timeline
from organisation.access import require
from organisation.models import Person
from surveys.actions import closed_loop
from surveys.given import Given, Sheet, read
from surveys.models import (
    EDITABLE_FOR,
    Answer,
    Counter,
    Invitation,
    InvitationStatus,
    Question,
    Response,
    Source,
    Survey,
    SurveyStatus,
)

# So many sheets of one device within so long are looked at twice.
BURST, BURST_WITHIN = 3, timedelta(minutes=10)


@dataclass(frozen=True)
class Sender:
    """Who sends a sheet: by an invitation, or at a counter with the session of a browser."""

    via: Invitation | Counter
    session_hash: str = ""
    device_hash: str = ""
    language: str = ""

    @property
    def invitation(self) -> Invitation | None:
        return self.via if isinstance(self.via, Invitation) else None

    @property
    def counter(self) -> Counter | None:
        return self.via if isinstance(self.via, Counter) else None


@transaction.atomic
def save(
    *,
    sender: Sender,
    fields: Any,
    by: Person | None,
    now: datetime,
    source: Source = Source.CUSTOMER,
    is_complete: bool = True,
) -> tuple[Response, Sheet]:
    """Keep what was filled in; `is_complete`: the sheet is sent, and every rule of it holds.

    A sheet on its way keeps what is right so far; not an anonymous one, which could not be found
    again. A complete one may be changed for 12 hours, by the customer.
    `by` None is the customer; a person types in what a customer says (`source`).
    Raises `Refused` with `fields` by the names of the form.
    """
    invitation = _hold(sender.invitation)
    survey = sender.via.survey
    if by is not None:
        require(by, "survey.enter", invitation or survey)
    if survey.is_anonymous and not is_complete:
        raise NotOpen(_("Anonymous answers are kept once they are sent."))
    response = _response(sender, invitation, survey, by=by, source=source, now=now)
    _check_open(survey, invitation, response, by=by, now=now)
    if response.completed_at and not is_complete:
        raise NotOpen(_("Send your changes to keep them."))
    sheet = read(questions_for(survey, invitation), fields)
    wrong = {**sheet.problems, **(sheet.missing if is_complete else {})}
    if is_complete and wrong:
        raise Refused(_("Some answers are missing or not right."), fields=wrong)
    if is_complete and not sheet.answers:
        raise Refused(_("Answer at least one question."))
    _keep(response, sheet.answers)
    if is_complete:
        _complete(response, invitation, by=by, now=now)
    else:
        _advance(invitation, InvitationStatus.PARTIAL)
    return response, sheet


def questions_for(survey: Survey, invitation: Invitation | None) -> list[Question]:
    """What is asked: all of it, or only what is asked again."""
    rows = list(survey.edition.questions.all())
    if invitation is None or invitation.again_id is None:
        return rows
    again = invitation.again
    [question] = [row for row in rows if again and row.pk == again.question_id]
    question.items = [row for row in question.items if again and row["key"] == again.item]
    question.condition = {}
    return [question]


def _hold(invitation: Invitation | None) -> Invitation | None:
    """Of fifty posts at once, one goes first, and the others find what it wrote."""
    if invitation is None:
        return None
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("survey__edition", "again", "customer", "branch").get(
        pk=invitation.pk
    )


def _response(
    sender: Sender,
    invitation: Invitation | None,
    survey: Survey,
    *,
    by: Person | None,
    source: Source,
    now: datetime,
) -> Response:
    """The one that was begun, or a new one."""
    known = _known(sender, invitation, survey)
    if known is not None:
        if by is not None and not known.completed_at:
            _take_over(known, by, source)
        return known
    if survey.is_anonymous and invitation is not None and not invitation.is_open:
        raise NotOpen(_("Thank you, you have answered already."))
    started_at = _day(now) if survey.is_anonymous else now

    about: dict[str, Any] = {}
    if invitation is not None:
        about = {"tier": invitation.tier, "grade": invitation.grade, "stage": invitation.stage}
        if not survey.is_anonymous:
            about |= {
                "invitation": invitation,
                "customer": invitation.customer,
                "complaint": invitation.complaint,
                "is_repeat": invitation.again_id is not None,
            }
    row = Response(
        survey=survey,
        branch=sender.via.branch,
        counter=sender.counter,
        source=source if invitation is not None else Source.INTERCEPT,
        entered_by=by,
        language=sender.language,
        session_hash=sender.session_hash if invitation is None else "",
        device_hash="" if survey.is_anonymous else sender.device_hash,
        suspicion=_suspicion(sender, survey, now),
        started_at=started_at,
        **about,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The same browser sent it twice at once at a counter.
        known = _known(sender, invitation, survey)
        if known is None:
            raise
        return known
    return row


def _take_over(response: Response, by: Person, source: Source) -> None:
    """What the customer began alone is finished on the phone."""
    response.source, response.entered_by = source, by
    response.save(update_fields=["source", "entered_by"])


def _known(sender: Sender, invitation: Invitation | None, survey: Survey) -> Response | None:
    rows = Response.objects.select_for_update(of=("self",)).select_related("branch", "customer")
    if invitation is not None:
        return rows.filter(invitation=invitation).first()
    if not sender.session_hash:
        return None
    return rows.filter(survey=survey, session_hash=sender.session_hash).first()


def _suspicion(sender: Sender, survey: Survey, now: datetime) -> str:
    """Flagged, not refused: a family shares a phone, too."""
    if survey.is_anonymous or not sender.device_hash:
        return ""
    same = Response.objects.filter(
        survey=survey, device_hash=sender.device_hash, started_at__gt=now - BURST_WITHIN
    )
    return "burst" if same.count() + 1 >= BURST else ""


def _check_open(
    survey: Survey,
    invitation: Invitation | None,
    response: Response,
    *,
    by: Person | None,
    now: datetime,
) -> None:
    completed_at = response.completed_at
    if completed_at and (by is not None or now > completed_at + EDITABLE_FOR):
        raise NotOpen(_("Thank you, you have answered already."))
    is_again = invitation is not None and invitation.again_id is not None
    if survey.status != SurveyStatus.OPEN and not is_again:
        raise NotOpen(_("This survey is over. Thank you for your interest."))
    if invitation is None:
        return
    if invitation.status == InvitationStatus.OPTED_OUT:
        raise NotOpen(_("You told us that you do not wish to be asked."))
    if not response.completed_at and now >= invitation.expires_at:
        raise NotOpen(_("This survey is over. Thank you for your interest."))


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


def _complete(
    response: Response, invitation: Invitation | None, *, by: Person | None, now: datetime
) -> None:
    is_first = response.completed_at is None
    moment = _day(now) if response.survey.is_anonymous else now
    stamp = {"completed_at": moment} if is_first else {"changed_at": moment}
    Response.objects.filter(pk=response.pk).update(**stamp)
    for name, value in stamp.items():
        setattr(response, name, value)
    _advance(invitation, InvitationStatus.COMPLETE)
    closed_loop.open_items(response, by=by, now=now)
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


def _advance(invitation: Invitation | None, to: InvitationStatus) -> None:
    """As far as it has come; a sheet that is changed later leaves it where it is."""
    if invitation is None or to not in invitation.MOVES.get(invitation.status, ()):
        return
    stamp = {"next_message_at": None} if to == InvitationStatus.COMPLETE else {}
    move(invitation, to=to, **stamp)


def _day(now: datetime) -> datetime:
    """Anonymous answers know their day, not their hour (F-22)."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
