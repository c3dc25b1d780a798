"""Keeping the catalogue of promises, and saying which one was broken (P-01 … P-03)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.actions.events import log
from complaints.models import BrokenPromise, Complaint, Promise, PromiseRevision
from csm.kit.errors import Refused
from csm.kit.transitions import stale
from organisation.access import require, require_everywhere
from organisation.models import Person

VERB, MARKING = "promise.edit", "complaint.triage"


@transaction.atomic
def create(
    *, kind: str, by: Person | None, now: datetime, position: int = 100, **fields: Any
) -> Promise:
    """A promise and its first revision."""
    require_everywhere(by, VERB)
    promise = Promise.objects.create(kind=kind, position=position)
    _revise(promise, 1, by, now, fields)
    return promise


@transaction.atomic
def revise(
    *, promise: Promise, seen: int, by: Person | None, now: datetime, **fields: Any
) -> PromiseRevision:
    """What it says from now on; `seen` is the number of the revision that was read."""
    require_everywhere(by, VERB)
    return _revise(promise, seen + 1, by, now, fields)


def _revise(
    promise: Promise, number: int, by: Person | None, now: datetime, fields: dict[str, Any]
) -> PromiseRevision:
    until = fields.get("valid_until")
    if until is not None and until < fields["valid_from"]:
        words = _("Enter a day that is not before the first.")
        raise Refused(words, fields={"valid_until": words})
    latest = promise.revisions.order_by("-number").values_list("number", flat=True).first()
    if (latest or 0) != number - 1:
        raise stale()
    try:
        with transaction.atomic():
            return PromiseRevision.objects.create(
                promise=promise, number=number, created_by=by, created_at=now, **fields
            )
    except IntegrityError as error:
        raise stale() from error


@transaction.atomic
def mark(*, complaint: Complaint, promises: Iterable[Promise], by: Person, now: datetime) -> None:
    """These promises were broken, and no others."""
    require(by, MARKING, complaint)
    chosen = {promise.pk for promise in promises}
    known = set(complaint.broken_promises.values_list("promise", flat=True))
    if chosen == known:
        return
    said = PromiseRevision.objects.newest().filter(promise__in=chosen - known)
    complaint.broken_promises.exclude(promise__in=chosen).delete()
    BrokenPromise.objects.bulk_create(
        [
            BrokenPromise(
                complaint=complaint, promise_id=row.promise_id, revision=row, by=by, at=now
            )
            for row in said
        ],
        ignore_conflicts=True,
    )
    log(complaint, "promises_marked", by=by, at=now, promises=sorted(chosen))
