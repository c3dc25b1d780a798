"""The company's own table of dissatisfied items: three rows become orders, one waits (W-10)."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from complaints.actions import items, judging, measure_proof, measures, order_opening, work_orders
from complaints.models import DissatisfiedItem, WorkOrder
from customers.models import Kind
from organisation.models import Person, Role
from reports.demo import learning
from reports.demo.company import Company
from reports.demo.customers import Client
from reports.demo.data import table
from reports.demo.plans import HOUR
from reports.demo.stage import Stage
from reports.demo.words import Words


@dataclass(frozen=True)
class Row:
    """One row: code of the branch, score, the customer's words, and the category they are about."""

    code: str
    score: str
    opinion: str
    category: str
    plan: str


ROWS = (
    Row(
        "LZ",
        "5.00",
        "问题无人反馈，运输途中问题不能及时反馈；月底仓库发货出现差异",
        "no-answer",
        "异常专人跟进，两小时内反馈；月底发货双人复核",
    ),
    Row("WX", "6.00", "异常响应速度较慢", "slow-response", "异常一小时内首次回复，列入班组日清"),
    Row(
        "UR",
        "6.00",
        "未经客户允许，私自将货物搬进仓库，导致爆仓",
        "moved-cargo",
        "搬移货物须经客户书面同意；仓库设容量红线",
    ),
)
ASKED = {
    "LZ": learning.Asked("qc_topic", "降低月底发货差异率", "三个月内两次差异", is_running=True),
    "WX": learning.Asked("course", "异常一小时首次回复", "新员工不清楚回复时限", is_running=False),
}
WAITING = Row("SZ", "6.50", "运单状态更新不及时，需自行来电查询", "in-transit", "")
# Hours before the end: entered, opened, submitted, returned, submitted again, confirmed.
ENTERED, OPENED, SUBMITTED, RETURNED, AGAIN, CONFIRMED = 300, 299, 280, 262, 250, 230


def stage_all(company: Company, clients: list[Client], stage: Stage) -> None:
    """Put the rows on the stage; all three are submitted at one moment, so numbered in a row."""
    for row in ROWS:
        story = Story(company, clients, stage.end, row)
        for hours, act in (
            (ENTERED, story.enter),
            (OPENED, story.open),
            (SUBMITTED, story.submit),
            (RETURNED, story.send_back),
            (AGAIN, story.submit),
            (CONFIRMED, story.confirm),
        ):
            stage.at(stage.end - hours * HOUR, act)
    waiting = Story(company, clients, stage.end, WAITING)
    stage.at(stage.end - 20 * HOUR, waiting.enter)


@dataclass
class Story:
    """One item, and the order that it becomes."""

    company: Company
    clients: list[Client]
    end: datetime
    row: Row
    item: DissatisfiedItem = field(init=False)
    order: WorkOrder = field(init=False)

    @property
    def quality(self) -> Person:
        return self.company.who(self.company.root.code, Role.QUALITY_MANAGER)[0]

    @property
    def manager(self) -> Person:
        return self.company.who(self.row.code, Role.BRANCH_MANAGER)[0]

    def enter(self, now: datetime) -> None:
        self.item = items.record(
            customer=self._department.customer,
            branch=self.company.sites[self.row.code].branch,
            score=Decimal(self.row.score),
            opinion=self.row.opinion,
            plan=self.row.plan,
            planned_on=self._planned if self.row.plan else None,
            by=self.quality,
            now=now,
        )

    def open(self, now: datetime) -> None:
        self.order = order_opening.open_for_item(item=self.item, by=self.quality, now=now)

    def submit(self, now: datetime) -> None:
        self.order.refresh_from_db()
        words = self._words
        happened = self.item.recorded_at - 24 * HOUR
        sections = words.beginning(happened, now) | words.rest(now, is_done=True)
        plan = words.plan(now) if self.order.number is None else None
        work_orders.submit(order=self.order, by=self.manager, now=now, plan=plan, **sections)

    def send_back(self, now: datetime) -> None:
        reason = self._words.say("return_reasons")
        judging.send_back(
            order=self.order, reason=reason, sections=["causes"], by=self.quality, now=now
        )

    def confirm(self, now: datetime) -> None:
        for measure in measures.unfinished(self.order):
            proof = self._words.say("proofs")
            measure_proof.finish(measure=measure, proof=proof, by=self.manager, now=now)
        guidance = self._words.say("guidance")
        judging.confirm(order=self.order, guidance=guidance, by=self.quality, now=now)
        if (asked := ASKED.get(self.row.code)) is not None:
            learning.ask(self.order, asked, self.company, by=self.manager, now=now)

    @property
    def _department(self) -> Client:
        """One of ours at the branch, else any."""
        ours = [one for one in self.clients if one.customer.kind == Kind.INTERNAL]
        site = self.company.sites[self.row.code]
        return next((one for one in ours if one.site == site), ours[0])

    @property
    def _planned(self) -> date:
        """The last 13 November."""
        today = timezone.localdate(self.end)
        planned = date(today.year, 11, 13)
        return planned if planned <= today else planned.replace(year=today.year - 1)

    @property
    def _words(self) -> Words:
        """Always the same ones."""
        rng = random.Random(self.row.code)  # noqa: S311  demo data
        case = rng.choice(table("words/zh")["categories"][self.row.category]["cases"])
        name = self.company.sites[self.row.code].branch.name
        day = timezone.localdate(self.end - timedelta(days=20))
        facts: dict[str, object] = {
            "goods": rng.choice(table("words/zh")["goods"]),
            "n": 12,
            "days": 3,
            "hours": 5,
            "amount": 800,
            "bill": "YA2011130001",
            "origin": "总部",
            "city": name,
            "branch": name,
            "contact": "仓储主管",
            "customer": self._department.customer.name,
            "date": f"{day.month} 月 {day.day} 日",
        }
        return Words(rng, "zh", self.row.category, case, facts)
