"""The sections of a work order as a browser sends them, and as the API does."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from complaints.actions.measures import Given
from complaints.actions.order_rows import Analysis
from complaints.actions.order_sections import SECTIONS as COLUMNS


def as_json(sections: dict[str, Any]) -> dict[str, Any]:
    """A body of the API, with moments as it answers them."""
    names = {"plan": "measures"}
    rows = {
        names.get(name, name): [_row(row) for row in value]
        if isinstance(value, tuple)
        else _plain(value)
        for name, value in sections.items()
    }
    body: dict[str, Any] = json.loads(json.dumps(rows, cls=DjangoJSONEncoder))
    return body


def _row(row: Any) -> dict[str, Any]:
    given = {name: value for name, value in vars(row).items() if value is not None}
    found = {name: _plain(value) for name, value in given.items() if name != "uploads"}
    if isinstance(row, Analysis):
        found["evidence"] = [asdict(proof) for proof in row.evidence]
    return found


def _plain(value: Any) -> Any:
    return timezone.localtime(value).isoformat() if isinstance(value, datetime) else value


def typed(sections: dict[str, Any]) -> dict[str, Any]:
    """The inputs of the form, all of them: what is not given is empty."""
    inputs: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {"is_customer_satisfied": "unknown"}
    for name, value in sections.items():
        if name == "plan":
            inputs |= _lines(value)
        elif isinstance(value, tuple):
            inputs[name] = [str(key) for key in range(len(value))]
            for key, row in enumerate(value):
                inputs |= _inputs(f"{name}-{key}", row)
        else:
            inputs[name] = _text(value)
    return inputs


def _lines(plan: Sequence[Given]) -> dict[str, str]:
    """The lines of the measures, as a fresh form names them."""
    return {
        f"measure-{number}-{name}": _text(getattr(each, name))
        for number, each in enumerate(plan, 1)
        for name in ("group", "text", "due_on")
    }


def _inputs(prefix: str, row: Any) -> dict[str, Any]:
    if not isinstance(row, Analysis):
        return {f"{prefix}-{name}": _text(value) for name, value in vars(row).items()}
    words = [proof for proof in row.evidence if not proof.file]
    inputs: dict[str, Any] = {
        f"{prefix}-category": row.category,
        f"{prefix}-text": row.text,
        f"{prefix}-files": [str(proof.file) for proof in row.evidence if proof.file],
        f"{prefix}-words": [str(key) for key in range(len(words))],
    }
    inputs |= {f"{prefix}-why_{n}": why for n, why in enumerate(row.whys, 1)}
    for key, proof in enumerate(words):
        inputs[f"{prefix}-words-{key}-kind"] = proof.kind
        inputs[f"{prefix}-words-{key}-text"] = proof.text
    return inputs


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    return str(value)
