"""Tags and filters that every template may use without loading them (see `docs/pages.md`)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.http import QueryDict
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from csm.kit import htmx, masking, money, periods

register = template.Library()
register.tag("part", htmx.compile_part)
register.filter("mask_phone", masking.mask_phone)
register.filter("mask_name", masking.mask_name)
register.filter("mask_email", masking.mask_email)
register.filter("money", money.words)

NOTHING = "—"
# Positions in a list: void as soon as a filter changes.
CURSORS = ("after", "before", "cursor")


@register.simple_tag
@lru_cache(maxsize=500)
def icon(name: str, css: str = "") -> SafeString:
    """A 16 px shape of the sprite, hidden from screen readers: a word stands beside it."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"i {css}".strip(),
        static("icons.svg"),
        name,
    )


@register.filter
def when(moment: datetime | date | None, style: str = "") -> SafeString | str:
    """A moment in the company's zone; the whole time stands in the title.

    Without a style: 今天 14:32 within a day, 11-17 11:05 within the year, else the whole.
    `full`: always 2026-11-19 14:32. `text`, `full_text`: the words alone, for attributes.
    """
    if not moment:
        return NOTHING
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{0}" class="num">{0}</time>', moment.isoformat())
    return moment_words(moment, style, get_language(), timezone.localdate())


@lru_cache(maxsize=8000)
def moment_words(
    moment: datetime, style: str, language: str | None, today: date
) -> SafeString | str:
    """Kept, since a list has many; language and day are what they are said in."""
    local = timezone.localtime(moment)
    whole = local.strftime("%Y-%m-%d %H:%M")
    words = whole if style.startswith("full") else _near(local, today)
    if style.endswith("text"):
        return words
    return format_html(
        '<time datetime="{}" title="{}" class="num">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S %Z"),
        words,
    )


def _near(local: datetime, today: date) -> str:
    clock = local.strftime("%H:%M")
    if local.date() == today:
        return _("today %(time)s") % {"time": clock}
    if local.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": clock}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": clock}
    return local.strftime("%m-%d %H:%M" if local.year == today.year else "%Y-%m-%d %H:%M")


@register.filter
def linked(text: str, numbers: list[str]) -> SafeString:
    """Lines of text in which the numbers of these complaints lead to them."""
    lines = str(linebreaksbr(text))
    for number in dict.fromkeys(numbers):
        link = format_html('<a href="{}">{}</a>', reverse("complaint", args=[number]), number)
        lines = lines.replace(escape(number), link)
    return mark_safe(lines)  # noqa: S308  escaped above, piece by piece


@register.filter
def week(value: date | str | None) -> str:
    """The ISO week of a date, or of a period such as `2026-W46`, in words."""
    if not value:
        return NOTHING
    if isinstance(value, str):
        year, number = (int(part) for part in value.split("-W"))
    else:
        moment = timezone.localtime(value) if isinstance(value, datetime) else value
        year, number, _day = moment.isocalendar()
    return _("Week %(week)d, %(year)d") % {"week": number, "year": year}


@register.filter
def quarter(key: str) -> str:
    """The quarter of a key such as `2026-Q4`, in words."""
    zone = timezone.get_default_timezone()
    return periods.label(periods.parse(key, zone=zone, kinds=["quarter"]))


@register.filter
def period_name(key: str) -> str:
    """The week of a key such as `2026-W46`, or the month of `2026-11`, in words."""
    zone = timezone.get_default_timezone()
    return periods.label(periods.parse(key, zone=zone)) if key else NOTHING


@register.filter
def percent(share: float | None, places: int = 1) -> str:
    """A share of 0…1 as 88.4%; nothing to share is a dash."""
    return NOTHING if share is None else f"{share * 100:.{places}f}%"


@register.filter
def hours(elapsed: timedelta) -> str:
    """An elapsed time as 71.5: hours, rounded down, so that a border is not passed in words."""
    tenths = elapsed // timedelta(minutes=6)
    return f"{tenths / 10:,.1f}"


@register.simple_tag(takes_context=True)
def query(context: Context, name: str, act: str, value: object = None) -> str:
    """The page's address with one parameter changed and all others kept.

    `set` replaces every value, `add` adds one, `remove` drops one value (or all, when none is
    given), `toggle` adds or drops one. The place in the list is forgotten, unless that is set.
    """
    params: QueryDict = context["request"].GET.copy()
    text = "" if value is None else str(value)
    params.setlist(name, _values(params.getlist(name), act, text))
    for cursor in CURSORS:
        if cursor != name:
            params.pop(cursor, None)
    return f"?{params.urlencode()}"


def _values(present: list[str], act: str, value: str) -> list[str]:
    if act == "set":
        return [value] if value else []
    if act == "add" or (act == "toggle" and value not in present):
        return present if value in present else [*present, value]
    return [item for item in present if item != value] if value else []


class Axis(Protocol):
    """From where to where bars go, and how a figure on it is written."""

    def along(self, value: float | None) -> float: ...
    def words_of(self, value: float | None) -> str: ...


@register.inclusion_tag("_parts/band.html")
def band(
    axis: Axis, *, low: float, high: float, value: float, company: float | None
) -> dict[str, str]:
    """A figure, its 95 % interval and the company's figure (dashed, where there is one)."""

    def along(figure: float) -> float:
        return min(max(axis.along(figure), 0), 1)

    return {
        "low": percent(along(low)),
        "width": percent(along(high) - along(low)),
        "share": percent(along(value)),
        "company": "" if company is None else percent(along(company)),
        "low_text": axis.words_of(low),
        "high_text": axis.words_of(high),
        "company_text": axis.words_of(company),
    }


@register.inclusion_tag("_parts/bar.html")
def bar(value: float, *, of: float) -> dict[str, str]:
    """A plain bar for a number: as long as its share of the largest, `of`."""
    return {"width": percent(value / of if of else 0)}


@register.simple_tag(takes_context=True)
def given(context: Context, name: str, otherwise: object) -> object:
    """What the include of this part was given under a name, blind to the names of the page."""
    return context.dicts[-1].get(name) or otherwise


@register.filter
def control(field: BoundField, hint: str = "") -> SafeString:
    """The input of a form field, with its look and the hint and error that describe it."""
    widget = field.field.widget
    attrs: dict[str, Any] = {"class": f"{_look(widget)} {widget.attrs.get('class', '')}".strip()}
    if field.errors:
        attrs["aria-invalid"] = "true"
    if lines := described(field, hint):
        attrs["aria-describedby"] = lines
    return field.as_widget(attrs=attrs)


@register.filter
def described(field: BoundField, hint: str = "") -> str:
    """The ids of the field's hint and error lines."""
    ids = [f"{field.auto_id}_helptext"] if hint else []
    return " ".join([*ids, f"{field.auto_id}_error"] if field.errors else ids)


def _look(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        return "form-select"
    return "form-control"


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether the field is several inputs under one legend."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the field is one box to tick, with its label beside it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def choices(field: BoundField) -> Iterator[BoundWidget]:
    """The radio buttons or boxes of a group, each with its look."""
    for choice in field.subwidgets:
        choice.data["attrs"]["class"] = "form-check-input"
        yield choice


@register.filter
def error_count(form: forms.BaseForm) -> int:
    """How many things are wrong: one for each sentence, not for each field."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def anchor(field: BoundField) -> str:
    """The id that an error link jumps to: of the input, or of a group's first one."""
    return f"{field.auto_id}_0" if is_group(field) else field.auto_id
