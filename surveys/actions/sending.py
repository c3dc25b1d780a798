"""Sending invitations and reminders: each has its moment, and a sweep sends what is due (S-18).

A message is a letter with a key of its own, written in the transaction that moves the invitation
on: sent once, however often the sweep runs. Nothing leaves in the company's quiet hours.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from csm.kit.transitions import move_all, touch_all
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
    SurveyStatus,
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
    _give_links([row for row in due if row.link_id is None], now)
    letters.put_all(map(_letter, due), now=now, is_bulk=True)
    for (asked, status, number), rows in _alike(due).items():
        _move_on(rows, asked, status, number, now)
    return len(held)


def _held(now: datetime, survey: Survey | None) -> list[Invitation]:
    """Rows that nobody else has in hand, as they are once held."""
    rows = Invitation.objects.filter(
        next_message_at__lte=now, status__in=OPEN, expires_at__gt=now
    ).exclude(survey__status=SurveyStatus.CLOSED, again__isnull=True)
    if survey is not None:
        rows = rows.filter(survey=survey)
    order = rows.order_by("next_message_at", "pk").select_for_update(
        of=("self",), skip_locked=True, no_key=True
    )
    keys = list(order.values_list("pk", flat=True)[:BATCH])
    related = ("survey", "customer", "link")
    found = Invitation.objects.filter(pk__in=keys).select_related(*related)
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
    given: dict[str, Any] = {
        "rows": [row.pk for row in rows],
        "links": [row.link_id for row in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(LINK, given)


LINK = """
UPDATE surveys_invitation i SET link_id = l.link
FROM unnest(%(rows)s::bigint[], %(links)s::bigint[]) AS l(id, link) WHERE i.id = l.id
"""


def _letter(row: Invitation) -> Draft:
    """The invitation itself, or a reminder of it."""
    survey = row.survey
    is_first = row.sent_at is None
    return Draft(
        key=f"survey:{row.pk}:{0 if is_first else row.reminders + 1}",
        address=row.address,
        text="survey_invitation" if is_first else "survey_reminder",
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


def _alike(rows: Sequence[Invitation]) -> dict[tuple[Survey, str, int], list[Invitation]]:
    """Rows that one statement can move on."""
    found: dict[tuple[Survey, str, int], list[Invitation]] = defaultdict(list)
    for row in rows:
        number = 0 if row.sent_at is None else row.reminders + 1
        found[row.survey, row.status, number].append(row)
    return found


def _move_on(
    rows: Sequence[Invitation], survey: Survey, status: str, number: int, now: datetime
) -> None:
    """`number` 0: the invitation was sent, else which reminder. The next one, if there is any."""
    next_at = now + timedelta(days=survey.remind_every_days)
    later = next_at if number < survey.remind_at_most else None
    if number:
        touch_all(rows, reminders=number, next_message_at=later)
    elif status == InvitationStatus.WAITING:
        move_all(rows, to=InvitationStatus.SENT, sent_at=now, next_message_at=later)
    else:
        touch_all(rows, sent_at=now, next_message_at=later)
