"""Following a complaint for its customer (C-22): what is followed stays in sight."""

from datetime import datetime

from django.db import transaction

from complaints.actions.events import log
from complaints.models import Complaint, Participant
from organisation.access import can, require
from organisation.models import Person

VERB = "complaint.follow"
REASON = Participant.Reason.CUSTOMER_REPRESENTATIVE


@transaction.atomic
def follow(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """Take part for the customer. To follow twice is to follow."""
    require(by, VERB, complaint)
    _row, is_new = Participant.objects.get_or_create(
        complaint=complaint, person=by, reason=REASON, defaults={"since_at": now}
    )
    if is_new:
        log(complaint, "followed", by=by, at=now)


@transaction.atomic
def unfollow(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """Not any more; who does not follow is left as they are."""
    require(by, VERB)
    if Participant.objects.filter(complaint=complaint, person=by, reason=REASON).delete()[0]:
        log(complaint, "unfollowed", by=by, at=now)


def speaks_for_customer(complaint: Complaint, person: Person, verb: str) -> bool:
    """Whether the verb is the person's here: by branch, or because they follow it."""
    if can(person, verb, complaint):
        return True
    mine = Participant.objects.filter(complaint=complaint, person=person, reason=REASON)
    return can(person, verb) and mine.exists()
