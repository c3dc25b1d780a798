"""The rectification work order on paper, with the sections of the company's own form (W-01 … W-11).

One query for each part that lies in rows of its own.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import clocks
from complaints.accountability import with_names
from complaints.documents import words
from complaints.models import (
    Accountability,
    Complaint,
    MeasureGroup,
    MeasureStatus,
    OrderComplaint,
    TimerKind,
    WorkOrder,
)
from csm.kit.docx import Plain
from organisation.access import visible
from organisation.models import Branch, Level, Person

# Each field in words; a dot leads into the values of a list.
FIELDS: Mapping[str, Promise] = {
    **words.HEAD,
    "branch": gettext_lazy("the responsible branch"),
    "issuing_unit": gettext_lazy("the issuing unit"),
    "owner": gettext_lazy("the rectification owner"),
    **words.CUSTOMER,
    "complaint": gettext_lazy("the number of the complaint"),
    "cycle": gettext_lazy("the cycle of the complaint"),
    "received_at": gettext_lazy("when the complaint was received"),
    "first_submitted_at": gettext_lazy("when the order got its number"),
    "submitted_at": gettext_lazy("when it was submitted last"),
    "submitted_by": gettext_lazy("who submitted it last"),
    "confirmed_at": gettext_lazy("when it was confirmed"),
    "confirmed_by": gettext_lazy("who confirmed it"),
    "promised_on": gettext_lazy("the promised completion"),
    "clock": gettext_lazy("the verdict of the work order clock"),
    "title_subject": gettext_lazy("the first part of the title: problem subject"),
    "title_nature": gettext_lazy("the second part: problem nature"),
    "title_content": gettext_lazy("the third part: abnormal content"),
    "basic_information": gettext_lazy("basic information"),
    "course": gettext_lazy("the course of events, entry by entry"),
    "course.at": gettext_lazy("when it happened"),
    "course.text": gettext_lazy("what happened"),
    "causes": gettext_lazy("the causes, one by one"),
    "causes.kind": gettext_lazy("the kind of the cause"),
    "causes.text": gettext_lazy("the cause"),
    "causes.whys": gettext_lazy("why, and why again"),
    "causes.evidence": gettext_lazy("what proves it"),
    "files": gettext_lazy("the names of the files of evidence"),
    "emergency": gettext_lazy("what was solved for the customer"),
    "accountability": gettext_lazy("who is held to account, one by one"),
    "accountability.party": gettext_lazy("own person, manager or supplier"),
    "accountability.who": gettext_lazy("the name"),
    "accountability.what": gettext_lazy("what happened"),
    "accountability.consequence": gettext_lazy("the proposed consequence"),
    "measures": gettext_lazy("the long-term measures, one by one"),
    "measures.group": gettext_lazy("prevent, detect or respond"),
    "measures.text": gettext_lazy("the measure"),
    "measures.owner": gettext_lazy("who sees to it"),
    "measures.due_on": gettext_lazy("until when"),
    "measures.state": gettext_lazy("how far it is"),
    "effect": gettext_lazy("the effect as the branch reports it"),
    "satisfied": gettext_lazy("whether the customer is satisfied"),
    "guidance": gettext_lazy("the guidance of the issuing unit"),
}
CAUSES_EXAMPLE: list[Plain] = [
    {
        "kind": "流程",
        "text": "换车流程只要求系统改派，不要求电话告知。",
        "whys": "换车未告知 → 流程无此要求 → 流程三年未修订",
        "evidence": "派车记录，通话清单",
    }
]
ACCOUNTABILITY_EXAMPLE: list[Plain] = [
    {"party": "管理人", "who": "李强", "what": "当日未核对到达时间", "consequence": "扣 2 分"}
]
MEASURES_EXAMPLE: list[Plain] = [
    {
        "group": "防止发生",
        "text": "换车必须电话告知客户并录入。",
        "owner": "孙伟",
        "due_on": "2026-11-25",
        "state": "进行中",
    }
]
EXAMPLE: Mapping[str, Plain] = {
    **words.HEAD_EXAMPLE,
    "branch": "徐州平台",
    "issuing_unit": "总部品质",
    "owner": "孙伟",
    **words.CUSTOMER_EXAMPLE,
    "complaint": "TS20261116-0033",
    "cycle": "1",
    "received_at": "2026-11-16 18:00",
    "first_submitted_at": "2026-11-18 16:30",
    "submitted_at": "2026-11-18 16:30",
    "submitted_by": "孙伟",
    "confirmed_at": "2026-11-26 10:05",
    "confirmed_by": "林静怡",
    "promised_on": "2026-11-25",
    "clock": "按时完成，用时 46 小时 30 分",
    "title_subject": "徐州平台调度",
    "title_nature": "发车前换车未告知",
    "title_content": "致客户产线停工 2 小时",
    "basic_information": "运单 SF1029，徐州至盐城，轴承座 12 件。",
    "course": [{"at": "2026-11-16 13:10", "text": "原定车辆故障，调度改派他车，未告知客户。"}],
    "causes": CAUSES_EXAMPLE,
    "files": "派车记录.pdf，现场照片.jpg",
    "emergency": "当晚专车补送剩余 3 件，19:05 送达。",
    "accountability": ACCOUNTABILITY_EXAMPLE,
    "measures": MEASURES_EXAMPLE,
    "effect": "换车后十单均已提前告知。",
    "satisfied": "满意",
    "guidance": "推广到全省。",
}


def values(order: WorkOrder, *, by: Person, now: datetime) -> dict[str, Plain]:
    """What `FIELDS` names. The complaints it answers are shown as far as the person sees them."""
    links = list(order.links.select_related("complaint"))
    link = next(iter(seen(links, by)), None)
    return {
        **words.head(
            title=title_of(order),
            number=order.number or "",
            status=order.get_status_display(),
            path=reverse("work-order", args=[order.pk]),
            by=by,
            now=now,
        ),
        **_people(order),
        **words.customer(order.customer, link.complaint if link else None),
        **_complaint(link, now),
        **_sections(order),
        "files": words.listed(link.file.name for link in order.files.select_related("file")),
    }


def seen(links: list[OrderComplaint], by: Person) -> list[OrderComplaint]:
    """Those whose complaint the person may see."""
    rows = visible(Complaint, by).filter(pk__in=[link.complaint_id for link in links])
    known = set(rows.values_list("pk", flat=True))
    return [link for link in links if link.complaint_id in known]


def title_of(order: WorkOrder) -> str:
    """《XX分公司问题整改工作单》, by the region of the branch."""
    region = region_of(order.branch)
    if region.level == Level.REGION and _("Region") not in region.label:
        return _("%(region)s region: rectification work order") % {"region": region.label}
    return _("%(region)s: rectification work order") % {"region": region.label}


def region_of(branch: Branch) -> Branch:
    """The region named in the order's title; without one, the branch itself."""
    ancestors = Branch.objects.filter(pk__in=branch.ancestor_ids, level=Level.REGION)
    return ancestors.order_by("-path").first() or branch


def _people(order: WorkOrder) -> dict[str, Plain]:
    return {
        "branch": words.name(order.branch),
        "issuing_unit": words.name(order.issuing_branch),
        "owner": words.name(order.owner),
        "first_submitted_at": words.moment(order.numbered_at),
        "submitted_at": words.moment(order.submitted_at),
        "submitted_by": words.name(order.submitted_by),
        "confirmed_at": words.moment(order.confirmed_at),
        "confirmed_by": words.name(order.confirmed_by),
        "promised_on": words.day(order.promised_on),
    }


def _complaint(link: OrderComplaint | None, now: datetime) -> dict[str, Plain]:
    """The complaint it answers first, and the verdict of its clock."""
    if link is None:
        return dict.fromkeys(("complaint", "cycle", "received_at", "clock"), "")
    four = clocks.four_of([link.complaint], now=now, targets={})[link.complaint.pk]
    return {
        "complaint": link.complaint.number,
        "cycle": str(link.cycle),
        "received_at": words.moment(link.complaint.received_at),
        "clock": next(each.face.sentence for each in four if each.kind == TimerKind.WORK_ORDER),
    }


def _sections(order: WorkOrder) -> dict[str, Plain]:
    return {
        "title_subject": order.title_subject,
        "title_nature": order.title_nature,
        "title_content": order.title_content,
        "basic_information": basics(order),
        "course": course(order),
        "causes": causes(order),
        "emergency": emergency(order),
        "accountability": accountability(order),
        "measures": measures(order),
        "effect": order.effect_report,
        "satisfied": words.satisfied(order.is_customer_satisfied),
        "guidance": order.guidance,
    }


def basics(order: WorkOrder) -> str:
    """Waybill, when, where, who and what else is known, as one text (W-03)."""
    found = words.moment(order.occurred_at) if order.occurred_at else ""
    parts = (order.waybill, found, order.place, order.involved, order.remarks)
    return _("; ").join(part for part in parts if part)


def course(order: WorkOrder) -> list[Plain]:
    """In order of time; where it happened stands before the words."""
    return [
        {
            "at": words.moment(row.at) if row.at else "",
            "text": " ".join(part for part in (row.place, row.text) if part),
        }
        for row in order.course.order_by("at", "position")
    ]


def causes(order: WorkOrder) -> list[Plain]:
    """Each with its whys and all that proves it."""
    rows = order.causes.prefetch_related("evidence__file__file")
    return [
        {
            "kind": row.get_category_display() if row.category else "",
            "text": row.text,
            "whys": " → ".join(row.whys),
            "evidence": words.listed(
                proof.file.file.name if proof.file else proof.text for proof in row.evidence.all()
            ),
        }
        for row in rows
    ]


def emergency(order: WorkOrder) -> str:
    """What the customer got, and when."""
    return "\n".join(
        f"{words.moment(row.at)} {row.text}" if row.at else row.text
        for row in order.emergency_measures.all()
    )


def accountability(order: WorkOrder) -> list[Plain]:
    """Who answers for it, line by line (W-06)."""
    return lines(order.accountabilities.all())


def lines(rows: QuerySet[Accountability]) -> list[Plain]:
    return [
        {
            "party": row.get_party_display(),
            "who": row.who,
            "what": row.what,
            "consequence": row.consequence,
        }
        for row in with_names(rows)
    ]


def measures(order: WorkOrder) -> list[Plain]:
    """Prevent, detect, respond, in this order (W-07); without what was dropped."""
    rows = order.measures.exclude(status=MeasureStatus.DROPPED).select_related("owner")
    place = {group: at for at, group in enumerate(MeasureGroup)}
    return [
        {
            "group": row.get_group_display(),
            "text": row.text,
            "owner": row.owner.name if row.owner else "",
            "due_on": row.due_on.isoformat() if row.due_on else "",
            "state": row.get_status_display(),
        }
        for row in sorted(rows, key=lambda row: (place[MeasureGroup(row.group)], row.number))
        if row.text
    ]
