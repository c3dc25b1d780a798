"""After a transactional test the database is as the migrations left it.

Django truncates every table, which makes all their files anew and costs as much as a test, and
forgets what migrations wrote. Here the few tables that hold rows are emptied, and a copy brings
back what the migrations wrote. Triggers and foreign keys sleep meanwhile, which takes a superuser.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg2 import sql

SCHEMA = "pristine"


@contextmanager
def restored_after_tests() -> Iterator[None]:
    """Put in the place of Django's flush."""
    _keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: restore())
        yield


def restore() -> None:
    """Empty every table that holds rows, and fill those again that the migrations filled."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _filled():
            cursor.execute(_named("DELETE FROM {table}", table))
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [SCHEMA])
        for (table,) in cursor.fetchall():
            cursor.execute(_named("INSERT INTO {table} TABLE {kept}", table))


def _keep() -> None:
    """Copy every table that holds rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in _filled():
            cursor.execute(_named("CREATE TABLE {kept} AS TABLE {table}", table))


def _filled() -> list[str]:
    """The tables that hold rows."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        holds_rows = "SELECT {name} WHERE EXISTS (SELECT FROM {table})"
        cursor.execute(sql.SQL(" UNION ALL ").join(_named(holds_rows, name) for name in tables))
        return [name for (name,) in cursor.fetchall()]


def _named(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(
        name=sql.Literal(table),
        table=sql.Identifier("public", table),
        kept=sql.Identifier(SCHEMA, table),
    )
