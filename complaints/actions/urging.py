"""催办: reminding the owner, at most once in ten minutes, counted and shown (`sla.md` §3)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from complaints.actions import notes
from complaints.actions.events import log
from complaints.actions.guard import check_open
from complaints.models import Complaint, Timer
from csm.kit.errors import Forbidden, Refused
from csm.kit.transitions import check_version
from organisation import outbox
from organisation.access import can
from organisation.models import Importance, Person, Role
from organisation.roles import holders

INTERVAL = timedelta(minutes=10)


@transaction.atomic
def urge(*, complaint: Complaint, by: Person, now: datetime, version: int | None = None) -> None:
    """Remind whoever owns the clock that is due next. It changes nothing, so no page grows stale.

    Of two urging at once, one is heard.
    """
    if not may_urge(complaint, by):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    check_open(complaint, "urge")
    check_version(complaint, version)
    owners = _owners(complaint)
    if owners == [by]:
        raise Forbidden(_("The next clock is your own: nobody else would hear it."))
    rested = Q(urged_at=None) | Q(urged_at__lte=now - INTERVAL)
    mine = Complaint.objects.filter(rested, pk=complaint.pk)
    if not mine.update(urged_at=now, urge_count=F("urge_count") + 1):
        raise Refused(_("The owner was urged less than 10 minutes ago. Give them a moment."))
    complaint.refresh_from_db(fields=["urged_at", "urge_count"])
    log(complaint, "urged", by=by, at=now, count=complaint.urge_count)
    outbox.put(
        key=f"complaint:{complaint.pk}:urged:{complaint.urge_count}",
        to=owners,
        text="complaint_urged",
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "by": by.name,
            "count": complaint.urge_count,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
        now=now,
        apart_from=by,
    )


def may_urge(complaint: Complaint, person: Person) -> bool:
    """By branch, or because the person takes part."""
    return can(person, "complaint.urge", complaint) or notes.may_write(complaint, person)


def _owners(complaint: Complaint) -> list[Person]:
    """Of the next clock: its person, else the manager of its branch.

    Before the triage, and where there is no such person: the quality managers.
    """
    if complaint.triaged_at is None:
        return holders(complaint.intake_branch, Role.QUALITY_MANAGER)
    running = Timer.objects.milestones().unfinished().filter(complaint=complaint)
    timer = running.select_related("owner", "owner_branch").order_by("due_at").first()
    if timer is not None and timer.owner is not None and timer.owner.is_active:
        return [timer.owner]
    branch = timer.owner_branch if timer else complaint.branch
    return holders(branch, Role.BRANCH_MANAGER) or holders(branch, Role.QUALITY_MANAGER)
