"""What the programme asks of a person this week and this quarter: one place for every room.

A room has a function `tasks(person, *, today)` that gives its open tasks; what is done is no task
any more. To join, add it to `ROOMS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from complaints import months
from csm.kit import periods
from organisation.models import Person
from staff.agenda import (
    accounts,
    audits,
    contest,
    learning,
    micro_reports,
    rewards,
    satisfaction,
    scorecards,
    stars,
    task_forces,
    waiting,
)
from staff.agenda.task import Task

__all__ = ["ROOMS", "Agenda", "Task", "agenda"]

ROOMS: tuple[Callable[..., list[Task]], ...] = (
    micro_reports.tasks,
    contest.tasks,
    audits.tasks,
    learning.tasks,
    rewards.tasks,
    satisfaction.tasks,
    scorecards.tasks,
    stars.tasks,
    waiting.tasks,
    accounts.tasks,
    task_forces.tasks,
)


@dataclass(frozen=True)
class Agenda:
    """What is late, due this week, due later in the quarter: mine before others, then by day."""

    late: Sequence[Task]
    week: Sequence[Task]
    quarter: Sequence[Task]

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.week or self.quarter)


def agenda(person: Person, *, now: datetime) -> Agenda:
    """Tasks that are due after the quarter wait for it, unless they are due within four weeks."""
    today = timezone.localdate(now)
    found = [task for room in ROOMS for task in room(person, today=today)]
    found.sort(key=lambda task: (not task.is_mine, task.due_on, task.words))
    week = months.on(today, "week").last_on
    end = max(months.on(today, "quarter").last_on, _in_four_weeks(today))
    return Agenda(
        late=[task for task in found if task.due_on < today],
        week=[task for task in found if today <= task.due_on <= week],
        quarter=[task for task in found if week < task.due_on <= end],
    )


def _in_four_weeks(today: date) -> date:
    return today + 28 * periods.DAY
