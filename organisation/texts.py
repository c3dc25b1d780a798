"""Turning a message into words, in the active language."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from organisation.models import Message


@dataclass(frozen=True)
class Text:
    """The first line of the template, and the rest of it."""

    title: str
    body: str
    path: str


# The only placeholders that may have several lines; in a title they would spill into the body.
LONG = ("words", "reason")


def render(message: Message) -> Text:
    """`templates/messages/<text>.txt`: the first line is the title, the rest the body."""
    context = {name: _line(name, value) for name, value in message.context.items()}
    if due_at := parse_datetime(str(context.get("due_at", ""))):
        # As it was when the message was written, whenever it is read.
        context |= {"due_at": due_at, "is_overdue": due_at <= message.created_at}
    words = render_to_string(f"messages/{message.text}.txt", context).strip()
    title, _line_break, body = words.partition("\n")
    lines = [body.strip()]
    if name := context.get("stands_in_for"):
        lines.append(_("You are told this as the deputy of %(name)s.") % {"name": name})
    return Text(title=title.strip(), body="\n".join(filter(None, lines)), path=message.path)


def _line(name: str, value: object) -> object:
    if isinstance(value, str) and name not in LONG:
        return " ".join(value.split())
    return value
