"""Calling the customer back (C-12, C-13)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions import facts, policies, timers
from complaints.actions.events import log
from complaints.actions.guard import check_open, check_year
from complaints.actions.handling import next_cycle
from complaints.models import CallbackAttempt, Complaint, Milestone, Status
from csm.kit.errors import Refused
from csm.kit.transitions import check_version, move, touch
from customers.actions import timeline
from organisation import outbox
from organisation.access import require
from organisation.models import Person, Role
from organisation.roles import holders


@transaction.atomic
def record(
    *,
    complaint: Complaint,
    is_reached: bool,
    by: Person,
    now: datetime,
    is_satisfied: bool | None = None,
    score: int | None = None,
    words: str = "",
    next_at: datetime | None = None,
    version: int | None = None,
) -> CallbackAttempt:
    """One call. Reached stops the 72 h clock; "not satisfied" opens the next cycle."""
    require(by, "callback.record", complaint)
    check_open(complaint, "callback")
    check_version(complaint, version)
    _check_result(is_reached, is_satisfied, score, next_at, now)
    attempt = CallbackAttempt.objects.create(
        complaint=complaint,
        cycle=complaint.cycle,
        at=now,
        by=by,
        is_reached=is_reached,
        is_satisfied=is_satisfied if is_reached else None,
        score=score if is_reached else None,
        words=words,
        next_at=None if is_reached else next_at,
    )
    if is_reached:
        _reached(complaint, attempt, by=by, now=now)
    else:
        _not_reached(complaint, attempt, by=by, now=now)
    _report(complaint, attempt, by=by, now=now)
    facts.refresh(complaint.customer, now=now)
    return attempt


def _reached(complaint: Complaint, attempt: CallbackAttempt, *, by: Person, now: datetime) -> None:
    move(complaint, to=Status.CALLED_BACK, called_back_at=now)
    timers.meet(complaint, Milestone.CALLBACK, at=now, evidence=f"callback:{attempt.pk}")
    log(complaint, "called_back", by=by, at=now, attempt=attempt.pk)
    timeline.record(
        customer=complaint.customer,
        at=now,
        kind="callback",
        title=complaint.subject,
        branch=complaint.branch,
        url_name="complaint",
        reference=f"{complaint.number}/{attempt.pk}",
    )
    if not attempt.is_satisfied:
        next_cycle(complaint, reason=attempt.words, by=by, now=now)


def _not_reached(
    complaint: Complaint, attempt: CallbackAttempt, *, by: Person, now: datetime
) -> None:
    """Recorded; after the allowed number of tries, spread far enough, it ends as not reached."""
    log(complaint, "callback_tried", by=by, at=now, attempt=attempt.pk)
    mine = complaint.timers.filter(kind=Milestone.CALLBACK, cycle=complaint.cycle)
    timer = mine.select_related("revision").first()
    # Without a clock, as in a category that has none, the rule of today says how often to try.
    revision = (timer and timer.revision) or policies.rule_for(complaint).revision
    tries = list(
        complaint.callback_attempts.filter(cycle=complaint.cycle).values_list("at", flat=True)
    )
    if len(tries) < revision.callback_attempts or now - min(tries) < revision.callback_spread:
        touch(complaint)
        return
    move(complaint, to=Status.CALLED_BACK, called_back_at=now)
    timers.give_up_callback(complaint, at=now)
    log(complaint, "callback_unreached", by=by, at=now, attempts=len(tries))


def _report(complaint: Complaint, attempt: CallbackAttempt, *, by: Person, now: datetime) -> None:
    """The result goes to the specialist at once (C-13)."""
    outbox.put(
        key=f"callback:{attempt.pk}",
        to=holders(complaint.branch, Role.QUALITY_SPECIALIST),
        text="callback_result",
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "by": by.name,
            "is_reached": attempt.is_reached,
            "is_satisfied": attempt.is_satisfied,
            "score": attempt.score,
            "words": attempt.words,
        },
        path=f"/complaints/{complaint.number}/",
        now=now,
        apart_from=by,
    )


def _check_result(
    is_reached: bool,
    is_satisfied: bool | None,
    score: int | None,
    next_at: datetime | None,
    now: datetime,
) -> None:
    if is_reached and is_satisfied is None:
        raise Refused(
            _("Say whether the customer is satisfied."),
            fields={"satisfied": _("Choose satisfied or not satisfied.")},
        )
    if score is not None and not 0 <= score <= 10:
        raise Refused(
            _("The score is a whole number from 0 to 10."),
            fields={"score": _("Enter a number from 0 to 10.")},
        )
    if not is_reached and (next_at is None or next_at <= now):
        raise Refused(
            _("Say when to call again."),
            fields={"next_at": _("Enter a time still to come.")},
        )
    if not is_reached and next_at is not None:
        check_year(next_at, field="next_at")
