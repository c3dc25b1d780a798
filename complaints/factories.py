"""Complaints and work orders for tests: every one came to its state through the actions."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from complaints.actions import (
    callbacks,
    hand_overs,
    handling,
    import_jobs,
    imports,
    intake,
    items,
    judging,
    measure_proof,
    triage,
    work_orders,
)
from complaints.actions.measures import Given
from complaints.actions.order_rows import Analysis, Entry, Proof, Relief
from complaints.models import (
    Category,
    Channel,
    Complaint,
    DissatisfiedItem,
    ImportRun,
    MeasureStatus,
    Severity,
    WorkOrder,
)
from csm.kit import clock
from customers.factories import CustomerFactory
from customers.models import Kind
from organisation.actions import jobs
from organisation.factories import PersonFactory, headquarters
from organisation.models import Branch, Person, Role

STAGES = ("received", "assigned", "handling", "answered", "called_back", "closed")
AT = datetime(2020, 11, 16, 9, 30, tzinfo=UTC)
# The long-term measures, and a work order with every required section filled in.
PLAN = (
    Given("prevent", "异常清单列入交接班必查项。", due_on=date(2030, 1, 31)),
    Given("detect", "系统每两小时提示未联系的到货。", due_on=date(2030, 1, 31)),
    Given("respond", "值班主管一小时内联系客户。", due_on=date(2030, 1, 31)),
)
SECTIONS: dict[str, Any] = {
    "title_subject": "兰州—无锡专线",
    "title_nature": "异常响应迟缓",
    "title_content": "货物滞留三日未通知客户",
    "occurred_at": AT,
    "place": "无锡到达仓",
    "involved": "夜班装卸组",
    "course": (Entry(AT, "无锡到达仓", "11 月 16 日到货后无人联系客户。"),),
    "causes": (
        Analysis(
            category="process",
            text="交接班时未移交异常清单。",
            whys=("没有规定移交什么",),
            evidence=(Proof("record", "交接班记录，值班表。"),),
        ),
    ),
    "emergency_measures": (Relief(AT, "当日派车送达，并向客户致歉。"),),
    "plan": PLAN,
    "promised_on": date(2030, 1, 31),
}


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    code = factory.Sequence(lambda n: f"category-{n}")
    name = factory.Sequence(lambda n: f"类别{n}")
    name_en = factory.Sequence(lambda n: f"Category {n}")


def quality_manager() -> Person:
    """The quality manager at the headquarters who triages what the factory makes."""
    known = Person.objects.filter(username="factory-quality").first()
    return known or PersonFactory.create(
        username="factory-quality",
        name="品质管理员",
        email="",
        branch=headquarters(),
        role=Role.QUALITY_MANAGER,
    )


def handler_of(branch: Branch) -> Person:
    """Somebody who handles complaints at the branch, made when there is nobody."""
    known = Person.objects.filter(postings__branch=branch, postings__role=Role.HANDLER).first()
    return known or PersonFactory.create(branch=branch, role=Role.HANDLER, email="")


class ComplaintFactory(DjangoModelFactory[Complaint]):
    """A complaint at one of the STAGES (`until`), with its clocks, events and messages.

    `branch` becomes responsible at the triage and takes it in unless `intake_branch` is given;
    `handler` and `quality` act there, and are made when nobody is named. `received_at` is when the
    clocks start, `now` when every act happens (default: the database's clock, for both). A closed
    complaint has a submitted order.
    """

    class Meta:
        model = Complaint

    subject = factory.Sequence(lambda n: f"货物滞留无人通知 {n}")
    description = "客户来电，到货三天无人联系。"
    channel = Channel.HOTLINE
    now = factory.LazyFunction(clock.now)
    branch = factory.LazyFunction(headquarters)
    until = "received"

    @classmethod
    def _create(cls, model_class: type[Complaint], *args: Any, **kwargs: Any) -> Complaint:
        acts = {name: kwargs.pop(name, None) for name in ("until", "handler", "quality")}
        branch: Branch = kwargs.pop("branch")
        category = kwargs.pop("category", None)
        severity = kwargs.pop("severity", Severity.NORMAL)
        complaint = intake.log_complaint(
            by=kwargs.pop("by", None),
            intake_branch=kwargs.pop("intake_branch", branch),
            category=category,
            severity=severity,
            **kwargs,
        )
        bring(complaint, branch=branch, now=kwargs["now"], **acts)
        return complaint


def bring(
    complaint: Complaint,
    *,
    until: str,
    branch: Branch,
    now: datetime,
    handler: Person | None = None,
    quality: Person | None = None,
) -> None:
    """Take a received complaint through the acts, up to a stage."""
    reached = STAGES.index(until)
    if reached == 0:
        return
    quality = quality or quality_manager()
    triage.judge_valid(
        complaint=complaint,
        branch=branch,
        category=complaint.category or CategoryFactory.create(),
        severity=complaint.severity,
        handler=handler,
        by=quality,
        now=now,
    )
    if reached == 1:
        return
    handler = handler or handler_of(branch)
    hand_overs.accept(complaint=complaint, by=handler, now=now)
    if reached >= 3:
        _answer(complaint, handler, now)
    if reached >= 4:
        _call_back(complaint, quality, now)
    if reached >= 5:
        WorkOrderFactory.create(complaint=complaint, until="submitted", filler=handler, now=now)
        handling.close(complaint=complaint, by=quality, now=now)


def _answer(complaint: Complaint, handler: Person, now: datetime) -> None:
    common: dict[str, Any] = {
        "complaint": complaint,
        "channel": Channel.PHONE,
        "by": handler,
        "now": now,
    }
    handling.apologise(words="已向客户致歉。", **common)
    handling.answer(result="货物已送达。", **common)


def _call_back(complaint: Complaint, quality: Person, now: datetime) -> None:
    callbacks.record(
        complaint=complaint,
        is_reached=True,
        is_satisfied=True,
        score=9,
        words="处理及时。",
        by=quality,
        now=now,
    )


class WorkOrderFactory(DjangoModelFactory[WorkOrder]):
    """The order of a complaint (default: one being handled at `branch`), with all its sections.

    `until`: draft, submitted, returned or confirmed. `filler` writes and submits, `quality` judges.
    """

    class Meta:
        model = WorkOrder

    now = factory.LazyFunction(clock.now)
    until = "draft"

    @classmethod
    def _create(cls, model_class: type[WorkOrder], *args: Any, **kwargs: Any) -> WorkOrder:
        now, until = kwargs.pop("now"), kwargs.pop("until")
        branch = kwargs.pop("branch", None)
        complaint = kwargs.pop("complaint", None) or ComplaintFactory.create(
            branch=branch or headquarters(), until="handling", now=now
        )
        filler = cast(Person, kwargs.pop("filler", None) or complaint.handler)
        quality = kwargs.pop("quality", None) or quality_manager()
        order = work_orders.draft(complaint=complaint, by=filler, now=now, **SECTIONS | kwargs)
        bring_order(order, until=until, filler=filler, quality=quality, now=now)
        return order


def fill_order(order: WorkOrder, *, by: Person, now: datetime) -> None:
    """Fill in every required section of a draft."""
    work_orders.save(order=order, by=by, now=now, **SECTIONS)


def bring_order(
    order: WorkOrder, *, until: str, filler: Person, quality: Person, now: datetime
) -> None:
    """Take a filled draft, or a returned order, to one of its later states."""
    if until != "draft":
        work_orders.submit(order=order, by=filler, now=now)
    if until == "returned":
        judging.send_back(
            order=order, reason="原因不具体。", sections=["causes"], by=quality, now=now
        )
    if until == "confirmed":
        finish_measures(order, by=filler, now=now)
        judging.confirm(order=order, by=quality, now=now, guidance="推广到全省。")


class ItemFactory(DjangoModelFactory[DissatisfiedItem]):
    """A dissatisfied item of an internal customer, entered by the quality manager (`by`)."""

    class Meta:
        model = DissatisfiedItem

    branch = factory.LazyFunction(headquarters)
    customer = factory.SubFactory(
        CustomerFactory, kind=Kind.INTERNAL, home_branch=factory.SelfAttribute("..branch")
    )
    score = Decimal("5.00")
    opinion = factory.Sequence(lambda n: f"异常响应速度较慢 {n}")
    by = factory.LazyFunction(quality_manager)
    now = factory.LazyFunction(clock.now)

    @classmethod
    def _create(
        cls, model_class: type[DissatisfiedItem], *args: Any, **kwargs: Any
    ) -> DissatisfiedItem:
        return items.record(**kwargs)


def finish_measures(order: WorkOrder, *, by: Person, now: datetime) -> None:
    """Every measure of the order is done, and proved by words."""
    for measure in order.measures.filter(status=MeasureStatus.OPEN):
        measure_proof.finish(measure=measure, proof="检查表已张贴。", by=by, now=now)


def checked_import(person: Person) -> ImportRun:
    """A file with one good and one bad row, uploaded and checked by the person."""
    now = clock.now()
    text = "id,when,what\n1,2026-03-02 10:00,Goods broken\n2,never,Goods lost\n"
    upload = SimpleUploadedFile("old.csv", text.encode())
    run = imports.upload(upload=upload, by=person, now=now)
    columns = {"reference": "id", "received_at": "when", "subject": "what"}
    table = {"source": "old", "timezone": "Asia/Shanghai", "columns": columns}
    imports.check(run=run, table={**table, "fixed": {"channel": "phone"}}, by=person, now=now)
    jobs.run_due(runners=import_jobs.RUNNERS, now=now)
    return ImportRun.objects.get(pk=run.pk)
