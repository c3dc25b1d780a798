"""Several acts at the same moment, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

from csm.kit.errors import Refused
from csm.tests.waiting import wait_until

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


def waiting(act: Callable[[], T]) -> Future[T]:
    """Starts an act that has to wait for a lock of ours, and comes back when it does.

    Call it inside the transaction that holds the lock, and ask for the result after its end.
    """

    def run() -> T:
        try:
            return act()
        finally:
            connection.close()

    threads = ThreadPoolExecutor(1)
    future = threads.submit(run)
    threads.shutdown(wait=False)
    wait_until(lambda: future.done() or _waits_for_us(), "the wait for the lock")
    return future


def _waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) > 0 FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])
