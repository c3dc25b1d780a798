"""Several acts at the same moment, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

from csm.kit.errors import Refused

T = TypeVar("T")
PATIENCE = 30  # seconds


class Undone(Exception):
    """What an act raises to have its transaction rolled back."""


def race(*acts: Callable[[], T]) -> list[T | Refused | Undone]:
    """What each act gives, or with what it was refused, in the order of the acts.

    Needs `transactional_db`: the others must see what one has committed.
    """
    barrier = Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | Refused | Undone:
        try:
            barrier.wait(PATIENCE)
            return act()
        except (Refused, Undone) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
