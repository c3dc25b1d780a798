"""What was learnt at a visit, and what follows from it (K-14)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version
from customers.actions.visits import AHEAD, check_may, check_owner
from customers.models import FindingKind, Visit, VisitFinding, VisitStatus, VisitTask
from organisation import outbox
from organisation.models import Importance, Person


@transaction.atomic
def find(
    *, visit: Visit, kind: str, words: str, by: Person, now: datetime, version: int | None = None
) -> VisitFinding:
    """Something that was learnt, sorted by its kind."""
    _hold(visit, by, version)
    if kind not in FindingKind.values:
        raise Refused.at("kind", _("Choose what it is about."))
    if not words.strip():
        raise Refused.at("words", _("Say what was learnt."))
    return VisitFinding.objects.create(visit=visit, kind=kind, words=words.strip(), by=by, at=now)


@transaction.atomic
def follow_up(
    *,
    visit: Visit,
    text: str,
    owner: Person,
    due_on: date,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> VisitTask:
    """What somebody is to do by a day; they hear of it."""
    _hold(visit, by, version)
    if not text.strip():
        raise Refused.at("text", _("Say what is to be done."))
    if not timezone.localdate(now) <= due_on <= timezone.localdate(now) + AHEAD:
        raise Refused.at("due_on", _("Choose a day from today on, within a year."))
    check_owner(owner, visit.customer)
    made = VisitTask.objects.create(
        visit=visit, text=text.strip(), owner=owner, due_on=due_on, by=by, at=now
    )
    outbox.put(
        key=f"visit-task:{made.pk}",
        to=[owner],
        text="visit_task",
        context={"customer": visit.customer.name, "task": made.text, "on": due_on.isoformat()},
        importance=Importance.REMINDER,
        path=f"/customers/visits/{visit.pk}/",
        now=now,
        apart_from=by,
    )
    return made


@transaction.atomic
def finish_task(*, task: VisitTask, by: Person, now: datetime) -> None:
    """It is done; twice is once."""
    if task.owner_id != by.pk:
        check_may(task.visit, by=by)
    VisitTask.objects.filter(pk=task.pk, done_at=None).update(done_at=now)


def _hold(visit: Visit, by: Person, version: int | None) -> None:
    """Nothing is learnt at a visit that does not take place."""
    check_may(visit, by=by)
    check_version(visit, version)
    if visit.status == VisitStatus.CANCELLED:
        raise NotOpen(_("This visit was cancelled."))
