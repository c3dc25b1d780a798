"""Merging duplicates (`sla.md` rule 8): one complaint goes on and answers both customers.

The survivor keeps the earliest receipt and, clock by clock, the harder of the two as a whole: a
breach, else the earlier deadline. So its verdict is the worse of both, and no later planning makes
it better. The duplicate's clocks leave every statistic; its page points to the survivor.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.actions import facts, owners, pauses, replanning, timers
from complaints.actions.events import log
from complaints.actions.guard import check_open
from complaints.actions.order_complaints import exists_apart_from
from complaints.actions.work_orders import current_order
from complaints.models import (
    MILESTONES,
    Complaint,
    Milestone,
    OrderComplaint,
    OrderStatus,
    Participant,
    Status,
    Timer,
    TimerState,
    WorkOrder,
)
from csm.kit.errors import Refused
from csm.kit.transitions import check_version, locked, move, touch
from organisation import outbox
from organisation.access import require
from organisation.models import Importance, Person

# The result is still to be given, so that both customers can be told.
SURVIVING = (Status.RECEIVED, Status.ASSIGNED, Status.HANDLING)
UNCOUNTED = (TimerState.WAIVED, TimerState.VOID)


@transaction.atomic
def merge(
    *,
    complaint: Complaint,
    into: Complaint,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let `into` go on for both. Two merges at once wait for each other; none closes a circle."""
    require(by, "complaint.merge", complaint)
    check_open(complaint, "merge")
    check_version(complaint, version)
    survivor = _locked(complaint, into)
    _check(complaint, survivor, by)
    _end_exceptions(complaint, survivor, by=by, now=now)
    move(complaint, to=Status.MERGED, merged_into=survivor)
    _gather(complaint, survivor)
    clocks = _take_clocks(complaint, survivor, now=now)
    _take_order(complaint, survivor, by=by, now=now)
    before = survivor.received_at
    touch(
        survivor,
        received_at=min(survivor.received_at, complaint.received_at),
        apologised_at=_later(complaint, survivor),
    )
    for each in (complaint, survivor):
        timers.refresh_next_due(each)
    customers = {each.customer_id for each in (complaint, survivor) if each.customer_id}
    facts.refresh_many(customers, now=now)
    log(complaint, "merged", by=by, at=now, into=survivor.pk)
    log(
        survivor,
        "merged_here",
        by=by,
        at=now,
        duplicate=complaint.pk,
        before=before.isoformat(),
        clocks=clocks,
    )
    _tell(complaint, survivor, by=by, now=now)


def _locked(complaint: Complaint, into: Complaint) -> Complaint:
    """The survivor as it is now; all rows that change, held in the order of their ids.

    Those merged before change, too: so no two acts wait for each other.
    """
    both = Q(pk__in=(complaint.pk, into.pk)) | Q(merged_into=complaint)
    rows = Complaint.objects.filter(both).select_related("branch", "intake_branch", "customer")
    return next(row for row in locked(rows) if row.pk == into.pk)


def _check(complaint: Complaint, survivor: Complaint, by: Person) -> None:
    require(by, "complaint.merge", survivor)
    if survivor.pk == complaint.pk:
        raise _refused(_("A complaint cannot be merged into itself."))
    if survivor.status == Status.MERGED:
        raise _refused(_("This one has been merged itself. Choose the complaint that goes on."))
    if survivor.status not in SURVIVING or survivor.is_history or complaint.is_history:
        raise _refused(_("Choose a complaint whose result is still to be given."))
    if survivor.apologised_at and not complaint.apologised_at and _is_other(complaint, survivor):
        raise Refused(_("Apologise to this customer first: the other one has had the apology."))
    if complaint.cycle > 1:
        raise Refused(_("A complaint that was opened again stays a complaint of its own."))


def _refused(text: str) -> Refused:
    return Refused(text, fields={"into": text})


def _is_other(complaint: Complaint, survivor: Complaint) -> bool:
    """Two customers, as far as we know: one of whom nothing is known is nobody's same."""
    same_phone = complaint.contact_digits and complaint.contact_digits == survivor.contact_digits
    same_customer = complaint.customer_id and complaint.customer_id == survivor.customer_id
    return not same_phone and not same_customer


def _end_exceptions(
    complaint: Complaint, survivor: Complaint, *, by: Person, now: datetime
) -> None:
    for each in (complaint, survivor):
        pauses.end(each, at=now, by=by, now=now)
    if complaint.waiver_asked_by_id:
        raise Refused(_("A waiver waits for a decision here. Decide on it first."))


def _gather(complaint: Complaint, survivor: Complaint) -> None:
    """What pointed to the duplicate points to the survivor; who took part in it still does."""
    Complaint.objects.filter(merged_into=complaint).update(merged_into=survivor)
    parts = [
        Participant(
            complaint=survivor, person_id=row.person_id, reason=row.reason, since_at=row.since_at
        )
        for row in complaint.participants.all()
    ]
    Participant.objects.bulk_create(parts, ignore_conflicts=True)


def _later(complaint: Complaint, survivor: Complaint) -> datetime | None:
    """Both have had the apology when the later one has."""
    if survivor.apologised_at is None or complaint.apologised_at is None:
        return survivor.apologised_at
    return max(survivor.apologised_at, complaint.apologised_at)


def _take_clocks(
    complaint: Complaint, survivor: Complaint, *, now: datetime
) -> list[dict[str, object]]:
    """Make the survivor's present clocks the harder of the two; void the duplicate's."""
    both = Q(complaint=complaint) | Q(complaint=survivor)
    rows = replanning.loaded(
        Timer.objects.filter(both, kind__in=MILESTONES).order_by("kind", "cycle")
    )
    mine = {row.kind: row for row in rows if row.complaint_id == survivor.pk}
    moved, others = [], [row for row in rows if row.complaint_id == complaint.pk]
    for other in others:
        own = mine.get(other.kind)
        if own is None or own.state in UNCOUNTED:
            _check_nothing_hidden(other, now)
        elif other.state not in UNCOUNTED and _is_harder(other, own, now):
            moved.append(_take_over(own, other, now))
    Timer.objects.bulk_update(mine.values(), (*replanning.PLANNED, "met_at"))
    timers.end_as_void(Timer.objects.milestones().filter(complaint=complaint))
    return moved


def _check_nothing_hidden(other: Timer, now: datetime) -> None:
    """A breach does not leave the count by being merged into what is not counted."""
    if other.state not in UNCOUNTED and _is_late(other, now):
        raise _refused(
            _("This one is overdue where the other is not counted. Merge the other into this one.")
        )


def _is_late(timer: Timer, now: datetime) -> bool:
    return timer.due_at < (timer.met_at or now)


def _is_harder(other: Timer, mine: Timer, now: datetime) -> bool:
    """A breach is; else, of two that are both kept or both open, the one due earlier."""
    late, own_late = _is_late(other, now), _is_late(mine, now)
    if late != own_late:
        return late
    return bool(other.met_at) == bool(mine.met_at) and other.due_at < mine.due_at


def _take_over(mine: Timer, other: Timer, now: datetime) -> dict[str, object]:
    """The other's deadline with all that it follows from; what is still to be done stays so."""
    before = mine.due_at
    if mine.met_at or other.due_at <= now:
        mine.verdict_branch_id = other.verdict_branch_id
    if mine.met_at:
        # Where nobody did it for the duplicate, what was done counts for it from the merge on.
        mine.met_at = other.met_at or now
    mine.revision_id, mine.started_at = other.revision_id, other.started_at
    mine.due_at, mine.fire_at = other.due_at, other.fire_at
    mine.paused_seconds = other.paused_seconds
    mine.pauses.set(other.pauses.all())
    mine.next_fire_at = replanning.next_fire(mine)
    return replanning.shift(mine, before)


def _take_order(complaint: Complaint, survivor: Complaint, *, by: Person, now: datetime) -> None:
    """The duplicate's order serves the survivor, too; an unsubmitted second one is annulled."""
    order = current_order(complaint)
    if order is None:
        return
    if current_order(survivor) is not None and order.number is None:
        if not exists_apart_from(order, complaint):
            move(order, to=OrderStatus.ANNULLED)
        return
    OrderComplaint.objects.get_or_create(
        order=order, complaint=survivor, defaults={"cycle": survivor.cycle}
    )
    if survivor.triaged_at is not None and current_order(survivor) == order:
        owners.hand_over_orders([survivor], now=now)
    _count_order(complaint, survivor, order)


def _count_order(complaint: Complaint, survivor: Complaint, order: WorkOrder) -> None:
    """An order submitted for the duplicate was submitted for the survivor; for its first cycle."""
    kind = Milestone.WORK_ORDER
    submitted = Timer.objects.filter(complaint=complaint, kind=kind, met_at__isnull=False).first()
    own = Timer.objects.filter(complaint=survivor, kind=kind, cycle=survivor.cycle).first()
    if submitted is None or submitted.met_at is None or own is None or survivor.cycle > 1:
        return
    at = max(submitted.met_at, own.started_at)
    if timers.meet(survivor, kind, at=at, evidence=f"order:{order.pk}"):
        replanning.replan(Timer.objects.filter(pk=own.pk))


def _tell(complaint: Complaint, survivor: Complaint, *, by: Person, now: datetime) -> None:
    outbox.put(
        key=f"complaint:{complaint.pk}:merged",
        to=[person for person in (survivor.handler, complaint.handler) if person is not None],
        text="complaint_merged",
        context={
            "number": complaint.number,
            "subject": survivor.subject,
            "survivor": survivor.number,
            "by": by.name,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{survivor.number}/",
        now=now,
        apart_from=by,
    )
