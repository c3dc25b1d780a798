"""The rows of the register of work orders: written here for the same reason as `rows.py`."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape
from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.models import OrderSource, OrderStatus
from complaints.order_rows import OrderRow, standing
from csm.templatetags.clocks import cells

register = template.Library()

ROW = (
    '<tr role="row"><td role="cell" class="r-main"><a class="r-subject" href="{url}">{title}</a>'
    '<span class="r-meta"><span class="num">{number}</span>{about}</span></td>\n'
    '<td role="cell" class="r-two"><span>{branch}</span> <span class="small muted">{region}</span>'
    "</td>\n"
    '<td role="cell" class="r-two r-who"><span>{customer}</span>'
    ' <span class="small muted">{standing}</span></td>\n'
    '<td role="cell" class="r-num num{no_score}">{score}</td>\n'
    '<td role="cell" class="r-why"><span class="clamp">{opinion}</span></td>\n'
    '<td role="cell" class="r-why{no_plan}">{label}<span class="clamp">{plan}</span>{planned}'
    "</td>\n"
    '<td role="cell" class="r-two"><span>{status}</span>'
    ' <span class="small muted">{owner}</span></td>\n{clock}</tr>\n'
)
NOTHING = "—"
# On a phone, where each cell has a line of its own, one that says nothing is left out.
EMPTY = " r-none"
ON_PHONE = '<span class="only-phone small muted">{}</span> '


class Words(NamedTuple):
    """What the rows say again and again, in one language, escaped."""

    statuses: dict[str, str]
    sources: dict[str, str]
    no_number: str
    untitled: str
    more: str
    score: str
    plan: str
    until: str


@register.simple_tag
def order_rows(rows: Iterable[OrderRow]) -> SafeString:
    """Each order as a table row."""
    language, today = get_language(), timezone.localdate()
    words = _words(language)
    before, after = reverse("work-order", args=(0,)).rsplit("0", 1)
    drawn = [
        ROW.format(
            url=f"{before}{row.order.pk}{after}",
            clock="".join(cells([row.clock], language, today)),
            **_cells(row, words),
        )
        for row in rows
    ]
    return mark_safe("".join(drawn))  # noqa: S308  every piece is escaped below


def _cells(row: OrderRow, words: Words) -> dict[str, str]:
    order = row.order
    return {
        "title": escape(order.title) or escape(row.opinion) or words.untitled,
        "number": escape(order.number or "") or words.no_number,
        "about": _about(row, words),
        "branch": escape(order.branch.label),
        "region": escape(row.region),
        "customer": escape(row.customer.name) if row.customer else NOTHING,
        "standing": escape(standing(row.customer)),
        "score": words.score % {"score": row.score} if row.score is not None else NOTHING,
        "no_score": "" if row.score is not None else EMPTY,
        "opinion": escape(row.opinion),
        "label": words.plan,
        "no_plan": "" if row.plan or row.planned_on else EMPTY,
        "plan": escape(row.plan),
        "planned": _planned(row.planned_on, words),
        "status": words.statuses[order.status],
        "owner": escape(order.owner.name) if order.owner else NOTHING,
    }


def _about(row: OrderRow, words: Words) -> str:
    """The complaint, and how many more; else the source."""
    if not row.complaints:
        return f" · {words.sources[row.order.source]}"
    first, *others = row.complaints
    more = words.more % {"count": len(others)} if others else ""
    return f' · <span class="num">{escape(first.number)}</span>{more}'


def _planned(day: date | None, words: Words) -> str:
    if day is None:
        return ""
    text = words.until % {"day": day.isoformat()}
    return f' <span class="small muted num block">{text}</span>'


@lru_cache(maxsize=8)
def _words(language: str | None) -> Words:
    return Words(
        statuses=_labels(OrderStatus.choices),
        sources=_labels(OrderSource.choices),
        no_number=escape(_("No number yet")),
        untitled=escape(_("No title yet")),
        more=escape(_(" and %(count)d more")),
        score=ON_PHONE.format(escape(_("Score"))) + "%(score)s",
        plan=ON_PHONE.format(escape(_("Improvement plan"))),
        until=escape(_("by %(day)s")),
    )


def _labels(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {value: escape(str(label)) for value, label in choices}
