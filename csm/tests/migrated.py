"""The database that every test database starts as a copy of: migrated once for what migrates it."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import django
from django.db import connection
from psycopg2.extensions import make_dsn

from csm import embedded
from csm.tests.worker import database_url

PREFIX, DRAFT = "migrated_", "migrating"
LOCK = 72  # of PostgreSQL, for all test runs on a server
# What migrations import of ours, apart from each other.
IMPORTED = (
    *("complaints.models.search", "csm.kit.queries", "organisation.spelling"),
    *("customers.keys", "customers.names", "customers.phones"),
)


def sources() -> Iterator[Path]:
    """The migrations of all apps."""
    yield from sorted(embedded.BASE_DIR.glob("[a-z]*/migrations/*.py"))


def template() -> str:
    """Name of the database, made when it is missing; those of other migrations go."""
    files = [*sources(), *(Path(str(import_module(name).__file__)) for name in IMPORTED)]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in files))
    digest.update(django.get_version().encode())
    name = f"{PREFIX}{digest.hexdigest()[:16]}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        found = {row[0] for row in cursor.fetchall()}
        if name not in found:
            for other in (*found, DRAFT):
                cursor.execute(f"DROP DATABASE IF EXISTS {other}")
            cursor.execute(f"CREATE DATABASE {DRAFT}")
            _migrate()
            cursor.execute(f"ALTER DATABASE {DRAFT} RENAME TO {name}")
    return name


def conninfo(name: str) -> str:
    """How PostgreSQL's own programs find that database of the test's server."""
    there = connection.settings_dict
    return make_dsn(
        **{each: there[each.upper()] for each in ("host", "port", "user", "password")}, dbname=name
    )


def _migrate() -> None:
    address = database_url({**connection.settings_dict, "NAME": DRAFT})
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=embedded.BASE_DIR,
        env={**os.environ, "DATABASE_URL": address},
        check=True,
    )
