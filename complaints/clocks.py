"""From timer rows to the faces that lists and pages show. The words: `clock_face`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DurationField, F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Extract, JSONObject

from complaints import clock_face
from complaints.clock_face import Clock, Face
from complaints.models import (
    UNFINISHED,
    Complaint,
    PolicyRevision,
    Target,
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
    return dict(_standard().values_list("kind", "duration"))


def standard_targets_read() -> ArraySubquery:
    """The same for a query about something else; `read_targets` reads what it gives."""
    seconds = Extract("duration", "epoch")
    return ArraySubquery(_standard().values(found=JSONObject(kind="kind", seconds=seconds)))


def read_targets(found: Iterable[Mapping[str, Any]]) -> dict[str, timedelta]:
    return {row["kind"]: timedelta(seconds=row["seconds"]) for row in found}


def _standard() -> QuerySet[Target]:
    latest = (
        PolicyRevision.objects.filter(
            policy__is_active=True,
            policy__tier="",
            policy__grade="",
            policy__severity="",
            policy__category=None,
            policy__branch=None,
        )
        .order_by(F("policy__position"), F("policy_id"), F("number").desc())
        .values("pk")[:1]
    )
    return Target.objects.filter(revision__in=latest)


def targets_of(timers: Iterable[Timer]) -> dict[str, timedelta]:
    """The promise behind each of these `timers_of`, by kind; history has none."""
    latest = {timer.kind: timer.target for timer in timers}  # type: ignore[attr-defined]
    return {kind: target for kind, target in latest.items() if target is not None}


def worst(clocks: Iterable[Clock]) -> str:
    """ "over" or "risk" when any of the clocks is, else nothing."""
    states = {clock.face.state for clock in clocks}
    return next((state for state in URGENT if state in states), "")
