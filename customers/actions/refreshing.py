"""The sweep of customers: each noun does what is due, once, however often it is asked."""

from collections.abc import Callable
from datetime import datetime

from customers.actions import care, churn, handovers, notices, quadrants, value
from customers.actions.touched import SWEEP
from organisation.actions import sweeps

PARTS: tuple[Callable[..., int], ...] = (
    value.refresh,
    quadrants.refresh,
    churn.refresh,
    handovers.warn_of_left,
    care.refresh,
    notices.deliver,
)


def run(*, now: datetime) -> int:
    """Every part once, each in its own transaction; gives how many had something to do."""
    done = sum(part(now=now) for part in PARTS)
    sweeps.mark(SWEEP, now=now)
    return done
