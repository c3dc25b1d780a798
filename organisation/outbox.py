"""The outbox: an action says what it has to tell, in its own transaction; a sweep tells it.

A rolled-back action tells nothing. A row is (key, recipient, channel), unique: telling twice is
impossible. Rows for the inbox are told by being written. Who hears in whose stead, and what reaches
somebody outside the inbox, is decided by `TELL` alone.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from organisation.models import Channel, Importance, Person


@dataclass(frozen=True)
class Notice:
    """Something to tell: `people` are ids, `text` names a template in `templates/messages/`."""

    key: str
    people: list[int]
    text: str
    context: Mapping[str, object] = field(default_factory=dict)
    importance: int = Importance.INFORMATION
    path: str = ""
    channels: Iterable[str] = (Channel.INBOX, Channel.EMAIL)


def put(
    *,
    key: str,
    to: Iterable[Person | None],
    text: str,
    now: datetime,
    context: Mapping[str, object] | None = None,
    importance: Importance = Importance.INFORMATION,
    path: str = "",
    channels: Iterable[str] = (Channel.INBOX, Channel.EMAIL),
    apart_from: Person | None = None,
) -> None:
    """Tell each person once per channel. `text` names a template in `templates/messages/`.

    `apart_from` is who did it: nobody is told of their own act.
    """
    people = list(dict.fromkeys(person.pk for person in to if person is not None))
    notice = Notice(key, people, text, context or {}, importance, path, tuple(channels))
    put_all([notice], now=now, apart_from=apart_from)


def put_all(notices: Iterable[Notice], *, now: datetime, apart_from: Person | None = None) -> int:
    """Tell many things at once, in one statement; gives the number of rows written."""
    author = apart_from.pk if apart_from else None
    given = [vars(notice) for notice in notices if set(notice.people) - {author}]
    if not given:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            NOTICES + TELL, {"notices": json.dumps(given)} | telling(now, apart_from=apart_from)
        )
        return int(cursor.rowcount)


def telling(now: datetime, *, apart_from: Person | None = None) -> dict[str, Any]:
    """The parameters of `TELL`."""
    return {
        "now": now,
        "today": timezone.localdate(now, timezone.get_default_timezone()),
        "author": apart_from.pk if apart_from else None,
    }


NOTICES = """
WITH told AS MATERIALIZED (
    SELECT n.key, person.id AS person_id, channel.name AS channel, n.text, n.context, n.importance,
           n.path
    FROM jsonb_to_recordset(%(notices)s::jsonb) AS n(
        key text, people bigint[], text text, context jsonb, importance int, path text,
        channels text[]
    )
    CROSS JOIN LATERAL unnest(n.people) AS person(id)
    CROSS JOIN LATERAL unnest(n.channels) AS channel(name)
)
"""

# In the context of what concerns nobody but who is told: their deputies do not hear of it.
ALONE = "alone"

# Goes on after a CTE `told(key, person_id, channel, text, context, importance, path)`. While
# somebody is away, the deputy hears too, one hop and no further: a deputy who is away as well
# leaves the e-mail with the first. Nobody hears of their own act, be it in another's stead.
TELL = """
, away AS MATERIALIZED (
    SELECT a.person_id, p.name, a.deputy_id, NOT EXISTS (
        SELECT FROM organisation_absence b
        WHERE b.person_id = a.deputy_id AND %(today)s BETWEEN b.from_on AND b.until_on
    ) AS is_covered
    FROM organisation_absence a
    JOIN organisation_person p ON p.id = a.person_id AND p.is_active
    JOIN organisation_person d ON d.id = a.deputy_id AND d.is_active
    WHERE %(today)s BETWEEN a.from_on AND a.until_on
),
heard AS (
    SELECT * FROM told
    UNION ALL
    SELECT t.key, a.deputy_id, t.channel, t.text,
           t.context || jsonb_build_object('stands_in_for', a.name), t.importance, t.path
    FROM told t JOIN away a ON a.person_id = t.person_id
    WHERE NOT jsonb_exists(t.context, 'alone')
        AND t.person_id IS DISTINCT FROM %(author)s AND NOT EXISTS (
            SELECT FROM told d
            WHERE d.person_id = a.deputy_id AND d.key = t.key AND d.channel = t.channel
        )
)
INSERT INTO organisation_message
    (key, recipient_id, channel, text, context, importance, path, created_at, state, attempts,
     next_attempt_at, sent_at)
SELECT h.key, p.id, h.channel, h.text, h.context, h.importance, h.path, %(now)s,
       CASE h.channel WHEN 'inbox' THEN 'sent' ELSE 'queued' END, 0,
       CASE WHEN h.channel <> 'inbox' THEN %(now)s::timestamptz END,
       CASE WHEN h.channel = 'inbox' THEN %(now)s::timestamptz END
FROM heard h
JOIN organisation_person p ON p.id = h.person_id AND p.is_active
LEFT JOIN away a ON a.person_id = p.id AND a.is_covered
WHERE p.id IS DISTINCT FROM %(author)s
  AND (h.channel = 'inbox'
       OR (p.email <> '' AND h.importance >= p.email_from
           AND (a.person_id IS NULL OR jsonb_exists(h.context, 'alone'))))
ON CONFLICT (key, recipient_id, channel) DO NOTHING
"""
