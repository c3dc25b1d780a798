"""Assessments and suppliers as files."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import suppliers
from complaints.assessments import AssessmentFilter, for_page
from complaints.models import Assessment
from csm.kit import keyset
from csm.kit.tables import Cell, Column
from organisation.actions.exports import BATCH, Asked, local


class AssessmentExport:
    """One row per assessment that the person sees, newest first, by the list's conditions."""

    name = "assessments"
    verb = "assessment.see"

    def title(self) -> str:
        return _("Assessments")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("State"), 10),
            Column(_("Branch"), 18),
            Column(_("Person"), 12),
            Column(_("Kind"), 10),
            Column(_("Points"), 8),
            Column(_("Amount"), 10),
            Column(_("Company rule"), 30),
            Column(_("Reason"), 40),
            Column(_("Complaint"), 20, is_text=True),
            Column(_("Work order"), 28, is_text=True),
            Column(_("Notice"), 28, is_text=True),
            Column(_("Proposed"), 17),
            Column(_("Proposed by"), 12),
            Column(_("Decided"), 17),
            Column(_("Decided by"), 12),
            Column(_("Grounds"), 40),
            Column(_("Appeal until"), 17),
            Column(_("Appealed"), 17),
            Column(_("Appeal answered"), 17),
            Column(_("Counts"), 8),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return self._rows(asked).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows, params = for_page(self._rows(asked)), QueryDict(mutable=True)
        while True:
            page = keyset.page(rows, order=("-proposed_at", "-pk"), params=params, size=BATCH)
            yield [_assessment(row) for row in page.rows]
            if not page.next:
                return
            params["after"] = page.next

    def _rows(self, asked: Asked) -> QuerySet[Assessment]:
        found = AssessmentFilter(asked.query, person=asked.person, now=asked.now)
        return found.qs if found.is_valid() else Assessment.objects.none()


class SupplierExport:
    """One row per supplier, with what the person sees of its history."""

    name = "suppliers"
    verb = suppliers.SEE

    def title(self) -> str:
        return _("Suppliers")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Supplier"), 28),
            Column(_("Contact"), 28),
            Column(_("Status"), 10),
            Column(_("Lines"), 8),
            Column(_("Complaints"), 10),
            Column(_("Work orders"), 10),
            Column(_("Last named"), 17),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return suppliers.listed(asked.query).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows, params = suppliers.listed(asked.query), QueryDict(mutable=True)
        while True:
            page = keyset.page(rows, order=("name", "pk"), params=params, size=BATCH)
            yield [_supplier(row) for row in suppliers.with_figures(page.rows, asked.person)]
            if not page.next:
                return
            params["after"] = page.next


ASSESSMENTS, SUPPLIERS = AssessmentExport(), SupplierExport()


def _assessment(row: Assessment) -> Sequence[Cell]:
    return [
        row.get_status_display(),
        row.branch.label,
        row.person.name if row.person else None,
        row.get_kind_display(),
        row.points,
        None if row.amount is None else float(row.amount),
        row.rule,
        row.reason,
        row.complaint.number if row.complaint else None,
        row.work_order.number if row.work_order else None,
        row.notice.number if row.notice else None,
        local(row.proposed_at),
        row.proposed_by.name if row.proposed_by else _("the clock"),
        local(row.decided_at),
        row.decided_by.name if row.decided_by else None,
        row.decision,
        local(row.appeal_until),
        local(row.appealed_at),
        local(row.final_at),
        pgettext("of an assessment", "yes") if row.counts else pgettext("of an assessment", "no"),
    ]


def _supplier(row: suppliers.Row) -> Sequence[Cell]:
    active = _("active") if row.supplier.is_active else _("inactive")
    return [
        row.supplier.name,
        row.supplier.contact,
        active,
        row.lines,
        row.complaints,
        row.orders,
        local(row.last_at),
    ]
