"""What every import of a table shares: its file is kept for a while, read, and says what stayed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import tables
from csm.kit.errors import Refused
from csm.kit.reading.rows import Rejection
from csm.kit.tables import Cell, Column
from organisation.actions import files
from organisation.actions.jobs import Runner, Work
from organisation.models import Person, StoredFile

ERRORS = "errors"
KEPT_FOR = timedelta(days=30)
# So many rejected rows are shown on the page itself.
SHOWN = 20


def check_size(upload: "UploadedFile[Any]") -> None:
    if (upload.size or 0) > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // 2**20
        text = _("The file is larger than %(limit)s MB. Pack it with gzip, or split it.")
        raise Refused.at("file", text % {"limit": limit})


def keep(upload: "UploadedFile[Any]", name: str, *, by: Person, now: datetime) -> StoredFile:
    """Only the importer ever reads it, so its type needs not to be one that is handed out."""
    return files.keep(
        content=upload,
        name=name,
        content_type="application/octet-stream",
        by=by,
        now=now,
        expires_at=now + KEPT_FOR,
    )


def path_of(file: StoredFile | None) -> Path:
    """Where it lies, unless its time was up."""
    if file is None:
        raise Refused(_("The file has been taken away after 30 days. Upload it again."))
    return Path(file.content.path)


def in_its_language(runner: Runner) -> Runner:
    """Reasons are written in the language in which the job was asked for."""

    def run(work: Work) -> dict[str, Any]:
        with translation.override(work.job.parameters["language"]):
            return runner(work)

    return run


@dataclass
class Rejected:
    """The rows that stayed behind: how many, and the first of them as a page shows them."""

    table: tables.Table
    count: int = 0
    first: list[list[str]] = field(default_factory=list)

    def add(self, rejection: Rejection) -> None:
        names, reasons = "; ".join(rejection.faults), "; ".join(rejection.faults.values())
        cells: list[Cell] = [rejection.row, names, reasons, rejection.reference]
        self.table.add(cells)
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append([str(cell) for cell in cells])


@contextmanager
def rejections(work: Work, name: str, reference: Column) -> Iterator[Rejected]:
    """Writes rejected rows to a file of the job; without one there is no file.

    `name` is that of the imported file, `reference` the column that tells which row is meant.
    """
    columns = [
        Column(pgettext("of a table", "Row"), 8),
        Column(pgettext("of a table", "Column"), 24),
        Column(_("Reason"), 60),
        reference,
    ]
    file = work.new_file(ERRORS, _("Errors of %(file)s") % {"file": name} + ".csv", "text/csv")
    with tables.writing(file, "csv", columns, title=name) as table:
        found = Rejected(table)
        yield found
    if not found.count:
        work.made.pop()
