"""The one source of the present moment: the database's clock, whatever a worker's says."""

from datetime import datetime
from typing import cast

from django.db import connection


def now() -> datetime:
    """The database's time, aware, UTC. Doors ask once per request or sweep; actions are told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cast(datetime, cursor.fetchone()[0])
