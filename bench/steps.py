"""Small steps of a measurement."""

from collections.abc import Callable

from django.db import connection, transaction


def undone(act: Callable[[], object]) -> None:
    """Do it and take it back, so that the next measurement finds the same rows."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


def run(statement: str, given: dict[str, object] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)  # type: ignore[arg-type]
