"""Turning a message into words, in the active language."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime

from organisation.models import Message


@dataclass(frozen=True)
class Text:
    """The first line of the template, and the rest of it."""

    title: str
    body: str
    path: str


def render(message: Message) -> Text:
    """`templates/messages/<text>.txt`: the first line is the title, the rest the body."""
    context = dict(message.context)
    if "due_at" in context:
        context["due_at"] = parse_datetime(str(context["due_at"]))
    words = render_to_string(f"messages/{message.text}.txt", context).strip()
    title, _, body = words.partition("\n")
    return Text(title=title.strip(), body=body.strip(), path=message.path)
