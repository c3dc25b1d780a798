"""Quiet hours: what is neither overdue nor escalated waits until they end.

The inbox is never quiet.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from organisation.models import Importance


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
# hours of the company nothing compares, and only those with their own are quiet.
POSTPONE = """
WITH quiet AS (
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
    SELECT m.id, m.recipient_id, m.envelope, m.importance
    FROM organisation_message m JOIN quiet ON quiet.id = m.recipient_id
    WHERE m.state IN ('queued', 'leased') AND m.next_attempt_at <= %(now)s
)
UPDATE organisation_message m SET state = 'queued', next_attempt_at = quiet.ends_at
FROM waiting w JOIN quiet ON quiet.id = w.recipient_id
WHERE m.id = w.id AND w.importance < %(critical)s AND NOT EXISTS (
    SELECT FROM waiting e WHERE e.envelope = w.envelope AND e.importance >= %(critical)s
)
"""
