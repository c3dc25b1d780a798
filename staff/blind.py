"""What reviewers see of a plan: its words without the branch and without names (T-08)."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from organisation.models import Branch, Posting
from staff.models import Plan

HIDDEN = "▢▢"
# "无锡分公司" is also called "无锡".
ENDINGS = re.compile(r"(分公司|子公司|公司|平台|大区|区域|中心|办事处)$")


@dataclass(frozen=True)
class BlindPlan:
    """A plan without anything that says whose it is; evidence is counted, not shown."""

    pk: int
    period: str
    contest: str
    kind: str
    kind_label: str
    title: str
    problem: str
    benchmark: str
    measures: str
    budget: Decimal | None
    effect: str
    reports: list[str]
    files: int


def blind(plan: Plan) -> BlindPlan:
    return blind_all([plan])[0]


def blind_all(plans: Sequence[Plan]) -> list[BlindPlan]:
    """What a reviewer reads of each: the newest text, and the feedback.

    The plans come from `contests.with_reports`; names are read once for all of them.
    """
    branches = list(Branch.objects.all()) if plans else []
    paths = {plan.branch.path for plan in plans}
    working = Posting.objects.filter(
        branch__in=[row.pk for row in branches if row.path.startswith(tuple(paths))]
    ).values_list("branch__path", "person__name", "person__username")
    people = list(working)
    return [_blind(plan, _hiding(_names(plan, branches, people))) for plan in plans]


def _blind(plan: Plan, hide: Callable[[str], str]) -> BlindPlan:
    text, reports = plan.newest, list(plan.reports.all())
    return BlindPlan(
        pk=plan.pk,
        period=plan.contest.period,
        contest=plan.contest.label,
        kind=plan.kind,
        kind_label=str(plan.get_kind_display()),
        title=hide(text.title),
        problem=hide(text.problem),
        benchmark=hide(text.benchmark),
        measures=hide(text.measures),
        budget=text.budget,
        effect=hide(text.effect),
        reports=[hide(report.text) for report in reports],
        files=sum(len(report.files.all()) for report in reports),
    )


def _names(
    plan: Plan, branches: Sequence[Branch], people: Iterable[tuple[str, str, str | None]]
) -> Iterable[str]:
    """Of the branch, those below and above it, and of everybody there or on the team."""
    here, above = plan.branch.path, plan.branch.ancestor_ids[1:]
    for branch in branches:
        if branch.path.startswith(here) or branch.pk in above:
            yield from (branch.name, branch.name_en, branch.code)
    for path, name, username in people:
        if path.startswith(here):
            yield from (name, username or "")
    for text in plan.texts.all():
        yield from (member.person.name for member in text.members.all())


def _hiding(names: Iterable[str]) -> Callable[[str], str]:
    """Takes the names out of a text; the longest first, so that no part of one is left."""
    forms = sorted({form for name in names for form in _forms(name)}, key=len, reverse=True)
    if not forms:
        return lambda text: text
    found = re.compile("|".join(_pattern(form) for form in forms), re.IGNORECASE)
    return lambda text: found.sub(HIDDEN, text)


def _forms(name: str) -> Iterable[str]:
    """The name, and the short one; a single character would hide too much."""
    return {form for form in (name.strip(), ENDINGS.sub("", name.strip())) if len(form) > 1}


def _pattern(name: str) -> str:
    """Latin names as whole words, so that a code of two letters stays out of other words."""
    escaped = re.escape(name)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if name.isascii() else escaped
