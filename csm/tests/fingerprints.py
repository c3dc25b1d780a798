"""What the whole database holds, in a form that can be compared."""

from collections.abc import Collection

from django.db import connection
from psycopg2 import sql

# What a look may write: who is logged in, who looked at personal data, and who looked at all.
LOOKS = ("django_session", "organisation_accessrecord", "complaints_look", "complaints_reading")


def fingerprint(*, apart_from: Collection[str] = LOOKS) -> dict[str, tuple[int, str]]:
    """Table -> how many rows it has, and a checksum of all that they hold."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - set(apart_from)
    return {table: _of(table) for table in sorted(tables)}


def _of(table: str) -> tuple[int, str]:
    statement = sql.SQL(
        "SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(table)))
        count, checksum = cursor.fetchone()
        return count, checksum
