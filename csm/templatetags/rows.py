"""The rows of a list of complaints: written here, fifty cost a tenth of what a template takes.

The same in every list; `complaints/_pick.html` and `complaints/_severity.html` are the same cell
and the same tag for the pages that have one.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.models import Complaint, Severity, Status
from complaints.views.rows import Row
from csm.templatetags.clocks import cells
from csm.templatetags.csm import NOTHING, moment_words
from customers.models import Customer, Tier

register = template.Library()

ROW = (
    '<tr role="row">\n{box}<td role="cell" class="r-main"><a class="r-subject{new}" href="{url}">'
    '{subject}</a><span class="r-meta"><span class="num">{number}</span>{about}</span></td>\n'
    '<td role="cell" class="r-two">{whose}</td>\n'
    '<td role="cell" class="r-two"><span>{status}</span>'
    ' <span class="small muted">{received}</span></td>\n{clocks}</tr>\n'
)
BOX = (
    '<td role="cell" class="r-check"><label><input class="form-check-input" type="checkbox"'
    ' form="bulk" name="number" value="{number}:{version}">'
    '<span class="vh">{words}</span></label></td>\n'
)
GRAVE: dict[str, str] = {Severity.CRITICAL: "mini-over", Severity.HIGH: "mini-risk"}
# Nobody is to assign what was refused or has a survivor.
LEFT_ALONE = (Status.INVALID, Status.MERGED)


class Words(NamedTuple):
    """What the rows say again and again, in one language, escaped."""

    statuses: dict[str, str]
    severities: dict[str, str]
    tiers: dict[str, str]
    select: str
    standing: str
    no_handler: str
    to_assign: str


@register.simple_tag
def complaint_rows(
    rows: Iterable[Row], *, trail: str = "", with_boxes: object = False
) -> SafeString:
    """Each complaint as a table row, after a box to choose it, if wanted."""
    language, today = get_language(), timezone.localdate()
    words, address = _words(language), _addresses(trail)
    drawn = [
        ROW.format(
            box=_box(row.complaint, words) if with_boxes else "",
            url=address(row.complaint.number),
            **_cells(row, words, language, today),
        )
        for row in rows
    ]
    return mark_safe("".join(drawn))  # noqa: S308  every piece is escaped below


def _cells(row: Row, words: Words, language: str | None, today: date) -> dict[str, str]:
    complaint = row.complaint
    return {
        "new": " r-new" if row.mark else "",
        "subject": _subject(row, words),
        "number": escape(complaint.number),
        "about": _about(complaint, words),
        "whose": _whose(row, words),
        "status": words.statuses[complaint.status],
        "received": moment_words(complaint.received_at, "", language, today),
        "clocks": "".join(cells(row.clocks, language, today)),
    }


def _box(complaint: Complaint, words: Words) -> str:
    number = escape(complaint.number)
    return BOX.format(
        number=number, version=complaint.version, words=words.select % {"number": number}
    )


def _subject(row: Row, words: Words) -> str:
    """The tag of a grave one, the mark of what is new, the subject."""
    severity = row.complaint.severity
    css = GRAVE.get(severity)
    tag = f'<span class="mini {css}">{words.severities[severity]}</span> ' if css else ""
    mark = f'<span class="vh">{escape(str(row.mark))}</span>' if row.mark else ""
    return f"{tag}{mark}{escape(row.complaint.subject)}"


def _about(complaint: Complaint, words: Words) -> str:
    """Category and customer, as far as they are known."""
    category, customer = complaint.category, complaint.customer
    kind = f" · {escape(category.label)}" if category else ""
    return f"{kind} · {_customer(customer, words)}" if customer else kind


def _customer(customer: Customer, words: Words) -> str:
    name = escape(customer.name)
    standing = escape(customer.grade) or words.tiers.get(customer.tier, "")
    return words.standing % {"name": name, "standing": standing} if standing else name


def _whose(row: Row, words: Words) -> str:
    """Branch and handler; before it is assigned, the branch that took it in."""
    complaint, branch = row.complaint, escape(row.branch)
    if complaint.triaged_at:
        first, second = branch, words.no_handler
        if complaint.handler:
            second = escape(complaint.handler.name)
    else:
        first = NOTHING if complaint.status in LEFT_ALONE else words.to_assign
        second = branch
    return f'<span>{first}</span> <span class="small muted">{second}</span>'


def _addresses(trail: str) -> Callable[[str], str]:
    """The address of a complaint by its number: the rest of it is looked up once."""
    before, after = reverse("complaint", args=("-",)).rsplit("-", 1)
    rest = after + escape(trail)
    return lambda number: f"{before}{quote(number)}{rest}"


@lru_cache(maxsize=8)
def _words(language: str | None) -> Words:
    return Words(
        statuses=_labels(Status.choices),
        severities=_labels(Severity.choices),
        tiers=_labels(Tier.choices),
        select=escape(_("Select %(number)s")),
        standing=escape(_("%(name)s (%(standing)s)")),
        no_handler=escape(_("No handler")),
        to_assign=escape(_("To assign")),
    )


def _labels(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {value: escape(str(label)) for value, label in choices}
