"""Waiving a clock: asked for with a reason, granted by somebody else (`sla.md` rule 10).

A waived clock is counted in a column of its own; a breach never becomes "met".
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.actions import handling, timers
from complaints.actions.events import log
from complaints.actions.guard import check_open
from complaints.actions.work_orders import current_order
from complaints.models import (
    Complaint,
    Milestone,
    Timer,
    TimerState,
    Verdict,
    Waiver,
    WaiverStatus,
    verdict_at,
)
from complaints.models.complaint import ASK_WAIVER, OPEN_IN
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move, stale, touch
from organisation import outbox
from organisation.access import require
from organisation.models import Importance, Person, Role
from organisation.roles import holders

NOT_WAIVABLE = (Verdict.MET, Verdict.UNREACHED, Verdict.WAIVED, Verdict.VOID)


@transaction.atomic
def ask(
    *,
    complaint: Complaint,
    milestone: str,
    code: str,
    words: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> Waiver:
    """Ask that the present cycle's clock of a milestone be waived."""
    require(by, "complaint.ask_waiver", complaint)
    check_open(complaint, "ask-waiver")
    check_version(complaint, version)
    if not words.strip():
        raise Refused(_("Say what happened."), fields={"words": _("Enter what happened.")})
    timer = waivable(complaint, now=now).filter(kind=milestone).first()
    if timer is None:
        raise Refused(
            _("Only a clock that runs or is late can be waived."),
            fields={"milestone": _("Choose a clock that runs or is late.")},
        )
    touch(complaint, waiver_asked_by=by)
    waiver = Waiver.objects.create(timer=timer, code=code, words=words, asked_by=by, asked_at=now)
    log(complaint, "waiver_asked", by=by, at=now, waiver=waiver.pk, milestone=milestone)
    _tell(
        complaint,
        waiver,
        "waiver_asked",
        to=holders(complaint.present_branch, Role.QUALITY_MANAGER, Role.SERVICE_DIRECTOR),
        by=by,
        now=now,
    )
    return waiver


def waivable(complaint: Complaint, *, now: datetime) -> QuerySet[Timer, Timer]:
    """The clocks of the present cycle that run or are late; the apology is of the first cycle."""
    present = Timer.objects.milestones().filter(
        Q(cycle=complaint.cycle) | Q(kind=Milestone.APOLOGY), complaint=complaint
    )
    return _counting(present, now)


def _counting(timers: QuerySet[Timer, Timer], now: datetime) -> QuerySet[Timer, Timer]:
    return timers.annotate(verdict=verdict_at(now)).exclude(verdict__in=NOT_WAIVABLE)


@transaction.atomic
def grant(*, complaint: Complaint, by: Person, now: datetime, version: int | None = None) -> None:
    """Somebody other than the owner and the asker agrees: the clock is counted apart."""
    waiver = _asked(complaint, by, "grant-waiver", version)
    timer = waiver.timer
    if by.pk in _owners(timer, complaint):
        raise Forbidden(_("It is your own clock. Ask a colleague to decide."))
    touch(complaint, waiver_asked_by=None)
    _check_counting(timer, now)
    move(waiver, to=WaiverStatus.GRANTED, decided_by=by, decided_at=now)
    _waive(complaint, waiver, by=by, now=now)
    _tell(complaint, waiver, "waiver_granted", to=[waiver.asked_by], by=by, now=now)


@transaction.atomic
def settle(
    *, timer: Timer, code: str, words: str, asked_by: Person, by: Person, now: datetime
) -> Waiver:
    """What was contested elsewhere is granted there: asked for and waived in one, in any cycle.

    The same two people as ever: who asked, and somebody else whose clock it is not. Who decides
    tells the asker.
    """
    complaint = timer.complaint
    if complaint is None:
        raise ValueError("a clock of no complaint")
    require(by, "complaint.waive", complaint)
    if by.pk == asked_by.pk or by.pk in _owners(timer, complaint):
        raise Forbidden(_("It is your own clock. Ask a colleague to decide."))
    if complaint.status not in OPEN_IN[ASK_WAIVER]:
        check_open(complaint, ASK_WAIVER)
    if Waiver.objects.filter(timer=timer, status=WaiverStatus.ASKED).exists():
        raise NotOpen(_("A waiver of this clock is asked for already. Decide on that first."))
    touch(complaint)
    _check_counting(timer, now)
    waiver = Waiver.objects.create(
        timer=timer,
        status=WaiverStatus.GRANTED,
        code=code,
        words=words,
        asked_by=asked_by,
        asked_at=now,
        decided_by=by,
        decided_at=now,
    )
    _waive(complaint, waiver, by=by, now=now)
    return waiver


def _check_counting(timer: Timer, now: datetime) -> None:
    if not _counting(Timer.objects.filter(pk=timer.pk), now).exists():
        raise Refused(_("The clock has been kept or taken out of the count since. Decline this."))


def _waive(complaint: Complaint, waiver: Waiver, *, by: Person, now: datetime) -> None:
    """Count the clock apart from now on."""
    timer = waiver.timer
    Timer.objects.filter(pk=timer.pk).update(
        state=TimerState.WAIVED,
        waived_at=now,
        waived_by=by,
        waiver_code=waiver.code,
        next_fire_at=None,
        paused_at=None,
        paused_until=None,
    )
    timers.refresh_next_due(complaint)
    log(complaint, "waiver_granted", by=by, at=now, waiver=waiver.pk, milestone=timer.kind)
    handling.pass_waived_callback(complaint)


@transaction.atomic
def decline(
    *, complaint: Complaint, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """The clock goes on being counted."""
    waiver = _asked(complaint, by, "decline-waiver", version)
    if not reason.strip():
        raise Refused(_("Say why not."), fields={"reason": _("Enter the reason.")})
    touch(complaint, waiver_asked_by=None)
    move(waiver, to=WaiverStatus.DECLINED, decided_by=by, decided_at=now, answer=reason)
    log(complaint, "waiver_declined", by=by, at=now, waiver=waiver.pk, milestone=waiver.timer.kind)
    _tell(complaint, waiver, "waiver_declined", to=[waiver.asked_by], by=by, now=now, reason=reason)


def _asked(complaint: Complaint, by: Person, act: str, version: int | None) -> Waiver:
    require(by, "complaint.waive", complaint)
    check_open(complaint, act)
    check_version(complaint, version)
    if by.pk == complaint.waiver_asked_by_id:
        raise Forbidden(_("You asked for this yourself. A colleague decides."))
    waiver = open_request(complaint)
    if waiver is None:
        # Somebody has just decided.
        raise stale()
    return waiver


def open_request(complaint: Complaint) -> Waiver | None:
    """The request that waits for a decision."""
    asked = Waiver.objects.filter(timer__complaint=complaint, status=WaiverStatus.ASKED)
    return asked.select_related("timer__complaint", "asked_by").first()


def _owners(timer: Timer, complaint: Complaint) -> set[int | None]:
    """Whose clock it is: the order's is its owner's, too."""
    owners = {timer.owner_id, complaint.handler_id}
    order = current_order(complaint) if timer.kind == Milestone.WORK_ORDER else None
    return owners | {order.owner_id} if order else owners


def _tell(
    complaint: Complaint,
    waiver: Waiver,
    text: str,
    *,
    to: list[Person],
    by: Person,
    now: datetime,
    reason: str = "",
) -> None:
    outbox.put(
        key=f"waiver:{waiver.pk}:{text}",
        to=to,
        text=text,
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "milestone": waiver.timer.kind,
            "by": by.name,
            "words": waiver.words,
            "reason": reason,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
        now=now,
        apart_from=by,
    )
