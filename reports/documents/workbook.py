"""A report as an Excel file: a sheet for each section, with its definitions below the lines."""

from collections.abc import Callable
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import tables
from csm.kit.tables import Column as Head
from csm.kit.tables import Table
from reports.documents.cells import Column, Report, Section

# Said now and then while many lines are written.
SIGN_EVERY = 500
Progress = Callable[[int], None]


def write(file: IO[bytes], report: Report, on_progress: Progress = lambda _n: None) -> int:
    """The whole file; gives the number of lines. `on_progress` hears how many are written."""
    written = 0
    with tables.book(file) as sheet:
        _front(sheet([Head(_("Report"), 30, is_text=True), Head("", 80)], _("Report")), report)
        for section in report.sections:
            table = sheet([_head(column) for column in section.columns], section.title)
            for line in section.lines:
                table.add([cell.value for cell in line.cells])
                written += 1
                if not written % SIGN_EVERY:
                    on_progress(written)
            _foot(table, section)
    return written


def _head(column: Column) -> Head:
    return Head(column.title, column.width)


def _front(table: Table, report: Report) -> None:
    period = report.period
    for label, words in (
        (_("Report"), report.title),
        (_("Period"), period.key),
        (_("Days"), f"{period.first_on} – {period.last_on}"),
        (pgettext("of a period", "State"), report.state),
        (_("Formula"), report.formula),
        (_("Checksum"), report.checksum),
        (_("Made"), f"{timezone.localtime(report.made_at):%Y-%m-%d %H:%M}"),
        *((section.title, section.said) for section in report.sections if section.said),
    ):
        table.add([label, words])


def _foot(table: Table, section: Section) -> None:
    """What is said above the table elsewhere, and how it is counted: over the whole width."""
    rest = [None] * (len(section.columns) - 1)
    said = [section.said] if section.said else []
    table.add([None, *rest])
    for words in (*said, _("How it is counted"), *section.definitions):
        table.add([words, *rest])
