"""Surveys by phone: whom to call next, and what came of a call (S-01)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation.access import require
from organisation.actions import access_records
from organisation.models import Person
from surveys.actions import opting_out
from surveys.frames import CALLED
from surveys.models import (
    Call,
    CallOutcome,
    Invitation,
    InvitationStatus,
    SurveyStatus,
)

ENTER = "survey.enter"
NEXT_TRY = timedelta(hours=3)


@transaction.atomic
def record(
    *,
    invitation: Invitation,
    outcome: str,
    by: Person,
    now: datetime,
    next_at: datetime | None = None,
    never_again: bool = False,
    version: int | None = None,
) -> Call:
    """Write a try down. Who is not reached is called again, as often as the survey reminds.

    Who was reached and has no time now is called again at `next_at`. Whoever declines is not called
    any more; `never_again`: nor asked by any other survey.
    """
    require(by, ENTER, invitation)
    check_open(invitation)
    check_version(invitation, version)
    if next_at is not None and next_at <= now:
        words = _("Choose a time that is still to come.")
        raise Refused.at("next_at", words)
    if outcome == CallOutcome.DECLINES:
        next_at = None
    elif outcome == CallOutcome.NO_REPLY:
        next_at = _next_try(invitation, next_at, now)
    call = Call.objects.create(
        invitation=invitation, at=now, by=by, outcome=outcome, next_at=next_at
    )
    _go_on(invitation, call, now)
    if never_again and outcome == CallOutcome.DECLINES:
        opting_out.decline(customer=invitation.customer, by=None, now=now)
    return call


def check_open(invitation: Invitation) -> None:
    survey = invitation.survey
    if survey.method not in CALLED:
        raise NotOpen(_("Nobody is called for this survey."))
    if survey.status != SurveyStatus.OPEN or not invitation.is_open:
        raise NotOpen(_("This customer is not to be called any more."))


def _next_try(invitation: Invitation, wished: datetime | None, now: datetime) -> datetime | None:
    """None once it was tried often enough, or the time to answer ends before."""
    tries = invitation.tries.filter(outcome=CallOutcome.NO_REPLY).count() + 1
    if tries > invitation.survey.remind_at_most:
        return None
    at = wished or now + NEXT_TRY
    return at if at < invitation.expires_at else None


def _go_on(invitation: Invitation, call: Call, now: datetime) -> None:
    """A call invites: the first one counts as sent. Who is reached is asked at once, or later."""
    if call.outcome == CallOutcome.DECLINES:
        move(
            invitation,
            to=InvitationStatus.OPTED_OUT,
            call_at=None,
            sent_at=invitation.sent_at or now,
        )
        return
    stamp = {"call_at": call.next_at, "sent_at": invitation.sent_at or now}
    if invitation.status == InvitationStatus.WAITING:
        move(invitation, to=InvitationStatus.SENT, **stamp)
    else:
        touch(invitation, **stamp)


@transaction.atomic
def reveal(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """The whole number is shown to whoever calls; who looked stays on record (B-25)."""
    require(by, ENTER, invitation)
    check_open(invitation)
    access_records.write(by=by, what="phone", reference=f"survey:{invitation.pk}", now=now)
