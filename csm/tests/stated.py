"""The database's clock, stopped at a stated moment: all doors and sweeps ask it for the time.

`csm.kit.clock` asks for `clock_timestamp()`; here a function of this name stands before that of
PostgreSQL on the search path of every connection of the test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

SCHEMA = "stated"
MADE = f"""
CREATE SCHEMA {SCHEMA};
CREATE TABLE {SCHEMA}.moment (at timestamptz NOT NULL);
INSERT INTO {SCHEMA}.moment VALUES (now());
CREATE FUNCTION {SCHEMA}.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS 'SELECT at FROM {SCHEMA}.moment';
"""


class StatedClock:
    """It stands until it is set again."""

    def at(self, moment: datetime) -> None:
        """Set it."""
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {SCHEMA}.moment SET at = %s", [moment])


@contextmanager
def stated_clock() -> Iterator[StatedClock]:
    """Needs `transactional_db`, as other connections see it, too; taken away afterwards."""
    options = connection.settings_dict["OPTIONS"]
    usual = options["options"]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; {MADE}")
    options["options"] = f"{usual} -c search_path={SCHEMA},pg_catalog,public"
    connection.close()
    try:
        yield StatedClock()
    finally:
        options["options"] = usual
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
