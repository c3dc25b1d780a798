"""What the jobs of an import do. A job that is started anew gives the same end: no row twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import tables
from csm.kit.reading import guessing, sources
from csm.kit.reading.guessing import Plain
from csm.kit.reading.rows import Rejection, Row, is_undecodable
from csm.kit.reading.sources import Source
from csm.kit.tables import Column
from customers.actions import table_customers
from customers.actions.table_imports import CHECK, IMPORT, VERB
from customers.actions.volumes import Writer
from customers.importing import customer_rows, volume_rows
from customers.importing.columns import Field, named, placed
from customers.importing.customer_rows import Card
from customers.importing.volume_rows import Volume
from customers.models import CustomerVolume, TableImport
from organisation.access import require_everywhere
from organisation.actions import uploaded_tables
from organisation.actions.jobs import Runner, Work

BATCH = 2000
# Of what stands in a rejected row.
LONGEST = 200


@dataclass
class Counted:
    """How many rows were added, changed, or were there already.

    `alike`: by reason, how many look like another customer and are imported all the same.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    alike: dict[str, int] = field(default_factory=dict)


class Batch(Protocol):
    """One kind of table on its way into the database."""

    fields: Sequence[Field]

    def take(self, row: Row, cells: dict[str, str]) -> dict[str, str]:
        """Keep a row for the next `flush`, or give what is wrong with it by column."""

    def flush(self, counted: Counted) -> dict[int, dict[str, str]]:
        """Write what was kept; gives by row and column what stayed behind."""


@dataclass
class Volumes:
    """A batch of volumes."""

    work: Work
    is_dry: bool
    fields: Sequence[Field] = volume_rows.FIELDS
    _kept: list[Volume] = field(default_factory=list)

    def __post_init__(self) -> None:
        now = self.work.watch.now
        self._today, self._zone = timezone.localdate(now), timezone.get_default_timezone()
        source = CustomerVolume.Source.FILE
        self._writer = Writer(source, self.work.by, now, is_dry=self.is_dry)

    def take(self, row: Row, cells: dict[str, str]) -> dict[str, str]:
        read = volume_rows.read
        volume, faults = read(row.number, cells, today=self._today, zone=self._zone)
        if volume is not None:
            self._kept.append(volume)
        return faults

    def flush(self, counted: Counted) -> dict[int, dict[str, str]]:
        done = self._writer.write(self._kept)
        self._kept = []
        counted.added += done.added
        counted.changed += done.changed
        counted.unchanged += done.unchanged
        return done.faults


@dataclass
class Customers:
    """A batch of customers."""

    work: Work
    is_dry: bool
    fields: Sequence[Field] = customer_rows.FIELDS
    _kept: list[Card] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._kinds = customer_rows.kinds()
        now = self.work.watch.now
        self._writer = table_customers.Writer(self.work.by, now, is_dry=self.is_dry)

    def take(self, row: Row, cells: dict[str, str]) -> dict[str, str]:
        card, faults = customer_rows.read(row.number, cells, kinds=self._kinds)
        if card is not None:
            self._kept.append(card)
        return faults

    def flush(self, counted: Counted) -> dict[int, dict[str, str]]:
        done = self._writer.write(self._kept)
        self._kept = []
        counted.added += done.added
        counted.changed += done.changed
        counted.unchanged += done.unchanged
        counted.alike = self._writer.likeness.counted
        return done.faults


KINDS: dict[str, type[Volumes] | type[Customers]] = {
    TableImport.Kind.VOLUMES: Volumes,
    TableImport.Kind.CUSTOMERS: Customers,
}


def check(work: Work) -> dict[str, Any]:
    """Count what an import would do, and list what would stay behind."""
    return _run(work, is_dry=True)


def import_all(work: Work) -> dict[str, Any]:
    return _run(work, is_dry=False)


def _run(work: Work, *, is_dry: bool) -> dict[str, Any]:
    require_everywhere(work.by, VERB)
    table = TableImport.objects.select_related("file").get(pk=work.job.parameters["table"])
    path = uploaded_tables.path_of(table.file)
    guessed = guessing.guess(path)
    layout = Plain(guessed["encoding"], guessed["delimiter"])
    counted = Counted()
    said = Column(_("What stands there"), 60, is_text=True)
    with (
        uploaded_tables.rejections(work, table.name, said) as rejected,
        sources.opened(path, layout, name=table.name) as source,
    ):
        batch = KINDS[TableImport.Kind(table.kind)](work, is_dry)
        _read(work, source, batch, counted, rejected.add)
    return {**vars(counted), "rejected": rejected.count, "first": rejected.first}


def _read(
    work: Work,
    source: Source,
    batch: Batch,
    counted: Counted,
    reject: Callable[[Rejection], None],
) -> None:
    """Batch after batch: never more than one of them is in memory."""
    places = placed(source.header, batch.fields)
    titles = {name: places.get(name, name) for name in (one.name for one in batch.fields)}
    held: dict[int, tuple[Row, dict[str, str]]] = {}

    def flush() -> None:
        for number, faults in batch.flush(counted).items():
            held[number][1].update(faults)
        for row, faults in held.values():
            if faults:
                told = {titles.get(name, name): words for name, words in faults.items()}
                said = tables.clean("; ".join(row.cells.values()))[:LONGEST]
                reject(Rejection(row.number, said, told))
        held.clear()
        share = source.position() / source.size if source.size else 0
        work.alive(int(100 * min(share, 1)), 100)

    for row in source.rows:
        held[row.number] = row, _faults(row, batch, places)
        if len(held) >= BATCH:
            flush()
    flush()


def _faults(row: Row, batch: Batch, places: dict[str, str]) -> dict[str, str]:
    if row.fault:
        return {row.fault_column: row.fault}
    if any(map(is_undecodable, row.cells.values())):
        return {"": _("This row is written in another encoding than the others.")}
    return batch.take(row, named(row.cells, places))


RUNNERS: dict[str, Runner] = {
    CHECK: uploaded_tables.in_its_language(check),
    IMPORT: uploaded_tables.in_its_language(import_all),
}
