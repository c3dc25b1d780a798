"""Rounds of the survey of staff and closed scorecards, for tests and the demo."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from organisation.models import Branch, Person
from staff import groups
from staff.actions import satisfaction
from staff.models import (
    BRANCH_POST,
    NUMBER_OF_QUESTIONS,
    CardBarrier,
    CardKind,
    CardScheme,
    Scorecard,
    StaffRound,
)


def answered_round(people: Sequence[Person], *, now: datetime, mark: int = 4) -> StaffRound:
    """A round of this quarter that these people answer today, each with the first group offered."""
    made = begin_round(now=now)
    for person in people:
        offered = groups.offered(person)
        satisfaction.answer(
            of=made,
            marks=[mark] * NUMBER_OF_QUESTIONS,
            group=offered[0] if offered else None,
            words="",
            by=person,
            now=now,
        )
    return made


def begin_round(*, now: datetime) -> StaffRound:
    today = timezone.localdate(now)
    return satisfaction.begin(
        first_on=today, last_on=today + timedelta(days=13), by=None, now=now
    )  # fmt: skip


def branch_card(branch: Branch, *, now: datetime, quarter: str = "2026-Q3") -> Scorecard:
    """A closed card of a branch that had nothing to count."""
    return Scorecard.objects.create(
        quarter=quarter,
        kind=CardKind.BRANCH,
        scheme=CardScheme.objects.filter(post=BRANCH_POST).latest("number"),
        branch=branch,
        is_complete=False,
        barrier=CardBarrier.NOTHING,
        closed_at=now,
    )
