"""Putting the days of a running contest right (T-06, T-07)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, touch
from organisation import outbox
from organisation.access import require_everywhere
from organisation.models import Person, Role
from staff.actions.contest_news import quarter_of
from staff.contests import RUN
from staff.models import Contest, ContestCorrection, Plan, PlanStatus

DAYS = ("plans_due_on", "feedback_due_on", "review_due_on")


@transaction.atomic
def correct(
    *,
    contest: Contest,
    plans_due_on: date,
    feedback_due_on: date,
    review_due_on: date,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> ContestCorrection:
    """Other days until the winners are announced; what they were is kept, the managers are told.

    Drafts are due on the new day. A plan that was submitted never becomes late by it.
    """
    require_everywhere(by, RUN)
    held = Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    if not held.is_open:
        raise NotOpen(_("The winners of this contest are announced: it is over."))
    check_version(held, version)
    was = {name: getattr(held, name) for name in DAYS}
    days = dict(zip(DAYS, (plans_due_on, feedback_due_on, review_due_on), strict=True))
    wrong = _wrong(held, was, days, now)
    if not reason.strip():
        wrong["reason"] = _("Say why the days change: the branches read it.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    touch(held, **days)
    plans = Plan.objects.filter(contest=held)
    plans.filter(status=PlanStatus.DRAFT).update(due_on=plans_due_on)
    plans.exclude(status=PlanStatus.DRAFT).update(due_on=Greatest("due_on", plans_due_on))
    made = ContestCorrection.objects.create(
        contest=held, reason=reason.strip(), at=now, by=by, **was
    )
    _tell(made, days, by, now)
    return made


def _wrong(
    contest: Contest, was: dict[str, date], days: dict[str, date], now: datetime
) -> dict[str, str]:
    """A day that has passed may stay; none becomes one that has."""
    today = timezone.localdate(now)
    wrong = {
        name: _("This day has passed.")
        for name in DAYS
        if days[name] != was[name] and days[name] < today
    }
    if days["feedback_due_on"] <= days["plans_due_on"]:
        wrong["feedback_due_on"] = _("Plans are carried out after they are due: enter a later day.")
    elif Plan.objects.filter(contest=contest, due_on__gte=days["feedback_due_on"]).exclude(
        status=PlanStatus.DRAFT
    ):
        wrong["feedback_due_on"] = _("A returned plan has longer than that: enter a later day.")
    if days["review_due_on"] <= days["feedback_due_on"]:
        wrong["review_due_on"] = _("Marks follow the feedback: enter a later day.")
    if days == was:
        wrong["plans_due_on"] = _("These are the days as they are: change one of them.")
    return wrong


def _tell(made: ContestCorrection, days: dict[str, date], by: Person, now: datetime) -> None:
    managers = Person.objects.filter(is_active=True, postings__role=Role.BRANCH_MANAGER)
    outbox.put(
        key=f"contest-days:{made.pk}",
        to=managers.distinct(),
        text="contest_days",
        context={
            **quarter_of(made.contest),
            **{name: day.isoformat() for name, day in days.items()},
            "reason": made.reason,
        },
        path="/staff/contest/",
        now=now,
        apart_from=by,
    )
