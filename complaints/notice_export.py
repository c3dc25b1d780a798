"""The list of notices as a file."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from complaints.models import Notice
from complaints.notice_list import NoticeFilter, Spread, spreads
from csm.kit import keyset
from csm.kit.tables import Cell, Column
from organisation.actions.exports import BATCH, Asked, local


class NoticeExport:
    """One row per notice, newest first; those of the list's conditions."""

    name = "notices"
    verb = "notice.see"

    def title(self) -> str:
        return _("Notices")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Number"), 22, is_text=True),
            Column(_("Title"), 40),
            Column(_("Text"), 60),
            Column(_("Status"), 12),
            Column(_("Issuing unit"), 18),
            Column(_("Complaint"), 20, is_text=True),
            Column(_("Work order"), 22, is_text=True),
            Column(_("Corrects"), 22, is_text=True),
            Column(_("Drafted"), 17),
            Column(_("Published"), 17),
            Column(_("Withdrawn"), 17),
            Column(_("Reason of the withdrawal"), 30),
            Column(_("Branches"), 10),
            Column(_("Read"), 10),
            Column(_("Acknowledged"), 12),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return self._rows(asked).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows = self._rows(asked)
        rows = rows.select_related("issuing_branch", "complaint", "work_order", "corrects")
        params = QueryDict(mutable=True)
        while True:
            page = keyset.page(rows, order=("-created_at", "-pk"), params=params, size=BATCH)
            spread = spreads(page.rows)
            yield [_notice(row, spread[row.pk]) for row in page.rows]
            if not page.next:
                return
            params["after"] = page.next

    def _rows(self, asked: Asked) -> QuerySet[Notice]:
        found: QuerySet[Notice] = NoticeFilter(asked.query, person=asked.person, now=asked.now).qs
        return found


NOTICES = NoticeExport()


def _notice(row: Notice, spread: Spread) -> Sequence[Cell]:
    return [
        row.number,
        row.title,
        row.text,
        row.get_status_display(),
        row.issuing_branch.label,
        row.complaint.number if row.complaint else None,
        str(row.work_order) if row.work_order else None,
        str(row.corrects) if row.corrects else None,
        local(row.created_at),
        local(row.published_at),
        local(row.withdrawn_at),
        row.withdrawal_reason or None,
        spread.named,
        spread.read,
        spread.acknowledged,
    ]
