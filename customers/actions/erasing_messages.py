"""The outbox, letters, jobs, looks and answers of the API: emptied where they name a customer."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, CharField, F, Field, Func, Model, Q, TextField, Value
from django.db.models.functions import Cast

from customers.actions import blanking
from organisation.models import (
    AccessRecord,
    Delivery,
    IdempotentAnswer,
    Job,
    Letter,
    Message,
    PublicLink,
)

# A word so short is looked for as a whole value only.
LONG = 3
# Room, columns that may name somebody.
PLACES: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Message, ("context",)),
    (Letter, ("context", "name", "address", "error")),
    (Job, ("title", "parameters", "result", "reason")),
    (AccessRecord, ("words",)),
)


class _Named(Func):
    """(text, words): whether the text holds one of them. They are no patterns."""

    output_field = BooleanField()
    template = (
        "(SELECT coalesce(bool_or(strpos(held.said, asked.word) > 0), false)"
        " FROM (SELECT %(expressions)s) AS held(said, words), unnest(held.words) AS asked(word))"
    )


def empty(words: Collection[str], links: Collection[Any], now: datetime) -> None:
    """Links die, letters to them are not sent any more, and what was said loses the names."""
    PublicLink.objects.filter(pk__in=links, revoked_at=None).update(revoked_at=now)
    to_links = Letter.objects.filter(link__in=links)
    to_customer = Letter.objects.filter(_names(("address",), words))
    for letters in (to_links, to_customer):
        letters.exclude(state=Delivery.SENT).delete()
    for letter in to_links:
        _save(letter, ("context", "name", "address", "error"), words, is_whole=True)
    for model, columns in PLACES:
        for row in model._base_manager.filter(_names(columns, words)).iterator(500):
            _save(row, columns, words, is_whole=False)
    IdempotentAnswer.objects.filter(_names(("answer",), words)).delete()


def _names(columns: Collection[str], words: Collection[str]) -> Q:
    """Rows of which a column, as text, holds a word; short ones as a whole value alone."""
    asked = [word if len(word) >= LONG else f'"{word}"' for word in words]
    wanted = Q(pk__in=[])
    for column in columns:
        said = Cast(F(column), TextField())
        given = Value(asked, output_field=ArrayField(CharField()))
        wanted |= Q(_Named(said, given))
    return wanted


def _save(row: Model, columns: Collection[str], words: Collection[str], *, is_whole: bool) -> None:
    for name in columns:
        column: Field[Any, Any] = row._meta.get_field(name)  # type: ignore[assignment]
        was = getattr(row, name)
        if is_whole:
            setattr(row, name, blanking.emptied(column, was))
        else:
            setattr(row, name, blanking.without(column, was, words))
    row.save(update_fields=list(columns))
