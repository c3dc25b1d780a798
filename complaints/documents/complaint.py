"""The corrective and preventive sheet (纠防单) of a complaint: facts, cause, measures, verdicts."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import clocks, evidence
from complaints.accountability import lines_of_complaint
from complaints.clock_face import NO_CLOCK, Clock
from complaints.documents import order as orders
from complaints.documents import words
from complaints.models import Complaint, OrderStatus, Reply, WorkOrder
from csm.kit.docx import Plain
from organisation.access import visible
from organisation.models import Person

FIELDS: Mapping[str, Promise] = {
    **words.HEAD,
    "subject": gettext_lazy("what it is about"),
    "description": gettext_lazy("what the customer said"),
    **words.CUSTOMER,
    "waybill": gettext_lazy("the waybill"),
    "channel": gettext_lazy("the channel"),
    "category": gettext_lazy("the category"),
    "severity": gettext_lazy("the severity"),
    "received_at": gettext_lazy("when the complaint was received"),
    "logged_at": gettext_lazy("when it was logged"),
    "intake": gettext_lazy("the branch that took it in"),
    "branch": gettext_lazy("the responsible branch"),
    "handler": gettext_lazy("the handler"),
    "cycle": gettext_lazy("the cycle of the complaint"),
    "closed_at": gettext_lazy("when it was closed"),
    "result": gettext_lazy("what the customer was told as the result"),
    "clocks": gettext_lazy("the four clocks, one by one"),
    "clocks.name": gettext_lazy("the promise"),
    "clocks.target": gettext_lazy("within which time"),
    "clocks.due_at": gettext_lazy("until when"),
    "clocks.verdict": gettext_lazy("the verdict"),
    "clocks.who": gettext_lazy("who met it, or has it to meet"),
    "order": gettext_lazy("the number of the work order"),
    "order_status": gettext_lazy("the state of the work order"),
    "promised_on": gettext_lazy("the promised completion"),
    **{
        name: explained
        for name, explained in orders.FIELDS.items()
        if name.startswith(("causes", "accountability", "measures"))
    },
    "emergency": orders.FIELDS["emergency"],
    "effect": orders.FIELDS["effect"],
    "guidance": orders.FIELDS["guidance"],
}
EXAMPLE: Mapping[str, Plain] = {
    **words.HEAD_EXAMPLE,
    "title": "投诉纠正与预防单",
    "number": "TS20261116-0033",
    "status": "已回访",
    "address": "https://csm.example.com/complaints/TS20261116-0033/",
    "subject": "换车未告知，产线停工",
    "description": "约定 15:00 提货，车辆 17:20 才到，装配线停工两小时。",
    **words.CUSTOMER_EXAMPLE,
    "waybill": "SF1029",
    "channel": "热线",
    "category": "在途异常未反馈",
    "severity": "高",
    "received_at": "2026-11-16 18:00",
    "logged_at": "2026-11-16 18:05",
    "intake": "徐州平台",
    "branch": "徐州平台",
    "handler": "孙伟",
    "cycle": "1",
    "closed_at": "2026-11-26 11:00",
    "result": "剩余 3 件已专车送达，承担停工损失。",
    "clocks": [
        {
            "name": "告知结果",
            "target": "24 小时",
            "due_at": "2026-11-17 18:00",
            "verdict": "按时完成，用时 19 小时",
            "who": "孙伟 · 电话",
        }
    ],
    "order": "问字【2026】217号",
    "order_status": "已确认",
    "promised_on": "2026-11-25",
    "causes": orders.CAUSES_EXAMPLE,
    "accountability": orders.ACCOUNTABILITY_EXAMPLE,
    "measures": orders.MEASURES_EXAMPLE,
    "emergency": orders.EXAMPLE["emergency"],
    "effect": orders.EXAMPLE["effect"],
    "guidance": orders.EXAMPLE["guidance"],
}


def values(complaint: Complaint, *, by: Person, now: datetime) -> dict[str, Plain]:
    """What `FIELDS` names; the order's part as far as the person sees the order."""
    return {
        **words.head(
            title=_("Corrective and preventive sheet"),
            number=complaint.number,
            status=complaint.get_status_display(),
            path=reverse("complaint", args=[complaint.number]),
            by=by,
            now=now,
        ),
        **words.customer(complaint.customer, complaint),
        **_facts(complaint),
        "result": _result(complaint),
        "clocks": _clocks(complaint, now),
        **_order(_order_of(complaint, by)),
        "accountability": orders.lines(lines_of_complaint(complaint, by)),
    }


def _facts(complaint: Complaint) -> dict[str, Plain]:
    return {
        "subject": complaint.subject,
        "description": complaint.description,
        "waybill": complaint.waybill,
        "channel": str(complaint.get_channel_display()),
        "category": complaint.category.label if complaint.category else "",
        "severity": str(complaint.get_severity_display()),
        "received_at": words.moment(complaint.received_at),
        "logged_at": words.moment(complaint.logged_at),
        "intake": complaint.intake_branch.label,
        "branch": complaint.branch.label if complaint.triaged_at else "",
        "handler": words.name(complaint.handler),
        "cycle": str(complaint.cycle),
        "closed_at": words.moment(complaint.closed_at),
    }


def _result(complaint: Complaint) -> str:
    """The latest one: each cycle has its own."""
    replies = complaint.replies.filter(kind=Reply.Kind.RESULT).order_by("-cycle")
    return replies.values_list("words", flat=True).first() or ""


def _clocks(complaint: Complaint, now: datetime) -> list[Plain]:
    """Those that count now."""
    timers = clocks.timers_of([complaint])
    notes, targets = evidence.notes(timers), clocks.targets_of(timers)
    [counting, *_others] = clocks.cycles(timers, now=now, targets=targets, notes=notes)
    return [_clock(each) for each in counting.clocks]


def _clock(clock: Clock) -> Plain:
    return {
        "name": clock.title,
        "target": clock.target,
        "due_at": words.moment(clock.face.due_at),
        "verdict": clock.face.sentence if clock.face != NO_CLOCK else "",
        "who": clock.note,
    }


def _order_of(complaint: Complaint, by: Person) -> WorkOrder | None:
    """The order that counts, if the person may see it."""
    rows = visible(WorkOrder, by).filter(links__complaint=complaint)
    return rows.exclude(status=OrderStatus.ANNULLED).order_by("-pk").first()


def _order(order: WorkOrder | None) -> dict[str, Plain]:
    if order is None:
        lists: dict[str, Plain] = {"causes": [], "measures": []}
        texts = ("order", "order_status", "promised_on", "emergency", "effect", "guidance")
        return {**dict.fromkeys(texts, ""), **lists}
    return {
        "order": order.number or "",
        "order_status": order.get_status_display(),
        "promised_on": words.day(order.promised_on),
        "causes": orders.causes(order),
        "measures": orders.measures(order),
        "emergency": orders.emergency(order),
        "effect": order.effect_report,
        "guidance": order.guidance,
    }
