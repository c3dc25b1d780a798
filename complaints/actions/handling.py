"""Apologising, giving the result, reopening, closing (C-06 … C-08, C-30)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.actions import facts, judging, pauses, timers, tracking
from complaints.actions.events import log
from complaints.actions.guard import check_moment, check_open
from complaints.actions.hand_overs import take_on
from complaints.models import (
    UNFINISHED,
    Complaint,
    Milestone,
    Note,
    Reply,
    Status,
    Timer,
    TimerState,
)
from csm.kit.errors import Refused
from csm.kit.transitions import check_version, move, touch
from organisation import outbox
from organisation.access import can, require
from organisation.models import Importance, Person, Role
from organisation.roles import holders


@transaction.atomic
def apologise(
    *,
    complaint: Complaint,
    channel: str,
    words: str,
    by: Person,
    now: datetime,
    at: datetime | None = None,
    version: int | None = None,
) -> None:
    """A person spoke to the customer: stops the 1 h clock at `at`, and reports the event (C-07)."""
    require(by, "complaint.apologise", complaint)
    check_open(complaint, "apologise")
    check_version(complaint, version)
    at = at or now
    check_moment(complaint, at, now)
    _check_words(words)
    # The front desk apologises without taking it on: the responsible branch has still to.
    if complaint.status == Status.ASSIGNED and can(by, "complaint.accept", complaint.branch):
        take_on(complaint, by=by, now=now)
    touch(complaint, apologised_at=at)
    reply = Reply.objects.create(
        complaint=complaint,
        kind=Reply.Kind.APOLOGY,
        cycle=complaint.cycle,
        channel=channel,
        at=at,
        words=words,
        by=by,
        logged_at=now,
    )
    timers.meet(complaint, Milestone.APOLOGY, at=at, evidence=f"reply:{reply.pk}")
    log(complaint, "apologised", by=by, at=now, reply=reply.pk)
    outbox.put(
        key=f"complaint:{complaint.pk}:event-report",
        to=holders(
            complaint.present_branch,
            Role.QUALITY_SPECIALIST,
            Role.SERVICE_DIRECTOR,
            Role.GENERAL_MANAGER,
        ),
        text="event_report",
        context=_context(complaint, by) | {"words": words},
        path=f"/complaints/{complaint.number}/",
        now=now,
        apart_from=by,
    )


@transaction.atomic
def answer(
    *,
    complaint: Complaint,
    channel: str,
    result: str,
    by: Person,
    now: datetime,
    at: datetime | None = None,
    is_customer_satisfied: bool | None = None,
    version: int | None = None,
) -> None:
    """The customer was given the result: stops the 24 h clock at `at`."""
    require(by, "complaint.answer", complaint)
    check_open(complaint, "answer")
    check_version(complaint, version)
    at = at or now
    check_moment(complaint, at, now, kind=Milestone.RESULT)
    _check_words(result, field="result")
    if complaint.status == Status.ASSIGNED:
        take_on(complaint, by=by, now=now)
    move(complaint, to=Status.ANSWERED, answered_at=at)
    reply = Reply.objects.create(
        complaint=complaint,
        kind=Reply.Kind.RESULT,
        cycle=complaint.cycle,
        channel=channel,
        at=at,
        words=result,
        by=by,
        logged_at=now,
        is_customer_satisfied=is_customer_satisfied,
    )
    timers.meet(complaint, Milestone.RESULT, at=at, evidence=f"reply:{reply.pk}")
    # Whoever was given the result is not waited for any more.
    pauses.end(complaint, at=at, by=by, now=now)
    log(complaint, "answered", by=by, at=now, reply=reply.pk)
    tracking.tell_result(reply, now=now)
    for duplicate in complaint.merged_from.all():
        log(duplicate, "answered_with", by=by, at=now, into=complaint.pk)
    pass_waived_callback(complaint)


def pass_waived_callback(complaint: Complaint) -> None:
    """An answered complaint whose callback is waived has nothing more to wait for."""
    waived = Timer.objects.filter(
        complaint=complaint,
        kind=Milestone.CALLBACK,
        cycle=complaint.cycle,
        state=TimerState.WAIVED,
    )
    if complaint.status == Status.ANSWERED and waived.exists():
        move(complaint, to=Status.CALLED_BACK)


@transaction.atomic
def reopen(
    *,
    complaint: Complaint,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Begin the next cycle on a person's word."""
    require(by, "complaint.reopen", complaint)
    check_open(complaint, "reopen")
    check_version(complaint, version)
    if not reason.strip():
        raise Refused(_("Say why it is opened again."), fields={"reason": _("Enter the reason.")})
    note = Note.objects.create(complaint=complaint, text=reason, by=by, at=now)
    next_cycle(complaint, reason=reason, by=by, now=now, note=note.pk)


def next_cycle(
    complaint: Complaint, *, reason: str, by: Person | None, now: datetime, **evidence: object
) -> None:
    """Back to handling: result, order and callback are counted anew from `now` (rule 5).

    The verdicts of the old cycle stay; what still ran there goes on being counted but wakes nobody.
    The submitted order goes back for rework. `evidence` names the row that holds the reason, as in
    `note=17`.
    """
    move(
        complaint,
        to=Status.HANDLING,
        cycle=complaint.cycle + 1,
        answered_at=None,
        called_back_at=None,
        closed_at=None,
    )
    clocks = Timer.objects.milestones().unfinished().filter(complaint=complaint)
    clocks.update(next_fire_at=None)
    timers.start(complaint, timers.LATER_CYCLE, at=now)
    log(complaint, "reopened", by=by, at=now, **evidence)
    judging.return_for_rework(complaint, reason=reason, by=by, now=now)
    facts.refresh(complaint.customer, now=now)
    outbox.put(
        key=f"complaint:{complaint.pk}:reopened:{complaint.cycle}",
        to=[complaint.handler, *holders(complaint.branch, Role.BRANCH_MANAGER)],
        text="complaint_reopened",
        context=_context(complaint, by) | {"reason": reason},
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
        now=now,
        apart_from=by,
    )


@transaction.atomic
def close(*, complaint: Complaint, by: Person, now: datetime, version: int | None = None) -> None:
    """File it away: apology, result, first submission of the order, callback finished."""
    require(by, "complaint.close", complaint)
    check_open(complaint, "close")
    check_version(complaint, version)
    missing = missing_to_close(complaint)
    if missing:
        words = pgettext("between sentences", "; ").join(missing)
        raise Refused(_("Still missing before closing: %(missing)s.") % {"missing": words})
    move(complaint, to=Status.CLOSED, closed_at=now)
    log(complaint, "closed", by=by, at=now)
    facts.refresh(complaint.customer, now=now)


def missing_to_close(complaint: Complaint, timers: Iterable[Timer] | None = None) -> list[str]:
    """What has to happen first, in words; empty when the complaint may be closed.

    `timers` are its milestone timers, where they have been read already.
    """
    if timers is None:
        timers = Timer.objects.milestones().filter(complaint=complaint)
    timers = list(timers)
    missing = {
        timer.kind
        for timer in timers
        if timer.state in UNFINISHED and timer.cycle == complaint.cycle
    }
    if complaint.apologised_at is None and any(map(_is_counted_apology, timers)):
        missing.add(Milestone.APOLOGY)
    words = {
        Milestone.APOLOGY: _("record the apology"),
        Milestone.RESULT: _("record the result"),
        Milestone.WORK_ORDER: _("submit the rectification work order"),
        Milestone.CALLBACK: _("call the customer back"),
    }
    found = [text for kind, text in words.items() if kind in missing]
    return [*found, _("answer the challenge")] if complaint.open_challenges else found


def _is_counted_apology(timer: Timer) -> bool:
    """Nobody has to apologise where it was waived, or where no promise is counted at all."""
    is_dropped = timer.state in (TimerState.WAIVED, TimerState.VOID)
    return timer.kind == Milestone.APOLOGY and not is_dropped


def _check_words(words: str, field: str = "words") -> None:
    if not words.strip():
        raise Refused(
            _("Write down what the customer was told."),
            fields={field: _("Enter what was said.")},
        )


def _context(complaint: Complaint, by: Person | None) -> dict[str, object]:
    return {
        "number": complaint.number,
        "subject": complaint.subject,
        "by": by.name if by else "",
    }
