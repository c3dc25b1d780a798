"""A table as a file: what the page shows, all rows of it, with what each figure counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from csm.kit.tables import Cell, Column
from organisation.actions.exports import SMALL, Asked
from reports.crosstabs.counting import Line, Table
from reports.crosstabs.spec import Spec

MOST = 20_000


@dataclass(frozen=True)
class TableExport:
    """Of a table that is counted already: its columns follow from it. Shares are 0…1, with n."""

    spec: Spec
    table: Table
    name = "table"
    verb = "complaint.see"

    def title(self) -> str:
        return _("Table")

    def columns(self) -> Sequence[Column]:
        return [Column(str(self.spec.rows.label), 30, is_text=True), *self._columns()]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """However many rows it has, it is one statement, and written at once."""
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        width = len(self.columns())
        rows = [*map(_cells, [*self.table.lines, self.table.total]), [], *self._definitions()]
        yield [[*row, *[None] * (width - len(row))] for row in rows]

    def _columns(self) -> Iterator[Column]:
        for name, cell in zip(self.table.head, self.table.total.cells, strict=True):
            yield Column(name or _("All"), 14)
            if cell.n is not None:
                yield Column(_("of"), 10)

    def _definitions(self) -> Iterator[list[Cell]]:
        yield [f"{_('Period')}: {self.spec.period.key}"]
        for measure in self.spec.measures:
            yield [f"{measure.label}: {measure.definition}"]


def _cells(line: Line) -> list[Cell]:
    cells: list[Cell] = [line.label or _("All")]
    for cell in line.cells:
        cells += [cell.value] if cell.n is None else [cell.value, cell.n]
    return cells
