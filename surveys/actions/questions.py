"""One question of a draft: put, moved, taken away. Each keeps the whole draft in order."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from organisation.models import Person
from surveys import bank
from surveys.actions import questionnaires
from surveys.models import Edition

Rows = list[dict[str, Any]]


@transaction.atomic
def put(
    *,
    edition: Edition,
    key: str,
    fields: Mapping[str, Any],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> str:
    """Change the question of that key, or add one at the end; gives its key."""
    rows = rows_of(edition)
    known = {row["key"]: row for row in rows}
    if key in known:
        known[key].update(fields)
    else:
        key = _free(known, str(fields.get("key") or fields["kind"]))
        rows.append(dict(fields) | {"key": key})
    questionnaires.save(edition=edition, questions=rows, by=by, now=now, version=version)
    return key


@transaction.atomic
def add_from_bank(
    *, edition: Edition, name: str, by: Person, now: datetime, version: int | None = None
) -> str:
    """Take a list of the question bank over (S-11)."""
    return put(edition=edition, key="", fields=bank.question(name), by=by, now=now, version=version)


@transaction.atomic
def remove(
    *, edition: Edition, key: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Take one away; what was asked only after it is asked always."""

    def without(rows: Rows) -> Rows:
        for row in rows:
            if row["condition"].get("question") == key:
                row["condition"] = {}
        return [row for row in rows if row["key"] != key]

    _change(edition, without, by=by, now=now, version=version)


@transaction.atomic
def shift(
    *, edition: Edition, key: str, by: Person, now: datetime, up: bool, version: int | None = None
) -> None:
    """One place up or down; at the end it stays."""

    def moved(rows: Rows) -> Rows:
        at = [row["key"] for row in rows].index(key)
        to = min(max(at + (-1 if up else 1), 0), len(rows) - 1)
        rows.insert(to, rows.pop(at))
        return rows

    _change(edition, moved, by=by, now=now, version=version)


def rows_of(edition: Edition) -> Rows:
    """Its questions, as `questionnaires.save` takes them."""
    apart = ("id", "edition", "position")
    return [model_to_dict(row, exclude=apart) for row in edition.questions.all()]


def _change(
    edition: Edition,
    change: Callable[[Rows], Rows],
    *,
    by: Person,
    now: datetime,
    version: int | None,
) -> None:
    questionnaires.save(
        edition=edition, questions=change(rows_of(edition)), by=by, now=now, version=version
    )


def _free(known: Mapping[str, Any], wish: str) -> str:
    """The wished key, with a number where it is taken."""
    number, key = 1, wish
    while key in known:
        number += 1
        key = f"{wish}_{number}"
    return key
