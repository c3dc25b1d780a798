"""What the page of an order shows of its measures, its effect, and what came of it."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.forms import BaseForm
from django.utils import timezone

from complaints import recurrences
from complaints.forms.effects import EffectForm
from complaints.forms.improvements import ImprovementForm
from complaints.models import (
    Assessment,
    CheckStatus,
    MeasureFile,
    MeasureStatus,
    Notice,
    OrderStatus,
    WorkOrder,
)
from organisation.access import can, visible
from organisation.forms.records import sent_or_fresh
from organisation.models import Person


def around(
    order: WorkOrder,
    person: Person,
    *,
    now: datetime,
    act: BaseForm | None = None,
) -> dict[str, Any]:
    """The measures, the checks with their figures, the improvements, and the forms for more."""
    files = Prefetch("files", MeasureFile.objects.select_related("file"))
    measures = list(order.measures.select_related("owner", "done_by").prefetch_related(files))
    checks = list(order.checks.exclude(status=CheckStatus.VOID))
    figures = recurrences.count(checks, now=now)
    is_sent = order.status in (OrderStatus.SUBMITTED, OrderStatus.CONFIRMED)
    return {
        "measures": measures,
        "ended_measures": [row for row in measures if row.status != MeasureStatus.OPEN],
        "unfinished": sum(row.is_awaited for row in measures),
        "today": timezone.localdate(now),
        "checks": [(check, figures[check.pk]) for check in checks],
        "improvements": list(order.improvements.select_related("owner")),
        "can_report": order.status == OrderStatus.SUBMITTED
        and can(person, "work_order.write", order),
        "can_request": is_sent and can(person, "improvement.request", order),
        "effect_form": sent_or_fresh(EffectForm, order, act),
        "improvement_form": sent_or_fresh(ImprovementForm, order, act),
        **_consequences(order, person),
    }


def _consequences(order: WorkOrder, person: Person) -> dict[str, Any]:
    """The notices and assessments about it that the person sees, and whether they may begin one."""
    assessments = visible(Assessment, person).filter(work_order=order)
    return {
        "notices": list(visible(Notice, person).filter(work_order=order)),
        "assessments": list(assessments.select_related("branch", "person")),
        "may_draft_notice": can(person, "notice.write"),
        "may_propose": can(person, "assessment.propose", order),
    }
