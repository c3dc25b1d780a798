"""Complaints with clocks as given, for counting: written as an import writes them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from complaints.models import MILESTONES, Category, Channel, Complaint, Status, Timer, TimerState
from organisation.models import Branch, Person

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Monday to Sunday of 2026-W46 in the company's zone (+08:00).
MONDAY = datetime(2026, 11, 8, 16, tzinfo=UTC)
NEXT_MONDAY = MONDAY + 7 * DAY
CLOSING = NEXT_MONDAY + 8 * HOUR
# The time for disputes is over, and the sweep freezes.
FREEZING = CLOSING + 48 * HOUR
DUE = MONDAY + 3 * DAY
numbers = count(1)

# How a clock that falls due at DUE came to each verdict.
CLOCKS: dict[str, dict[str, Any]] = {
    "met": {"state": TimerState.MET, "met_at": DUE},
    "breached": {"state": TimerState.MET, "met_at": DUE + timedelta(seconds=1)},
    "open": {"state": TimerState.RUNNING},
    # A pause ends by itself before the deadline, whether a sweep has noticed or not.
    "paused": {
        "state": TimerState.PAUSED,
        "paused_at": DUE - HOUR,
        "paused_until": DUE - timedelta(minutes=30),
    },
    "void": {"state": TimerState.VOID},
    "unreached": {"state": TimerState.UNREACHED, "unreached_at": DUE},
    "unreached_late": {
        "state": TimerState.UNREACHED,
        "unreached_at": DUE + timedelta(seconds=1),
    },
}


def history(
    branch: Branch,
    clocks: Mapping[str, str] | None = None,
    *,
    at: datetime = DUE,
    cycle: int = 1,
    status: str = Status.CLOSED,
    category: Category | None = None,
    verdict_branch: Branch | None = None,
    complaint: Complaint | None = None,
) -> Complaint:
    """A complaint whose clocks fall due at `at`, received an hour before that.

    `clocks` says by milestone how each ended; one not named does not exist. `complaint` adds a
    cycle to an earlier one.
    """
    complaint = complaint or _complaint(branch, at - HOUR, status, category)
    Timer.objects.bulk_create(
        _timer(complaint, kind, how, at, cycle, verdict_branch or branch)
        for kind, how in (clocks or {}).items()
    )
    return complaint


def all_four(how: str) -> dict[str, str]:
    return dict.fromkeys(MILESTONES, how)


def _complaint(
    branch: Branch, received_at: datetime, status: str, category: Category | None
) -> Complaint:
    ended = {"closed_at": received_at} if status == Status.CLOSED else {}
    return Complaint.objects.create(
        number=f"TS-{next(numbers)}",
        status=status,
        subject="货物滞留",
        channel=Channel.PHONE,
        category=category,
        branch=branch,
        intake_branch=branch,
        received_at=received_at,
        logged_at=received_at,
        answered_at=received_at,
        invalid_reason="-",
        is_history=True,
        **ended,
    )


def _timer(
    complaint: Complaint, kind: str, how: str, at: datetime, cycle: int, branch: Branch
) -> Timer:
    stamps = dict(CLOCKS.get(how, {}))
    for name in ("met_at", "paused_at", "paused_until", "unreached_at"):
        if name in stamps:
            stamps[name] += at - DUE
    if how == "waived":
        boss = Person.objects.get_or_create(username="boss", defaults={"name": "总监"})[0]
        stamps = {"state": TimerState.WAIVED, "waived_at": at, "waived_by": boss}
    return Timer(
        complaint=complaint,
        kind=kind,
        cycle=cycle,
        started_at=at - HOUR,
        due_at=at,
        owner_branch=branch,
        verdict_branch=branch,
        **stamps,
    )
