"""What others wait for: tips, questions to experts, answers to review (T-17, T-22)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from organisation.access import can
from organisation.models import Person
from staff import knowledge
from staff.actions.knowledge import ANSWER
from staff.agenda.task import Task
from staff.models import TipStatus
from staff.tips import tips

TIPS_WITHIN, ANSWERED_WITHIN = timedelta(days=14), timedelta(days=3)
REVIEWED_WITHIN = timedelta(days=3)


def tasks(person: Person, *, today: date) -> list[Task]:
    return [*_tips(person), *_questions(person), *_answers(person)]


def _tips(person: Person) -> Iterator[Task]:
    """Nothing of what was reported, nor of what concerns the person."""
    rows = tips(person).filter(status=TipStatus.RECEIVED)
    found = rows.order_by().aggregate(oldest=Min("received_on"))["oldest"]
    if found is not None:
        words = _("Decide on what was reported: %(n)d") % {"n": rows.count()}
        yield Task(found + TIPS_WITHIN, words, reverse("tips"), is_mine=True)


def _questions(person: Person) -> Iterator[Task]:
    """Of any expert: hardly anybody's own."""
    if not can(person, ANSWER):
        return
    rows = knowledge.unanswered().exclude(asked_by=person)
    found = rows.order_by().aggregate(oldest=Min("asked_at"))["oldest"]
    if found is not None:
        words = _("Answer questions to experts: %(n)d") % {"n": rows.count()}
        due = timezone.localdate(found) + ANSWERED_WITHIN
        yield Task(due, words, f"{reverse('expert-questions')}?view=open", is_mine=False)


def _answers(person: Person) -> Iterator[Task]:
    if not can(person, ANSWER):
        return
    rows = knowledge.in_review().exclude(by=person)
    found = rows.order_by().aggregate(oldest=Min("at"))["oldest"]
    if found is not None:
        words = _("Review answers of experts: %(n)d") % {"n": rows.count()}
        due = timezone.localdate(found) + REVIEWED_WITHIN
        yield Task(due, words, f"{reverse('expert-questions')}?view=review", is_mine=False)
