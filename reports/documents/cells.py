"""What a report is made of: sections, lines, cells. Every way to show it reads these (U-14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _

from csm.kit.periods import Period
from csm.kit.tables import Cell as Value
from reports.closing import Life

NOTHING = "—"
Form = Literal["text", "count", "share", "score", "hours", "day"]


@dataclass(frozen=True)
class Column:
    """`name` is that of the value for programs, `width` in characters."""

    name: str
    title: str
    width: int = 12


@dataclass(frozen=True)
class Cell:
    """A value as it was counted, never rounded; shares are 0…1.

    Behind `url` lie the records of a number, of which the person sees `seen` (None: all of them).
    """

    value: Value
    form: Form = "text"
    url: str = ""
    seen: int | None = None

    @property
    def words(self) -> str:
        """As people read it, on whatever the report is shown."""
        value = self.value
        if value is None or value == "":
            return NOTHING
        if isinstance(value, str | date):
            return value.isoformat() if isinstance(value, date) else value
        if self.form == "share":
            return f"{value * 100:.1f}%"
        return f"{value:,}" if self.form == "count" else f"{value:,.1f}"

    @property
    def is_number(self) -> bool:
        return self.form not in ("text", "day")

    @property
    def is_partial(self) -> bool:
        return self.seen is not None and self.seen != self.value


@dataclass(frozen=True)
class Line:
    """A line of a table; `key` names it for programs, whatever the language."""

    key: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Section:
    """A table with what is said above it (`note`) and how it is counted (`definitions`).

    A list says how many there are (`total`) and how many of them the person sees (`seen`); it
    shows the first of these. `empty` is said where there is no line, `lead` is the column that
    names a line.
    """

    name: str
    title: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    definitions: Sequence[str]
    lead: str
    note: str = ""
    empty: str = ""
    total: int | None = None
    seen: int | None = None

    @property
    def visible(self) -> str:
        """Of a list: how much of it the person sees; no words where that is all."""
        if self.total is None or self.seen == self.total:
            return ""
        return _("%(n)s of %(m)s visible to you") % {"n": self.seen, "m": self.total}

    @property
    def left_out(self) -> int:
        """Of a list: what the person sees and does not stand here."""
        return 0 if self.seen is None else max(self.seen - len(self.lines), 0)

    @property
    def said(self) -> str:
        """All that stands above the table."""
        words = (self.note, self.visible, "" if self.lines else self.empty)
        return " ".join(filter(None, words))

    @property
    def rows(self) -> list[Sequence[tuple[Column, Cell]]]:
        """Each line's cells with their columns."""
        return [list(zip(self.columns, line.cells, strict=True)) for line in self.lines]

    @property
    def values(self) -> list[Mapping[str, Value]]:
        """The lines for programs."""
        names = ("key", *(column.name for column in self.columns))
        return [
            dict(zip(names, (line.key, *(cell.value for cell in line.cells)), strict=True))
            for line in self.lines
        ]


@dataclass(frozen=True)
class Report:
    """The report of a period as one person has it, in the active language."""

    period: Period
    life: Life
    label: str
    state: str
    formula: str
    checksum: str
    made_at: datetime
    is_empty: bool
    sections: Sequence[Section]

    @property
    def title(self) -> str:
        words = _("Weekly report, %(label)s"), _("Monthly report, %(label)s")
        return words[self.period.kind == "month"] % {"label": self.label}

    def section(self, name: str) -> Section:
        return next(section for section in self.sections if section.name == name)
