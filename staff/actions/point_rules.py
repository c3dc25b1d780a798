"""Keeping the rules of points: an edit makes the next revision, a used rule stays (F-21)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import stale
from organisation.access import require_everywhere
from organisation.models import Person
from staff.actions.points import lock_ledger
from staff.models import PointEntry, PointRule, PointRuleRevision, Trigger

EDIT = "points.edit"
MOST = 1_000_000


@transaction.atomic
def create(*, code: str, trigger: str, by: Person | None, now: datetime, **said: Any) -> PointRule:
    """A rule and its first revision; it holds for what happens from `now` on."""
    require_everywhere(by, EDIT)
    if PointRule.objects.filter(code=code).exists():
        words = _("There is a rule with this code already.")
        raise Refused.at("code", words)
    rule = PointRule.objects.create(code=code, trigger=trigger)
    _revise(rule, 1, by, now, said)
    return rule


@transaction.atomic
def revise(
    *, rule: PointRule, seen: int, by: Person | None, now: datetime, **said: Any
) -> PointRuleRevision:
    """What it gives from now on; `seen` is the number of the revision that was read."""
    require_everywhere(by, EDIT)
    return _revise(rule, seen + 1, by, now, said)


@transaction.atomic
def delete(*, rule: PointRule, by: Person | None, now: datetime) -> None:
    """Only one that nothing was ever given by; the others can be switched off."""
    require_everywhere(by, EDIT)
    lock_ledger()
    if PointEntry.objects.filter(rule=rule).exists():
        raise NotOpen(_("Points were given by this rule: it stays. Switch it off instead."))
    rule.revisions.all().delete()
    rule.delete()


def _revise(
    rule: PointRule, number: int, by: Person | None, now: datetime, said: dict[str, Any]
) -> PointRuleRevision:
    _check(rule, said)
    latest = rule.revisions.order_by("-number").values_list("number", flat=True).first()
    if (latest or 0) != number - 1:
        raise stale()
    try:
        with transaction.atomic():
            return PointRuleRevision.objects.create(
                rule=rule, number=number, created_at=now, created_by=by, **said
            )
    except IntegrityError as error:
        raise stale() from error


def _check(rule: PointRule, said: dict[str, Any]) -> None:
    points, cap = said["points"], said.get("cap")
    wrong = {}
    if points == 0 or abs(points) > 1000:
        wrong["points"] = _("Enter a number from 1 to 1,000, or below zero for a deduction.")
    elif points < 0 and rule.trigger != Trigger.ASSESSMENT:
        wrong["points"] = _("Points are taken off for decided assessments only.")
    elif points > 0 and rule.trigger == Trigger.ASSESSMENT:
        wrong["points"] = _("An assessment takes points off: enter a number below zero.")
    if cap is not None and cap < points:
        wrong["cap"] = _("Enter at least what the rule gives once.")
    elif cap is not None and cap > MOST:
        wrong["cap"] = _("Enter up to 1,000,000 points, or nothing for no limit.")
    elif cap is not None and points < 0:
        wrong["cap"] = _("A deduction has no cap.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
