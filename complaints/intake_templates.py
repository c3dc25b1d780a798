"""What the front desk begins with, by category (登记模板)."""

from dataclasses import dataclass

from complaints.actions import categories
from complaints.models import Category, Severity


@dataclass(frozen=True)
class Template:
    """What to ask for, how the description begins, and how grave such complaints usually are."""

    hints: tuple[str, ...] = ()
    text: str = ""
    severity: str = Severity.NORMAL


def template_of(category: Category | None) -> Template:
    """Each part is the category's own, else that of the nearest one above."""
    if category is None:
        return Template()
    line = categories.ancestry(category)
    known = Category.objects.in_bulk(line)
    rows = [known[pk] for pk in line]
    hints = next((row.intake_hints for row in rows if row.intake_hints), "")
    return Template(
        hints=tuple(text.strip() for text in hints.splitlines() if text.strip()),
        text=next((row.intake_text for row in rows if row.intake_text), ""),
        severity=next(
            (row.intake_severity for row in rows if row.intake_severity), Severity.NORMAL
        ),
    )
