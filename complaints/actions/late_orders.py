"""What the clock proposes when nobody submitted the work order in time (C-10)."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints.actions import assessment_news as news
from complaints.models import LATE_ORDER, Assessment, AssessmentRule, Complaint, Timer
from csm.kit.inserting import insert


def propose(timers: Sequence[Timer], now: datetime) -> int:
    """An assessment of the branch of each verdict, by the rule for late orders while it is active.

    Until a complaint is judged valid its proposal waits (Q4). The caller holds the timers; that
    each has one proposal only, the database sees to. Gives how many there are now.
    """
    rule = AssessmentRule.objects.filter(code=LATE_ORDER, is_active=True).first()
    if rule is None:
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        made = insert(
            [
                _proposal(timer, timer.complaint, rule, now)
                for timer in timers
                if timer.complaint and timer.complaint.triaged_at and _is_in_force(rule, timer)
            ]
        )
    news.log_all(made, "assessment_proposed", by=None, now=now)
    news.tell_proposed(made, by=None, now=now)
    return len(made)


def _is_in_force(rule: AssessmentRule, timer: Timer) -> bool:
    return rule.active_since is None or timer.due_at >= rule.active_since


def _proposal(
    timer: Timer, complaint: Complaint, rule: AssessmentRule, now: datetime
) -> Assessment:
    """In the company's language: it is one of its papers."""
    return Assessment(
        branch=timer.verdict_branch,
        kind=rule.kind,
        rule=rule.text,
        points=rule.points,
        amount=rule.amount,
        reason=_(
            "Complaint %(number)s: the work order was due %(due)s and was not submitted in time."
        )
        % {
            "number": complaint.number,
            "due": f"{timezone.localtime(timer.due_at):%Y-%m-%d %H:%M}",
        },
        complaint=complaint,
        timer=timer,
        proposed_at=now,
    )
