"""Duties of task forces that have a day (O-04)."""

from datetime import date

from django.urls import reverse

from organisation.models import Person
from staff import task_forces
from staff.agenda.task import Task


def tasks(person: Person, *, today: date) -> list[Task]:
    return [
        Task(row.due_on, row.text, reverse("duty", args=[row.pk]), is_mine=True)
        for row in task_forces.mine(person)
        if row.due_on is not None
    ]
