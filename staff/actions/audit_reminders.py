"""What is due of audits, told once each: "no audit, no execution" (T-16)."""

from datetime import datetime, timedelta

from django.utils import timezone

from organisation import outbox
from organisation.models import Importance, Role
from organisation.roles import holders_of
from organisation.texts import named
from staff.models import Audit, AuditKind, AuditStatus

AHEAD = timedelta(days=3)


def audits_due(*, now: datetime) -> int:
    """Three days before the day at the latest, whoever is to carry it out hears of it."""
    today = timezone.localdate(now)
    return _tell("audit_due", (today, today + AHEAD), Importance.REMINDER, now)


def audits_late(*, now: datetime) -> int:
    """Once it is late, the auditor hears; of an announced one the managers above, too."""
    yesterday = timezone.localdate(now) - timedelta(days=1)
    return _tell("audit_late", (yesterday - timedelta(days=31), yesterday), Importance.OVERDUE, now)


def _tell(text: str, days: tuple[object, object], importance: Importance, now: datetime) -> int:
    rows = Audit.objects.filter(status=AuditStatus.PLANNED, planned_on__range=days)
    found = list(rows.select_related("branch", "edition__checklist").order_by("pk"))
    managers = holders_of([Role.BRANCH_MANAGER]) if found else None
    notices = []
    for audit in found:
        people = [audit.auditor_id]
        if managers is not None and audit.is_announced:
            is_own = audit.kind == AuditKind.SELF
            if is_own or text == "audit_late":
                nearest = managers.nearest(audit.branch, Role.BRANCH_MANAGER)
                people += [person.pk for person in nearest]
        notices.append(
            outbox.Notice(
                key=f"audit:{audit.pk}:{text}",
                people=list(dict.fromkeys(people)),
                text=text,
                context=context_of(audit),
                importance=importance,
                path=f"/staff/audits/{audit.pk}/",
            )
        )
    return outbox.put_all(notices, now=now)


def context_of(audit: Audit) -> dict[str, object]:
    """What a message tells; of an unannounced one no branch, for a deputy may work there."""
    branch = audit.branch
    place = named(branch) if audit.surprise_of_id is None else {}
    return {
        "branch": place,
        "checklist": audit.edition.checklist.name,
        "day": audit.planned_on.isoformat(),
    }
