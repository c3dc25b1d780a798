"""The lists of this room as files (B-25: what is personal is masked)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import clocks, keyset
from complaints.documents.words import customer_name
from complaints.filters import ComplaintFilter
from complaints.models import (
    Complaint,
    Milestone,
    Timer,
    TimerState,
    Verdict,
)
from complaints.models.complaint import ComplaintQuerySet
from csm.kit.masking import mask_email, mask_name, mask_phone
from csm.kit.tables import Cell, Column
from organisation.actions.exports import BATCH, Asked, local

NO_CLOCK: list[Cell] = [None] * 6


class ComplaintExport:
    """One row per complaint, with the four clocks that count now; in the order of the list."""

    name = "complaints"
    verb = "complaint.see"

    def title(self) -> str:
        return _("Complaints")

    def columns(self) -> Sequence[Column]:
        own = [
            Column(_("Number"), 20, is_text=True),
            Column(_("Subject"), 40),
            Column(_("Status"), 12),
            Column(_("Severity"), 10),
            Column(_("Channel"), 12),
            Column(_("Category"), 18),
            Column(_("Responsible branch"), 18),
            Column(_("Handler"), 12),
            Column(_("Taken in by"), 18),
            Column(_("Customer"), 22),
            Column(_("Tier or grade"), 10),
            Column(_("Contact"), 12),
            Column(_("Phone"), 16, is_text=True),
            Column(_("E-mail"), 20),
            Column(_("Waybill"), 18, is_text=True),
            Column(_("Time of receipt"), 17),
            Column(_("Logged"), 17),
            Column(_("Time of closing"), 17),
            Column(pgettext("of a complaint", "Cycle"), 8),
            Column(_("Source"), 14),
            Column(_("Number at the source"), 18, is_text=True),
        ]
        return own + [column for _kind, label in Milestone.choices for column in clock_heads(label)]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return self._rows(asked).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows = self._rows(asked).for_page()
        segments, after = keyset.ORDERS[self._filter(asked).order], ""
        while True:
            page = keyset.page(rows, segments, after=after, size=BATCH)
            yield _complaints(page.rows, asked)
            if not page.next:
                return
            after = page.next

    def _filter(self, asked: Asked) -> ComplaintFilter:
        return ComplaintFilter(asked.query, person=asked.person, now=asked.now)

    def _rows(self, asked: Asked) -> ComplaintQuerySet:
        return cast(ComplaintQuerySet, self._filter(asked).qs)


COMPLAINTS = ComplaintExport()


def clock_heads(label: Any) -> list[Column]:
    """The columns of one clock."""
    names = (
        (_("%(clock)s: state"), 10),
        (_("%(clock)s: verdict"), 10),
        (_("%(clock)s: started"), 17),
        (_("%(clock)s: due"), 17),
        (_("%(clock)s: done"), 17),
        (_("%(clock)s: owner"), 18),
    )
    return [Column(name % {"clock": label}, width) for name, width in names]


def clock_cells(timer: Any) -> list[Cell]:
    if timer is None:
        return NO_CLOCK
    return [
        str(TimerState(timer.state).label),
        str(Verdict(timer.verdict).label),
        local(timer.started_at),
        local(timer.due_at),
        local(timer.met_at),
        timer.owner_branch.label,
    ]


def _complaints(rows: Sequence[Complaint], asked: Asked) -> list[Sequence[Cell]]:
    timers: dict[int | None, list[Timer]] = defaultdict(list)
    for timer in _timers(rows, asked):
        timers[timer.complaint_id].append(timer)
    return [_complaint(row, clocks.current(timers[row.pk])) for row in rows]


def _timers(complaints: Sequence[Complaint], asked: Asked) -> QuerySet[Timer]:
    found = Timer.objects.milestones().filter(complaint__in=[row.pk for row in complaints])
    return found.with_verdict(asked.now).select_related("owner_branch").order_by("cycle", "pk")


def _complaint(row: Complaint, timers: dict[str, Timer]) -> Sequence[Cell]:
    return [
        row.number,
        row.subject,
        row.get_status_display(),
        row.get_severity_display(),
        row.get_channel_display(),
        row.category.label if row.category else None,
        row.branch.label if row.triaged_at else None,
        row.handler.name if row.handler else None,
        row.intake_branch.label,
        customer_name(row.customer),
        row.customer.standing if row.customer else None,
        mask_name(row.contact_name),
        mask_phone(row.contact_phone),
        mask_email(row.contact_email),
        row.waybill,
        local(row.received_at),
        local(row.logged_at),
        local(row.closed_at),
        row.cycle,
        row.source,
        row.reference,
        *(cell for kind in Milestone.values for cell in clock_cells(timers.get(kind))),
    ]
