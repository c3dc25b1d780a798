"""The list of imports as a file."""

from collections.abc import Iterator, Sequence

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import ImportRun
from csm.kit import keyset
from csm.kit.tables import Cell, Column
from organisation.actions.exports import BATCH, Asked, local


class ImportExport:
    """One row per uploaded file, the newest first. Its door has asked for the right everywhere."""

    name = "imports"
    verb = "complaint.import"

    def title(self) -> str:
        return _("Imports")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("File"), 32),
            Column(pgettext("of imported complaints", "Source"), 16),
            Column(_("Uploaded"), 17),
            Column(pgettext("of an act", "By"), 12),
            Column(_("Status"), 16),
            Column(pgettext("rows", "Imported"), 10),
            Column(pgettext("rows", "Unchanged"), 10),
            Column(pgettext("rows", "Rejected"), 10),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return ImportRun.objects.order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows = ImportRun.objects.select_related("by", "check_job", "import_job", "undo_job")
        params = QueryDict(mutable=True)
        while True:
            page = keyset.page(rows, order=("-id",), params=params, size=BATCH)
            yield [_import(row) for row in page.rows]
            if not page.next:
                return
            params["after"] = page.next


IMPORTS = ImportExport()


def _import(row: ImportRun) -> Sequence[Cell]:
    counts = row.import_job.result if row.import_job else {}
    return [
        row.name,
        row.table.get("source", ""),
        local(row.uploaded_at),
        row.by.name,
        str(row.state.label),
        counts.get("imported"),
        counts.get("unchanged"),
        counts.get("rejected"),
    ]
