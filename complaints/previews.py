"""Who would hear at which moment: a ladder played through for one branch, before it is used.

The same rules as `actions.escalation.MESSAGES`, for a complaint that nobody handles yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaints import policy_words
from complaints.actions.policies import Rule
from complaints.actions.rulebooks import in_order
from complaints.models import LadderStep
from organisation.models import Branch, Channel, Importance, Person, Role
from organisation.roles import Holders, holders_at

# While nobody is named, the branch manager stands in.
NAMED = ("handler", "rectification_owner")
STAND_INS = (Role.QUALITY_MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Telling:
    """One step: its moment, and who hears. `is_stand_in`: nobody holds any of the roles."""

    at: datetime
    when: str
    people: list[Person]
    is_stand_in: bool
    importance: str
    unreached: list[Person]


@dataclass(frozen=True)
class Course:
    """One clock from its start to its last step."""

    kind: str
    name: str
    target: str
    due_at: datetime
    tellings: list[Telling]


def role_at_first(role: str) -> str:
    """The role that is looked for while neither handler nor owner is known."""
    return Role.BRANCH_MANAGER.value if role in NAMED else role


def preview(rule: Rule, *, branch: Branch, received_at: datetime) -> list[Course]:
    """Every clock of a complaint received then at the branch; one query, whatever the ladders."""
    known = holders_at(branch)
    return [
        _course(rule, kind, branch, received_at, known)
        for kind in policy_words.kinds_of(rule)
        if kind in rule.targets
    ]


def _course(rule: Rule, kind: str, branch: Branch, start: datetime, known: Holders) -> Course:
    plan = rule.plan(kind, start)
    steps = rule.steps.get(kind, [])
    moments = {id(step): at for step, at in zip(steps, plan.fire_at, strict=True)}
    return Course(
        kind=kind,
        name=policy_words.kind_name(kind),
        target=policy_words.span(rule.targets[kind]),
        due_at=plan.due_at,
        tellings=[_telling(step, moments[id(step)], branch, known) for step in in_order(steps)],
    )


def _telling(step: LadderStep, at: datetime, branch: Branch, known: Holders) -> Telling:
    people = _each_once(
        person for role in step.roles for person in known.nearest(branch, role_at_first(role))
    )
    is_stand_in = not people
    if is_stand_in:
        found = (known.nearest(branch, role) for role in STAND_INS)
        people = next((holders for holders in found if holders), [])
    return Telling(
        at=at,
        when=policy_words.moment(step),
        people=people,
        is_stand_in=is_stand_in,
        importance=str(Importance(step.importance).label),
        unreached=[person for person in people if not _is_reached(person, step)],
    )


def _is_reached(person: Person, step: LadderStep) -> bool:
    return Channel.INBOX in step.channels or bool(person.email)


def _each_once(people: Iterable[Person]) -> list[Person]:
    return list({person.pk: person for person in people}.values())
