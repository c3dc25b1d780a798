"""Quiet hours: what is neither overdue nor escalated waits until they end.

The inbox is never quiet.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from csm.kit.periods import moment
from organisation.models import Importance


def is_quiet(now: datetime) -> bool:
    """Whether the company's quiet hours run: for those who have none of their own, customers."""
    return quiet_until(now) is not None


def quiet_until(now: datetime) -> datetime | None:
    """When the company's quiet hours end that run now; None while none do."""
    starts, ends = settings.QUIET_FROM, settings.QUIET_UNTIL
    if starts is None or ends is None or starts == ends:
        return None
    zone = ZoneInfo(settings.TIME_ZONE)
    local = now.astimezone(zone)
    is_evening, is_morning = local.time() >= starts, local.time() < ends
    if not (is_evening and is_morning if starts < ends else is_evening or is_morning):
        return None
    day = local.date() if is_morning else local.date() + timedelta(days=1)
    return moment(day, ends, zone)


def postpone(people: Sequence[int], *, now: datetime) -> None:
    """Put what is due for these people, and may wait, off to the end of their quiet hours.

    A row is looked at once in a night, not at every sweep. A mail that was tried before goes whole:
    one overdue message in it takes the others along.
    """
    given = {
        "people": list(people),
        "now": now,
        "critical": int(Importance.OVERDUE),
        "zone": settings.TIME_ZONE,
        "starts": settings.QUIET_FROM,
        "ends": settings.QUIET_UNTIL,
    }
    with connection.cursor() as cursor:
        cursor.execute(POSTPONE, given)


# Wall times of the company's zone. Hours that end before they start run over midnight. Without
# hours of the company nothing compares, and only those with their own are quiet. Keys are given as
# arrays: a join is planned for as many rows as there were before a burst.
POSTPONE = """
WITH quiet AS MATERIALIZED (
    SELECT p.id, (
        wall.at::date + hours.ends
        + CASE WHEN wall.at::time >= hours.ends THEN interval '1 day' ELSE interval '0' END
    ) AT TIME ZONE %(zone)s AS ends_at
    FROM organisation_person p
    CROSS JOIN (SELECT %(now)s::timestamptz AT TIME ZONE %(zone)s AS at) wall
    CROSS JOIN LATERAL (
        SELECT coalesce(p.quiet_from, %(starts)s::time) AS starts,
               coalesce(p.quiet_until, %(ends)s::time) AS ends
    ) hours
    WHERE p.id = ANY(%(people)s) AND p.has_quiet_hours AND hours.starts <> hours.ends AND CASE
        WHEN hours.starts < hours.ends
        THEN wall.at::time >= hours.starts AND wall.at::time < hours.ends
        ELSE wall.at::time >= hours.starts OR wall.at::time < hours.ends
    END
),
waiting AS MATERIALIZED (
    SELECT id, envelope, importance FROM organisation_message
    WHERE state IN ('queued', 'leased') AND next_attempt_at <= %(now)s
      AND recipient_id = ANY(ARRAY(SELECT id FROM quiet))
),
urgent AS MATERIALIZED (
    SELECT DISTINCT envelope FROM waiting
    WHERE envelope IS NOT NULL AND importance >= %(critical)s
)
UPDATE organisation_message m
SET state = 'queued',
    next_attempt_at = (SELECT ends_at FROM quiet WHERE quiet.id = m.recipient_id)
WHERE m.id = ANY(ARRAY(
    SELECT id FROM waiting
    WHERE importance < %(critical)s
      AND (envelope IS NULL OR envelope <> ALL(ARRAY(SELECT envelope FROM urgent)))
))
"""
