"""The outbox for addresses: an action says in its own transaction what one is to be told.

As in `outbox`, a rolled-back action tells nothing and the key is told once. Customers have an
address, a language, and at most a link; no inbox, no deputy, no digest. So has whoever of ours is
asked by a link instead of a page behind the login.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection

from organisation.models import Delivery, Letter, PublicLink

BATCH = 5000


@dataclass(frozen=True)
class Draft:
    """Something to tell: `text` names a template in `templates/letters/`.

    The template reads `context`, `name` of whom is spoken to, `company`, and `url`: the whole
    address of the `link`.
    """

    key: str
    address: str
    text: str
    language: str = ""
    name: str = ""
    context: Mapping[str, object] = field(default_factory=dict)
    link: PublicLink | None = None


def put(draft: Draft, *, now: datetime) -> None:
    """Tell one address once; without an address nobody is told."""
    put_all([draft], now=now)


def put_all(drafts: Iterable[Draft], *, now: datetime, is_bulk: bool = False) -> int:
    """Tell many, a few thousand in one statement; gives the number of letters written.

    `is_bulk`: invitations and the like, which leave when nothing else waits.
    """
    written = 0
    for rows in _batches(_row(draft) for draft in drafts if draft.address):
        given: dict[str, Any] = {"letters": json.dumps(rows), "now": now, "is_bulk": is_bulk}
        with connection.cursor() as cursor:
            cursor.execute(PUT, given)
            written += cursor.rowcount
    return written


def take_back(links: Iterable[int | None]) -> None:
    """What would bring these links (ids, or a query of them) and has not left: it is not wanted."""
    Letter.objects.filter(link__in=links, state__in=(Delivery.QUEUED, Delivery.LEASED)).delete()


def _row(draft: Draft) -> dict[str, object]:
    language = draft.language or settings.LANGUAGE_CODE
    link_id = draft.link.pk if draft.link else None
    return vars(draft) | {"language": language, "link": link_id}


def _batches(rows: Iterable[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch


PUT = """
INSERT INTO organisation_letter
    (key, address, name, language, text, context, link_id, is_bulk, created_at, state, attempts,
     next_attempt_at, error)
SELECT n.key, n.address, n.name, n.language, n.text, n.context, n.link, %(is_bulk)s, %(now)s,
       'queued', 0, %(now)s, ''
FROM jsonb_to_recordset(%(letters)s::jsonb) AS n(
    key text, address text, name text, language text, text text, context jsonb, link bigint
)
ON CONFLICT (key) DO NOTHING
"""
