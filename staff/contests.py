"""The contest as pages, programs and actions read it: whose plans one sees, marks, timeliness.

A reviewer sees no plan of a running contest openly, whatever else they may: only what `blind` shows
of it. Exempt are those they could not judge anyway, because they had a part in them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden
from csm.kit.statistics import wilson_interval
from organisation.access import can, places, postings, require, sees_everything, visible
from organisation.models import Branch, Level, Person
from organisation.models.branch import in_language
from staff.models import Contest, Plan, PlanStatus

SEE, WRITE, JUDGE, RUN = "incentive.see", "contest.write", "contest.judge", "contest.run"


def runs(person: Person) -> bool:
    """Whether the person runs contests for the company."""
    return person.is_active and sees_everything(person, RUN)


def judges(person: Person) -> bool:
    """Who runs the contest knows whose plan is whose: they do not judge."""
    return can(person, JUDGE) and not runs(person)


def require_panel(person: Person) -> None:
    """The list of the review: for reviewers; who runs the contest finds it empty."""
    if not runs(person):
        require(person, JUDGE)


def seen_plans(person: Person) -> QuerySet[Plan]:
    """The plans that the person may see with branch and names."""
    rows = visible(Plan, person)
    if not judges(person):
        return rows
    return rows.exclude(pk__in=_foreign(person).order_by().values("pk"))


def judgeable(person: Person) -> QuerySet[Plan]:
    """The plans on which the person may say something in the review: blind, and none of theirs."""
    if not judges(person):
        return Plan.objects.none()
    return _foreign(person).filter(status=PlanStatus.REPORTED)


def in_review(person: Person, pk: int) -> Plan:
    """A plan in the review, for a reviewer; one in which they have a part is refused in words."""
    require(person, JUDGE)
    rows = Plan.objects.filter(contest__status="open", status=PlanStatus.REPORTED)
    plan = get_object_or_404(with_reports(rows), pk=pk)
    require_no_part(plan, by=person)
    return plan


def require_no_part(plan: Plan, *, by: Person) -> None:
    """Nobody judges their own."""
    if not judgeable(by).filter(pk=plan.pk).exists():
        raise Forbidden(
            _("Nobody judges a plan of their own branch or team, or one that they had a part in.")
        )


def has_written(plan: Plan, person: Person) -> bool:
    """Whether any of the plan is the person's own work."""
    return Plan.objects.filter(_written_by(person), pk=plan.pk).exists()


def _written_by(person: Person) -> Q:
    """Plans that the person began, wrote, submitted, told about, or carries out."""
    part = Q(created_by=person)
    ways = ("texts__members__person", "texts__written_by", "texts__submitted_by", "reports__by")
    for way in ways:
        part |= Q(pk__in=Plan.objects.filter(**{way: person}).values("pk"))
    return part


def _foreign(person: Person) -> QuerySet[Plan]:
    """Those of running contests in which the person has no part."""
    part = _written_by(person) | Q(accepted_by=person)
    for posting in postings(person):
        part |= _own_branch(posting.branch)
    return Plan.objects.filter(contest__status="open").exclude(part)


def _own_branch(branch: Branch) -> Q:
    """Where somebody works, above it and below it; of the headquarters, only its own."""
    if branch.parent_id is None:
        return Q(branch=branch)
    return Q(branch__path__startswith=branch.path) | Q(branch__in=branch.ancestor_ids[1:])


@dataclass(frozen=True)
class Result:
    """The marks of one plan, 10 to 100; `spread` is their standard deviation."""

    plan: Plan
    reviewers: int
    mean: Decimal | None
    spread: Decimal | None


# A mark is the sum of points by weight: ten for everything is 100. Who declared a conflict of
# interest afterwards does not count.
MARKS = """
SELECT plan_id, count(*), round(avg(mark), 2), round(stddev_samp(mark), 2)
FROM (
    SELECT j.plan_id, j.reviewer_id, sum(p.points * c.weight) / 10.0 AS mark
    FROM staff_judgement j
    JOIN staff_judgedpoint p ON p.judgement_id = j.id
    JOIN staff_criterion c ON c.id = p.criterion_id
    WHERE j.plan_id = ANY(%s) AND NOT EXISTS (
        SELECT FROM staff_conflictofinterest i
        WHERE i.plan_id = j.plan_id AND i.reviewer_id = j.reviewer_id
    )
    GROUP BY j.plan_id, j.reviewer_id
) marks
GROUP BY plan_id
"""


def results(contest: Contest) -> list[Result]:
    """Every plan that was carried out, the best mark first; those without marks last."""
    rows = Plan.objects.filter(contest=contest, status=PlanStatus.REPORTED)
    plans = list(with_text(rows.select_related("branch", "contest")))
    marks = marks_of([plan.pk for plan in plans])
    found = [Result(plan, *marks.get(plan.pk, (0, None, None))) for plan in plans]
    return sorted(found, key=lambda row: (row.mean is None, -(row.mean or 0), row.plan.pk))


def marks_of(plans: list[int]) -> dict[int, tuple[int, Decimal, Decimal | None]]:
    """Number of reviewers, mean and spread of each plan that has marks."""
    with connection.cursor() as cursor:
        cursor.execute(MARKS, [plans])
        return {pk: (number, mean, spread) for pk, number, mean, spread in cursor.fetchall()}


def with_text(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    """The plans with all their texts and teams, the newest last."""
    return rows.prefetch_related("texts__members__person", "texts__returned")


def with_reports(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    """The plans with all that a reviewer reads of them, blind."""
    return with_text(rows.select_related("contest", "branch")).prefetch_related("reports__files")


@dataclass(frozen=True)
class Timeliness:
    """How many of the plans that were due came by their day, with its interval (0 to 1)."""

    branch: str
    on_time: int
    due: int
    low: float | None
    high: float | None

    @property
    def rate(self) -> float | None:
        return self.on_time / self.due if self.due else None


# A plan came in time when its newest text was submitted by the day that held for it, and was not
# returned; while a returned one may still be rewritten, it is not due.
ON_TIME = """
SELECT b.name, b.name_en,
    count(*) FILTER (WHERE p.status IN ('submitted', 'running', 'reported') AND (
        SELECT max(t.submitted_at) AT TIME ZONE %(zone)s
        FROM staff_plantext t WHERE t.plan_id = p.id
    )::date <= p.due_on),
    count(*)
FROM organisation_branch b
CROSS JOIN staff_contest c
LEFT JOIN staff_plan p ON p.contest_id = c.id AND p.branch_id = b.id AND p.kind = 'activity'
WHERE b.id = ANY(%(branches)s) AND c.plans_due_on < %(today)s
    AND (p.status IS NULL OR p.status <> 'returned' OR p.due_on < %(today)s)
GROUP BY b.id
ORDER BY b.path
"""


def timeliness(person: Person, *, now: datetime) -> list[Timeliness]:
    """Of each branch that the person sees, over all contests whose day has passed (T-07)."""
    mine = [each.pk for each in places(person, SEE) if each.level == Level.BRANCH]
    active = Branch.objects.active().filter(pk__in=mine).values_list("pk", flat=True)
    zone = timezone.get_default_timezone_name()
    said: dict[str, Any] = {
        "branches": list(active),
        "today": timezone.localdate(now),
        "zone": zone,
    }
    with connection.cursor() as cursor:
        cursor.execute(ON_TIME, said)
        rows = cursor.fetchall()
    return [_timely(in_language(name, name_en), k, n) for name, name_en, k, n in rows]


def together(rows: Iterable[Timeliness]) -> Timeliness:
    """Of all these branches."""
    found = list(rows)
    return _timely("", sum(row.on_time for row in found), sum(row.due for row in found))


def _timely(branch: str, on_time: int, due: int) -> Timeliness:
    low, high = wilson_interval(on_time, due)
    return Timeliness(branch, on_time, due, low, high)
