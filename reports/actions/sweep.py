"""Everything that the worker does on its round, once and in this process."""

from dataclasses import dataclass
from datetime import datetime

from complaints.actions import consequences, escalation, mornings
from customers.actions import refreshing
from organisation.actions import delivery, files, idempotency, jobs, letter_delivery
from reports.actions import periods, subscriptions, summaries
from reports.background import RUNNERS
from staff.actions import earning, programme, star_counting
from surveys.actions import after_closing, closed_loop, ending, sending


@dataclass(frozen=True)
class Round:
    """Ladder steps fired, messages queued by them, messages sent, periods closed."""

    fired: int
    queued: int
    delivered: int
    periods: int


def run(*, now: datetime) -> Round:
    """Every sweep once, as if it were `now`. Needs no broker."""
    fired = escalation.fire_due(now=now)
    consequences.draw(now=now)
    mornings.tell(now=now)
    after_closing.invite(now=now)
    closed_loop.ask_again(now=now)
    sending.send(now=now)
    ending.end(now=now)
    star_counting.advance(now=now)
    earning.settle(now=now)
    programme.run(now=now)
    refreshing.run(now=now)
    summaries.refresh(now=now)
    delivered = delivery.deliver(now=now) + letter_delivery.deliver(now=now)
    idempotency.purge(now=now)
    closed = periods.close_ended(now=now)
    subscriptions.send_due(now=now)
    jobs.run_due(runners=RUNNERS, now=now)
    files.purge(now=now)
    return Round(fired.steps, fired.messages, delivered, closed)
