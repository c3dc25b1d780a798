"""Choosing the policy of a complaint, and turning it into moments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from complaints.models import Complaint, LadderStep, Policy, PolicyRevision, Target
from csm.kit import worktime
from organisation.models import WorkCalendar


@dataclass(frozen=True)
class Plan:
    """What a timer of one kind gets: its deadline and the moments of its ladder, in order."""

    revision_id: int
    due_at: datetime
    fire_at: list[datetime]


@dataclass(frozen=True)
class Rule:
    """A revision read once, ready to plan any number of timers."""

    revision: PolicyRevision
    targets: dict[str, timedelta]
    steps: dict[str, list[LadderStep]]
    calendar: worktime.Calendar

    def plan(self, kind: str, start: datetime) -> Plan:
        """Deadline and step moments of a timer that starts at `start`; percent is of the target."""
        target = self.targets[kind]
        due = worktime.add(start, target, self.calendar)
        moments = [
            worktime.add(start, target * step.percent / 100, self.calendar)
            if step.percent is not None
            else due + (step.after or timedelta())
            for step in self.steps.get(kind, [])
        ]
        return Plan(self.revision.pk, due, moments)


class Rulebook:
    """The active policies, read once for any number of complaints."""

    def __init__(self) -> None:
        active = Policy.objects.filter(is_active=True)
        self._policies = list(active.select_related("branch", "category"))
        self._rules: dict[int, Rule] = {}

    def rule_for(self, complaint: Complaint) -> Rule:
        """The latest revision of the first active policy whose conditions all hold."""
        for policy in self._policies:
            if _applies(policy, complaint):
                if policy.pk not in self._rules:
                    revisions = policy.revisions.select_related("calendar")
                    self._rules[policy.pk] = load(revisions.latest("number"))
                return self._rules[policy.pk]
        raise Policy.DoesNotExist("no active policy applies; one without conditions must stay")


def rule_for(complaint: Complaint) -> Rule:
    """The rule of one complaint."""
    return Rulebook().rule_for(complaint)


def load(revision: PolicyRevision) -> Rule:
    """A revision with its targets, ladder and calendar."""
    steps = LadderStep.objects.filter(revision=revision).order_by("kind", "position")
    return Rule(
        revision=revision,
        targets={row.kind: row.duration for row in Target.objects.filter(revision=revision)},
        steps={kind: list(rows) for kind, rows in groupby(steps, lambda step: step.kind)},
        calendar=working_hours(revision.calendar),
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


def _applies(policy: Policy, complaint: Complaint) -> bool:
    customer = complaint.customer
    conditions = (
        not policy.tier or (customer is not None and customer.tier == policy.tier),
        not policy.grade or (customer is not None and customer.grade == policy.grade),
        not policy.severity or complaint.severity == policy.severity,
        policy.category_id is None or complaint.category_id == policy.category_id,
        policy.branch is None or complaint.branch.path.startswith(policy.branch.path),
    )
    return all(conditions)
