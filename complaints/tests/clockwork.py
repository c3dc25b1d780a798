"""A complaint in a small company, acts at stated hours, and its clocks as figures to compare."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.actions import policies, rulebooks
from complaints.factories import ComplaintFactory
from complaints.models import Complaint, LadderStep, Policy, PolicyRevision, Timer
from complaints.tests.rows import everything
from csm.kit.errors import Refused
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Message, Person, Role, WorkCalendar

# A Wednesday, ten o'clock in Shanghai.
START = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = {
    "handler": ("branch", Role.HANDLER),
    "manager": ("branch", Role.BRANCH_MANAGER),
    "neighbour": ("sibling", Role.HANDLER),
    "neighbour_manager": ("sibling", Role.BRANCH_MANAGER),
    "quality": ("headquarters", Role.QUALITY_MANAGER),
    "specialist": ("headquarters", Role.QUALITY_SPECIALIST),
    "director": ("headquarters", Role.SERVICE_DIRECTOR),
    "general": ("headquarters", Role.GENERAL_MANAGER),
    "executive": ("headquarters", Role.EXECUTIVE),
}


def at(hours: float) -> datetime:
    """So many hours after the receipt."""
    return START + hours * HOUR


def hours(moment: datetime | None) -> float | None:
    """A moment in hours after the receipt."""
    return None if moment is None else (moment - START) / HOUR


@dataclass(frozen=True)
class Desk:
    """People by what they are; nobody has an e-mail address, so each message is one row."""

    company: Tree
    people: dict[str, Person]

    def __getattr__(self, name: str) -> Person:
        return self.people[name]

    def complaint(self, until: str = "handling", *, hour: float = 0, **more: Any) -> Complaint:
        """At Wuxi in the hands of `handler`; every act up to the stage happens at `hour`."""
        given: dict[str, Any] = {
            "branch": self.company.branch,
            "handler": self.handler if until != "received" else None,
            "quality": self.quality,
        }
        return ComplaintFactory.create(until=until, **given | {"now": at(hour)} | more)


def opened_desk() -> Desk:
    company = tree()
    return Desk(company, {
        name: PersonFactory.create(
            name=name, branch=getattr(company, place), role=role, email=""
        )
        for name, (place, role) in PLACES.items()
    })  # fmt: skip


def again(complaint: Complaint) -> Complaint:
    """As the next request reads it."""
    return Complaint.objects.get(pk=complaint.pk)


def clock(complaint: Complaint, kind: str, cycle: int = 1) -> Timer:
    return Timer.objects.get(complaint=complaint, kind=kind, cycle=cycle)


def dues(complaint: Complaint) -> dict[str, float | None]:
    """Hours after the receipt by clock; the cycle is named from the second on."""
    rows = Timer.objects.filter(complaint=complaint).order_by("cycle", "pk")
    return {_name(row): hours(row.due_at) for row in rows}


def verdicts(complaint: Complaint, hour: float) -> dict[str, str]:
    """As the database tells them at that hour."""
    rows = Timer.objects.filter(complaint=complaint).order_by("cycle", "pk")
    return {
        _name(row): row.verdict  # type: ignore[attr-defined]
        for row in rows.with_verdict(at(hour))
    }


def states(complaint: Complaint) -> dict[str, str]:
    rows = Timer.objects.filter(complaint=complaint).order_by("cycle", "pk")
    return {_name(row): row.state for row in rows}


def owners(complaint: Complaint) -> dict[str, str]:
    """Whose verdict each clock is: codes of branches."""
    rows = Timer.objects.filter(complaint=complaint).order_by("cycle", "pk")
    return {_name(row): row.verdict_branch.code for row in rows.select_related("verdict_branch")}


def _name(timer: Timer) -> str:
    return timer.kind if timer.cycle == 1 else f"{timer.kind} {timer.cycle}"


def kinds(complaint: Complaint) -> list[str]:
    """What happened, in order."""
    return list(complaint.events.order_by("pk").values_list("kind", flat=True))


def told(text: str) -> list[str]:
    """Who was told, by name."""
    rows = Message.objects.filter(text=text).order_by("recipient__name")
    return list(rows.values_list("recipient__name", flat=True))


@contextmanager
def refused(
    kind: type[Refused] = Refused, *fields: str
) -> "Iterator[pytest.ExceptionInfo[Refused]]":
    """The act is refused, names these fields, and nothing has changed."""
    before = everything()
    with pytest.raises(kind) as refusal:
        yield refusal
    assert type(refusal.value) is kind
    assert set(refusal.value.fields) == set(fields)
    assert everything() == before


def standard() -> Policy:
    return Policy.objects.last_resort().get()


def revise(
    *,
    now: datetime = START,
    targets: dict[str, timedelta] | None = None,
    steps: dict[str, list[LadderStep]] | None = None,
    **changed: Any,
) -> PolicyRevision:
    """The next revision of the standard policy: other targets, ladders, calendar, limits."""
    policy = standard()
    rule = policies.load(policy.revisions.select_related("calendar").latest("number"))
    fixed = {name: getattr(rule.revision, name) for name in (*rulebooks.FIXED, "calendar")}
    new = replace(
        rule,
        revision=PolicyRevision(**fixed | changed),
        targets=rule.targets | (targets or {}),
        steps=rule.steps | (steps or {}),
    )
    number = rule.revision.number
    made = rulebooks.revise(
        policy=policy, name=policy.name, rule=new, number=number, by=None, now=now
    )
    assert made is not None
    return made


def office() -> WorkCalendar:
    """Monday to Friday, nine to six in Shanghai."""
    weekly = {str(day): [["09:00", "18:00"]] for day in range(5)}
    return WorkCalendar.objects.create(name="客服中心", timezone="Asia/Shanghai", weekly=weekly)
