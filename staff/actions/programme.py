"""The sweep of the programme: each noun does what is due, in small functions.

Everything here is found from the database and done once, however often the sweep runs.
"""

from collections.abc import Callable
from datetime import datetime

from organisation.actions import sweeps
from staff.actions import (
    audit_reminders,
    contest_reminders,
    induction_news,
    micro_reports,
    quarter_reminders,
    reminders,
    satisfaction,
    task_forces,
    training_news,
    turns,
    waiting_reminders,
)

SWEEP = "programme"
# What is due, in this order: a report is published before its meeting can be missed.
PARTS: tuple[Callable[..., int], ...] = (
    turns.plan,
    micro_reports.publish_due,
    reminders.reports_due,
    reminders.reports_late,
    reminders.meetings_missing,
    contest_reminders.remind,
    audit_reminders.audits_due,
    audit_reminders.audits_late,
    induction_news.remind,
    training_news.remind,
    satisfaction.settle_due,
    satisfaction.announce_due,
    quarter_reminders.remind,
    waiting_reminders.remind,
    task_forces.remind,
)


def run(*, now: datetime) -> int:
    """Every part once, each in its own transaction; gives how many things were done."""
    done = sum(part(now=now) for part in PARTS)
    sweeps.mark(SWEEP, now=now)
    return done
