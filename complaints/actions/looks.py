"""Looking at a complaint: what changes afterwards is marked, and colleagues see who is there."""

from datetime import datetime

from complaints.models import Complaint, Look
from organisation.models import Person


def look(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """The person has the page as it is now."""
    Look.objects.bulk_create(
        [Look(complaint=complaint, person=by, looked_at=now, present_at=now)],
        update_conflicts=True,
        unique_fields=["complaint", "person"],
        update_fields=["looked_at", "present_at"],
    )


def stay(*, complaint: Complaint, by: Person, now: datetime) -> None:
    """The page is still open, as it was: later changes have not been seen."""
    Look.objects.filter(complaint=complaint, person=by, looked_at__lte=now).update(present_at=now)
