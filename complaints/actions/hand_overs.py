"""Who is responsible: assigning, transferring, accepting (`sla.md` rule 3)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.actions import owners
from complaints.actions.events import log, log_all
from complaints.actions.guard import check_open
from complaints.models import Complaint, HandOver, Participant, Status
from csm.kit.errors import Refused
from csm.kit.transitions import check_version, move, touch
from organisation import outbox
from organisation.access import can, require
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders


class Owner(NamedTuple):
    """Whose a complaint is."""

    branch: Branch
    person: Person | None


def owner_of(complaint: Complaint) -> Owner:
    return Owner(complaint.branch, complaint.handler)


@transaction.atomic
def assign(
    *,
    complaint: Complaint,
    handler: Person,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Name the handler within the responsible branch."""
    check_assign(complaint, handler, by=by, version=version)
    was = owner_of(complaint)
    if handler == was.person:
        return
    touch(complaint, handler=handler)
    handler_named([complaint], {complaint.pk: was}, by=by, now=now)


def check_assign(
    complaint: Complaint, handler: Person, *, by: Person, version: int | None = None
) -> None:
    require(by, "complaint.assign", complaint)
    check_open(complaint, "assign")
    check_version(complaint, version)
    check_handler(handler, complaint.branch)


def handler_named(
    complaints: Sequence[Complaint],
    was: Mapping[int, Owner],
    *,
    by: Person,
    now: datetime,
    reason: str = "",
) -> list[HandOver]:
    """What follows from a new handler. `was`: the owners before, by the complaint's id."""
    log_all(
        complaints, "handler_named", by=by, at=now, data=lambda row: {"handler": row.handler_id}
    )
    return give(complaints, was, by=by, now=now, reason=reason)


@transaction.atomic
def transfer(
    *,
    complaint: Complaint,
    branch: Branch,
    reason: str,
    by: Person,
    now: datetime,
    handler: Person | None = None,
    version: int | None = None,
) -> None:
    """Make another branch responsible. No deadline moves; what is due stays where it was."""
    check_transfer(complaint, branch, by=by, version=version)
    check_reason_of_transfer(reason)
    check_handler(handler, branch)
    was = owner_of(complaint)
    move(complaint, to=Status.ASSIGNED, branch=branch, handler=handler)
    transferred([complaint], {complaint.pk: was}, by=by, now=now, reason=reason)


def check_transfer(
    complaint: Complaint, branch: Branch, *, by: Person, version: int | None = None
) -> None:
    require(by, "complaint.transfer", complaint)
    check_open(complaint, "transfer")
    check_version(complaint, version)
    if branch == complaint.branch:
        raise Refused(
            _("This branch is responsible already."),
            fields={"branch": _("Choose another branch.")},
        )


def check_reason_of_transfer(reason: str) -> None:
    if not reason.strip():
        raise Refused(
            _("Say why another branch is responsible."),
            fields={"reason": _("Enter the reason.")},
        )


def transferred(
    complaints: Sequence[Complaint],
    was: Mapping[int, Owner],
    *,
    by: Person,
    now: datetime,
    reason: str,
) -> list[HandOver]:
    """What follows from another branch: the trail, the order that goes along, the new owners."""
    log_all(
        complaints,
        "transferred",
        by=by,
        at=now,
        data=lambda row: {"from_branch": was[row.pk].branch.pk, "branch": row.branch_id},
    )
    owners.hand_over_orders(complaints, now=now)
    return give(complaints, was, by=by, now=now, reason=reason)


def give(
    complaints: Sequence[Complaint],
    was: Mapping[int, Owner],
    *,
    by: Person,
    now: datetime,
    reason: str,
    also: Person | None = None,
) -> list[HandOver]:
    """Write the hand-overs to the present owners, move the clocks, tell the receivers.

    A handful of statements, however many complaints. `was`: the owners before.
    """
    written = HandOver.objects.bulk_create(
        HandOver(
            complaint=complaint,
            from_branch=was[complaint.pk].branch,
            to_branch=complaint.branch,
            from_person=was[complaint.pk].person,
            to_person=complaint.handler,
            at=now,
            by=by,
            reason=reason,
        )
        for complaint in complaints
    )
    owners.hand_over(complaints, now=now)
    managers = cache(lambda branch: holders(branch, Role.BRANCH_MANAGER))
    outbox.put_all(
        [_news_of(row, [row.to_person, also, *managers(row.to_branch)], by=by) for row in written],
        now=now,
        apart_from=by,
    )
    return written


def _news_of(hand_over: HandOver, to: Iterable[Person | None], *, by: Person) -> outbox.Notice:
    complaint = hand_over.complaint
    return outbox.Notice(
        key=f"hand-over:{hand_over.pk}",
        people=list(dict.fromkeys(person.pk for person in to if person is not None)),
        text="complaint_assigned",
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "by": by.name,
            "reason": hand_over.reason,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
    )


@transaction.atomic
def accept(*, complaint: Complaint, by: Person, now: datetime, version: int | None = None) -> None:
    """The branch takes it on; who accepts is the handler when nobody was named."""
    require(by, "complaint.accept", complaint)
    check_open(complaint, "accept")
    check_version(complaint, version)
    take_on(complaint, by=by, now=now)


@transaction.atomic
def decline(
    *, complaint: Complaint, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Not ours: back to whom it came from, or to the issuing unit after the triage.

    No deadline moves, and who triaged is told, too: somebody must find the right branch. What came
    back because another branch declined it does not go there again.
    """
    require(by, "complaint.accept", complaint.branch)
    check_open(complaint, "decline")
    check_version(complaint, version)
    if not reason.strip():
        raise Refused(_("Say why it is not yours."), fields={"reason": _("Enter the reason.")})
    offered = complaint.hand_overs.filter(to_branch=complaint.branch)
    back, person = _back(complaint, _sender(complaint, offered))
    was = owner_of(complaint)
    move(complaint, to=Status.ASSIGNED, branch=back, handler=person)
    offered.filter(accepted_at=None, declined_at=None).update(declined_at=now, declined_by=by)
    log(complaint, "declined", by=by, at=now, from_branch=was.branch.pk, branch=back.pk)
    owners.hand_over_orders([complaint], now=now)
    give(
        [complaint],
        {complaint.pk: was},
        by=by,
        now=now,
        reason=reason,
        also=complaint.triaged_by,
    )


def _sender(complaint: Complaint, offered: QuerySet[HandOver]) -> HandOver | None:
    """The last hand-over from another branch that was no return of a declined one."""
    returns = complaint.hand_overs.exclude(declined_at=None).values("declined_at")
    given = offered.exclude(from_branch=complaint.branch).exclude(at__in=returns)
    return given.select_related("from_branch", "from_person").last()


def _back(complaint: Complaint, last: HandOver | None) -> tuple[Branch, Person | None]:
    """Where a declined complaint goes: the sender, else the unit that triaged it."""
    unit = complaint.issuing_branch or complaint.intake_branch
    if last is not None and last.at != complaint.triaged_at:
        person = last.from_person
        is_able = person is not None and can(person, "complaint.answer", last.from_branch)
        return last.from_branch, person if is_able else None
    if unit == complaint.branch:
        raise Refused(_("It was your unit that assigned it. Transfer it to the right branch."))
    return unit, None


def take_on(complaint: Complaint, *, by: Person, now: datetime) -> None:
    """From assigned to handling; closes the hand-over and the first contact's part in it.

    Who takes it on is its handler when nobody was named and they can answer for the branch.
    """
    own = by if can(by, "complaint.answer", complaint.branch) else None
    move(complaint, to=Status.HANDLING, handler=complaint.handler or own)
    waiting = complaint.hand_overs.filter(accepted_at=None, declined_at=None)
    waiting.update(accepted_at=now, accepted_by=by)
    complaint.participants.filter(reason=Participant.Reason.FIRST_CONTACT).delete()
    owners.hand_over([complaint], now=now)
    log(complaint, "accepted", by=by, at=now)


def check_handler(handler: Person | None, branch: Branch) -> None:
    """A handler must be able to answer for the branch."""
    if handler is not None and not can(handler, "complaint.answer", branch):
        raise Refused(
            _("%(person)s does not handle complaints at %(branch)s.")
            % {"person": handler.name, "branch": branch.label},
            fields={"handler": _("Choose somebody of the responsible branch.")},
        )
