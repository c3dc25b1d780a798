"""What waits for a person: the rows of "my work", and the decisions above them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, Min, Q, QuerySet

from complaints.looks import with_looks
from complaints.models import (
    ENDED_STATUSES,
    UNFINISHED,
    Challenge,
    Complaint,
    DissatisfiedItem,
    ItemStatus,
    Milestone,
    Notice,
    NoticeCopy,
    NoticeStatus,
    Opinion,
    OrderStatus,
    Participant,
    Recovery,
    RecoveryStatus,
    Status,
    Timer,
    WorkOrder,
)
from complaints.models.complaint import ComplaintQuerySet
from organisation.access import branches, can, has_role, sees_everything, visible
from organisation.models import Person, Role

# They answer for single complaints; everybody else looks after a place.
SINGLE = (Role.HANDLER, Role.FRONT_DESK, Role.ACCOUNT_MANAGER, Role.CUSTOMER_REPRESENTATIVE)
NOT_ENDED = tuple(status for status in Status if status not in ENDED_STATUSES)
PLACES = tuple(role for role in Role.values if role not in SINGLE)


@dataclass(frozen=True)
class Waiting:
    """How many wait for a decision, and since or until when the first of them."""

    count: int
    first_at: datetime | None


def mine(person: Person, *, most: int) -> list[Complaint]:
    """The first of the complaints that are the person's to keep an eye on, by the next deadline.

    Handlers: their own, those of their branch without a handler, and those that they took in and
    that nobody has accepted yet. Managers and all who look after a place: every one there. What has
    no deadline any more but is not closed stands last.
    """
    seen = with_looks(cast(ComplaintQuerySet, visible(Complaint, person)).for_row(), person)
    # Named one by one: the database then knows how few they are.
    seen = seen.filter(status__in=NOT_ENDED)
    if not has_role(person, *PLACES):
        seen = seen.filter(_own(person))
    # Two questions, so that each has its index.
    first = list(seen.filter(next_due_at__isnull=False).order_by("next_due_at", "pk")[:most])
    rest = seen.filter(next_due_at=None).order_by("received_at", "pk")[: most - len(first)]
    return [*first, *rest]


def _own(person: Person) -> Q:
    own = Q(handler=person)
    if can(person, "complaint.follow"):
        own |= Q(pk__in=_with_part(person, Participant.Reason.CUSTOMER_REPRESENTATIVE))
    if can(person, "complaint.accept"):
        without = Q(handler=None, status=Status.ASSIGNED)
        own |= without & Q(branch__in=_ids(person, "complaint.accept"))
    not_accepted = Q(status__in=(Status.RECEIVED, Status.ASSIGNED))
    return own | not_accepted & Q(pk__in=_with_part(person, Participant.Reason.FIRST_CONTACT))


def _with_part(person: Person, reason: str) -> QuerySet[Complaint]:
    rows = Complaint.objects.filter(participants__person=person, participants__reason=reason)
    return rows.values("pk")  # type: ignore[return-value]


def to_triage(person: Person) -> QuerySet[Complaint]:
    """Received, and nobody said yet whose it is."""
    return _of(person, "complaint.triage").filter(status=Status.RECEIVED)


def invalid_to_confirm(person: Person) -> QuerySet[Complaint]:
    """Somebody else says that it is no complaint."""
    rows = _of(person, "complaint.invalidate").filter(status=Status.INVALID_PROPOSED)
    return rows.exclude(invalid_proposed_by=person)


def callbacks_due(person: Person) -> QuerySet[Complaint]:
    """Answered, and the customer was not called back yet."""
    return _of(person, "callback.record").filter(status=Status.ANSWERED)


def orders_to_confirm(person: Person) -> QuerySet[WorkOrder]:
    """Submitted, and somebody else wrote it."""
    rows = visible(WorkOrder, person).filter(status=OrderStatus.SUBMITTED)
    if not sees_everything(person, "work_order.confirm"):
        rows = rows.filter(branch__in=_ids(person, "work_order.confirm"))
    return rows.exclude(written_by__contains=[person.pk])


def orders_to_redo(person: Person) -> QuerySet[WorkOrder]:
    """Returned with a reason: one's own; a manager's those of the branch. No clock tells of it."""
    own = Q(owner=person)
    if has_role(person, Role.BRANCH_MANAGER):
        own |= Q(branch__in=_ids(person, "work_order.write"))
    return visible(WorkOrder, person).filter(own, status=OrderStatus.RETURNED)


def items_to_order(person: Person) -> QuerySet[DissatisfiedItem]:
    """Dissatisfied items that wait for an order, or for words on why they need none."""
    rows = visible(DissatisfiedItem, person).filter(status=ItemStatus.OPEN)
    if not sees_everything(person, "work_order.open"):
        rows = rows.filter(branch__in=_ids(person, "work_order.open"))
    return rows


def notices_to_check(person: Person) -> QuerySet[Notice]:
    """Drafts of the units for which the person publishes; those that the clock made, too."""
    rows = visible(Notice, person).filter(status=NoticeStatus.DRAFT)
    if not sees_everything(person, "notice.publish"):
        rows = rows.filter(issuing_branch__in=_ids(person, "notice.publish"))
    return rows


def recoveries_to_decide(person: Person) -> QuerySet[Recovery]:
    """Above the limit of who asked, somebody else."""
    rows = visible(Recovery, person).filter(status=RecoveryStatus.ASKED).exclude(by=person)
    if sees_everything(person, "recovery.decide"):
        return rows
    return rows.filter(branch__in=_ids(person, "recovery.decide"))


def challenges_to_answer(person: Person) -> QuerySet[Challenge]:
    """Of the units for which the person answers; not about their own words or work."""
    rows = Challenge.objects.filter(answered_at=None).exclude(by=person)
    rows = rows.filter(Q(doubted=None) | ~Q(doubted=person))
    if sees_everything(person, "challenge.answer"):
        return rows
    return rows.filter(branch__in=_ids(person, "challenge.answer"))


def since_asked(rows: QuerySet[Any]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("at")))


def since_challenged(rows: QuerySet[Challenge]) -> Waiting:
    """How many complaints, and the earliest challenge."""
    return Waiting(**rows.aggregate(count=Count("complaint", distinct=True), first_at=Min("at")))


def since(rows: QuerySet[Complaint]) -> Waiting:
    """How many, and the earliest receipt."""
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("received_at")))


def since_submission(rows: QuerySet[WorkOrder]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("submitted_at")))


def since_entry(rows: QuerySet[DissatisfiedItem]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("recorded_at")))


def since_return(rows: QuerySet[WorkOrder]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("returned_at")))


def since_publication(rows: QuerySet[NoticeCopy]) -> Waiting:
    """How many notices, and the earliest publication."""
    return Waiting(
        **rows.aggregate(count=Count("notice", distinct=True), first_at=Min("notice__published_at"))
    )


def since_drafted(rows: QuerySet[Notice]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("created_at")))


def until_due(rows: QuerySet[Opinion]) -> Waiting:
    """How many notices, and the earliest deadline."""
    return Waiting(**rows.aggregate(count=Count("notice", distinct=True), first_at=Min("due_at")))


def until(rows: QuerySet[Complaint]) -> Waiting:
    """How many, and the earliest deadline of their callbacks."""
    timers = Timer.objects.filter(
        complaint__in=rows.values("pk"), kind=Milestone.CALLBACK, state__in=UNFINISHED
    )
    found = timers.aggregate(first_at=Min("due_at"))
    return Waiting(rows.count(), found["first_at"])


def _of(person: Person, verb: str) -> QuerySet[Complaint]:
    """Complaints over which the person has the verb."""
    rows = visible(Complaint, person)
    if sees_everything(person, verb):
        return rows
    ids = _ids(person, verb)
    return rows.filter(Q(branch__in=ids) | Q(intake_branch__in=ids))


def _ids(person: Person, verb: str) -> list[int]:
    return list(branches(person, verb).values_list("pk", flat=True))
