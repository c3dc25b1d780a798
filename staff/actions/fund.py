"""The special award fund: a budget for each quarter, never passed (O-17).

The database keeps what is left and refuses to go below zero; who charges waits for the quarter's
row, so that two at once see each other.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from csm.kit import money, periods
from csm.kit.errors import Refused
from csm.kit.periods import Period
from organisation.access import require_everywhere
from organisation.models import Person
from staff import quarters
from staff.models import FundEntry, FundQuarter, FundSource

EDIT = "fund.edit"
MOST = Decimal(100_000_000)
# What one reward or one prize may cost.
DEAREST = Decimal(1_000_000)
NOTHING = Decimal(0)
LONGEST_WORDS = 200


def quarter_at(now: datetime) -> Period:
    return quarters.running(now)


@transaction.atomic
def set_budget(*, period: str, amount: Decimal, by: Person | None, now: datetime) -> FundQuarter:
    """What may be spent in a quarter, in yuan; an entry says by how much it changed.

    Never below what is spent already, and not for a quarter that is over.
    """
    require_everywhere(by, EDIT)
    quarter = _quarter(period)
    if quarter.has_ended(now):
        raise Refused.at("period", _("This quarter is over: its budget stays."))
    if not NOTHING <= amount <= MOST:
        raise Refused.at("amount", _("Enter an amount from ¥0 to ¥100,000,000."))
    FundQuarter.objects.get_or_create(period=period)
    held = _held(period)
    budget = budget_of(held)
    spent = budget - held.remaining
    if amount < spent:
        words = _("%(spent)s of this quarter are spent already: enter at least as much.")
        raise Refused.at("amount", words % {"spent": money.words(spent)})
    if amount != budget:
        FundEntry.objects.create(
            quarter=held, source_kind=FundSource.BUDGET, amount=amount - budget, at=now, by=by
        )
        held.refresh_from_db()
    return held


@transaction.atomic
def charge(
    *,
    source_kind: str,
    source_id: int,
    amount: Decimal,
    words: str,
    now: datetime,
    by: Person | None = None,
) -> FundEntry:
    """Take a reward or a prize out of the running quarter, once for each source.

    By the system for an act that was allowed, so nobody has a right to it. Holds the quarter's row
    until the transaction ends: what is written into the ledger of points comes before. `words` say
    what for, and are read by all who see the fund. Raises `Refused` beyond the budget.
    """
    if amount <= 0 or source_kind == FundSource.BUDGET:
        raise ValueError("a charge is more than nothing, and no budget")
    held = _running(now)
    known = _charged(source_kind, source_id)
    if known is not None:
        return known
    return FundEntry.objects.create(
        quarter=_reaching(held, amount, now),
        source_kind=source_kind,
        source_id=source_id,
        amount=-amount,
        words=words,
        at=now,
        by=by,
    )


@transaction.atomic
def check(amount: Decimal, *, now: datetime) -> None:
    """Hold the running quarter; `Refused` where several charges together pass what is left."""
    if amount:
        _reaching(_running(now), amount, now)


def words_of(receiver: str, prize: str) -> str:
    """What a prize is charged for, as far as there is room for it."""
    return f"{receiver} · {prize}"[:LONGEST_WORDS]


def wrong_cost(cost: Decimal) -> str:
    """What is wrong with what a reward or a prize costs; empty when nothing is."""
    return "" if NOTHING <= cost <= DEAREST else _("Enter an amount from ¥0 to ¥1,000,000.")


@transaction.atomic
def give_back(*, source_kind: str, source_id: int, by: Person | None, now: datetime) -> None:
    """What was charged for a source, into the quarter it was taken from; nothing where none was."""
    entry = _charged(source_kind, source_id)
    if entry is None:
        return
    _held(entry.quarter_id)
    if not FundEntry.objects.filter(reverses=entry).exists():
        FundEntry.objects.create(
            quarter_id=entry.quarter_id,
            source_kind=source_kind,
            source_id=source_id,
            amount=-entry.amount,
            words=entry.words,
            reverses=entry,
            at=now,
            by=by,
        )


def budget_of(quarter: FundQuarter) -> Decimal:
    """What may be spent in it, in yuan."""
    rows = quarter.entries.filter(source_kind=FundSource.BUDGET)
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def _running(now: datetime) -> FundQuarter | None:
    rows = FundQuarter.objects.select_for_update(no_key=True)
    return rows.filter(period=quarter_at(now).key).first()


def _reaching(held: FundQuarter | None, amount: Decimal, now: datetime) -> FundQuarter:
    if held is not None and held.remaining >= amount:
        return held
    said = {
        "quarter": periods.label(quarter_at(now)),
        "remaining": money.words(held.remaining if held else NOTHING),
        "amount": money.words(amount),
    }
    raise Refused(
        _("The award fund of %(quarter)s does not reach: %(remaining)s left of it, %(amount)s"
          " asked for.") % said
    )  # fmt: skip


def _charged(source_kind: str, source_id: int) -> FundEntry | None:
    rows = FundEntry.objects.filter(source_kind=source_kind, source_id=source_id, reverses=None)
    return rows.first()


def _held(period: str) -> FundQuarter:
    return FundQuarter.objects.select_for_update(no_key=True).get(period=period)


def _quarter(period: str) -> Period:
    try:
        return quarters.of_key(period)
    except ValueError:
        raise Refused.at("period", _("Name a quarter such as 2026-Q4.")) from None
