"""What an order achieved: reported by the branch (W-08), looked at again after its confirmation."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.order_news import log_order, tell
from complaints.actions.order_writers import wrote
from complaints.models import (
    CHECK_DAYS,
    CheckStatus,
    EffectivenessCheck,
    OrderStatus,
    WorkOrder,
)
from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, touch
from organisation.access import require
from organisation.models import Person, Role
from organisation.roles import holders


@transaction.atomic
def report(
    *,
    order: WorkOrder,
    effect_report: str,
    by: Person,
    now: datetime,
    is_customer_satisfied: bool | None = None,
    version: int | None = None,
) -> None:
    """The branch says truthfully what its measures achieved, and whether the customer is content.

    Who reports it does not verify it (W-16).
    """
    require(by, "work_order.write", order)
    if order.status != OrderStatus.SUBMITTED:
        raise NotOpen(
            _("The effect is reported while the order is submitted. This one is “%(status)s”.")
            % {"status": order.get_status_display()},
            allowed=order.open_actions,
        )
    check_version(order, version)
    if not effect_report.strip():
        words = _("Say what the measures achieved.")
        raise Refused(words, fields={"effect_report": words})
    touch(
        order,
        effect_report=effect_report,
        is_customer_satisfied=is_customer_satisfied,
        effect_reported_at=now,
        effect_reported_by=by,
    )
    wrote(order, by)
    log_order(order, "effect_reported", by=by, now=now)
    judges = holders(order.issuing_branch, Role.QUALITY_MANAGER)
    tell(order, "effect_reported", to=judges, by=by, now=now)


def reported(
    order: WorkOrder, sections: dict[str, object], *, by: Person, now: datetime
) -> dict[str, object]:
    """Who reported the effect, where it is written together with the other sections."""
    words = sections.get("effect_report", order.effect_report)
    if words == order.effect_report:
        return {}
    is_given = bool(str(words or "").strip())
    return {
        "effect_reported_at": now if is_given else None,
        "effect_reported_by": by if is_given else None,
    }


def plan_checks(order: WorkOrder, *, now: datetime) -> None:
    """Look again 30, 60 and 90 days after the confirmation."""
    EffectivenessCheck.objects.bulk_create(
        EffectivenessCheck(
            order=order,
            days=days,
            since_at=now,
            due_on=timezone.localdate(now + timedelta(days=days)),
        )
        for days in CHECK_DAYS
    )


def void_checks(order: WorkOrder) -> None:
    """The order is open again: it is checked anew after its next confirmation."""
    order.checks.filter(status=CheckStatus.PENDING).update(status=CheckStatus.VOID)
