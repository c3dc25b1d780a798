"""What a database must be able to do: `manage.py check --database default`, and each `migrate`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

NO_FOLDING = Error(
    "The database does not know small letters from capitals beyond A to Z.",
    hint="Its LC_CTYPE is “C”. Create it with a UTF-8 locale, such as C.UTF-8: search compares "
    "letters in lower case, in the database.",
    id="complaints.E001",
)


def letters_fold(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Search must find ÉCLAIR by éclair (U-20)."""
    return [problem for name in databases or () for problem in folding_of(connections[name])]


def folding_of(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('É') = 'é'")
        folds = cursor.fetchone()[0]
    return [] if folds else [NO_FOLDING]
