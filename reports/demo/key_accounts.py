"""Key accounts of the demonstration company: what a branch ships, three files, their standing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, cycle

from django.db.models import F
from django.utils import timezone

from customers.actions import account_files, competitors, ladders, refreshing
from customers.models import Customer, CustomerVolume, Kind
from organisation.models import Person
from reports.demo.customers import Client

# Shipments of twelve months, the latest last: one leaves, one grows, the others are steady.
LEAVING = (60, 61, 58, 60, 57, 55, 48, 41, 30, 21, 14, 9)
GROWING = (20, 22, 24, 26, 30, 33, 38, 41, 47, 52, 58, 66)
STEADY = (
    (44, 45, 43, 46, 44, 45, 44, 46, 45, 44, 46, 45),
    (18, 19, 17, 18, 20, 18, 19, 18, 17, 19, 18, 18),
    (5, 4, 5, 6, 5, 5, 4, 5, 5, 6, 5, 5),
)
FILES = 3
REVENUE = Decimal(2_600)
FILE = {
    "business": "货物发往西北和西南，以整车为主；春秋两季最旺。",
    "people": "采购经理看价格，仓库主管看准点和装卸。",
    "preferences": "先发微信再打电话；由同一位客户经理对接。",
    "aims": "下一季度拿下西北回程线路。",
}
NEEDS = ("夜间提货；大件需叉车。", "夜间提货；大件需叉车；每周一份在途清单。")
DATES = [{"month": 5, "day": 12, "what": "厂庆"}, {"month": 9, "day": 28, "what": "采购年会"}]


def keep(clients: Sequence[Client], now: datetime) -> None:
    """The companies of one branch; files of those that complained most."""
    firms = [row.customer for row in clients if row.customer.kind == Kind.COMPANY]
    home = firms[0].home_branch_id
    theirs = Customer.objects.filter(kind=Kind.COMPANY, home_branch=home)
    most = theirs.select_related("home_branch", "account_manager").order_by(
        F("facts__complaints").desc(nulls_last=True), "pk"
    )
    courses = chain((LEAVING, GROWING), cycle(STEADY))
    for place, (customer, course) in enumerate(zip(most, courses, strict=False)):
        _ship(customer, course, now)
        if place < FILES and customer.account_manager is not None:
            _know(customer, customer.account_manager, now)
    refreshing.run(now=now)


def _ship(customer: Customer, course: Sequence[int], now: datetime) -> None:
    first = timezone.localdate(now).replace(day=1)
    rows = []
    for shipments in reversed(course):
        last = first - timedelta(days=1)
        first = last.replace(day=1)
        rows.append(_month(customer, first, last, shipments, now))
    CustomerVolume.objects.bulk_create(rows)


def _month(
    customer: Customer, first: date, last: date, shipments: int, now: datetime
) -> CustomerVolume:
    return CustomerVolume(
        customer=customer,
        branch=customer.home_branch,
        starts_on=first,
        days=(last - first).days + 1,
        shipments=shipments,
        revenue=shipments * REVENUE,
        last_on=last - timedelta(days=2),
        source=CustomerVolume.Source.FILE,
        written_at=now,
    )


def _know(customer: Customer, manager: Person, now: datetime) -> None:
    for ladder, value, reason in (
        ("relation", "supporter", "主动介绍了同行"),
        ("service", "beyond", "夜间提货专人值守"),
        ("potential", "high", "西北线路尚未合作"),
        ("influence", "middle", "行业协会理事单位"),
    ):
        ladders.place(
            customer=customer, ladder=ladder, value=value, reason=reason, seen="", by=manager,
            now=now,
        )  # fmt: skip
    seen = None
    for days, needs in zip((40, 9), NEEDS, strict=True):
        file = account_files.write(
            customer=customer,
            seen=seen,
            secrecy="confidential",
            dates=DATES,
            by=manager,
            now=now - timedelta(days=days),
            needs=needs,
            **FILE,
        )
        seen = file.pk
    competitors.note(
        customer=customer,
        competitor="顺达物流",
        words="上门报价，每票便宜两元，承诺次日达。",
        seen_on=timezone.localdate(now) - timedelta(days=12),
        by=manager,
        now=now,
    )
