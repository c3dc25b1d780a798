"""Signs of life of the sweeps."""

from datetime import datetime

from django.db import connection


def mark(name: str, *, now: datetime) -> None:
    """The sweep has just finished."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisation_sweeprun (name, ran_at) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at",
            [name, now],
        )
