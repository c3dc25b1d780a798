"""One import from the first row to the last."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from complaints.importing import drafts
from complaints.importing.drafts import Draft
from complaints.importing.places import Places
from complaints.importing.profiles import Profile
from complaints.importing.writing import Writer
from csm.kit.reading import sources
from csm.kit.reading.rows import Rejection, Row, is_undecodable
from csm.kit.reading.sources import Source
from organisation.access import require
from organisation.models import Person

BATCH = 2000


@dataclass
class Result:
    """How many rows were added, were there already, and stayed behind."""

    imported: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return f"imported {self.imported} / unchanged {self.unchanged} / rejected {self.rejected}"


Reject = Callable[[Rejection], None]
Progress = Callable[[Source], None]


def run(
    *,
    path: Path,
    profile: Profile,
    by: Person | None,
    now: datetime,
    on_reject: Reject,
    on_progress: Progress = lambda _source: None,
    is_dry: bool = False,
    name: str = "",
    run_id: int | None = None,
) -> Result:
    """Import a file, batch by batch. Each row that stays behind goes to `on_reject`, in order.

    What was written stays written if the run is cut off: the next run adds the rest. `name` is
    what people call the file; `run_id` the import of the browser that remembers its complaints.
    Raises `Unreadable` when nothing of the file can be read.
    """
    require(by, "complaint.import")
    with sources.opened(path, profile, name=name) as source:
        places = Places(profile, is_dry=is_dry)
        writer = Writer(profile.source, places, by, now, is_dry, run_id)
        job = _Run(profile, now, writer, on_reject)
        for row in source.rows:
            job.take(row)
            if job.is_full:
                job.flush()
                on_progress(source)
        job.flush()
        on_progress(source)
    job.check_encoding(name or path.name)
    return job.result


@dataclass
class _Run:
    profile: Profile
    now: datetime
    writer: Writer
    on_reject: Reject
    result: Result = field(default_factory=Result)
    _seen: dict[str, int] = field(default_factory=dict)
    _drafts: list[Draft] = field(default_factory=list)
    _rejections: list[Rejection] = field(default_factory=list)
    _undecodable: int = 0

    @property
    def is_full(self) -> bool:
        return len(self._drafts) + len(self._rejections) >= BATCH

    def take(self, row: Row) -> None:
        """Read one row, and keep it for the batch."""
        found = drafts.read(row, self.profile, now=self.now)
        if isinstance(found, Rejection):
            self._rejections.append(found)
            self._undecodable += any(map(is_undecodable, row.cells.values()))
        elif (before := self._seen.setdefault(found.reference, found.row)) != found.row:
            reason = _("The same reference stands in row %(row)d.") % {"row": before}
            column = self.profile.columns["reference"]
            self._rejections.append(Rejection(found.row, found.reference, {column: reason}))
        else:
            self._drafts.append(found)

    def flush(self) -> None:
        """Write the batch, and report what stayed behind in the order of the file."""
        if self._drafts:
            written = self.writer.write(self._drafts)
            self.result.imported += written.imported
            self.result.unchanged += written.unchanged
            self._rejections += written.rejections
        for rejection in sorted(self._rejections, key=lambda one: one.row):
            self.on_reject(rejection)
        self.result.rejected += len(self._rejections)
        self._drafts, self._rejections = [], []

    def check_encoding(self, name: str) -> None:
        """Refuse a file whose every row has foreign bytes: then the encoding is wrong."""
        result = self.result
        if (
            result.rejected
            and self._undecodable == result.rejected
            and not (result.imported or result.unchanged)
        ):
            raise sources.wrong_encoding(name, self.profile.encoding)
