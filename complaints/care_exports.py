"""Delay cost and recoveries as files: one row per branch; delay cost also one per complaint."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import delay_cost, delay_costs, months, recovery_totals
from complaints.actions import delay_prices
from complaints.models import RecoveryKind
from csm.kit import periods
from csm.kit.tables import Cell, Column
from organisation.access import branches
from organisation.actions.exports import BATCH, SMALL, Asked, local
from organisation.models import Branch

VERB = "complaint.see"


class DelayCostExport:
    """One row per branch, in the order of the page."""

    name = "delay-cost"
    verb = VERB

    def title(self) -> str:
        return _("Delay cost")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Month"), 14),
            Column(_("Code"), 14, is_text=True),
            Column(pgettext("level", "Branch"), 24),
            Column(_("Complaints"), 10),
            Column(_("Without a result"), 10),
            Column(_("Up to 24 h"), 10),
            Column(_("Up to 72 h"), 10),
            Column(_("Over 72 h"), 10),
            Column(_("Units"), 10),
            Column(_("Avoidable units"), 10),
            Column(_("Base price"), 10),
            Column(_("Cost"), 12),
            Column(_("Avoidable cost"), 12),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """However many branches there are, they are one record, and written at once."""
        months.asked(asked.query, asked.now)
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        period, price = months.asked(asked.query, asked.now), _price()
        found = delay_costs.lines(asked.person, period, now=asked.now)
        yield [_delay(line, periods.label(period), price) for line in found]


class DelayedExport:
    """One row per complaint of a branch, the dearest first."""

    name = "delayed-complaints"
    verb = VERB

    def title(self) -> str:
        return _("Delay cost by complaint")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Number"), 20, is_text=True),
            Column(_("Subject"), 40),
            Column(_("Responsible branch"), 18),
            Column(_("Time of receipt"), 17),
            Column(_("Result"), 17),
            Column(_("Hours"), 10),
            Column(_("Units"), 10),
            Column(_("Avoidable units"), 10),
            Column(_("Cost"), 12),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return int(self._rows(asked).order_by()[:most].count())

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        price, found = _price(), []
        for row in self._rows(asked).order_by("-elapsed", "pk").iterator(chunk_size=BATCH):
            found.append(_delayed(row, price))
            if len(found) == BATCH:
                yield found
                found = []
        yield found

    def _rows(self, asked: Asked) -> Any:
        period = months.asked(asked.query, asked.now)
        rows = delay_costs.complaints(asked.person, period, now=asked.now)
        if "branch" in asked.query:
            rows = rows.filter(branch=_branch(asked))
        return rows.select_related("branch")


class RecoveryExport:
    """One row per branch, in the order of the page; amounts by kind."""

    name = "recoveries"
    verb = VERB

    def title(self) -> str:
        return _("Service recovery")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Month"), 14),
            Column(_("Code"), 14, is_text=True),
            Column(pgettext("level", "Branch"), 24),
            Column(_("Recoveries"), 10),
            Column(_("Complaints"), 10),
            Column(pgettext("of a recovery", "Amount"), 12),
            *(Column(str(kind.label), 12) for kind in RecoveryKind),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """As with delay cost."""
        months.asked(asked.query, asked.now)
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        period = months.asked(asked.query, asked.now)
        label = periods.label(period)
        yield [_recovered(line, label) for line in recovery_totals.lines(asked.person, period)]


DELAY_COST, DELAYED, RECOVERIES = DelayCostExport(), DelayedExport(), RecoveryExport()


def _price() -> float | None:
    price = delay_prices.current()
    return None if price is None else float(price)


def _branch(asked: Asked) -> Branch:
    rows = branches(asked.person, VERB).filter(code=asked.query.get("branch", "").replace("\0", ""))
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _delay(line: delay_costs.Line, month: str, price: float | None) -> Sequence[Cell]:
    return [
        month,
        *_place(line.branch),
        line.complaints,
        line.open,
        *line.by_units,
        line.units,
        line.avoidable,
        price,
        None if price is None else line.units * price,
        None if price is None else line.avoidable * price,
    ]


def _delayed(row: Any, price: float | None) -> Sequence[Cell]:
    return [
        row.number,
        row.subject,
        row.branch.label,
        local(row.received_at),
        local(row.answered_at),
        round(row.elapsed / delay_cost.HOUR, 2),
        row.units,
        row.units - 1,
        None if price is None else row.units * price,
    ]


def _recovered(line: recovery_totals.Line, month: str) -> Sequence[Cell]:
    return [
        month,
        *_place(line.branch),
        line.recoveries,
        line.complaints,
        float(line.amount),
        *(float(amount) for amount in line.kinds),
    ]


def _place(branch: Branch | None) -> tuple[str, str]:
    return (branch.code, branch.label) if branch else ("", "")
