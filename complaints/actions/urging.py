"""催办: reminding the owner, at most once in ten minutes, counted and shown (`sla.md` §3)."""

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from complaints.actions import notes
from complaints.actions.events import log_all
from complaints.actions.guard import check_open
from complaints.models import Complaint, Timer
from csm.kit.errors import Forbidden, Refused
from csm.kit.transitions import check_version
from organisation import outbox
from organisation.access import can
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders

INTERVAL = timedelta(minutes=10)
# Who is to hear, by the id of the complaint.
Owners = dict[int, list[Person]]


@transaction.atomic
def urge(*, complaint: Complaint, by: Person, now: datetime, version: int | None = None) -> None:
    """Remind whoever owns the clock that is due next. It changes nothing, so no page grows stale.

    Of two urging at once, one is heard.
    """
    owners = owners_of([complaint])
    check_urge(complaint, owners, by=by, version=version)
    rested = Q(urged_at=None) | Q(urged_at__lte=now - INTERVAL)
    mine = Complaint.objects.filter(rested, pk=complaint.pk)
    if not mine.update(urged_at=now, urge_count=F("urge_count") + 1):
        raise too_soon()
    complaint.refresh_from_db(fields=["urged_at", "urge_count"])
    urged([complaint], owners, by=by, now=now)


def check_urge(
    complaint: Complaint,
    owners: Owners,
    *,
    by: Person,
    version: int | None = None,
    parts: Container[int] | None = None,
) -> None:
    if not may_urge(complaint, by, parts):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    check_open(complaint, "urge")
    check_version(complaint, version)
    if owners[complaint.pk] == [by]:
        raise Forbidden(_("The next clock is your own: nobody else would hear it."))


def too_soon() -> Refused:
    return Refused(_("The owner was urged less than 10 minutes ago. Give them a moment."))


def urged(complaints: Sequence[Complaint], owners: Owners, *, by: Person, now: datetime) -> None:
    """What follows from an urge that was counted: the trail, and the owners hear."""
    log_all(complaints, "urged", by=by, at=now, data=lambda row: {"count": row.urge_count})
    outbox.put_all(
        [_news_of(complaint, owners[complaint.pk], by=by) for complaint in complaints],
        now=now,
        apart_from=by,
    )


def _news_of(complaint: Complaint, to: Iterable[Person], *, by: Person) -> outbox.Notice:
    return outbox.Notice(
        key=f"complaint:{complaint.pk}:urged:{complaint.urge_count}",
        people=[person.pk for person in to],
        text="complaint_urged",
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "by": by.name,
            "count": complaint.urge_count,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
    )


def may_urge(complaint: Complaint, person: Person, parts: Container[int] | None = None) -> bool:
    """By branch, or because the person takes part."""
    return can(person, "complaint.urge", complaint) or notes.may_write(complaint, person, parts)


def owners_of(complaints: Sequence[Complaint]) -> Owners:
    """Of the next clock: its person, else the manager of its branch.

    Before the triage, and where there is no such person: the quality managers.
    """
    running = Timer.objects.milestones().unfinished().filter(complaint__in=complaints)
    first = running.order_by("complaint", "due_at").distinct("complaint")
    timers = {row.complaint_id: row for row in first.select_related("owner", "owner_branch")}
    at = cache(holders)
    return {row.pk: _owners_of(row, timers.get(row.pk), at) for row in complaints}


def _owners_of(
    complaint: Complaint, timer: Timer | None, holders: Callable[[Branch, str], list[Person]]
) -> list[Person]:
    if complaint.triaged_at is None:
        return holders(complaint.intake_branch, Role.QUALITY_MANAGER)
    if timer is not None and timer.owner is not None and timer.owner.is_active:
        return [timer.owner]
    branch = timer.owner_branch if timer else complaint.branch
    return holders(branch, Role.BRANCH_MANAGER) or holders(branch, Role.QUALITY_MANAGER)
