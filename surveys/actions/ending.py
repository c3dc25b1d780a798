"""Invitations that end by themselves: expired, or not deliverable."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from csm.kit.transitions import move_all, touch_all
from organisation import letters
from organisation.actions import sweeps
from organisation.models import Delivery, Letter
from organisation.models.letter import REFUSED
from surveys.actions import facts
from surveys.models import OPEN, SILENT, Invitation, InvitationStatus

SWEEP = "expiry"
BATCH = 2000


def end(*, now: datetime) -> int:
    """End what has run out, and what no mail server takes; how many. Safe to run twice at once."""
    expired = Invitation.objects.filter(status__in=OPEN, expires_at__lte=now)
    failed = Letter.objects.filter(link=OuterRef("link"), state=Delivery.FAILED)
    # What was opened meanwhile has arrived some other way, and is only not reminded any more. That
    # a reminder failed says as much only where the address was refused for good.
    gone = Exists(failed.filter(error__startswith=REFUSED))
    refused = Invitation.objects.filter(
        gone | (Exists(failed) & Q(reminders=0)), status=InvitationStatus.SENT
    )
    count = _end_all(refused, InvitationStatus.UNDELIVERABLE, now)
    _silence(Invitation.objects.filter(gone, status__in=OPEN, next_message_at__isnull=False))
    count += _end_all(expired, InvitationStatus.EXPIRED, now)
    sweeps.mark(SWEEP, now=now)
    return count


@transaction.atomic
def _silence(rows: QuerySet[Invitation]) -> None:
    touch_all(list(rows.select_for_update(skip_locked=True, no_key=True)), next_message_at=None)


def _end_all(rows: QuerySet[Invitation], to: InvitationStatus, now: datetime) -> int:
    count = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        moved = _end(rows, keys, to, now)
        count += moved
        if moved < len(keys):
            break  # somebody else has the others in hand
    return count


@transaction.atomic
def _end(
    rows: QuerySet[Invitation], keys: Sequence[int], to: InvitationStatus, now: datetime
) -> int:
    """Those that are still so once they are held."""
    held = Invitation.objects.filter(pk__in=keys).order_by("pk")
    mine = held.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    found = list(rows.filter(pk__in=list(mine)).order_by("pk"))
    move_all(found, to=to, **SILENT)
    letters.take_back([row.link_id for row in found])
    facts.refresh([row.customer_id for row in found], now=now)
    return len(found)
