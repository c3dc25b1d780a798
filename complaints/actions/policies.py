"""Choosing the policy of a complaint, and turning it into moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from complaints.models import Complaint, LadderStep, Policy, PolicyRevision, Target
from csm.kit import worktime
from organisation.models import WorkCalendar


@dataclass(frozen=True)
class Plan:
    """What a timer of one kind gets: its deadline and the moments of its ladder, in order."""

    revision_id: int
    due_at: datetime
    fire_at: list[datetime]

    @property
    def columns(self) -> dict[str, Any]:
        """What it sets of a timer."""
        return {
            "revision_id": self.revision_id,
            "due_at": self.due_at,
            "fire_at": self.fire_at,
            "next_fire_at": min(self.fire_at, default=None),
        }


@dataclass(frozen=True)
class Rule:
    """A revision read once, ready to plan any number of timers."""

    revision: PolicyRevision
    targets: dict[str, timedelta]
    steps: dict[str, list[LadderStep]]
    calendar: worktime.Calendar

    def plan(
        self, kind: str, start: datetime, pauses: Sequence[tuple[datetime, datetime]] = ()
    ) -> Plan:
        """Deadline and step moments of a timer that starts at `start`; percent is of the target.

        `pauses` in order: what they take of the clock's own time is added (`sla.md` rule 6).
        """
        target = self.targets[kind]
        due = self._passed(start, target, pauses)
        moments = [
            self._passed(start, target * step.percent / 100, pauses)
            if step.percent is not None
            else due + (step.after or timedelta())
            for step in self.steps.get(kind, [])
        ]
        return Plan(self.revision.pk, due, moments)

    def plan_until(self, kind: str, start: datetime, due: datetime) -> Plan:
        """The same where people named the deadline; percent is of the time until then."""
        moments = [
            start + (due - start) * step.percent / 100
            if step.percent is not None
            else due + (step.after or timedelta())
            for step in self.steps.get(kind, [])
        ]
        return Plan(self.revision.pk, due, moments)

    def appeal_until(self, decided_at: datetime) -> datetime:
        """Until when an assessment that was decided then may be appealed."""
        return worktime.add(decided_at, self.revision.appeal_within, self.calendar)

    def _passed(
        self, start: datetime, duration: timedelta, pauses: Sequence[tuple[datetime, datetime]]
    ) -> datetime:
        """When so much time will have been counted; what was reached before a pause stays."""
        moment = worktime.add(start, duration, self.calendar)
        for began, ended in pauses:
            if moment <= began:
                break
            duration += worktime.between(max(began, start), max(ended, start), self.calendar)
            moment = worktime.add(start, duration, self.calendar)
        return moment


# The active policies in their order: the latest revision of each, and the policy's conditions.
# Every new complaint asks: no query to be built.
LATEST = """
SELECT r.*, p.tier AS of_tier, p.grade AS of_grade, p.severity AS of_severity,
       p.category_id AS of_category, coalesce(b.path, '') AS of_path
FROM complaints_policy p
CROSS JOIN LATERAL (
    SELECT * FROM complaints_policyrevision
    WHERE policy_id = p.id ORDER BY number DESC LIMIT 1
) r
LEFT JOIN organisation_branch b ON b.id = p.branch_id
WHERE p.is_active ORDER BY p.position, p.id
"""


class Rulebook:
    """The active policies, read once for any number of complaints."""

    def __init__(self) -> None:
        self._latest = list(PolicyRevision.objects.raw(LATEST))
        self._rules: dict[int, Rule] = {}

    def rule_for(self, complaint: Complaint | None) -> Rule:
        """The latest revision of the first active policy whose conditions all hold.

        Without a complaint, of the first that has no conditions.
        """
        for revision in self._latest:
            if _applies(revision, complaint):
                if revision.pk not in self._rules:
                    self._rules[revision.pk] = load(revision)
                return self._rules[revision.pk]
        raise Policy.DoesNotExist("no active policy applies; one without conditions must stay")


def rule_for(complaint: Complaint | None) -> Rule:
    """The rule of one complaint, or of work that belongs to none."""
    return Rulebook().rule_for(complaint)


def load(revision: PolicyRevision) -> Rule:
    """A revision with its targets, ladder and calendar."""
    targets, steps = _contents(revision.pk, revision.created_at)
    return Rule(
        revision=revision,
        targets=dict(targets),
        steps={kind: list(rows) for kind, rows in steps.items()},
        calendar=working_hours(revision.calendar),
    )


@lru_cache(maxsize=256)
def _contents(
    revision: int, _created_at: datetime
) -> tuple[dict[str, timedelta], dict[str, list[LadderStep]]]:
    """Targets and steps: the database lets nobody change them, so each process reads them once."""
    steps = LadderStep.objects.filter(revision=revision).order_by("kind", "position")
    return (
        {row.kind: row.duration for row in Target.objects.filter(revision=revision)},
        {kind: list(rows) for kind, rows in groupby(steps, lambda step: step.kind)},
    )


def working_hours(calendar: WorkCalendar | None) -> worktime.Calendar:
    """The stored calendar as the pure one; none means that every hour counts."""
    if calendar is None:
        return worktime.NATURAL
    days = list(calendar.days.values_list("on", "is_working"))
    return worktime.Calendar(
        timezone=calendar.timezone,
        weekly=calendar.hours,
        holidays={on for on, works in days if not works},
        workdays={on for on, works in days if works},
    )


def _applies(revision: Any, complaint: Complaint | None) -> bool:
    """Whether the conditions of its policy, read by `LATEST`, all hold."""
    if complaint is None:
        words = (revision.of_tier, revision.of_grade, revision.of_severity, revision.of_path)
        return not any(words) and revision.of_category is None
    customer = complaint.customer
    return all(
        (
            not revision.of_tier or (customer is not None and customer.tier == revision.of_tier),
            not revision.of_grade or (customer is not None and customer.grade == revision.of_grade),
            not revision.of_severity or complaint.severity == revision.of_severity,
            revision.of_category is None or complaint.category_id == revision.of_category,
            not revision.of_path or complaint.present_branch.path.startswith(revision.of_path),
        )
    )
