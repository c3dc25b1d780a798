"""What is kept about one customer as a file: JSON for programs, Word for people."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document

CONTENT_TYPES = {
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
Found = Mapping[str, Sequence[Mapping[str, Any]]]


def drawn(found: Found, form: str, *, title: str) -> bytes:
    return _json(found) if form == "json" else _word(found, title)


def _json(found: Found) -> bytes:
    text = json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return text.encode()


def _word(found: Found, title: str) -> bytes:
    document = Document()
    document.add_heading(_text(title), level=1)
    for label, rows in found.items():
        document.add_heading(f"{_name(label)} ({len(rows)})", level=2)
        for row in rows:
            paragraph = document.add_paragraph()
            for name, value in row.items():
                paragraph.add_run(f"{_word_for(label, name)}: ").bold = True
                paragraph.add_run(f"{_text(value)}\n")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _name(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)


def _word_for(label: str, name: str) -> str:
    return str(getattr(apps.get_model(label)._meta.get_field(name), "verbose_name", name))


def _text(value: object) -> str:
    """As people read it; a Word file takes no control characters."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    return "".join(sign for sign in str(value) if sign.isprintable() or sign in "\n\t")
