"""Was the order effective? Decided by a person of the issuing unit, on figures (W-09, F-19)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions import judging
from complaints.actions.order_news import log_order
from complaints.models import CheckStatus, EffectivenessCheck, OrderStatus
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import can, require
from organisation.models import Importance, Person


@transaction.atomic
def decide(
    *,
    check: EffectivenessCheck,
    is_effective: bool,
    words: str,
    by: Person,
    now: datetime,
    returns_order: bool = False,
    version: int | None = None,
) -> None:
    """Effective only when the days are over; not effective at once, perhaps with a return."""
    order = check.order
    require_judge(check, by=by)
    if check.status != CheckStatus.PENDING or order.status != OrderStatus.CONFIRMED:
        raise NotOpen(_("This check is not open any more."))
    check_version(check, version)
    _check_decision(check, is_effective, words, now, returns_order=returns_order)
    move(
        check,
        to=CheckStatus.EFFECTIVE if is_effective else CheckStatus.NOT_EFFECTIVE,
        words=words,
        decided_at=now,
        decided_by=by,
    )
    log_order(order, "effectiveness_decided", by=by, now=now, check=check.pk)
    _tell(check, words=words, by=by, now=now)
    if returns_order:
        judging.return_confirmed(order, reason=words, by=by, now=now)


def require_judge(check: EffectivenessCheck, *, by: Person) -> None:
    """The issuing unit: nobody who wrote in the order (W-16)."""
    require(by, "work_order.confirm", check.order)
    if check.order.is_written_by(by):
        raise Forbidden(_("Whoever fills in an order cannot judge it. Ask a colleague."))


def may_decide(check: EffectivenessCheck, person: Person) -> bool:
    """Whether it is open to the person, and theirs to decide."""
    is_open = check.status == CheckStatus.PENDING and check.order.status == OrderStatus.CONFIRMED
    is_judge = can(person, "work_order.confirm", check.order) and not check.order.is_written_by(
        person
    )
    return is_open and is_judge


def _check_decision(
    check: EffectivenessCheck,
    is_effective: bool,
    words: str,
    now: datetime,
    *,
    returns_order: bool,
) -> None:
    if not words.strip():
        text = _("Say what the decision rests on.")
        raise Refused(text, fields={"words": text})
    if is_effective and timezone.localdate(now) < check.due_on:
        text = _("The days to look at last until %(date)s.") % {"date": check.due_on.isoformat()}
        raise Refused(text, fields={"is_effective": text})
    if is_effective and returns_order:
        text = _("An effective order is not returned.")
        raise Refused(text, fields={"returns_order": text})


def _tell(check: EffectivenessCheck, *, words: str, by: Person, now: datetime) -> None:
    order = check.order
    outbox.put(
        key=f"check:{check.pk}:decided",
        to=[order.owner, order.submitted_by],
        text="effectiveness_decided",
        context={
            "number": order.number or "",
            "title": order.title,
            "days": check.days,
            "is_effective": check.status == CheckStatus.EFFECTIVE,
            "by": by.name,
            "words": words,
        },
        importance=Importance.REMINDER,
        path=f"/effectiveness/{check.pk}/",
        now=now,
        apart_from=by,
    )
