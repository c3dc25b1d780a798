"""From timer rows to the faces that lists and pages show. The words: `clock_face`."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from django.db import connection
from django.db.models import DurationField, IntegerField, TextField
from django.db.models.expressions import RawSQL

from complaints import clock_face
from complaints.clock_face import Clock, Face
from complaints.models import (
    UNFINISHED,
    Complaint,
    Timer,
    TimerState,
)
from complaints.models.timer import TimerQuerySet

# The worst first: what a row is grouped by on "my work".
URGENT = ("over", "risk")


@dataclass(frozen=True)
class Cycle:
    """Four clocks of a complaint; `number` is 0 for those that count now."""

    number: int
    clocks: list[Clock]


class Counted(Protocol):
    """What a clock is read from: a timer, or a row of it with only these."""

    complaint_id: int | None
    kind: str
    cycle: int
    state: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    unreached_at: datetime | None
    paused_until: datetime | None
    fire_at: list[datetime]


C = TypeVar("C", bound=Counted)
READ = tuple(Counted.__annotations__)


def timers_of(complaints: Iterable[Complaint]) -> list[Timer]:
    """The milestone timers of these complaints, oldest cycle first, in one query.

    Each has `attempts`, the calls made in its cycle, and `target`, the promise behind it.
    """
    rows = _timers_of(complaints).annotate(target=PROMISE)
    return list(rows.select_related("owner_branch", "owner"))


def _timers_of(complaints: Iterable[Complaint]) -> TimerQuerySet:
    rows = Timer.objects.milestones().filter(complaint__in=[row.pk for row in complaints])
    return rows.annotate(attempts=ATTEMPTS).order_by("cycle", "pk")


# Constants: put together anew for each page they cost more than their answers. The calls are
# counted only where the words need it.
ATTEMPTS = RawSQL(
    """
    CASE complaints_timer.state WHEN 'unreached' THEN (
        SELECT count(*) FROM complaints_callbackattempt a
        WHERE a.complaint_id = complaints_timer.complaint_id AND a.cycle = complaints_timer.cycle
    ) ELSE 0 END
    """,
    (),
    output_field=IntegerField(),
)
PROMISE = RawSQL(
    """
    SELECT p.duration FROM complaints_target p
    WHERE p.revision_id = complaints_timer.revision_id AND p.kind = complaints_timer.kind
    """,
    (),
    output_field=DurationField(),
)


def face(timer: Counted, *, now: datetime) -> Face:
    """The face of a stored timer. Given up after the deadline counts as late (`sla.md` §1)."""
    state, met_at = timer.state, timer.met_at
    if state == TimerState.UNREACHED and timer.unreached_at and timer.unreached_at > timer.due_at:
        state, met_at = TimerState.MET, timer.unreached_at
    return clock_face.face(
        state=state,
        now=now,
        started_at=timer.started_at,
        due_at=timer.due_at,
        met_at=met_at,
        paused_until=timer.paused_until,
        risk_at=max((at for at in timer.fire_at if at < timer.due_at), default=None),
        attempts=getattr(timer, "attempts", 0) or 0,
    )


def four_of(
    complaints: Iterable[Complaint], *, now: datetime, targets: Mapping[str, timedelta]
) -> dict[int, list[Clock]]:
    """The four clocks that count now of each complaint, by its id."""
    complaints, heads = list(complaints), clock_face.heads(targets)
    timers: dict[int | None, list[Counted]] = defaultdict(list)
    # Two hundred for a page: as rows of a few columns.
    for timer in _timers_of(complaints).values_list(*READ, "attempts", named=True):
        timers[timer.complaint_id].append(timer)
    return {
        row.pk: clock_face.four(
            {kind: face(timer, now=now) for kind, timer in current(timers[row.pk]).items()},
            heads=heads,
        )
        for row in complaints
    }


def current(timers: Iterable[C]) -> dict[str, C]:
    """The timer that counts now, by milestone: what still runs, the oldest first, else the latest.

    A promise that an earlier cycle left open must stay in sight until somebody keeps it.
    """
    found: dict[str, C] = {}
    for timer in timers:
        known = found.get(timer.kind)
        if known is None or known.state not in UNFINISHED:
            found[timer.kind] = timer
    return found


def cycles(
    timers: Iterable[Timer],
    *,
    now: datetime,
    targets: Mapping[str, timedelta],
    notes: Mapping[int, str],
) -> list[Cycle]:
    """The clocks of one complaint: those that count now, then the others by cycle.

    `notes` by timer id.
    """
    timers, heads = list(timers), clock_face.heads(targets)
    counting = current(timers)
    others: dict[int, dict[str, Timer]] = defaultdict(dict)
    for timer in timers:
        if counting[timer.kind] is not timer:
            others[timer.cycle][timer.kind] = timer

    def of(number: int, found: Mapping[str, Timer]) -> Cycle:
        faces = {kind: face(timer, now=now) for kind, timer in found.items()}
        words = {kind: notes.get(timer.pk, "") for kind, timer in found.items()}
        return Cycle(number, clock_face.four(faces, heads=heads, notes=words))

    return [of(0, counting), *(of(number, others[number]) for number in sorted(others))]


def standard_targets() -> dict[str, timedelta]:
    """The promises of the policy that asks no conditions: what the head of a list names."""
    with connection.cursor() as cursor:
        cursor.execute(STANDARD)
        return dict(cursor.fetchall())


def standard_targets_read() -> RawSQL:
    """The same for a query about something else; `read_targets` reads what it gives."""
    return RawSQL(STANDARD_READ, (), output_field=TextField())  # noqa: S611  a constant


def read_targets(found: str | None) -> dict[str, timedelta]:
    seconds = json.loads(found or "{}")
    return {kind: timedelta(seconds=number) for kind, number in seconds.items()}


STANDARD = """
SELECT t.kind, t.duration FROM complaints_target t WHERE t.revision_id = (
    SELECT r.id FROM complaints_policyrevision r JOIN complaints_policy p ON p.id = r.policy_id
    WHERE p.is_active AND p.tier = '' AND p.grade = '' AND p.severity = ''
      AND p.category_id IS NULL AND p.branch_id IS NULL
    ORDER BY p.position, r.policy_id, r.number DESC LIMIT 1)
"""
STANDARD_READ = f"""
SELECT json_object_agg(s.kind, extract(epoch FROM s.duration))::text FROM ({STANDARD}) s
"""  # noqa: S608  a constant


def targets_of(timers: Iterable[Timer]) -> dict[str, timedelta]:
    """The promise behind each of these `timers_of`, by kind; history has none."""
    latest = {timer.kind: timer.target for timer in timers}  # type: ignore[attr-defined]
    return {kind: target for kind, target in latest.items() if target is not None}


def worst(clocks: Iterable[Clock]) -> str:
    """ "over" or "risk" when any of the clocks is, else nothing."""
    states = {clock.face.state for clock in clocks}
    return next((state for state in URGENT if state in states), "")
