"""Writing the time line."""

from datetime import datetime

from complaints.models import Complaint, Event
from organisation.models import Person


def log(
    complaint: Complaint, kind: str, *, by: Person | None, at: datetime, **data: object
) -> Event:
    """One fact: codes and ids only; words live in the rows that `data` points to.

    The complaint has changed by it. What a ladder step writes is no change: nobody did anything.
    """
    _mark_changed(complaint, by=by, at=at)
    return Event.objects.create(
        complaint=complaint, kind=kind, by=by, at=at, cycle=complaint.cycle, data=data
    )


def _mark_changed(complaint: Complaint, *, by: Person | None, at: datetime) -> None:
    """When and by whom it last changed; one act may log several facts at one moment."""
    by_id = by.pk if by else None
    if (complaint.changed_at, complaint.changed_by_id) == (at, by_id):
        return
    Complaint.objects.filter(pk=complaint.pk).update(changed_at=at, changed_by=by_id)
    complaint.changed_at, complaint.changed_by_id = at, by_id
