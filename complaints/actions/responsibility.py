"""Putting right who was responsible, also after the end: the verdicts go along (R-01).

A transfer says who is responsible from now on; this says who had been all along.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions import hand_overs
from complaints.models import MILESTONES, Complaint, HandOver, Milestone, Status, Timer
from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import move, touch
from organisation.access import require
from organisation.models import Branch, Person

WORKED_ON = (Status.ASSIGNED, Status.HANDLING)
OPEN_IN = (*WORKED_ON, Status.ANSWERED, Status.CALLED_BACK, Status.CLOSED)


@transaction.atomic
def correct(
    *, complaint: Complaint, branch: Branch, reason: str, by: Person, now: datetime
) -> HandOver:
    """Make `branch` the responsible one, with the verdicts that the wrong one bears for it.

    The callback's stays with the issuing unit. What is still worked on goes to `branch` as by a
    transfer; what is answered stays answered.
    """
    require(by, "complaint.transfer", complaint)
    if complaint.status not in OPEN_IN:
        raise NotOpen(
            _("This is not open while the complaint is “%(status)s”.")
            % {"status": complaint.get_status_display()}
        )
    hand_overs.check_reason_of_transfer(reason)
    if branch == complaint.branch:
        raise Refused.at("branch", _("This branch is responsible already."))
    was = hand_overs.owner_of(complaint)
    if complaint.status in WORKED_ON:
        move(complaint, to=Status.ASSIGNED, branch=branch, handler=None)
    else:
        touch(complaint, branch=branch, handler=None)
    kinds = [kind for kind in MILESTONES if kind != Milestone.CALLBACK]
    borne = Timer.objects.filter(complaint=complaint, kind__in=kinds, verdict_branch=was.branch)
    borne.update(verdict_branch=branch)
    [row] = hand_overs.transferred([complaint], {complaint.pk: was}, by=by, now=now, reason=reason)
    HandOver.objects.filter(pk=row.pk).update(is_correction=True)
    row.is_correction = True
    return row
