"""Challenging a result or a verdict for the customer, and answering that (C-22).

The unit that issues the order answers, through somebody whose own work is not in question. Until
then the complaint cannot be closed.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from complaints.actions import handling
from complaints.actions.deadlines import Deadline, meet_deadline, start_deadlines
from complaints.actions.events import log
from complaints.actions.following import speaks_for_customer
from complaints.models import (
    Challenge,
    ChallengeAbout,
    ChallengeOutcome,
    Complaint,
    Note,
    Participant,
    Reply,
    Status,
    Timer,
    TimerKind,
    Verdict,
    verdict_at,
)
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, touch
from organisation import outbox
from organisation.access import can, require
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders

CHALLENGE, ANSWER = "complaint.challenge", "challenge.answer"
OPEN_IN = (
    Status.ASSIGNED,
    Status.HANDLING,
    Status.ANSWERED,
    Status.CALLED_BACK,
    Status.CLOSED,
)
# A clock that was not judged yet, or is not counted at all.
NO_VERDICT = (Verdict.RUNNING, Verdict.VOID)
REOPENED_FROM = (Status.ANSWERED, Status.CALLED_BACK, Status.CLOSED)


@transaction.atomic
def challenge(
    *,
    complaint: Complaint,
    words: str,
    by: Person,
    now: datetime,
    timer: Timer | None = None,
    version: int | None = None,
) -> Challenge:
    """Doubt the verdict of `timer`, one of the complaint's; without one, the last result."""
    if not speaks_for_customer(complaint, by, CHALLENGE):
        require(by, CHALLENGE, complaint)
    _check_open(complaint)
    check_version(complaint, version)
    if not words.strip():
        text = _("Write what is doubted, and why.")
        raise Refused(text, fields={"words": text})
    doubted = _owner_of_verdict(complaint, timer, now) if timer else _giver_of_result(complaint)
    # Under the version: of two at once, one is told to look again.
    touch(complaint, open_challenges=complaint.open_challenges + 1)
    if Challenge.objects.filter(complaint=complaint, timer=timer, answered_at=None).exists():
        raise Refused(_("This is challenged already, and waits for its answer."))
    made = Challenge.objects.create(
        complaint=complaint,
        sequence=(complaint.challenges.aggregate(last=Max("sequence"))["last"] or 0) + 1,
        about=ChallengeAbout.VERDICT if timer else ChallengeAbout.RESULT,
        timer=timer,
        words=words,
        branch=unit_of(complaint),
        doubted=doubted,
        by=by,
        at=now,
    )
    start_deadlines(
        [Deadline(TimerKind.CHALLENGE, made.sequence, made.branch)],
        of=complaint,
        at=now,
        complaint=complaint,
    )
    log(complaint, "challenged", by=by, at=now, challenge=made.pk)
    _tell(made, "challenge_raised", to=holders(made.branch, Role.QUALITY_MANAGER), by=by, now=now)
    return made


@transaction.atomic
def answer(
    *,
    challenge: Challenge,
    outcome: str,
    words: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """It stands, or it is changed; a result that is changed opens the complaint again.

    The verdict of a clock is a fact of its times: it is changed by correcting the receipt or by a
    waiver, which are acts of their own. `version` is the complaint's.
    """
    complaint = challenge.complaint
    require(by, ANSWER, challenge.branch)
    if by.pk in _concerned(challenge):
        raise Forbidden(_("This is about your own work or words. A colleague answers."))
    check_version(complaint, version)
    if challenge.answered_at is not None:
        raise NotOpen(_("This challenge has been answered."))
    if not words.strip():
        text = _("Write the answer.")
        raise Refused(text, fields={"words": text})
    touch(complaint, open_challenges=complaint.open_challenges - 1)
    given = {"outcome": outcome, "answer": words, "answered_by": by, "answered_at": now}
    if not Challenge.objects.filter(pk=challenge.pk, answered_at=None).update(**given):
        raise NotOpen(_("This challenge has been answered."))
    challenge.refresh_from_db()
    meet_deadline(
        complaint,
        TimerKind.CHALLENGE,
        at=now,
        evidence=f"challenge:{challenge.pk}",
        cycle=challenge.sequence,
    )
    log(complaint, "challenge_answered", by=by, at=now, challenge=challenge.pk)
    followers = Participant.objects.filter(complaint=complaint, reason="customer_representative")
    to = [challenge.by, complaint.handler, *(row.person for row in followers)]
    _tell(challenge, "challenge_answered", to=to, by=by, now=now)
    if opens_again(challenge, complaint):
        note = Note.objects.create(complaint=complaint, text=words, by=by, at=now)
        handling.next_cycle(complaint, reason=words, by=by, now=now, note=note.pk)


def opens_again(challenge: Challenge, complaint: Complaint) -> bool:
    """A result that does not stand was none: it has to be given anew."""
    is_changed = challenge.outcome == ChallengeOutcome.CHANGED
    is_result = challenge.about == ChallengeAbout.RESULT
    return is_changed and is_result and complaint.status in REOPENED_FROM


def may_answer(challenge: Challenge, person: Person) -> bool:
    is_own = person.pk in _concerned(challenge)
    return challenge.answered_at is None and not is_own and can(person, ANSWER, challenge.branch)


def _concerned(challenge: Challenge) -> set[int | None]:
    """Who does not answer: whoever raised it, whose work it is, and the handler of the result."""
    concerned = {challenge.by_id, challenge.doubted_id}
    is_result = challenge.about == ChallengeAbout.RESULT
    return concerned | {challenge.complaint.handler_id} if is_result else concerned


def challengeable(complaint: Complaint, *, now: datetime) -> list[Timer]:
    """The clocks of the complaint that have a verdict."""
    rows = Timer.objects.milestones().filter(complaint=complaint).order_by("cycle", "pk")
    judged = rows.annotate(verdict=verdict_at(now)).exclude(verdict__in=NO_VERDICT)
    return list(judged)


def has_result(complaint: Complaint) -> bool:
    return complaint.replies.filter(kind=Reply.Kind.RESULT).exists()


def unit_of(complaint: Complaint) -> Branch:
    """The unit that issues the order; before there is one, where the complaint is."""
    return complaint.issuing_branch or complaint.present_branch


def _check_open(complaint: Complaint) -> None:
    if complaint.status not in OPEN_IN:
        raise NotOpen(
            _("This is not open while the complaint is “%(status)s”.")
            % {"status": complaint.get_status_display()}
        )


def _giver_of_result(complaint: Complaint) -> Person | None:
    reply = complaint.replies.filter(kind=Reply.Kind.RESULT).select_related("by").last()
    if reply is None:
        text = _("There is no result yet that could be challenged.")
        raise Refused(text, fields={"about": text})
    return reply.by


def _owner_of_verdict(complaint: Complaint, timer: Timer, now: datetime) -> Person | None:
    if timer.pk not in {row.pk for row in challengeable(complaint, now=now)}:
        text = _("This clock has no verdict yet that could be challenged.")
        raise Refused(text, fields={"about": text})
    return timer.owner


def _tell(
    challenge: Challenge,
    text: str,
    *,
    to: list[Person | None] | list[Person],
    by: Person,
    now: datetime,
) -> None:
    complaint = challenge.complaint
    outbox.put(
        key=f"challenge:{challenge.pk}:{text}",
        to=to,
        text=text,
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "about": challenge.about,
            "by": by.name,
            "words": challenge.words,
            "outcome": challenge.outcome,
            "answer": challenge.answer,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/challenges/{challenge.pk}/",
        now=now,
        apart_from=by,
    )
