"""Correcting when a complaint was received: an audited act with a reason (`sla.md` rule 2)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from complaints.actions import facts, replanning, timers
from complaints.actions.events import log
from complaints.actions.guard import check_open, check_year
from complaints.models import Complaint, Note, Timer
from csm.kit.errors import Refused
from csm.kit.transitions import check_version, touch
from organisation.access import require
from organisation.models import Person


@transaction.atomic
def correct(
    *,
    complaint: Complaint,
    received_at: datetime,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Count the first cycle from another moment; what is passed by then speaks with the next sweep.

    Never after the complaint was logged, nor after anything that has happened to it, nor after the
    receipt of a duplicate that was merged into it.
    """
    require(by, "complaint.correct_receipt", complaint)
    check_open(complaint, "correct-receipt")
    check_version(complaint, version)
    check_year(received_at, field="received_at")
    if not reason.strip():
        raise Refused(
            _("Say how you know when it was received."), fields={"reason": _("Enter the reason.")}
        )
    _check_moment(complaint, received_at)
    before = complaint.received_at
    note = Note.objects.create(complaint=complaint, text=reason, by=by, at=now)
    touch(complaint, received_at=received_at)
    first = Timer.objects.milestones().filter(complaint=complaint, cycle=1)
    clocks = replanning.replan(first, start=received_at)
    timers.refresh_next_due(complaint)
    log(
        complaint,
        "receipt_corrected",
        by=by,
        at=now,
        note=note.pk,
        before=before.isoformat(),
        after=received_at.isoformat(),
        clocks=clocks,
    )
    facts.refresh(complaint.customer, now=now)


def _check_moment(complaint: Complaint, received_at: datetime) -> None:
    if received_at == complaint.received_at:
        text = _("This is the time that is written down already.")
        raise Refused(text, fields={"received_at": text})
    first = Timer.objects.milestones().filter(complaint=complaint, cycle=1)
    happened = (
        complaint.logged_at,
        complaint.apologised_at,
        complaint.merged_from.aggregate(at=Min("received_at"))["at"],
        *first.aggregate(Min("met_at"), Min("pauses__started_at")).values(),
    )
    if received_at > min(at for at in happened if at is not None):
        raise Refused(
            _("It must have been received before it was logged, and before anything happened."),
            fields={"received_at": _("Enter an earlier time.")},
        )
