"""The register of orders and the list of dissatisfied items as files (W-10)."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.documents.words import customer_name
from complaints.exports import clock_cells, clock_heads
from complaints.models import DissatisfiedItem, Milestone, WorkOrder
from complaints.order_filters import ItemFilter, RegisterFilter, WorkOrderFilter
from complaints.order_rows import (
    OrderRow,
    order_rows,
    regions_of,
    standing,
    with_orders,
    with_source,
)
from csm.kit import keyset
from csm.kit.tables import Cell, Column
from organisation.actions.exports import BATCH, Asked, local


def _of_the_company() -> list[Column]:
    """The seven columns of the company's own table, the last of them in two."""
    return [
        Column(_("Region"), 14),
        Column(_("Branch"), 18),
        Column(_("Customer"), 22),
        Column(_("Tier or grade"), 10),
        Column(_("Score"), 8),
        Column(pgettext("of a customer", "Opinion"), 40),
        Column(_("Improvement plan"), 40),
        Column(_("Planned for"), 14),
    ]


class RegisterExport:
    """The conditions and the order of the list that was shown."""

    filter: ClassVar[type[RegisterFilter]]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return self.rows(asked).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        filtered, params = self._filter(asked), QueryDict(mutable=True)
        rows = self.whole(filtered.qs)
        while True:
            page = keyset.page(rows, order=[filtered.order], params=params, size=BATCH)
            yield self.cells(page.rows, asked)
            if not page.next:
                return
            params["after"] = page.next

    def rows(self, asked: Asked) -> QuerySet[Any]:
        """Those of the list."""
        return self._filter(asked).qs

    def whole(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With what a line needs."""
        raise NotImplementedError

    def cells(self, rows: Sequence[Any], asked: Asked) -> list[Sequence[Cell]]:
        raise NotImplementedError

    def _filter(self, asked: Asked) -> RegisterFilter:
        return self.filter(asked.query, person=asked.person, now=asked.now)


class WorkOrderExport(RegisterExport):
    """One line per order: the seven columns of the company's own table first."""

    name = "work-orders"
    verb = "work_order.see"
    filter = WorkOrderFilter

    def title(self) -> str:
        return _("Work orders")

    def columns(self) -> Sequence[Column]:
        return [
            *_of_the_company(),
            Column(_("Number"), 28, is_text=True),
            Column(_("Title"), 40),
            Column(_("Status"), 12),
            Column(_("Source"), 14),
            Column(_("Issuing unit"), 18),
            Column(_("Rectification owner"), 12),
            Column(_("Complaints"), 20, is_text=True),
            Column(_("Promised completion"), 14),
            Column(_("Begun"), 17),
            Column(_("Submitted"), 17),
            Column(_("Confirmed"), 17),
            *clock_heads(Milestone.WORK_ORDER.label),
        ]

    def whole(self, rows: QuerySet[Any]) -> QuerySet[WorkOrder]:
        return with_source(rows).select_related("issuing_branch")

    def cells(self, rows: Sequence[Any], asked: Asked) -> list[Sequence[Cell]]:
        return [_order(row) for row in order_rows(list(rows), person=asked.person, now=asked.now)]


class ItemExport(RegisterExport):
    """One line per dissatisfied item."""

    name = "dissatisfied-items"
    verb = "item.see"
    filter = ItemFilter

    def title(self) -> str:
        return _("Dissatisfied items")

    def columns(self) -> Sequence[Column]:
        return [
            *_of_the_company(),
            Column(_("Status"), 14),
            Column(_("Threshold"), 10),
            Column(_("Why it counts"), 30),
            Column(_("Origin"), 14),
            Column(_("Entered"), 17),
            Column(_("Work order"), 28, is_text=True),
        ]

    def whole(self, rows: QuerySet[Any]) -> QuerySet[DissatisfiedItem]:
        return with_orders(rows)

    def cells(self, rows: Sequence[Any], asked: Asked) -> list[Sequence[Cell]]:
        regions = regions_of({item.branch for item in rows}, asked.person)
        return [_item(item, regions[item.branch_id]) for item in rows]


WORK_ORDERS, ITEMS = WorkOrderExport(), ItemExport()


def _order(row: OrderRow) -> Sequence[Cell]:
    order = row.order
    return [
        row.region,
        order.branch.label,
        customer_name(row.customer),
        standing(row.customer),
        None if row.score is None else float(row.score),
        row.opinion,
        row.plan,
        row.planned_on,
        order.number,
        order.title,
        order.get_status_display(),
        order.get_source_display(),
        order.issuing_branch.label,
        order.owner.name if order.owner else None,
        ", ".join(complaint.number for complaint in row.complaints),
        order.promised_on,
        local(order.created_at),
        local(order.submitted_at),
        local(order.confirmed_at),
        *clock_cells(row.timer),
    ]


def _item(item: DissatisfiedItem, region: str) -> Sequence[Cell]:
    order = next(iter(item.live_orders), None)  # type: ignore[attr-defined]  # of `with_orders`
    return [
        region,
        item.branch.label,
        customer_name(item.customer),
        standing(item.customer),
        float(item.score),
        item.opinion,
        item.plan,
        item.planned_on,
        item.get_status_display(),
        float(item.threshold),
        item.explanation,
        item.get_origin_display(),
        local(item.recorded_at),
        order.number if order else None,
    ]
