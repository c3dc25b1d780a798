"""The nightly sweep of customers: each noun does what is due, once, however often it is asked."""

from collections.abc import Callable
from datetime import datetime

from customers.actions import value
from organisation.actions import sweeps

SWEEP = "customers"
PARTS: tuple[Callable[..., int], ...] = (value.refresh,)


def run(*, now: datetime) -> int:
    """Every part once, each in its own transaction; gives how many had something to do."""
    done = sum(part(now=now) for part in PARTS)
    sweeps.mark(SWEEP, now=now)
    return done
