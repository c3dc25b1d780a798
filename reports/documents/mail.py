"""A report as the words of a message: its figures, how much of its lists opens, nothing more.

Names and complaints stay behind the login.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.documents.cells import NOTHING, Cell, Column, Report, Section

# Of the branches, so many stand in a message.
FIRST = 5


def words(report: Report) -> str:
    """Lines of text in the active language."""
    parts = [[report.state]]
    if report.is_empty:
        parts.append([_("No complaint and no deadline fell into this period.")])
    else:
        parts += [_statistics(report.section("statistics")), _causes(report.section("causes"))]
    parts.append(_effects(report.section("effects")))
    if not report.is_empty:
        parts.append(_ranking(report.section("ranking")))
    parts.append([_list(section) for section in report.sections if section.total is not None])
    return "\n\n".join("\n".join(part) for part in parts if part)


def _statistics(section: Section) -> list[str]:
    return [
        _figure(cells["figure"], cells["value"], cells["n"], cells["change"])
        for cells in map(_by_name, section.rows)
    ]


def _figure(name: Cell, value: Cell, n: Cell, change: Cell) -> str:
    said = f"{name.words} {value.words}"
    if n.value is not None:
        said += f" (n = {n.words})"
    return said if change.value is None else f"{said}, {change.words}"


def _causes(section: Section) -> list[str]:
    named = [
        f"{cells['cause'].words} {cells['complaints'].words}"
        for cells in map(_by_name, section.rows)
    ]
    return [f"{section.title}: {' · '.join(named)}"] if named else []


def _effects(section: Section) -> list[str]:
    if section.note:
        return [f"{section.title}: {section.note}"]
    names = {column.name: column.title for column in section.columns}
    cells = _by_name(section.rows[0])
    parts = [
        f"{names[name]} {cell.words}"
        for name, cell in cells.items()
        if name in ("orders", "first_time", "on_date", "recurred", "hours_open")
        and cell.words != NOTHING
    ]
    return [f"{section.title}: {' · '.join(parts)}"]


def _ranking(section: Section) -> list[str]:
    ranked = [cells for cells in map(_by_name, section.rows) if cells["rank"].value is not None]
    named = [
        f"{each['rank'].words}. {each['branch'].words} {each['score'].words}" for each in ranked
    ]
    said = " · ".join(named[:FIRST])
    if len(named) > FIRST:
        more = len(named) - FIRST
        said += " · " + ngettext("%(n)d more", "%(n)d more", more) % {"n": more}
    return [f"{section.title}: {said}"] if named else []


def _list(section: Section) -> str:
    seen = f" ({section.visible})" if section.visible else ""
    return f"{section.title}: {section.total:,}{seen}"


def _by_name(row: Sequence[tuple[Column, Cell]]) -> dict[str, Cell]:
    return {column.name: cell for column, cell in row}
