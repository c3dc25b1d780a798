"""Turning a message into words, in the active language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organisation.models import Letter, Message


@dataclass(frozen=True)
class Text:
    """The first line of the template, and the rest of it."""

    title: str
    body: str
    path: str


class Named(Protocol):
    """What has a name in both languages: a branch, a reward, a survey."""

    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...


def named(thing: Named) -> dict[str, str]:
    """For the context of a text, which reads its `label` in the language of whoever reads."""
    return {"name": thing.name, "name_en": thing.name_en}


# The only placeholders that may have several lines; in a title they would spill into the body.
LONG = ("words", "reason")


def render(message: Message, *, base_url: str = "") -> Text:
    """`templates/messages/<text>.txt`: the first line is the title, the rest the body.

    Outside our pages links stand in full and begin with `base_url`.
    """
    context = _value("", message.context) | {"base_url": base_url}
    if due_at := context.get("due_at"):
        # As it was when the message was written, whenever it is read.
        context["is_overdue"] = due_at <= message.created_at
    words = render_to_string(f"messages/{message.text}.txt", context).strip()
    title, _line_break, body = words.partition("\n")
    lines = [body.strip()]
    if name := context.get("stands_in_for"):
        lines.append(_("You are told this as the deputy of %(name)s.") % {"name": name})
    return Text(title=title.strip(), body="\n".join(filter(None, lines)), path=message.path)


def letter_text(letter: Letter, *, url: str) -> Text:
    """`templates/letters/<text>.txt`, made of the same two parts; `url` is that of its link."""
    company = settings.COMPANY_NAME or "CSM"
    context = _value("", {**letter.context, "name": letter.name})
    context |= {"url": url, "company": company, "is_overdue": False}
    words = render_to_string(f"letters/{letter.text}.txt", context).strip()
    title, _line_break, body = words.partition("\n")
    return Text(title=title.strip(), body=f"{body.strip()}\n", path="")


def _value(name: str, value: Any) -> Any:
    """What a template reads: lines, moments, and of what has a name its label in the language."""
    if isinstance(value, Mapping):
        found = {key: _value(key, each) for key, each in value.items()}
        is_english = (get_language() or "").startswith("en")
        return found | {"label": (is_english and found.get("name_en")) or found.get("name")}
    if isinstance(value, list):
        return [_value(name, each) for each in value]
    if name == "due_at":
        return parse_datetime(value)
    if isinstance(value, str) and name not in LONG:
        return " ".join(value.split())
    return value
