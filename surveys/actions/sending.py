"""Sending invitations and reminders: each has its moment, and a sweep sends what is due (S-18).

A message is a letter with a key of its own, written in the transaction that moves the invitation
on: sent once, however often the sweep runs. Nothing leaves in the company's quiet hours.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch

from csm.kit.transitions import move_all, touch_all
from customers.models import Customer
from organisation import letters
from organisation.actions import quiet_hours, sweeps, tokens
from organisation.letters import Draft
from organisation.models import PublicLink
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


@transaction.atomic
def send_batch(*, now: datetime, survey: Survey | None = None) -> int:
    """Some thousand of those that are due, of one survey if named; 0 when none is left."""
    if quiet_hours.is_quiet(now):
        return 0
    held = _held(now, survey)
    _stop(row for row in held if row.customer.declines_surveys_at)
    due = [row for row in held if row.customer.declines_surveys_at is None]
    firsts = [row for row in due if row.link_id is None]
    _give_links(firsts, now)
    letters.put_all(map(_letter, due), now=now, is_bulk=True)
    _invite(firsts, now)
    _remind([row for row in due if row.sent_at is not None], now)
    return len(held)


def _held(now: datetime, survey: Survey | None) -> list[Invitation]:
    """Rows that nobody else has in hand, as they are once held."""
    rows = Invitation.objects.filter(next_message_at__lte=now, status__in=OPEN, expires_at__gt=now)
    if survey is not None:
        rows = rows.filter(survey=survey)
    order = rows.order_by("next_message_at", "pk").select_for_update(
        of=("self",), skip_locked=True, no_key=True
    )
    keys = list(order.values_list("pk", flat=True)[:BATCH])
    # Read one by one: a join is planned for as many rows as there were before the draw.
    customers = Customer.objects.only("name", "language", "declines_surveys_at")
    found = Invitation.objects.filter(pk__in=keys).prefetch_related(
        "survey", Prefetch("customer", customers), "link"
    )
    return [row for row in found.order_by("pk") if row.next_message_at]


def _stop(rows: Iterable[Invitation]) -> None:
    """Declined while it was being drawn."""
    move_all(list(rows), to=InvitationStatus.OPTED_OUT, next_message_at=None)


def _give_links(rows: Sequence[Invitation], now: datetime) -> None:
    """One link each; it opens as long as the answer may be given or changed."""
    by_end: dict[datetime, list[Invitation]] = defaultdict(list)
    for row in rows:
        by_end[row.expires_at].append(row)
    for ends_at, those in by_end.items():
        life = ends_at + EDITABLE_FOR - now
        links = tokens.issue_links(len(those), purpose=SHEET, life=life, now=now)
        for row, link in zip(those, links, strict=True):
            row.link = link


def _letter(row: Invitation) -> Draft:
    """The invitation itself, or a reminder of it."""
    survey = row.survey
    is_first = row.sent_at is None
    return Draft(
        key=f"survey:{row.pk}:{0 if is_first else row.reminders + 1}",
        address=row.address,
        text="survey_invitation" if is_first else "survey_reminder",
        language=row.customer.language,
        name=row.customer.name,
        context={
            "survey": {"name": survey.name, "name_en": survey.name_en},
            "due_at": row.expires_at.isoformat(),
            "is_again": row.again_id is not None,
            "is_anonymous": survey.is_anonymous,
        },
        link=_link(row),
    )


def _link(row: Invitation) -> PublicLink:
    if row.link is None:
        raise LookupError(f"invitation {row.pk} has no link")
    return row.link


def _invite(rows: Sequence[Invitation], now: datetime) -> None:
    """All at once, each with its link: they are held, and whoever began already goes on."""
    given: dict[str, Any] = {
        "rows": [row.pk for row in rows],
        "links": [row.link_id for row in rows],
        "nexts": [_next(row.survey, 0, now) for row in rows],
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


def _remind(rows: Sequence[Invitation], now: datetime) -> None:
    alike: dict[tuple[Survey, int], list[Invitation]] = defaultdict(list)
    for row in rows:
        alike[row.survey, row.reminders + 1].append(row)
    for (survey, number), those in alike.items():
        touch_all(those, reminders=number, next_message_at=_next(survey, number, now))


def _next(survey: Survey, number: int, now: datetime) -> datetime | None:
    """When the next reminder follows the invitation (0) or the reminder of that number."""
    if number >= survey.remind_at_most:
        return None
    return now + timedelta(days=survey.remind_every_days)
