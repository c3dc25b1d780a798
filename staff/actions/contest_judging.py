"""Marks of the review group: blind, once, by nobody who has a part in the plan (T-08)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from organisation.access import require
from organisation.models import Person
from staff.contests import JUDGE, require_no_part
from staff.models import (
    MOST_POINTS,
    ConflictOfInterest,
    Contest,
    Criterion,
    JudgedPoint,
    Judgement,
    Plan,
    PlanStatus,
)


@transaction.atomic
def judge(
    *, plan: Plan, points: Mapping[int, int], words: str, by: Person, now: datetime
) -> Judgement:
    """A mark of 1 to 10 for each criterion, by its key; it stays as it is given."""
    _check(plan, by)
    if ConflictOfInterest.objects.filter(plan=plan, reviewer=by).exists():
        raise NotOpen(_("You declared a conflict of interest: this plan is for the others."))
    criteria = list(Criterion.objects.filter(contest=plan.contest_id))
    fit = range(1, MOST_POINTS + 1)
    wrong = {
        f"points-{row.pk}": _("Choose a mark from 1 to 10.")
        for row in criteria
        if points.get(row.pk) not in fit
    }
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    if set(points) - {row.pk for row in criteria}:
        raise Refused(
            _("A mark belongs to no criterion of this contest."),
            fields={"points": _("A mark belongs to no criterion of this contest.")},
        )
    try:
        with transaction.atomic():
            made = Judgement.objects.create(plan=plan, reviewer=by, words=words.strip(), at=now)
    except IntegrityError as error:
        raise NotOpen(_("You have judged this plan already: marks stay as they are.")) from error
    JudgedPoint.objects.bulk_create(
        JudgedPoint(judgement=made, criterion=row, points=points[row.pk]) for row in criteria
    )
    return made


@transaction.atomic
def declare_conflict(*, plan: Plan, reason: str, by: Person, now: datetime) -> ConflictOfInterest:
    """A reviewer who has an interest in the plan leaves it to the others."""
    _check(plan, by)
    if not reason.strip():
        words = _("Say what the conflict is.")
        raise Refused.at("reason", words)
    try:
        with transaction.atomic():
            return ConflictOfInterest.objects.create(
                plan=plan, reviewer=by, reason=reason.strip(), at=now
            )
    except IntegrityError as error:
        raise NotOpen(_("You declared this already.")) from error


def _check(plan: Plan, by: Person) -> None:
    """The plan is in the review, and the reviewer has no part in it; holds the contest open."""
    require(by, JUDGE)
    contest = Contest.objects.select_for_update(no_key=True).get(pk=plan.contest_id)
    if not contest.is_open or plan.status != PlanStatus.REPORTED:
        raise NotOpen(_("This plan is not in the review now."))
    require_no_part(plan, by=by)
