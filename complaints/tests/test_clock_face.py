"""U-07: what a clock says in each state, in both languages; the script's words give the same."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from complaints import clock_face

NOW = datetime(2026, 11, 19, 6, 32, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)

Timer = dict[str, Any]
Words = tuple[str, str]


def left(span: timedelta, *, of: timedelta | None = None, risk_at: datetime | None = None) -> Timer:
    """A running timer with that much left: of its target, or with a ladder that warns last."""
    if of:
        return {"state": "running", "started_at": NOW + span - of, "due_at": NOW + span}
    return {"state": "running", "due_at": NOW + span, "risk_at": risk_at or NOW + span}


def met(after: timedelta) -> Timer:
    """A timer of 24 hours that was met that long after its start."""
    start = NOW - 30 * DAY
    return {
        "state": "met",
        "started_at": start,
        "due_at": start + 24 * HOUR,
        "met_at": start + after,
    }


def paused(span: timedelta) -> Timer:
    """A timer paused with that much left."""
    return {"state": "paused", "paused_until": NOW + DAY, "due_at": NOW + DAY + span}


# name: timer, state shown, (cell, sentence) in Chinese, (cell, sentence) in English
TABLE: dict[str, tuple[Timer, str, Words, Words]] = {
    "running, hours": (
        left(5 * HOUR + 12 * MINUTE),
        "running",
        ("剩 5时12分", "剩 5 小时 12 分"),
        ("5h 12m left", "5 h 12 min left"),
    ),
    "rounds down what is left": (
        left(5 * HOUR + 12 * MINUTE + 59 * SECOND),
        "running",
        ("剩 5时12分", "剩 5 小时 12 分"),
        ("5h 12m left", "5 h 12 min left"),
    ),
    "a zero minute stays beside hours": (
        left(23 * HOUR),
        "running",
        ("剩 23时00分", "剩 23 小时 00 分"),
        ("23h 00m left", "23 h 00 min left"),
    ),
    "days and hours": (
        left(45 * HOUR + 40 * MINUTE),
        "running",
        ("剩 1天21时", "剩 1 天 21 小时"),
        ("1d 21h left", "1 d 21 h left"),
    ),
    "exactly a day": (left(DAY), "running", ("剩 1天", "剩 1 天"), ("1d left", "1 d left")),
    "days, zero hours dropped": (
        left(2 * DAY + 59 * MINUTE),
        "running",
        ("剩 2天", "剩 2 天"),
        ("2d left", "2 d left"),
    ),
    "a day less a second": (
        left(DAY - SECOND),
        "running",
        ("剩 23时59分", "剩 23 小时 59 分"),
        ("23h 59m left", "23 h 59 min left"),
    ),
    "an hour to the second": (
        left(HOUR, risk_at=NOW + MINUTE),
        "running",
        ("剩 1时00分", "剩 1 小时 00 分"),
        ("1h 00m left", "1 h 00 min left"),
    ),
    "minutes only": (
        left(59 * MINUTE + 59 * SECOND, risk_at=NOW + MINUTE),
        "running",
        ("剩 59分", "剩 59 分钟"),
        ("59m left", "59 min left"),
    ),
    "running, under a minute": (
        left(59 * SECOND, risk_at=NOW + SECOND),
        "running",
        ("剩 不足1分", "剩不足 1 分钟"),
        ("<1m left", "Less than 1 min left"),
    ),
    "before three quarters without a ladder": (
        left(6 * HOUR + SECOND, of=24 * HOUR),
        "running",
        ("剩 6时00分", "剩 6 小时 00 分"),
        ("6h 00m left", "6 h 00 min left"),
    ),
    "three quarters without a ladder": (
        left(6 * HOUR, of=24 * HOUR),
        "risk",
        ("临期 6时00分", "临期，剩 6 小时 00 分"),
        ("Due in 6h 00m", "At risk, due in 6 h 00 min"),
    ),
    "at the ladder's last step": (
        left(23 * MINUTE, risk_at=NOW),
        "risk",
        ("临期 23分", "临期，剩 23 分钟"),
        ("Due in 23m", "At risk, due in 23 min"),
    ),
    "a second before the ladder's last step": (
        left(23 * MINUTE, risk_at=NOW + SECOND),
        "running",
        ("剩 23分", "剩 23 分钟"),
        ("23m left", "23 min left"),
    ),
    "equal to the deadline is on time": (
        left(0 * SECOND),
        "risk",
        ("临期 不足1分", "临期，剩不足 1 分钟"),
        ("Due in <1m", "At risk, due in less than 1 min"),
    ),
    "just over": (
        left(-SECOND),
        "over",
        ("逾期 不足1分", "已逾期不足 1 分钟"),
        ("Overdue <1m", "Overdue by less than 1 min"),
    ),
    "over, minutes padded": (
        left(-3 * HOUR - 5 * MINUTE - 59 * SECOND),
        "over",
        ("逾期 3时05分", "已逾期 3 小时 05 分"),
        ("Overdue 3h 05m", "Overdue by 3 h 05 min"),
    ),
    "over, days": (
        left(-2 * DAY - HOUR),
        "over",
        ("逾期 2天1时", "已逾期 2 天 1 小时"),
        ("Overdue 2d 1h", "Overdue by 2 d 1 h"),
    ),
    "met": (
        met(42 * MINUTE),
        "met",
        ("按时", "按时完成，用时 42 分钟"),
        ("On time", "Done on time in 42 min"),
    ),
    "met to the second": (
        met(24 * HOUR),
        "met",
        ("按时", "按时完成，用时 1 天"),
        ("On time", "Done on time in 1 d"),
    ),
    "met at once": (
        met(3 * SECOND),
        "met",
        ("按时", "按时完成，用时不足 1 分钟"),
        ("On time", "Done on time in less than 1 min"),
    ),
    "late": (
        met(26 * HOUR + 10 * MINUTE),
        "late",
        ("晚 2时10分", "已完成，晚 2 小时 10 分"),
        ("Late 2h 10m", "Done 2 h 10 min late"),
    ),
    "late by a second": (
        met(24 * HOUR + SECOND),
        "late",
        ("晚 不足1分", "已完成，晚不足 1 分钟"),
        ("Late <1m", "Done less than 1 min late"),
    ),
    "paused": (
        paused(17 * HOUR + 20 * MINUTE),
        "paused",
        ("暂停 17时20分", "暂停中，恢复后剩 17 小时 20 分"),
        ("Paused 17h 20m", "Paused, 17 h 20 min left on resume"),
    ),
    "paused at the last moment": (
        paused(SECOND),
        "paused",
        ("暂停 不足1分", "暂停中，恢复后剩不足 1 分钟"),
        ("Paused <1m", "Paused, less than 1 min left on resume"),
    ),
    "void, past its deadline": (
        left(-DAY) | {"state": "void"},
        "void",
        ("作废", "作废，不计入统计"),
        ("Void", "Void, not counted"),
    ),
    "waived, past its deadline": (
        left(-DAY) | {"state": "waived"},
        "waived",
        ("豁免", "豁免，单独统计"),
        ("Waived", "Waived, counted apart"),
    ),
    "unreached": (
        left(-DAY) | {"state": "unreached", "attempts": 3},
        "unreached",
        ("未接通", "未接通，已拨 3 次"),
        ("No reply", "Not reached, 3 attempts"),
    ),
    "unreached, once": (
        left(DAY) | {"state": "unreached", "attempts": 1},
        "unreached",
        ("未接通", "未接通，已拨 1 次"),
        ("No reply", "Not reached, 1 attempt"),
    ),
    "no timer": ({"state": "none"}, "none", ("—", "无时钟"), ("—", "No clock")),
}


def cell(face: clock_face.Face) -> str:
    """The list cell as it is read: the pieces in the face's order."""
    pieces = (face.word, face.time) if face.word_first else (face.time, face.word)
    return " ".join(piece for piece in pieces if piece)


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_u07_words(name: str, language: str) -> None:
    timer, state, chinese, english = TABLE[name]
    with translation.override(language):
        face = clock_face.face(now=NOW, **timer)
        words = chinese if language == "zh-hans" else english
        assert (face.state, cell(face), face.sentence) == (state, *words)
    assert face.icon == ("" if state == "none" else f"s-{state}")


@pytest.mark.parametrize(
    ("language", "late", "none"), [("zh-hans", "已完成，", "无时钟"), ("en", "Done, ", "No clock")]
)
def test_what_only_a_screen_reader_hears(language: str, late: str, none: str) -> None:
    with translation.override(language):
        assert clock_face.face(now=NOW, **met(25 * HOUR)).aside == late
        assert clock_face.NO_CLOCK.aside == none
        assert clock_face.face(now=NOW, **met(HOUR)).aside == ""


def test_no_clock_is_the_face_of_state_none() -> None:
    assert clock_face.face(state="none", now=NOW) == clock_face.NO_CLOCK


def test_four_keeps_the_order_and_fills_the_gaps() -> None:
    with translation.override("zh-hans"):
        faces = {"callback": clock_face.face(now=NOW, **left(HOUR))}
        clocks = clock_face.four(
            faces,
            heads=clock_face.heads({"apology": HOUR, "result": 24 * HOUR, "callback": 90 * MINUTE}),
            notes={"callback": "林静怡"},
        )
    assert [(clock.name, clock.title, clock.target, clock.face.state) for clock in clocks] == [
        ("道歉", "道歉", "1 小时", "none"),
        ("结果", "告知结果", "24 小时", "none"),
        ("工作单", "整改工作单", "", "none"),
        ("回访", "回访", "90 分钟", "running"),
    ]
    assert [clock.note for clock in clocks] == ["", "", "", "林静怡"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "name", [name for name, row in TABLE.items() if row[1] in clock_face.TICKING]
)
def test_u07_the_script_has_the_same_words(name: str, language: str) -> None:
    timer, state, chinese, english = TABLE[name]
    with translation.override(language):
        words = clock_face.script_words()
    expected = chinese if language == "zh-hans" else english
    seconds = int(abs(timer["due_at"] - NOW).total_seconds())
    assert words["cell"][state] % {"time": scripted(seconds, words["short"])} == expected[0]
    if seconds < 60:
        assert words["under"][state] == expected[1]
    else:
        time = scripted(seconds, words["long"])
        assert words["sentence"][state] % {"time": time} == expected[1]


def scripted(seconds: int, patterns: dict[str, str]) -> str:
    """`timeWords` of csm.js, line by line."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    values: dict[str, object] = {"minutes": minutes, "hours": hours, "days": days}
    if minutes < 1:
        return patterns["under"]
    if hours < 1:
        key = "minutes"
    elif days < 1:
        key, values["minutes"] = "hours", f"{minutes % 60:02d}"
    else:
        key, values["hours"] = "days_hours" if hours % 24 else "days", hours % 24
    return re.sub(r"%\((\w+)\)s", lambda match: str(values[match[1]]), patterns[key])
