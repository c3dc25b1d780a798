"""The question bank: lists that a questionnaire may take over (S-10, S-11, S-12, S-17)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).with_name("bank.toml")
NAMES = {
    "needs": _("The 26 needs of customers"),
    "value": _("What a customer gets and gives (8 items)"),
    "logistics": _("The four elements of logistics"),
    "drivers": _("The four drivers of satisfaction"),
}


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def question(name: str) -> dict[str, Any]:
    """A list as a matrix question: fields of `Question`. KeyError for an unknown name."""
    found = _lists()[name]
    return {
        "key": name,
        "kind": "matrix",
        "text": found["text"],
        "text_en": found["text_en"],
        "items": [
            {"key": key, "text": text, "text_en": text_en} for key, text, text_en in found["items"]
        ],
    }
