"""Writing down who looked at personal data (B-25)."""

from datetime import datetime

from organisation.models import AccessRecord, Person


def write(*, by: Person, what: str, reference: str, now: datetime) -> None:
    """`what` is a code as "phone" or "file", `reference` the record that was looked at."""
    AccessRecord.objects.create(person=by, at=now, what=what, reference=reference[:60])
