"""The template as an Excel workbook: a locked head, one example, lists to choose from."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any
from unicodedata import east_asian_width

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from complaints.importing import template
from complaints.importing.drafts import CHOICE_CLASSES
from complaints.importing.labels import EXAMPLES
from complaints.importing.profiles import NEEDED
from complaints.models import Category, Channel, Milestone, Severity, Status
from csm.kit.tables import MOMENT, MOST_ROWS, TEXT
from customers.models import Kind
from organisation.models import Branch, Level

HEAD, NEEDED_HEAD = PatternFill("solid", "EEF1F4"), PatternFill("solid", "FCEFD6")
NARROW, WIDE = 12, 36
WIDER = ("subject", "description")


def write(file: IO[bytes]) -> None:
    """The workbook, in the active language."""
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = _("Complaints")
    sheet.freeze_panes = "A2"
    example = _example()
    for number, (name, title) in enumerate(template.titles().items(), start=1):
        _add_column(sheet, number, name, title)
        cell = sheet.cell(2, number, example.get(name))
        cell.number_format, cell.protection = _format(name), Protection(locked=False)
    _lock_head(sheet)
    book.save(file)


def _add_column(sheet: Worksheet, number: int, name: str, title: str) -> None:
    letter = get_column_letter(number)
    head = sheet.cell(1, number, title)
    head.font, head.alignment = Font(bold=True), Alignment(vertical="top")
    head.fill = NEEDED_HEAD if name in NEEDED else HEAD
    column = sheet.column_dimensions[letter]
    column.width = WIDE if name in WIDER else max(NARROW, _width(title) + 4)
    column.number_format = _format(name)
    column.protection = Protection(locked=False)
    # A title and its hint appear when a cell is chosen; a column of codes has only our words.
    rule = DataValidation(allow_blank=True, sqref=f"{letter}2:{letter}{MOST_ROWS + 1}")
    rule.promptTitle, rule.prompt = title[:32], _hint(name)
    if name in CHOICE_CLASSES:
        rule.type, rule.formula1 = "list", f'"{",".join(template.words(name))}"'
        rule.errorTitle, rule.error = title[:32], _("Choose one of the list.")
    sheet.add_data_validation(rule)


def _lock_head(sheet: Worksheet) -> None:
    """No password: it keeps from slips, not from intent. All but the titles can be worked on."""
    allowed: Sequence[str] = ("formatCells", "formatColumns", "formatRows", "insertRows", "sort")
    for each in (*allowed, "deleteRows", "autoFilter"):
        setattr(sheet.protection, each, False)
    sheet.protection.enable()


def _format(name: str) -> str:
    """Times as times; all else is text, so that no number loses its zeros."""
    return MOMENT if name in template.TIMES else TEXT


def _hint(name: str) -> str:
    needed = _("Needed.") if name in NEEDED else _("Optional.")
    more = {
        "reference": _("Each number once; a row whose number is known is not imported again."),
        "branch": _("Code or name; rows without one go to the headquarters"),
        template.CATEGORY: _("Code or name"),
        **dict.fromkeys(template.TIMES, _("As in 2026-03-25 14:05")),
        **dict.fromkeys(CHOICE_CLASSES, _("Choose one of the list.")),
    }
    return " ".join(filter(None, (needed, more.get(name, ""))))


def _width(text: str) -> int:
    """In the width of a Latin letter; a Chinese character takes two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _example() -> dict[str, Any]:
    """One row as it may look; its number says what it is, and keeps it from being imported."""
    branch = Branch.objects.filter(level=Level.BRANCH, is_active=True).order_by("code").first()
    category = Category.objects.filter(is_active=True).order_by("code").first()
    chinese, other = EXAMPLES
    return {
        "reference": chinese if get_language().startswith("zh") else other,
        "received_at": datetime(2026, 3, 2, 10, 0),  # noqa: DTZ001  cells have no zone
        "subject": pgettext("example of a complaint", "Carton crushed, goods damaged"),
        "channel": str(Channel.PHONE.label),
        "description": pgettext("example of a complaint", "Two of six cartons were crushed."),
        "branch": branch.code if branch else "",
        "severity": str(Severity.NORMAL.label),
        "status": str(Status.CLOSED.label),
        "closed_at": datetime(2026, 3, 4, 10, 0),  # noqa: DTZ001
        "waybill": "0012345678901",
        "customer_name": pgettext("example of a complaint", "Mr Wang"),
        "customer_phone": "013800000000",
        "customer_email": "wang@example.com",
        "customer_kind": str(Kind.PERSON.label),
        template.CATEGORY: category.code if category else "",
        Milestone.APOLOGY: datetime(2026, 3, 2, 10, 40),  # noqa: DTZ001
        Milestone.RESULT: datetime(2026, 3, 3, 9, 0),  # noqa: DTZ001
        Milestone.CALLBACK: datetime(2026, 3, 4, 10, 0),  # noqa: DTZ001
    }
