"""Three key accounts of the demonstration company: what they ship, their file and standing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from customers.actions import account_files, competitors, ladders, refreshing
from customers.models import Customer, CustomerVolume, Kind
from organisation.models import Person
from reports.demo.customers import Client

# Shipments of the last twelve months, the latest last: one grows, one is steady, one is leaving.
COURSES = (
    (20, 22, 24, 26, 30, 33, 38, 41, 47, 52, 58, 66),
    (44, 45, 43, 46, 44, 45, 44, 46, 45, 44, 46, 45),
    (60, 61, 58, 60, 57, 55, 48, 41, 30, 21, 14, 9),
)
REVENUE = Decimal(2_600)
FILE = {
    "business": "矿山与工程机械配件，发往西北和西南，春秋两季最旺。",
    "people": "采购经理看价格，仓库主管看准点和装卸。",
    "needs": "夜间提货；大件需叉车；每周一份在途清单。",
    "preferences": "先发微信再打电话；由同一位客户经理对接。",
    "aims": "下一季度拿下西北回程线路。",
}
DATES = [{"month": 5, "day": 12, "what": "厂庆"}, {"month": 9, "day": 28, "what": "采购年会"}]


def keep(clients: Sequence[Client], now: datetime) -> None:
    """The first companies with an account manager."""
    firms = [row.customer for row in clients if row.customer.kind == Kind.COMPANY]
    for customer, course in zip(firms, COURSES, strict=False):
        _ship(customer, course, now)
        if customer.account_manager is not None:
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
    account_files.write(
        customer=customer,
        seen=None,
        secrecy="confidential",
        dates=DATES,
        by=manager,
        now=now - timedelta(days=9),
        **FILE,
    )
    competitors.note(
        customer=customer,
        competitor="顺达物流",
        words="上门报价，每票便宜两元，承诺次日达。",
        seen_on=timezone.localdate(now) - timedelta(days=12),
        by=manager,
        now=now,
    )
