"""Writing the time line."""

from datetime import datetime

from complaints.models import Complaint, Event
from organisation.models import Person


def log(
    complaint: Complaint, kind: str, *, by: Person | None, at: datetime, **data: object
) -> Event:
    """One fact: codes and ids only; words live in the rows that `data` points to."""
    return Event.objects.create(
        complaint=complaint, kind=kind, by=by, at=at, cycle=complaint.cycle, data=data
    )
