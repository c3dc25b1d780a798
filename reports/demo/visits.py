"""Visits to come and made, care, segments and a notice of the demonstration company."""

from datetime import datetime, timedelta

from django.utils import timezone

from customers.actions import (
    care,
    care_rules,
    notices,
    segments,
    visit_cadence,
    visit_follow_ups,
    visits,
)
from customers.models import Customer, Kind
from organisation.models import Person, Role
from reports.demo.company import Company
from reports.demo.customers import Client

CADENCE = {"diamond": (14, 45), "gold": (21, 60), "1A": (7, 30), "2A": (14, 45)}
VISITED, PLANNED = 6, 8


def plan(company: Company, clients: list[Client], now: datetime) -> None:
    """The cadence, some visits made and some planned, a segment, a draft, and rules of care."""
    boss = company.who(company.root.code, Role.ADMINISTRATOR)[0]
    visit_cadence.keep(days=CADENCE, by=boss, now=now)
    firms = [each.customer for each in clients if each.customer.kind == Kind.COMPANY]
    held = [(row, manager) for row in firms if (manager := row.account_manager) is not None]
    today = timezone.localdate(now)
    for number, (row, manager) in enumerate(held[:VISITED]):
        _made(row, manager, now, number)
    for number, (row, manager) in enumerate(held[VISITED : VISITED + PLANNED]):
        visits.plan(
            customer=row,
            kind="visit" if number % 3 else "reception",
            on=today + timedelta(days=2 * number),
            owner=manager,
            purpose="regular" if number % 2 else "joint_plan",
            aim="旺季运力安排",
            steps="了解需求\n核对上次承诺\n约定下次走访",
            by=manager,
            now=now,
        )
    care_rules.add_festival(
        name="春节", name_en="Spring Festival", on=today + timedelta(days=40), by=boss, now=now
    )
    care_rules.add_rule(occasion="festival", words="发送节日问候", by=boss, now=now)
    care_rules.add_rule(
        occasion="date", standing="diamond", words="致电祝贺", channel="phone", by=boss, now=now
    )
    _told(company, now)


def _made(row: Customer, manager: Person, now: datetime, number: int) -> None:
    on = timezone.localdate(now) - timedelta(days=5 + 9 * number)
    made = visits.note(
        customer=row,
        kind="visit",
        on=on,
        who="物流经理",
        words="旺季需增加两辆车；对时效满意。",
        by=manager,
        now=now,
    )
    visit_follow_ups.find(visit=made, kind="need", words="旺季增加两辆车", by=manager, now=now)
    due_on = timezone.localdate(now) + timedelta(days=number)
    visit_follow_ups.follow_up(
        visit=made, text="提交旺季运力方案", owner=manager, due_on=due_on, by=manager, now=now
    )
    care.plan(customer=row, on=due_on, words="送上服务前后对比", by=manager, now=now)


def _told(company: Company, now: datetime) -> None:
    quality = company.who(company.root.code, Role.QUALITY_MANAGER)[0]
    firms = segments.save(
        name="企业客户",
        branch=company.root,
        conditions={"kinds": ["company"]},
        by=quality,
        now=now,
    )
    notices.draft(
        cause="change",
        segment=firms,
        title="春节期间服务安排",
        words="春节期间收件时间有调整，请提前安排发货。",
        title_en="Service at Spring Festival",
        words_en="Pickup times change at Spring Festival; please plan ahead.",
        by=quality,
        now=now,
    )
