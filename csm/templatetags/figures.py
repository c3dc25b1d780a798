"""Figures of surveys in words: `{% load figures %}`."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from surveys.results import words
from surveys.results.scores import Change, Figure

register = template.Library()
register.filter("quadrant", words.quadrant_words)


@register.filter
def figure(row: Figure, part: str = "value") -> str:
    """A figure's `value`, `low`, `high` or `mean`, as its kind is written."""
    number = getattr(row, part)
    if part == "mean":
        return mark(number)
    return words.value_words(row.name, number)


@register.filter
def cell(row: Figure) -> SafeString:
    """A cell of a break-down: figure, interval, number of answers. Tables have thousands."""
    if row.is_hidden:
        hidden = pgettext("few answers", "hidden")
        return format_html('<span class="muted small">{}</span>', hidden)
    if row.value is None:
        return format_html('<span class="muted">{}</span>', words.NOTHING)
    return format_html(
        '<span class="num strong">{}</span> <span class="muted small num">{}</span>'
        ' <span class="muted small num">n = {}</span>',
        figure(row),
        pgettext("interval", "%(low)s to %(high)s")
        % {"low": figure(row, "low"), "high": figure(row, "high")},
        f"{row.n:,}",
    )


@register.filter
def figure_name(row: Figure) -> str:
    return words.figure_name(row.name)


@register.filter
def difference(change: Change, name: str) -> str:
    """By how much it rose or fell, in points."""
    if change.difference is None:
        return words.NOTHING
    points = change.difference if name == "nps" else change.difference * 100
    return words.signed(points)


@register.filter
def mark(value: float | Decimal | None, places: int = 2) -> str:
    """A mean mark: 4.18."""
    return words.NOTHING if value is None else f"{value:.{places}f}".replace("-", "−")


@register.filter
def signed(value: float | None, places: int = 2) -> str:
    """A gap: −1.40."""
    return words.NOTHING if value is None else words.signed(value, places)


@register.filter
def raw(value: Any) -> str:
    """A number for a script."""
    return "" if value is None else repr(float(value))
