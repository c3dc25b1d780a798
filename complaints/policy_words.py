"""A policy in words, in the active language: conditions, clock, moments, and what has changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from complaints.actions.policies import Rule
from complaints.actions.rulebooks import in_order
from complaints.clock_face import target_text
from complaints.models import (
    AUDIENCES,
    Conditions,
    Effect,
    LadderStep,
    Milestone,
    PolicyRevision,
    TimerKind,
)
from organisation.models import Channel, Importance

SEPARATOR = " · "
NOTHING = "—"
# What a policy always sets; a revision may set more.
KINDS = (*Milestone.values, TimerKind.REWORK.value)
CHANGED, ADDED, REMOVED = gettext_noop("changed"), gettext_noop("added"), gettext_noop("removed")


@dataclass(frozen=True)
class Line:
    """One line of a comparison; `mark` says in words how it differs, if it does."""

    label: str
    old: str
    new: str

    @property
    def mark(self) -> str:
        if self.old == self.new:
            return ""
        if not self.old:
            return _(ADDED)
        return _(CHANGED) if self.new else _(REMOVED)


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]


def kinds_of(rule: Rule) -> list[str]:
    """The kinds that a rule sets, in the order in which they are shown."""
    return [kind for kind in TimerKind.values if kind in KINDS or kind in rule.targets]


def kind_name(kind: str) -> str:
    return str(TimerKind(kind).label)


def role_name(role: str) -> str:
    return str(dict(AUDIENCES).get(role, role))


def listed(words: Iterable[object]) -> str:
    """Several words, as a list reads in the language: "a, b" or 「a、b」."""
    return _(", ").join(map(str, words))


def roles(step: LadderStep) -> str:
    return listed(role_name(role) for role in step.roles)


def channels(step: LadderStep) -> str:
    return listed(Channel(channel).label for channel in step.channels)


def moment(step: LadderStep) -> str:
    """When a step speaks."""
    if step.percent is not None:
        return _("At %(percent)d%% of the target") % {"percent": step.percent}
    if not step.after:
        return _("At the deadline")
    return _("%(time)s after the deadline") % {"time": target_text(step.after)}


def effect(step: LadderStep) -> str:
    return str(Effect(step.effect).label) if step.effect in Effect.values else step.effect


def step(row: LadderStep) -> str:
    """All of a step but its moment."""
    words = [roles(row), channels(row), str(Importance(row.importance).label), effect(row)]
    return SEPARATOR.join(word for word in words if word)


def conditions(of: Conditions) -> list[str]:
    """Each condition as "label: value"; none for a policy that takes every complaint."""
    return [
        _("%(label)s: %(value)s") % {"label": label, "value": value}
        for label, value in condition_values(of)
        if value
    ]


def condition_values(of: Conditions) -> list[tuple[str, str]]:
    branch = of.branch.label if of.branch else ""
    return [
        (_("Tier"), str(of.get_tier_display()) if of.tier else ""),
        (_("Grade"), of.grade),
        (_("Category"), of.category.label if of.category else ""),
        (_("Severity"), str(of.get_severity_display()) if of.severity else ""),
        (_("Branch"), _("%(branch)s and below") % {"branch": branch} if branch else ""),
    ]


def clock(revision: PolicyRevision) -> str:
    return revision.calendar.name if revision.calendar else _("Every hour counts")


def span(value: timedelta | None) -> str:
    return target_text(value) or NOTHING


def compared(old: Rule, new: Rule) -> list[Section]:
    """Two revisions line by line: what is for all clocks, then each clock with its ladder."""
    kinds = [kind for kind in TimerKind.values if kind in {*kinds_of(old), *kinds_of(new)}]
    return [
        Section(_("For which complaints, by which clock"), _common(old, new)),
        *(Section(kind_name(kind), _ladder(kind, old, new)) for kind in kinds),
    ]


def _common(old: Rule, new: Rule) -> list[Line]:
    return [
        Line(label, was, now)
        for (label, was), (_label, now) in zip(_facts(old), _facts(new), strict=True)
    ]


def _facts(rule: Rule) -> list[tuple[str, str]]:
    revision = rule.revision
    return [
        *((label, value or _("Any")) for label, value in condition_values(revision)),
        (_("Clock"), clock(revision)),
        (_("Longest pause in all"), target_text(revision.pause_limit)),
        (_("Callback attempts"), str(revision.callback_attempts)),
        (_("Spread over at least"), target_text(revision.callback_spread)),
        (_("Time to appeal"), target_text(revision.appeal_within)),
    ]


def _ladder(kind: str, old: Rule, new: Rule) -> list[Line]:
    target = Line(
        _("Target"), target_text(old.targets.get(kind)), target_text(new.targets.get(kind))
    )
    before, after = _by_moment(old, kind), _by_moment(new, kind)
    order = {
        moment(row): None for row in in_order([*old.steps.get(kind, []), *new.steps.get(kind, [])])
    }
    steps = [Line(when, before.get(when, ""), after.get(when, "")) for when in order]
    return [target, *steps]


def _by_moment(rule: Rule, kind: str) -> dict[str, str]:
    """What is said at each moment; two steps at one moment stand together."""
    found: dict[str, str] = {}
    for row in rule.steps.get(kind, []):
        when = moment(row)
        found[when] = f"{found[when]}; {step(row)}" if when in found else step(row)
    return found
