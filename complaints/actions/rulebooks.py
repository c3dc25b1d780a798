"""Writing the policies: an edit makes the next revision and touches no running clock (rule 9)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from complaints.actions import policies
from complaints.actions.policies import Rule
from complaints.models import LadderStep, Policy, PolicyRevision, Target
from csm.kit.errors import Refused
from csm.kit.transitions import stale
from organisation.access import require_everywhere
from organisation.models import Person

VERB = "policy.edit"
# The order of the policies is a thing of all of them: whoever changes it, does so alone.
ORDER_LOCK = 4715
FIXED = ("pause_limit", "callback_attempts", "callback_spread", "appeal_within")
STEP = ("percent", "after", "roles", "channels", "importance", "effect")


@transaction.atomic
def add(
    *, name: str, rule: Rule, by: Person | None, now: datetime, is_active: bool = True
) -> Policy:
    """A policy with its first revision, tried before the one without conditions.

    `rule` holds an unsaved revision with its targets and steps. `Refused` when the name is taken,
    or when there would be two policies without conditions.
    """
    require_everywhere(by, VERB)
    _lock_order()
    conditions = rule.revision.conditions
    _check(None, name, rule.revision, is_active=is_active)
    policy = Policy.objects.create(
        name=name, is_active=is_active, position=Policy.objects.count() + 1, **conditions
    )
    _write(policy, rule, number=1, by=by, now=now)
    _renumber(_in_order())
    return policy


@transaction.atomic
def revise(
    *,
    policy: Policy,
    name: str,
    rule: Rule,
    number: int,
    by: Person | None,
    now: datetime,
    is_active: bool = True,
) -> PolicyRevision | None:
    """The next revision, if anything in it is new; name and state are the policy's own.

    `number` is the revision that the person saw: `Stale` when it is not the latest any more.
    """
    require_everywhere(by, VERB)
    _lock_order()
    latest = policy.revisions.select_related("calendar").latest("number")
    if latest.number != number:
        raise stale()
    _check(policy, name, rule.revision, is_active=is_active)
    Policy.objects.filter(pk=policy.pk).update(
        name=name, is_active=is_active, **rule.revision.conditions
    )
    made = None
    if contents(policies.load(latest)) != contents(rule):
        made = _write(policy, rule, number=latest.number + 1, by=by, now=now)
    _renumber(_in_order())
    policy.refresh_from_db()
    return made


@transaction.atomic
def move(*, policy: Policy, is_up: bool, by: Person | None) -> None:
    """Try a policy one place earlier or later. The one without conditions stays last."""
    require_everywhere(by, VERB)
    _lock_order()
    rows = _in_order()
    place = [row.pk for row in rows].index(policy.pk)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(rows) or rows[place].holds_always or rows[other].holds_always:
        raise Refused(_("It cannot move further: a policy without conditions is tried last."))
    rows[place], rows[other] = rows[other], rows[place]
    _renumber(rows)


def in_order(steps: Sequence[LadderStep]) -> list[LadderStep]:
    """Steps by their moments: those before the deadline, then those at it and after it."""
    return sorted(steps, key=_moment)


def _moment(step: LadderStep) -> tuple[bool, int, timedelta]:
    return step.percent is None, step.percent or 0, step.after or timedelta()


def contents(rule: Rule) -> dict[str, Any]:
    """All that a revision fixes, comparable."""
    revision = rule.revision
    return {
        **revision.conditions,
        **{name: getattr(revision, name) for name in FIXED},
        "calendar": revision.calendar_id,
        "targets": rule.targets,
        "steps": {
            kind: [[getattr(step, name) for name in STEP] for step in in_order(steps)]
            for kind, steps in rule.steps.items()
            if steps
        },
    }


def _check(
    policy: Policy | None, name: str, conditions: PolicyRevision, *, is_active: bool
) -> None:
    others = Policy.objects.exclude(pk=policy.pk) if policy else Policy.objects.all()
    if others.filter(name=name).exists():
        words = _("Another policy has this name.")
        raise Refused(words, fields={"name": words})
    known = others.last_resort().first()
    is_last_resort = is_active and conditions.holds_always
    if known and is_last_resort:
        raise Refused(
            _("“%(name)s” has no conditions already. Give this one a condition, or edit that one.")
            % {"name": known.name}
        )
    if not known and not is_last_resort:
        raise Refused(
            _("One active policy without conditions must stay: it takes every other complaint.")
        )


def _write(
    policy: Policy, rule: Rule, *, number: int, by: Person | None, now: datetime
) -> PolicyRevision:
    """A revision with its rows. Positions have no gaps: the sweep counts moments by them."""
    given = rule.revision
    made = PolicyRevision.objects.create(
        policy=policy,
        number=number,
        calendar=given.calendar,
        created_at=now,
        created_by=by,
        **{name: getattr(given, name) for name in FIXED},
        **given.conditions,
    )
    Target.objects.bulk_create(
        Target(revision=made, kind=kind, duration=span) for kind, span in rule.targets.items()
    )
    LadderStep.objects.bulk_create(
        LadderStep(
            revision=made,
            kind=kind,
            position=position,
            **{name: getattr(step, name) for name in STEP},
        )
        for kind, steps in rule.steps.items()
        for position, step in enumerate(in_order(steps))
    )
    return made


def _in_order() -> list[Policy]:
    """As they are tried; those without conditions last, and of them the active one."""
    rows = Policy.objects.order_by("position", "pk")
    return sorted(rows, key=lambda row: (row.holds_always, row.holds_always and row.is_active))


def _renumber(rows: Sequence[Policy]) -> None:
    for position, row in enumerate(rows, start=1):
        row.position = position
    Policy.objects.bulk_update(rows, ["position"])


def _lock_order() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])
