"""Is it a complaint, and whose (C-03, C-05)? Invalid needs a reason and a second person (Q4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions import facts, owners, pauses, timers
from complaints.actions.events import log, log_all
from complaints.actions.guard import check_open
from complaints.actions.hand_overs import Owner, check_handler, give
from complaints.models import Category, Complaint, HandOver, Note, Status
from csm.kit.errors import Forbidden, Refused
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import postings, require
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders


@transaction.atomic
def judge_valid(
    *,
    complaint: Complaint,
    branch: Branch,
    category: Category,
    severity: str,
    by: Person,
    now: datetime,
    handler: Person | None = None,
    version: int | None = None,
) -> None:
    """A real complaint: whose, traced to the handler if known. Moves no deadline."""
    check_triage(complaint, by=by, version=version)
    check_handler(handler, branch)
    was = complaint.branch
    move(
        complaint,
        to=Status.ASSIGNED,
        branch=branch,
        handler=handler,
        category=category,
        severity=severity,
        **judged_by(by, now),
    )
    judged([complaint], {complaint.pk: Owner(was, None)}, by=by, now=now)


def check_triage(complaint: Complaint, *, by: Person, version: int | None = None) -> None:
    require(by, "complaint.triage", complaint)
    check_open(complaint, "triage")
    check_version(complaint, version)


def judged_by(by: Person, now: datetime) -> dict[str, object]:
    """The stamp of who judged: their unit issues the order and calls the customer back."""
    return {"triaged_by": by, "triaged_at": now, "issuing_branch": unit_of(by)}


def judged(
    complaints: Sequence[Complaint], was: Mapping[int, Owner], *, by: Person, now: datetime
) -> list[HandOver]:
    """What follows from the judgement that they are complaints."""
    log_all(
        complaints,
        "judged_valid",
        by=by,
        at=now,
        data=lambda row: {"branch": row.branch_id, "handler": row.handler_id},
    )
    exempt = [row for row in complaints if row.category is not None and row.category.is_exempt]
    if exempt:
        timers.exempt(exempt)
    # A duplicate that was merged into it may have brought an order.
    owners.hand_over_orders(complaints, now=now)
    return give(complaints, was, by=by, now=now, reason="")


@transaction.atomic
def propose_invalid(
    *,
    complaint: Complaint,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Not a real complaint, says one person; the clocks run on but nobody is woken."""
    require(by, "complaint.invalidate", complaint)
    check_open(complaint, "propose-invalid")
    check_version(complaint, version)
    if not reason.strip():
        raise Refused(
            _("Say why this is not a complaint."),
            fields={"reason": _("Enter the reason.")},
        )
    move(
        complaint,
        to=Status.INVALID_PROPOSED,
        status_before=complaint.status,
        invalid_reason=reason,
        invalid_proposed_by=by,
    )
    timers.hold_fire(complaint)
    log(complaint, "invalid_proposed", by=by, at=now)
    _tell(
        complaint,
        "invalid_proposed",
        to=[
            *holders(complaint.intake_branch, Role.QUALITY_MANAGER, Role.QUALITY_SPECIALIST),
        ],
        by=by,
        now=now,
    )


@transaction.atomic
def confirm_invalid(
    *, complaint: Complaint, by: Person, now: datetime, version: int | None = None
) -> None:
    """A second person agrees: the clocks become void and leave every statistic (rule 7)."""
    _second_person(complaint, by, "confirm-invalid", version)
    pauses.end(complaint, at=now, by=by, now=now)
    move(complaint, to=Status.INVALID)
    timers.void(complaint)
    log(complaint, "invalid_confirmed", by=by, at=now)
    facts.refresh(complaint.customer, now=now)
    _tell(
        complaint,
        "invalid_confirmed",
        to=[complaint.invalid_proposed_by],
        by=by,
        now=now,
    )


@transaction.atomic
def reject_invalid(
    *, complaint: Complaint, by: Person, now: datetime, version: int | None = None
) -> None:
    """A second person disagrees: everything goes on where it was."""
    _second_person(complaint, by, "reject-invalid", version)
    move(complaint, to=complaint.status_before)
    timers.resume_fire(complaint)
    log(complaint, "invalid_rejected", by=by, at=now)
    _tell(
        complaint,
        "invalid_rejected",
        to=[complaint.invalid_proposed_by],
        by=by,
        now=now,
    )


@transaction.atomic
def restore(
    *, complaint: Complaint, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """It was a complaint after all: the clocks are as due as they were before (rule 7)."""
    require(by, "complaint.invalidate", complaint)
    check_open(complaint, "restore")
    check_version(complaint, version)
    if not reason.strip():
        raise Refused(
            _("Say why it is a complaint after all."), fields={"reason": _("Enter the reason.")}
        )
    move(complaint, to=complaint.status_before)
    note = Note.objects.create(complaint=complaint, text=reason, by=by, at=now)
    timers.restore(complaint)
    log(complaint, "restored", by=by, at=now, note=note.pk)
    facts.refresh(complaint.customer, now=now)
    _tell(
        complaint,
        "complaint_restored",
        to=[complaint.invalid_proposed_by, complaint.handler],
        by=by,
        now=now,
    )


def _second_person(complaint: Complaint, by: Person, action: str, version: int | None) -> None:
    require(by, "complaint.invalidate", complaint)
    check_open(complaint, action)
    check_version(complaint, version)
    if by == complaint.invalid_proposed_by:
        raise Forbidden(_("You proposed this yourself. Ask a colleague to decide."))


def unit_of(person: Person) -> Branch:
    """The issuing unit: where the person who decides is a quality manager or specialist."""
    mine = sorted(postings(person), key=lambda posting: posting.branch.depth)
    quality = [row for row in mine if row.role in (Role.QUALITY_MANAGER, Role.QUALITY_SPECIALIST)]
    return (quality or mine)[0].branch


def _tell(
    complaint: Complaint,
    text: str,
    *,
    to: list[Person | None],
    by: Person,
    now: datetime,
) -> None:
    outbox.put(
        key=f"complaint:{complaint.pk}:{text}:{complaint.version}",
        to=to,
        text=text,
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "by": by.name,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
        now=now,
        apart_from=by,
    )
