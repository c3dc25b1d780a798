"""What of measures, checks, lessons, topics and courses waits for a person."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from complaints.models import (
    CheckStatus,
    EffectivenessCheck,
    Improvement,
    ImprovementStatus,
    Lesson,
    LessonStatus,
    Measure,
    MeasureStatus,
    OrderStatus,
)
from organisation.access import branch_ids, sees_everything, units
from organisation.models import Person

M = TypeVar("M", bound=Model)


def measures_to_finish(person: Person) -> QuerySet[Measure]:
    """The person's own, promised and not done."""
    return Measure.objects.filter(
        owner=person,
        status=MeasureStatus.OPEN,
        promised_at__isnull=False,
        order__status__in=(OrderStatus.SUBMITTED, OrderStatus.RETURNED),
    )


def checks_to_decide(person: Person, today: date) -> QuerySet[EffectivenessCheck]:
    """Due, of orders that somebody else filled in."""
    rows = EffectivenessCheck.objects.filter(status=CheckStatus.PENDING, due_on__lte=today)
    rows = rows.exclude(order__written_by__contains=[person.pk])
    return _over(person, "work_order.confirm", rows, "order__branch")


def lessons_to_answer(person: Person) -> QuerySet[Lesson]:
    """Offered to the branches where the person is posted: those above have others for it.

    They are answered by order: `complaints.offered.EACH` counts these.
    """
    own = units(person, "lesson.answer")
    return Lesson.objects.filter(status=LessonStatus.OFFERED, branch__in=own)


def improvements_to_take_on(person: Person) -> QuerySet[Improvement]:
    """Requested, and nobody decided yet."""
    rows = Improvement.objects.filter(status=ImprovementStatus.REQUESTED)
    return _over(person, "improvement.edit", rows, "branch")


def _over(person: Person, verb: str, rows: QuerySet[M], path: str) -> QuerySet[M]:
    """Those over whose branch the person has the verb."""
    if sees_everything(person, verb):
        return rows
    return rows.filter(**{f"{path}__in": branch_ids(person, verb)})
