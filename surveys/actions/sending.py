"""Sending invitations and reminders: each has its moment, and a sweep sends what is due (S-18).

A message is a letter with a key of its own, written in the transaction that moves the invitation
on: sent once, however often the sweep runs. Nothing leaves in the company's quiet hours.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from csm.kit.transitions import move_all
from organisation import letters
from organisation.actions import quiet_hours, sweeps, tokens
from organisation.letters import Draft
from organisation.models import PublicLink
from organisation.texts import named
from surveys.models import (
    EDITABLE_FOR,
    OPEN,
    SHEET,
    Invitation,
    InvitationStatus,
    Survey,
)

SWEEP = "invitations"
BATCH = 2000


def send(*, now: datetime) -> int:
    """Queue what is due; how many messages. Safe to run twice at once."""
    count = 0
    while sent := send_batch(now=now):
        count += sent
    sweeps.mark(SWEEP, now=now)
    return count


class Due(NamedTuple):
    """An invitation whose message is due, as far as the message needs it."""

    pk: int
    survey_id: int
    address: str
    expires_at: datetime
    sent_at: datetime | None
    reminders: int
    link_id: int | None
    is_again: bool
    name: str
    language: str
    is_declined: bool


@transaction.atomic
def send_batch(*, now: datetime, survey: Survey | None = None) -> int:
    """Some thousand of those that are due, of one survey if named; 0 when none is left."""
    if quiet_hours.is_quiet(now):
        return 0
    held = _held(now, survey)
    _stop([row for row in held if row.is_declined])
    due = [row for row in held if not row.is_declined]
    surveys = Survey.objects.in_bulk({row.survey_id for row in due})
    firsts = [row for row in due if row.link_id is None]
    links = _links(firsts, now) | _known_links(due)
    drafts = (_letter(row, surveys[row.survey_id], links[row.pk]) for row in due)
    letters.put_all(drafts, now=now, is_bulk=True)
    _invite(firsts, surveys, links, now)
    _remind([row for row in due if row.sent_at is not None], surveys, now)
    return len(held)


def _held(now: datetime, survey: Survey | None) -> list[Due]:
    """Rows that nobody else has in hand, as they are once held."""
    rows = Invitation.objects.filter(next_message_at__lte=now, status__in=OPEN, expires_at__gt=now)
    if survey is not None:
        rows = rows.filter(survey=survey)
    order = rows.order_by("next_message_at", "pk").select_for_update(
        of=("self",), skip_locked=True, no_key=True
    )
    keys = list(order.values_list("pk", flat=True)[:BATCH])
    with connection.cursor() as cursor:
        cursor.execute(DUE, [keys])
        return [Due(*row) for row in cursor.fetchall()]


# A hundred thousand of them: as rows of a few columns.
DUE = """
SELECT i.id, i.survey_id, i.address, i.expires_at, i.sent_at, i.reminders, i.link_id,
       i.again_id IS NOT NULL, k.name, k.language, k.declines_surveys_at IS NOT NULL
FROM surveys_invitation i JOIN customers_customer k ON k.id = i.customer_id
WHERE i.id = ANY(%s::bigint[]) AND i.next_message_at IS NOT NULL
ORDER BY i.id
"""


def _stop(rows: Sequence[Due]) -> None:
    """Declined while it was being drawn."""
    held = list(Invitation.objects.filter(pk__in=[row.pk for row in rows])) if rows else []
    move_all(held, to=InvitationStatus.OPTED_OUT, next_message_at=None)


def _links(rows: Sequence[Due], now: datetime) -> dict[int, PublicLink]:
    """One link each; it opens as long as the answer may be given or changed."""
    by_end: dict[datetime, list[int]] = defaultdict(list)
    for row in rows:
        by_end[row.expires_at].append(row.pk)
    found: dict[int, PublicLink] = {}
    for ends_at, keys in by_end.items():
        life = ends_at + EDITABLE_FOR - now
        links = tokens.issue_links(len(keys), purpose=SHEET, life=life, now=now)
        found |= zip(keys, links, strict=True)
    return found


def _known_links(rows: Sequence[Due]) -> dict[int, PublicLink]:
    """The links of those that have one."""
    keys = {row.pk: row.link_id for row in rows if row.link_id is not None}
    links = PublicLink.objects.in_bulk(keys.values())
    return {pk: links[key] for pk, key in keys.items()}


def _letter(row: Due, survey: Survey, link: PublicLink) -> Draft:
    """The invitation itself, or a reminder of it."""
    is_first = row.sent_at is None
    return Draft(
        key=f"survey:{row.pk}:{0 if is_first else row.reminders + 1}",
        address=row.address,
        text="survey_invitation" if is_first else "survey_reminder",
        language=row.language,
        name=row.name,
        context={
            "survey": named(survey),
            "due_at": row.expires_at.isoformat(),
            "is_again": row.is_again,
            "is_anonymous": survey.is_anonymous,
        },
        link=link,
    )


def _invite(
    rows: Sequence[Due],
    surveys: dict[int, Survey],
    links: dict[int, PublicLink],
    now: datetime,
) -> None:
    """All at once, each with its link: they are held, and whoever began already goes on."""
    given: dict[str, Any] = {
        "rows": [row.pk for row in rows],
        "links": [links[row.pk].pk for row in rows],
        "nexts": [_next(surveys[row.survey_id], 0, now) for row in rows],
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(INVITE, given)


INVITE = """
UPDATE surveys_invitation i
SET link_id = l.link, sent_at = %(now)s, next_message_at = l.next_at, version = i.version + 1,
    status = CASE i.status WHEN 'waiting' THEN 'sent' ELSE i.status END
FROM unnest(%(rows)s::bigint[], %(links)s::bigint[], %(nexts)s::timestamptz[])
     AS l(id, link, next_at)
WHERE i.id = l.id
"""


def _remind(rows: Sequence[Due], surveys: dict[int, Survey], now: datetime) -> None:
    nexts = [_next(surveys[row.survey_id], row.reminders + 1, now) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(REMIND, {"rows": [row.pk for row in rows], "nexts": nexts})


REMIND = """
UPDATE surveys_invitation i
SET reminders = i.reminders + 1, next_message_at = l.next_at, version = i.version + 1
FROM unnest(%(rows)s::bigint[], %(nexts)s::timestamptz[]) AS l(id, next_at)
WHERE i.id = l.id
"""


def _next(survey: Survey, number: int, now: datetime) -> datetime | None:
    """When the next reminder follows the invitation (0) or the reminder of that number."""
    if number >= survey.remind_at_most:
        return None
    return now + timedelta(days=survey.remind_every_days)
