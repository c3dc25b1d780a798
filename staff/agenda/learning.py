"""New people and courses: assessments at 30, 60 and 90 days, sessions (T-13, T-18 … T-20)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.models import Person
from staff.agenda.task import Task
from staff.models import InductionAssessment, InductionStatus, SessionStatus, TrainingSession

# A session is recorded within so many days.
RECORDED_WITHIN = timedelta(days=3)


def tasks(person: Person, *, today: date) -> list[Task]:
    return [*_assessments(person), *_sessions(person)]


def _assessments(person: Person) -> Iterator[Task]:
    """Of the mentor; what is due far ahead waits for its quarter."""
    rows = InductionAssessment.objects.filter(
        at=None, induction__status=InductionStatus.RUNNING, induction__mentor=person
    )
    for row in rows.select_related("induction__person", "induction__branch"):
        named = {"name": row.induction.person.name, "days": row.days}
        yield Task(
            row.due_on,
            _("Assess %(name)s after %(days)d days") % named,
            reverse("induction", args=[row.induction_id]),
            is_mine=True,
            whose=row.induction.branch.label,
        )


def _sessions(person: Person) -> Iterator[Task]:
    """Of the trainer: who came, and what the test said."""
    rows = TrainingSession.objects.filter(trainer=person, status=SessionStatus.PLANNED)
    for row in rows.select_related("course", "branch"):
        yield Task(
            timezone.localdate(row.starts_at) + RECORDED_WITHIN,
            _("Hold the course and record who came: %(course)s") % {"course": str(row.course)},
            reverse("training-session", args=[row.pk]),
            is_mine=True,
            whose=row.branch.label,
        )
