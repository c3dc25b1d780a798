"""The list of customers as a file (B-25: what is personal is masked)."""

from collections.abc import Iterator, Sequence
from typing import cast

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import keyset
from csm.kit.masking import mask_name
from csm.kit.tables import Cell, Column
from customers import segments
from customers.models import Customer, Kind, Segment
from customers.models.customer import CustomerQuerySet
from organisation.access import visible
from organisation.actions.exports import BATCH, Asked, local

LONGEST = 80


class CustomerExport:
    """One row per customer, by name, without contacts."""

    name = "customers"
    verb = "customer.see"

    def title(self) -> str:
        return _("Customers")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Customer"), 28),
            Column(_("Kind"), 10),
            Column(_("Tier or grade"), 10),
            Column(_("Home branch"), 18),
            Column(_("Account manager"), 14),
            Column(_("Complaints"), 10),
            Column(_("Open complaints"), 10),
            Column(_("Last complaint"), 17),
            Column(_("Dissatisfied callbacks"), 12),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return self._rows(asked).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows = self._rows(asked).select_related("home_branch", "account_manager", "facts")
        params = QueryDict(mutable=True)
        while True:
            page = keyset.page(rows, order=("name", "pk"), params=params, size=BATCH)
            yield [_customer(row) for row in page.rows]
            if not page.next:
                return
            params["after"] = page.next

    def _rows(self, asked: Asked) -> CustomerQuerySet:
        """The list's own conditions: kind, a segment, and the words that were searched for."""
        rows = cast(CustomerQuerySet, visible(Customer, asked.person)).current()
        if (kind := asked.query.get("kind", "")) in Kind.values:
            rows = rows.filter(kind=kind)
        if number := asked.query.get("segment", ""):
            rows = rows.filter(_segment(asked, number))
        search = asked.query.get("search", "").replace("\0", "").strip()[:LONGEST]
        return rows.named(search) if search else rows


CUSTOMERS = CustomerExport()


def _segment(asked: Asked, number: str) -> Q:
    """The condition of a segment that the person sees; of none, nobody."""
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    rows = visible(Segment, asked.person).select_related("branch")
    row = rows.filter(pk=int(number)).first() if is_number else None
    if row is None:
        return Q(pk__in=())
    return segments.within(row, today=timezone.localdate(asked.now))


def _customer(row: Customer) -> Sequence[Cell]:
    facts = row.facts
    return [
        mask_name(row.name) if row.kind == Kind.PERSON else row.name,
        row.get_kind_display(),
        row.standing,
        row.home_branch.label,
        row.account_manager.name if row.account_manager else None,
        facts.complaints,
        facts.open_complaints,
        local(facts.last_complaint_at),
        facts.dissatisfied_callbacks,
    ]
