"""Signs of life of the sweeps."""

from datetime import datetime

from django.db import connection

# A sign that a power cut takes back is followed by the next one: nobody waits for the disk.
HASTE = "WITH haste AS (SELECT set_config('synchronous_commit', 'off', true)) "
MARK = """
INSERT INTO organisation_sweeprun (name, ran_at) SELECT %(name)s, %(now)s::timestamptz FROM haste
ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at
"""
# Inside a transaction the disk is waited for: something else may be written in it.
NO_HASTE = "WITH haste AS (SELECT) "


def mark(name: str, *, now: datetime) -> None:
    """The sweep has just finished."""
    with connection.cursor() as cursor:
        haste = NO_HASTE if connection.in_atomic_block else HASTE
        cursor.execute(haste + MARK, {"name": name, "now": now})
