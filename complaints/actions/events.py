"""Writing the time line."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from complaints.models import Complaint, Event
from csm.kit.inserting import insert
from organisation.models import Person


def log(
    complaint: Complaint, kind: str, *, by: Person | None, at: datetime, **data: object
) -> Event:
    """One fact: codes and ids only; words live in the rows that `data` points to.

    The complaint has changed by it. What a ladder step writes is no change: nobody did anything.
    """
    return log_all([complaint], kind, by=by, at=at, data=lambda _complaint: data)[0]


def log_all(
    complaints: Iterable[Complaint],
    kind: str,
    *,
    by: Person | None,
    at: datetime,
    data: Callable[[Complaint], Mapping[str, object]],
) -> list[Event]:
    """The same fact of each, in two statements."""
    found = list(complaints)
    _mark_changed(found, by=by, at=at)
    return insert(
        [
            Event(
                complaint=complaint,
                kind=kind,
                by=by,
                at=at,
                cycle=complaint.cycle,
                data=dict(data(complaint)),
            )
            for complaint in found
        ]
    )


def changed(by: Person, now: datetime) -> dict[str, object]:
    """The stamp of a change, for the statement that makes it; `log_all` then writes no other."""
    return {"changed_at": now, "changed_by": by}


def _mark_changed(complaints: Iterable[Complaint], *, by: Person | None, at: datetime) -> None:
    """When and by whom they last changed; one act may log several facts at one moment."""
    by_id = by.pk if by else None
    older = [row for row in complaints if (row.changed_at, row.changed_by_id) != (at, by_id)]
    if not older:
        return
    ids = [complaint.pk for complaint in older]
    Complaint.objects.filter(pk__in=ids).update(changed_at=at, changed_by=by_id)
    for complaint in older:
        complaint.changed_at, complaint.changed_by_id = at, by_id
