"""Reminders of what others wait for, each told once: tips, questions, answers (T-17, T-22)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from organisation import outbox
from organisation.models import Importance, Person
from organisation.outbox import Notice
from organisation.roles import Holders, holders_of
from staff import knowledge
from staff.actions.knowledge import EXPERTS
from staff.models import ExpertQuestion, Tip, TipStatus
from staff.tips import handlers

TIPS_AFTER, QUESTIONS_AFTER = timedelta(days=7), timedelta(days=3)


def remind(*, now: datetime) -> int:
    """Tell those who may; gives the number of messages written. Safe to run twice."""
    found = [*_tips(timezone.localdate(now)), *_questions(now)]
    return outbox.put_all(found, now=now)


def _tips(today: date) -> Iterator[Notice]:
    """Nothing of what was reported; whom it concerns does not hear, in another's stead neither."""
    rows = Tip.objects.filter(status=TipStatus.RECEIVED, received_on__lte=today - TIPS_AFTER)
    for row in rows.prefetch_related("kept_from"):
        left_out = {person.pk for person in row.kept_from.all()}
        yield Notice(
            key=f"tip:{row.pk}:waiting",
            people=[person.pk for person in handlers() if person.pk not in left_out],
            text="tip_waiting",
            context={outbox.ALONE: True},
            importance=Importance.REMINDER,
            path=f"/staff/tips/{row.pk}/",
        )


def _questions(now: datetime) -> Iterator[Notice]:
    """The experts nearest to whoever wrote what waits; nobody hears of their own."""
    since = now - QUESTIONS_AFTER
    open_since = knowledge.unanswered().filter(asked_at__lte=since)
    questions = list(open_since.prefetch_related("asked_by__postings__branch"))
    in_review = knowledge.in_review().filter(at__lte=since).select_related("question")
    answers = list(in_review.prefetch_related("by__postings__branch"))
    held = holders_of(EXPERTS) if questions or answers else Holders(())
    for row in questions:
        yield _question(row, _near(held, row.asked_by), f"question:{row.pk}:waiting")
    for answer in answers:
        key = f"answer:{answer.pk}:waiting"
        yield _question(answer.question, _near(held, answer.by), key, is_answered=True)


def _near(held: Holders, person: Person) -> list[int]:
    seats = [posting.branch for posting in person.postings.all()][:1]
    found = [each for seat in seats for role in EXPERTS for each in held.nearest(seat, role)]
    return list(dict.fromkeys(each.pk for each in found if each.pk != person.pk))


def _question(
    row: ExpertQuestion, people: list[int], key: str, *, is_answered: bool = False
) -> Notice:
    return Notice(
        key=key,
        people=people,
        text="question_waiting",
        context={"title": row.title, "is_answered": is_answered},
        importance=Importance.REMINDER,
        path=f"/staff/knowledge/{row.pk}/",
    )
