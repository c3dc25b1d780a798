"""A row of a table of volumes: what it says, or what is wrong with it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from csm.kit import periods
from csm.kit.periods import Period
from customers.importing.columns import Field

T = TypeVar("T")
CUSTOMER, BRANCH, PERIOD = "customer", "branch", "period"
SHIPMENTS, REVENUE, LAST = "shipments", "revenue", "last_on"
FIELDS = (
    Field(CUSTOMER, gettext_lazy("Customer number"), "00123"),
    Field(BRANCH, gettext_lazy("Branch code"), "WX01"),
    Field(PERIOD, gettext_lazy("Month or week"), "2026-11"),
    Field(SHIPMENTS, gettext_lazy("Shipments"), "120"),
    Field(REVENUE, gettext_lazy("Revenue, ¥"), "36500.00"),
    Field(LAST, gettext_lazy("Last shipment on"), "2026-11-28", is_needed=False),
)
MOST_SHIPMENTS = 10_000_000
MOST_REVENUE = Decimal(10) ** 11
LONGEST_CODE = 80
CENT = Decimal("0.01")
# As people and spreadsheets write a month: 2026-11, 2026/11, 2026年11月, 2026-11-01 00:00:00.
MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?(?:[-/.]0?1(?:[ T]00:00(?::00)?)?)?")
WEEK = re.compile(r"([0-9]{4})-?[Ww]([0-9]{1,2})")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00)?)?")


@dataclass(frozen=True)
class Volume:
    """One period of a customer at a branch, both by their codes; `row` as a spreadsheet counts."""

    row: int
    customer: str
    branch: str
    starts_on: date
    days: int
    shipments: int
    revenue: Decimal
    last_on: date | None

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=self.days - 1)


class Fault(Exception):
    """What is wrong with one cell."""


def read(
    row: int, cells: Mapping[str, str], *, today: date, zone: ZoneInfo
) -> tuple[Volume | None, dict[str, str]]:
    """The volume that the cells say, or per column what is wrong. Codes stay as they are written:
    a leading zero belongs to them.
    """
    faults: dict[str, str] = {}

    def tried(name: str, act: Callable[[str], T]) -> T | None:
        try:
            return act(cells.get(name, ""))
        except Fault as fault:
            faults[name] = str(fault)
            return None

    customer, branch = tried(CUSTOMER, _code), tried(BRANCH, _code)
    period = tried(PERIOD, lambda text: _period(text, today, zone))
    shipments, revenue = tried(SHIPMENTS, _count), tried(REVENUE, _money)
    last_on = tried(LAST, lambda text: _last(text, period, today))
    if not faults and revenue and not shipments:
        faults[REVENUE] = _("There is revenue without a shipment.")
    if faults or customer is None or branch is None or period is None:
        return None, faults
    if shipments is None or revenue is None:
        return None, faults
    days = (period.last_on - period.first_on).days + 1
    if shipments:
        last_on = last_on or min(period.last_on, today)
    found = Volume(
        row=row,
        customer=customer,
        branch=branch,
        starts_on=period.first_on,
        days=days,
        shipments=shipments,
        revenue=revenue,
        last_on=last_on if shipments else None,
    )
    return found, {}


def _code(text: str) -> str:
    if not text:
        raise Fault(_("This is missing."))
    if len(text) > LONGEST_CODE:
        raise Fault(_("This is longer than %(limit)d characters.") % {"limit": LONGEST_CODE})
    return text


def _period(text: str, today: date, zone: ZoneInfo) -> Period:
    if not text:
        raise Fault(_("This is missing."))
    if match := WEEK.fullmatch(text):
        key = f"{match[1]}-W{int(match[2]):02d}"
    elif match := MONTH.fullmatch(text):
        key = f"{match[1]}-{int(match[2]):02d}"
    else:
        key = text
    try:
        found = periods.parse(key, zone=zone)
    except ValueError as error:
        raise Fault(_("This is no month such as 2026-11 and no week such as 2026-W47.")) from error
    if found.first_on > today:
        raise Fault(_("This lies in the future."))
    return found


def _count(text: str) -> int:
    plain = re.sub(r"[,，\s]", "", text)
    if not plain.isascii() or not plain.isdigit() or int(plain) > MOST_SHIPMENTS:
        raise Fault(_("Enter a whole number from 0 to 10,000,000."))
    return int(plain)


def _money(text: str) -> Decimal:
    plain = re.sub(r"[,，\s¥￥]", "", text)
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and 0 <= amount < MOST_REVENUE):
        raise Fault(_("Enter an amount in yuan, 0 or more."))
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def _last(text: str, period: Period | None, today: date) -> date | None:
    if not text or period is None:
        return None
    match = DAY.fullmatch(text)
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    if found is None:
        raise Fault(_("This is no day such as 2026-11-28."))
    if not period.first_on <= found <= min(period.last_on, today):
        raise Fault(_("This day does not lie in the period, or lies in the future."))
    return found
