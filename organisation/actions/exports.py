"""A list as a file: at once when it is small, else by a job. Always what the asker sees just then.

Every room describes its lists (`Export`); the rows begin with `visible` of the person, when the
file is made. Personal data is masked. Each export is written down as a look at personal data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any, Protocol

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import tables
from csm.kit.errors import Refused
from csm.kit.tables import Cell, Column, Format
from organisation.access import require
from organisation.actions import access_records, jobs
from organisation.actions.jobs import Work
from organisation.models import Job, Person

# So many rows are written while the person waits.
SMALL = 2000
BATCH = 500
LONGEST_QUERY = 2000


@dataclass(frozen=True)
class Asked:
    """Which rows, for whom, as of when. `query` is that of the list's address."""

    person: Person
    query: QueryDict
    now: datetime


class Export(Protocol):
    """A list that can be had as a file."""

    name: str
    verb: str

    def title(self) -> str:
        """What the file is called, in the active language."""

    def columns(self) -> Sequence[Column]: ...

    def count(self, asked: Asked, *, most: int | None) -> int:
        """How many rows there are; counting may stop at `most`."""

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        """All rows in the list's order, some hundred at a time."""


@dataclass(frozen=True)
class Ready:
    """A file that was made at once."""

    content: IO[bytes]
    name: str
    content_type: str


@transaction.atomic
def export(
    what: Export, *, form: Format, query: QueryDict, by: Person, now: datetime
) -> Ready | Job:
    """The list as a file, or the job that makes it."""
    require(by, what.verb)
    if len(query.urlencode()) > LONGEST_QUERY:
        raise Refused(_("These are too many conditions for one export. Remove some of them."))
    asked = Asked(by, query, now)
    count = what.count(asked, most=SMALL + 1)
    access_records.write(by=by, what=f"export-{what.name}", reference=form, now=now)
    if count > SMALL:
        return jobs.put(
            kind=kind_of(what),
            title=_name(what, form, now),
            parameters={"form": form, "query": query.urlencode()},
            by=by,
            now=now,
        )
    content = TemporaryFile()  # noqa: SIM115  the response closes it
    _write(what, content, form, asked)
    content.seek(0)
    return Ready(content, _name(what, form, now), tables.CONTENT_TYPES[form])


def kind_of(what: Export) -> str:
    return f"export-{what.name}"


def runner(what: Export) -> jobs.Runner:
    """What runs the jobs of this list."""

    def run(work: Work) -> dict[str, Any]:
        require(work.by, what.verb)
        parameters = work.job.parameters
        form: Format = parameters["form"]
        now = work.watch.now
        asked = Asked(work.by, QueryDict(parameters["query"]), now)
        total = what.count(asked, most=None)
        if form == "xlsx" and total > tables.MOST_ROWS:
            raise Refused(_("A sheet cannot hold so many rows. Choose CSV, or fewer rows."))
        work.alive(0, total)
        file = work.new_file("export", _name(what, form, now), tables.CONTENT_TYPES[form])
        return {"rows": _write(what, file, form, asked, work)}

    return run


def _write(
    what: Export, file: IO[bytes], form: Format, asked: Asked, work: Work | None = None
) -> int:
    """All rows into the file; a sign of life with every batch."""
    count = 0
    with tables.writing(file, form, what.columns(), title=what.title()) as table:
        for rows in what.batches(asked):
            for row in rows:
                table.add(row)
            count += len(rows)
            if work is not None:
                work.alive(count)
    return count


def _name(what: Export, form: Format, now: datetime) -> str:
    return f"{what.title()} {timezone.localtime(now):%Y-%m-%d %H%M}.{form}"


def local(moment: datetime | None) -> datetime | None:
    """A moment as a cell has it: the company's time, without a zone."""
    return timezone.make_naive(moment) if moment else None
