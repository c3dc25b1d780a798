"""Numbers without gaps or repeats."""

from django.db import connection

from organisation.models import Counter


def last(name: str) -> int:
    """The number that was given last; 0 before the first."""
    return Counter.objects.filter(name=name).values_list("value", flat=True).first() or 0


def take(name: str, count: int = 1) -> int:
    """The first of `count` consecutive numbers, from 1.

    The row stays locked until the transaction ends: a rollback gives the numbers back, so a series
    has no gaps, and two takers wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisation_counter AS c (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = c.value + excluded.value RETURNING value",
            [name, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1
