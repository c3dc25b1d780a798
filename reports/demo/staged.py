"""What is happening right now: every state there is, with clocks that are about to run out.

The plans are relative to the end of the simulated time. Most of them belong to Wuxi, where the demo
accounts `branch` and `manager` work, and to the hotline, whose calls `quality` triages.
"""

from datetime import datetime, timedelta
from typing import Any

from reports.demo.plans import HOUR, MINUTE, Call, Plan

# How a complaint goes when all goes well, until somebody stops.
TRIAGED: dict[str, Any] = {"triaged": 15 * MINUTE}
APOLOGISED = TRIAGED | {"apologised": 40 * MINUTE}
ACCEPTED = APOLOGISED | {"accepted": 55 * MINUTE}
ANSWERED = ACCEPTED | {"answered": 19 * HOUR}
DRAFTED = ANSWERED | {"drafted": 24 * HOUR}
SUBMITTED = DRAFTED | {"submitted": 30 * HOUR}
CONFIRMED = SUBMITTED | {"confirmed": 40 * HOUR}


def plans(end: datetime) -> list[tuple[str, Plan]]:
    """Code of the branch and plan of each, the most telling ones first."""
    return [
        (code, _plan(end, hours * HOUR + minutes * MINUTE, **spans))
        for code, hours, minutes, spans in _now_happening()
    ]


def _plan(end: datetime, ago: timedelta, *, is_hotline: bool = False, **spans: Any) -> Plan:
    return Plan(end - ago, logged=3 * MINUTE, is_hotline=is_hotline, **spans)


def _now_happening() -> list[tuple[str, int, int, dict[str, Any]]]:
    """Branch, hours and minutes since the receipt, and how far it has come."""
    hotline = {"is_hotline": True}
    return [
        # To triage; the apology is due in minutes, or was due a moment ago.
        ("WX", 0, 20, {}),
        ("UR", 0, 12, hotline),
        ("CQ", 0, 47, hotline),
        ("WX", 0, 50, {}),
        ("SZ", 1, 12, {}),
        ("LZ", 1, 5, hotline | {"severity": "high"}),
        # Given to Wuxi, not accepted yet.
        ("WX", 0, 40, TRIAGED),
        ("WX", 1, 30, APOLOGISED | {"severity": "high"}),
        ("WX", 8, 0, TRIAGED | {"is_misplaced": True, "transferred": 6 * HOUR}),
        # Being handled: with notes, the result due soon, just overdue.
        (
            "WX",
            6,
            0,
            ACCEPTED | {"severity": "critical", "photos": 2, "notes": [2 * HOUR, 4 * HOUR]},
        ),
        ("WX", 23, 20, ACCEPTED | {"notes": [20 * HOUR], "photos": 1}),
        ("WX", 24, 25, ACCEPTED),
        ("UR", 22, 40, ACCEPTED | hotline),
        # The order: due soon, just overdue, waiting for the judge, returned.
        ("WX", 47, 10, DRAFTED),
        ("WX", 48, 30, DRAFTED),
        ("XZ", 48, 20, ANSWERED),
        ("WX", 41, 0, SUBMITTED),
        ("CQ", 44, 0, SUBMITTED | hotline),
        ("WX", 58, 0, SUBMITTED | {"returned": 50 * HOUR}),
        # Callbacks: due today, overdue, tried without an answer.
        ("WX", 70, 30, CONFIRMED),
        ("SZ", 66, 0, CONFIRMED),
        ("CD", 69, 0, CONFIRMED | hotline),
        ("YC", 61, 0, SUBMITTED | hotline),
        ("NJ", 72, 40, SUBMITTED),
        ("LZ", 73, 0, CONFIRMED | hotline),
        ("WX", 60, 0, SUBMITTED | {"calls": [Call(48 * HOUR, "unreached")]}),
        ("MY", 59, 0, CONFIRMED | hotline | {"calls": [Call(46 * HOUR, "unreached")]}),
        # Reopened an hour ago; and called back, but the order is missing.
        ("WX", 71, 0, CONFIRMED | {"calls": [Call(70 * HOUR, "unhappy")]}),
        ("WX", 50, 0, DRAFTED | {"calls": [Call(45 * HOUR, "satisfied")]}),
        # No complaint? A second person has to say so.
        ("WX", 5, 0, {"invalid": 30 * MINUTE}),
        ("CQ", 3, 0, hotline | {"invalid": 20 * MINUTE}),
    ]
