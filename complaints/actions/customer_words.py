"""What the customer says on the page of the link: an addition, or that it is not solved (C-30)."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.events import log
from complaints.actions.handling import next_cycle
from complaints.models import OPEN_IN, Attachment, Complaint, CustomerMessage, Status
from csm.kit.errors import Refused
from csm.kit.transitions import locked
from organisation import outbox
from organisation.actions import files
from organisation.actions import waiting as photos
from organisation.models import Importance, Person, Role, StoredFile
from organisation.roles import holders

# Whose act it is, in the data of an event that nobody of ours did.
CUSTOMER = "customer"


@transaction.atomic
def add(
    *,
    complaint: Complaint,
    text: str,
    submission: uuid.UUID,
    now: datetime,
    uploads: "Iterable[UploadedFile[Any]]" = (),
    waiting: Sequence[StoredFile] = (),
) -> None:
    """Words and pictures to what goes on: of a merged complaint, the one that survives."""
    complaint = _held(complaint)
    uploads = list(uploads)
    if _is_known(submission):
        return
    if not (text.strip() or uploads or waiting):
        words = _("Write what you would like to add, or choose a photo.")
        raise Refused(words, fields={"text": words})
    message = _say(complaint, CustomerMessage.Kind.ADDITION, text, submission, now)
    attach(complaint, uploads, waiting, now=now)
    log(complaint, "customer_added", by=None, at=now, author=CUSTOMER, customer_message=message.pk)
    _tell(message, [complaint.handler], Importance.INFORMATION, now)


def attach(
    complaint: Complaint,
    uploads: "Iterable[UploadedFile[Any]]",
    waiting: Sequence[StoredFile],
    *,
    now: datetime,
) -> None:
    """Pictures only: what a stranger sends is opened by our people."""
    chosen_before = photos.claim(waiting, now=now)
    for file in [*chosen_before, *files.store(uploads, by=None, now=now, only_pictures=True)]:
        attachment = Attachment.objects.create(complaint=complaint, file=file)
        log(complaint, "attached", by=None, at=now, author=CUSTOMER, attachment=attachment.pk)


@transaction.atomic
def object_to(*, complaint: Complaint, text: str, submission: uuid.UUID, now: datetime) -> None:
    """It is not solved. After the result this opens the next cycle, as a callback would.

    Once to each result: a second time, be it at the same moment, changes nothing.
    """
    complaint = _held(complaint)
    if _is_known(submission) or has_objected(complaint):
        return
    if not text.strip():
        words = _("Write what is still open, so that we can put it right.")
        raise Refused(words, fields={"text": words})
    message = _say(complaint, CustomerMessage.Kind.NOT_SOLVED, text, submission, now)
    log(
        complaint,
        "customer_not_solved",
        by=None,
        at=now,
        author=CUSTOMER,
        customer_message=message.pk,
    )
    if complaint.status in OPEN_IN["reopen"]:
        next_cycle(complaint, reason=text, by=None, now=now)
    quality = (Role.QUALITY_MANAGER, Role.QUALITY_SPECIALIST)
    people = [complaint.handler, *holders(complaint.present_branch, *quality)]
    _tell(message, people, Importance.REMINDER, now)


def has_objected(complaint: Complaint) -> bool:
    """Whether the present result was objected to already."""
    mine = complaint.customer_messages.filter(cycle=complaint.cycle)
    return mine.filter(kind=CustomerMessage.Kind.NOT_SOLVED).exists()


def _held(complaint: Complaint) -> Complaint:
    """What goes on of it, while nobody else changes it."""
    [found] = locked(Complaint.objects.filter(pk=complaint.pk).select_related("handler"))
    while found.status == Status.MERGED:
        [found] = locked(Complaint.objects.filter(merged_from=found))
    return found


def _is_known(submission: uuid.UUID) -> bool:
    return CustomerMessage.objects.filter(submission=submission).exists()


def _say(
    complaint: Complaint, kind: str, text: str, submission: uuid.UUID, now: datetime
) -> CustomerMessage:
    return CustomerMessage.objects.create(
        complaint=complaint,
        kind=kind,
        cycle=complaint.cycle,
        text=text,
        submission=submission,
        at=now,
    )


def _tell(
    message: CustomerMessage, people: Iterable[Person | None], importance: Importance, now: datetime
) -> None:
    complaint = message.complaint
    found = [person for person in people if person is not None]
    outbox.put(
        key=f"customer-message:{message.pk}",
        to=found or holders(complaint.present_branch, Role.QUALITY_MANAGER),
        text=f"customer_{message.kind}",
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "words": message.text,
        },
        importance=importance,
        path=f"/complaints/{complaint.number}/",
        now=now,
    )
