"""Disputes of a period that is not frozen yet: raised by the branch, decided outside it (R-01).

Whoever decides stands outside the branch's line: posted at the headquarters, and neither at the
branch, nor below it, nor at a region between. Nor does anybody decide about their own work: the
handler, the owner of the clock, whoever judged whose complaint it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.actions import responsibility, waivers
from complaints.actions.events import log
from complaints.models import Complaint, Timer, Verdict, WaiverCode, verdict_at
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation.access import postings, require, sees_everything
from organisation.actions import files
from organisation.models import Branch, Person
from reports import closing
from reports.actions import period_news as news
from reports.actions.periods import wait_for_closings
from reports.closing import Life, Stage
from reports.models import Dispute, DisputeAbout, DisputeFile, DisputeStatus

DISPUTE, DECIDE = news.DISPUTE, news.DECIDE


@dataclass(frozen=True)
class Contested:
    """What can be disputed: the complaint's responsible branch, or the verdict of `timer`.

    `branch` bears it, `at` says in which week and month it counts.
    """

    complaint: Complaint
    branch: Branch
    at: datetime
    timer: Timer | None = None


def contested(complaint: Complaint, timer: Timer | None) -> Contested:
    if timer is None:
        return Contested(complaint, complaint.branch, complaint.received_at)
    return Contested(complaint, timer.verdict_branch, timer.due_at, timer)


def overdue(complaint: Complaint, *, now: datetime) -> list[Timer]:
    """The clocks of a complaint that count against somebody."""
    rows = Timer.objects.milestones().filter(complaint=complaint)
    late = (
        rows.annotate(verdict=verdict_at(now))
        .filter(verdict=Verdict.BREACHED)
        .select_related("verdict_branch")
    )
    return list(late.order_by("cycle", "pk"))


def life_of(of: Contested, *, now: datetime) -> Life:
    """The week that counts it, or the month where the week takes no disputes any more."""
    lives = closing.around(of.at, now=now)
    return next((life for life in lives if life.is_disputable), lives[0])


@transaction.atomic
def raise_(
    *,
    complaint: Complaint,
    words: str,
    by: Person,
    now: datetime,
    timer: Timer | None = None,
    to_branch: Branch | None = None,
    uploads: "Sequence[UploadedFile[Any]]" = (),
) -> Dispute:
    """Contest who is responsible, or with `timer` the verdict of that clock, for the own branch.

    Only while the week or the month that counts it takes disputes.
    """
    of = contested(complaint, timer)
    require(by, DISPUTE, of.branch)
    wait_for_closings()
    life = life_of(of, now=now)
    _check_time(life)
    if not words.strip():
        raise Refused.at("words", _("Say what is wrong, and what shows it."))
    _check_still_counts(of, to_branch, now)
    also = next(each for each in closing.around(of.at, now=now) if each.period != life.period)
    try:
        with transaction.atomic():
            made = Dispute.objects.create(
                period=life.period.key,
                also=also.period.key,
                about=DisputeAbout.VERDICT if timer else DisputeAbout.RESPONSIBILITY,
                complaint=complaint,
                timer=timer,
                branch=of.branch,
                to_branch=to_branch,
                words=words.strip(),
                by=by,
                at=now,
            )
    except IntegrityError as error:
        raise NotOpen(_("This is disputed already, and waits for the decision.")) from error
    kept = files.store(uploads, by=by, now=now)
    DisputeFile.objects.bulk_create(DisputeFile(dispute=made, file=file) for file in kept)
    log(complaint, "disputed", by=by, at=now, dispute=made.pk)
    news.tell_raised(made, to=deciders(made), by=by, now=now)
    return made


def _check_time(life: Life) -> None:
    key = {"period": life.period.key}
    if life.stage == Stage.RUNNING:
        raise NotOpen(_("%(period)s has not ended: nothing is counted yet.") % key)
    if life.stage == Stage.FROZEN:
        raise NotOpen(_("%(period)s is frozen. Ask the quality manager for a revision.") % key)
    if life.stage == Stage.DECIDING:
        raise NotOpen(_("The time for disputes about %(period)s is over.") % key)


def _check_still_counts(of: Contested, to_branch: Branch | None, now: datetime) -> None:
    if of.timer is not None:
        if of.timer.pk not in {row.pk for row in overdue(of.complaint, now=now)}:
            raise Refused.at("about", _("This clock counts against nobody."))
        if to_branch is not None:
            raise Refused.at("to_branch", _("Leave this empty for a clock."))
    elif of.complaint.status not in responsibility.OPEN_IN:
        raise NotOpen(
            _("This is not open while the complaint is “%(status)s”.")
            % {"status": of.complaint.get_status_display()}
        )
    elif to_branch == of.branch:
        raise Refused.at("to_branch", _("This branch is responsible already."))


@transaction.atomic
def decide(
    *,
    dispute: Dispute,
    is_granted: bool,
    words: str,
    by: Person,
    now: datetime,
    code: str = "",
    to_branch: Branch | None = None,
    version: int | None = None,
) -> None:
    """By somebody outside. Granted, the clock is waived for the reason `code`, or `to_branch` is
    made the responsible one: by the same acts as ever.
    """
    require_outside(dispute, by=by)
    check_version(dispute, version)
    if dispute.status != DisputeStatus.OPEN:
        raise NotOpen(_("This dispute is not open any more."))
    if not words.strip():
        raise Refused.at("words", _("Say how you decided, and why."))
    wait_for_closings()
    stamp = {"decision": words.strip(), "decided_by": by, "decided_at": now}
    if not is_granted:
        move(dispute, to=DisputeStatus.DECLINED, **stamp)
    elif dispute.timer is not None:
        stamp["waiver"] = _waived(dispute, dispute.timer, code, words, by, now)
        move(dispute, to=DisputeStatus.GRANTED, **stamp)
    else:
        stamp["hand_over"] = _corrected(dispute, to_branch, words, by, now)
        move(dispute, to=DisputeStatus.GRANTED, **stamp)
    log(dispute.complaint, "dispute_decided", by=by, at=now, dispute=dispute.pk)
    news.tell_decided(dispute, by=by, now=now)


def _waived(
    dispute: Dispute, timer: Timer, code: str, words: str, by: Person, now: datetime
) -> Any:
    if code not in WaiverCode.values:
        raise Refused.at("code", _("Choose the reason."))
    if timer.pk not in {row.pk for row in overdue(dispute.complaint, now=now)}:
        raise already_right()
    return waivers.settle(
        timer=timer, code=code, words=words.strip(), asked_by=dispute.by, by=by, now=now
    )


def _corrected(
    dispute: Dispute, to_branch: Branch | None, words: str, by: Person, now: datetime
) -> Any:
    if dispute.complaint.branch_id != dispute.branch_id:
        raise already_right()
    if to_branch is None:
        raise Refused.at("to_branch", _("Choose the branch that is responsible."))
    return responsibility.correct(
        complaint=dispute.complaint, branch=to_branch, reason=words.strip(), by=by, now=now
    )


def already_right() -> NotOpen:
    text = _("This has been put right already. Decline it, or let the branch withdraw it.")
    return NotOpen(text)


@transaction.atomic
def withdraw(*, dispute: Dispute, by: Person, now: datetime, version: int | None = None) -> None:
    """Whoever raised it lets it be: nobody else takes a dispute away undecided."""
    require_own(dispute, by=by)
    check_version(dispute, version)
    if dispute.status != DisputeStatus.OPEN:
        raise NotOpen(_("This dispute is not open any more."))
    move(dispute, to=DisputeStatus.WITHDRAWN, decided_at=now)
    log(dispute.complaint, "dispute_withdrawn", by=by, at=now, dispute=dispute.pk)
    news.tell_withdrawn(dispute, to=deciders(dispute), by=by, now=now)


def require_own(dispute: Dispute, *, by: Person) -> None:
    if by.pk != dispute.by_id:
        raise Forbidden(_("Only who raised it can withdraw it."))


def require_outside(dispute: Dispute, *, by: Person) -> None:
    """Forbidden for whom the decision is none of theirs, and why."""
    if not sees_everything(by, DECIDE):
        raise Forbidden(_("Somebody of the headquarters decides disputes."))
    if problem := conflict(dispute, by):
        raise Forbidden(problem)


def may_decide(dispute: Dispute, person: Person) -> bool:
    is_able = person.is_active and sees_everything(person, DECIDE)
    return dispute.status == DisputeStatus.OPEN and is_able and not conflict(dispute, person)


def may_withdraw(dispute: Dispute, person: Person) -> bool:
    return dispute.status == DisputeStatus.OPEN and person.pk == dispute.by_id


def conflict(dispute: Dispute, person: Person) -> str:
    """Why somebody else has to decide; empty if nobody else has to."""
    if person.pk == dispute.by_id:
        return _("You raised it yourself. Somebody else decides.")
    if person.pk in _concerned(dispute):
        return _("It is about your own work. Somebody else decides.")
    if any(_is_in_line(person, branch) for branch in (dispute.branch, dispute.to_branch)):
        return _("You are posted in the line of this branch. Somebody outside decides.")
    return ""


def _is_in_line(person: Person, branch: Branch | None) -> bool:
    """Posted at the branch, below it, or between it and the headquarters, which is above all."""
    if branch is None or branch.parent_id is None:
        return False
    above = set(branch.ancestor_ids[1:])
    return any(
        posting.branch_id in above or posting.branch.path.startswith(branch.path)
        for posting in postings(person)
    )


def _concerned(dispute: Dispute) -> set[int | None]:
    """Whose work it is: a clock's owner, the handler, and who judged whose complaint it is."""
    complaint = dispute.complaint
    if dispute.timer is not None:
        return {dispute.timer.owner_id, complaint.handler_id}
    return {complaint.handler_id, complaint.triaged_by_id}


def deciders(dispute: Dispute) -> list[Person]:
    """Those who may decide it."""
    return [person for person in news.deciding() if not conflict(dispute, person)]
