"""The same call twice is done once: the first answer is kept and given again.

The key's row is written in the transaction of the act itself. A second call with the same key waits
at the row's uniqueness until the first has ended: then it finds the answer, or, when the act was
refused and rolled back, no row, and may try itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.actions import sweeps
from organisation.models import IdempotentAnswer, Person

KEPT = timedelta(hours=24)


class IdempotencyConflict(Refused):
    """The key was used for something else."""

    code = "idempotency_conflict"


@dataclass(frozen=True)
class Answer:
    """`status` and plain JSON; `is_repeated` when nothing was done this time."""

    status: int
    body: Any
    is_repeated: bool = False


@transaction.atomic
def once(
    *, person: Person, key: str, body_hash: str, act: Callable[[], Answer], now: datetime
) -> Answer:
    """Do the act, or give the answer that the same key and body got in the last 24 hours."""
    IdempotentAnswer.objects.filter(person=person, key=key, created_at__lte=now - KEPT).delete()
    row, is_first = IdempotentAnswer.objects.get_or_create(
        person=person, key=key, defaults={"body_hash": body_hash, "created_at": now}
    )
    if is_first:
        answer = act()
        row.status, row.answer = answer.status, answer.body
        row.save(update_fields=("status", "answer"))
        return answer
    if row.body_hash != body_hash:
        raise IdempotencyConflict(_("This key was used for something else. Send a new key."))
    return Answer(row.status or 200, row.answer, is_repeated=True)


def purge(*, now: datetime) -> int:
    """Forget the answers older than 24 hours; how many."""
    rows = IdempotentAnswer.objects.filter(created_at__lte=now - KEPT)
    count, _by_model = rows.delete()
    sweeps.mark("answers", now=now)
    return count
