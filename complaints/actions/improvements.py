"""QC topics, training courses, steps to remove, that orders ask for (W-15, C-14, P-08)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.measures import owners
from complaints.actions.order_news import log_order
from complaints.models import Improvement, ImprovementStatus, OrderStatus, WorkOrder
from csm.kit.errors import NotOpen, Refused
from csm.kit.inserting import insert
from csm.kit.transitions import check_act, move, touch
from organisation import outbox
from organisation.access import can, require
from organisation.models import Importance, Person, Role
from organisation.roles import holders

VERB = "improvement.edit"


@transaction.atomic
def request(
    *, order: WorkOrder, kind: str, title: str, reason: str, by: Person, now: datetime
) -> Improvement:
    """Ask for a topic or a course because of this order; the service function decides."""
    require(by, "improvement.request", order)
    if order.status == OrderStatus.ANNULLED:
        raise NotOpen(_("The order is annulled."))
    asked = {"title": title, "reason": reason}
    empty = {name for name, words in asked.items() if not words.strip()}
    if empty:
        raise Refused(
            _("Say what is asked for, and why."),
            fields={name: _("This is needed.") for name in sorted(empty)},
        )
    [made] = insert(
        [
            Improvement(
                kind=kind,
                order=order,
                branch=order.branch,
                requested_at=now,
                requested_by=by,
                **asked,
            )
        ]
    )
    log_order(order, "improvement_requested", by=by, now=now, improvement=made.pk)
    _tell(made, "improvement_requested", holders(order.branch, Role.SERVICE_FUNCTION), by, now)
    return made


@transaction.atomic
def start(
    *,
    improvement: Improvement,
    owner: Person,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """It is taken on; somebody answers for it."""
    _check(improvement, "start", by, version)
    _check_owner(improvement, owner)
    move(improvement, to=ImprovementStatus.RUNNING, owner=owner, started_at=now)
    _tell(improvement, "improvement_started", [owner, improvement.requested_by], by, now)


@transaction.atomic
def give(
    *,
    improvement: Improvement,
    owner: Person,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Somebody else answers for it from now on."""
    _check(improvement, "finish", by, version)
    _check_owner(improvement, owner)
    touch(improvement, owner=owner)
    _tell(improvement, "improvement_started", [owner], by, now)


@transaction.atomic
def finish(
    *,
    improvement: Improvement,
    result: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Held, or solved: with what came out of it. Also by its owner."""
    _end(improvement, "finish", ImprovementStatus.DONE, result, by, now, version)


@transaction.atomic
def decline(
    *,
    improvement: Improvement,
    result: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Not now, for a reason."""
    _end(improvement, "decline", ImprovementStatus.DECLINED, result, by, now, version)


def may_edit(improvement: Improvement, person: Person) -> bool:
    return can(person, VERB, improvement)


def may_finish(improvement: Improvement, person: Person) -> bool:
    return improvement.owner_id == person.pk or may_edit(improvement, person)


def _end(
    improvement: Improvement,
    act: str,
    to: ImprovementStatus,
    result: str,
    by: Person,
    now: datetime,
    version: int | None,
) -> None:
    _check(improvement, act, by, version)
    if not result.strip():
        words = _("Say what came of it.")
        raise Refused(words, fields={"result": words})
    move(improvement, to=to, result=result, ended_at=now, ended_by=by)
    people = [improvement.requested_by, improvement.owner]
    _tell(improvement, "improvement_ended", people, by, now)


def require_finisher(improvement: Improvement, *, by: Person) -> None:
    """Its owner, or who takes such requests on."""
    if improvement.owner_id != by.pk:
        require(by, VERB, improvement)


def _check(improvement: Improvement, act: str, by: Person, version: int | None) -> None:
    if act == "finish":
        require_finisher(improvement, by=by)
    else:
        require(by, VERB, improvement)
    check_act(improvement, act, version)


def _check_owner(improvement: Improvement, owner: Person) -> None:
    if not owners(improvement.branch).filter(pk=owner.pk).exists():
        words = _("%(person)s works neither at %(branch)s nor below or above it.") % {
            "person": owner.name,
            "branch": improvement.branch.label,
        }
        raise Refused(words, fields={"owner": words})


def _tell(
    improvement: Improvement,
    text: str,
    to: "list[Person] | list[Person | None]",
    by: Person,
    now: datetime,
) -> None:
    outbox.put(
        key=f"improvement:{improvement.pk}:{text}:{improvement.version}",
        to=to,
        text=text,
        context={
            "kind": improvement.kind,
            "title": improvement.title,
            "number": improvement.order.number or "",
            "is_done": improvement.status == ImprovementStatus.DONE,
            "owner": improvement.owner.name if improvement.owner else "",
            "by": by.name,
            "words": improvement.result or improvement.reason,
        },
        importance=Importance.REMINDER,
        path=f"/improvements/{improvement.pk}/",
        now=now,
        apart_from=by,
    )
