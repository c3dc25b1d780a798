"""The clock cells of a list. A page has two hundred: written here, they cost a tenth of a template.

What they say and how they look is the same as in `_parts/clock.html`, which the other layouts use.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.clock_face import Clock, Face
from csm.templatetags.csm import icon, when

register = template.Library()
NOTHING = SafeString("")


@register.simple_tag
def clock_cells(clocks: Iterable[Clock]) -> SafeString:
    """A table cell for each clock: icon, word and time, with what the countdown script needs."""
    drawn = cells(clocks, get_language(), timezone.localdate())
    return mark_safe("".join(drawn))  # noqa: S308  made of safe parts


def cells(clocks: Iterable[Clock], language: str | None, today: date) -> list[SafeString]:
    return [_cell(clock.name, clock.face, language, today) for clock in clocks]


@lru_cache(maxsize=8000)
def _cell(name: str, face: Face, language: str | None, today: date) -> SafeString:
    """Kept, since many people have the same list open; language and day are what it is said in."""
    return format_html(
        '<td class="ck r-ck" role="cell" data-state="{}"{}{}>'
        '<span class="ck-name">{}</span><span class="ck-val">{}{}</span></td>',
        face.state,
        _moments(name, face) if face.is_ticking else NOTHING,
        _title(name, face),
        name,
        icon(face.icon) if face.icon else NOTHING,
        _value(face),
    )


def _moments(name: str, face: Face) -> SafeString:
    """The deadline and the begin of the risk, in seconds."""
    due, risk = face.due_at, face.risk_at
    return format_html(
        ' data-name="{}" data-due="{}"{}',
        name,
        int(due.timestamp()) if due else "",
        format_html(' data-risk="{}"', int(risk.timestamp())) if risk else NOTHING,
    )


def _title(name: str, face: Face) -> SafeString:
    if face.due_at is None:
        return NOTHING
    words = _("%(name)s: due %(due)s")
    due = when(face.due_at, "full_text")
    return format_html(' title="{}"', words % {"name": name, "due": due})


def _value(face: Face) -> SafeString:
    """Word and time in the language's order."""
    aside = format_html('<span class="vh">{}</span>', face.aside) if face.aside else NOTHING
    word = format_html('<span class="ck-word">{}{}</span>', aside, face.word)
    if not face.time:
        return word
    time = format_html('<span class="ck-time">{}</span>', face.time)
    return format_html("{} {}", *((word, time) if face.word_first else (time, word)))
