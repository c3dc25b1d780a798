"""A table as a file: what the page shows, all rows of it, with what each figure counts."""

from collections.abc import Iterator, Sequence

from django.http import Http404
from django.utils.translation import gettext as _

from csm.kit.tables import Cell, Column
from organisation.actions.exports import SMALL, Asked
from reports.tables import counting
from reports.tables.counting import Table
from reports.tables.spec import Spec, TableForm

MOST = 20_000


class TableExport:
    """Its columns follow from its address, so the first row names them; shares are 0…1 with n."""

    name = "table"
    verb = "complaint.see"

    def title(self) -> str:
        return _("Table")

    def columns(self) -> Sequence[Column]:
        return [Column(_("Table"), 30)]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """However many rows it has, it is one statement, and written at once."""
        _read(asked)
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        spec = _read(asked)
        found = counting.count(spec, person=asked.person, now=asked.now, most=MOST)
        yield list(_rows(spec, found))


TABLE = TableExport()


def _read(asked: Asked) -> Spec:
    form = TableForm(asked.query, person=asked.person, now=asked.now)
    if not form.is_valid():
        raise Http404
    return form.spec


def _rows(spec: Spec, found: Table) -> Iterator[Sequence[Cell]]:
    yield [_("Period"), spec.period.key]
    yield [str(spec.rows.label), *_heads(spec, found)]
    for line in [*found.lines, found.total]:
        cells: list[Cell] = [line.label or _("All")]
        for cell in line.cells:
            cells += [cell.value] if cell.n is None else [cell.value, cell.n]
        yield cells
    yield []
    for measure in spec.measures:
        yield [str(measure.label), str(measure.definition)]


def _heads(spec: Spec, found: Table) -> Iterator[str]:
    crossed = spec.columns is not None
    for place, name in enumerate(found.head):
        measure = spec.measures[0 if crossed else place]
        yield name or _("All")
        if measure.n is not None:
            yield _("of")
