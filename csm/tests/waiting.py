"""Waiting for other processes, and ringing their bell as beat does."""

import time
from collections.abc import Callable

from csm.celery import app

PATIENCE = 60  # seconds
FIRE = ("complaints.tasks.fire_timers", "escalation")
DELIVER = ("organisation.tasks.deliver_messages", "notify")


def ring(task: str, queue: str) -> None:
    """What beat does every few seconds."""
    app.send_task(task, queue=queue)


def wait_until(happened: Callable[[], object], what: str, *, patience: float = PATIENCE) -> None:
    """Until `happened()` is true; an error that says what did not happen."""
    deadline = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < deadline, f"{what} did not happen within {patience} s"
        time.sleep(0.05)
