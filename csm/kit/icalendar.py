"""Calendars as other programs subscribe to them (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WIDTH = 75  # octets of a line
LENGTH = timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    """`starts`: a moment, or a date for the whole day."""

    uid: str
    starts: datetime | date
    summary: str
    changed_at: datetime
    place: str = ""
    text: str = ""


def calendar(name: str, events: Iterable[Event]) -> str:
    """The file, its lines folded and ended as the format asks."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CSM//Visits//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(event: Event) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{_utc(event.changed_at)}"]
    if isinstance(event.starts, datetime):
        lines += [f"DTSTART:{_utc(event.starts)}", f"DTEND:{_utc(event.starts + LENGTH)}"]
    else:
        lines.append(f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}")
    lines.append(f"SUMMARY:{_escaped(event.summary)}")
    if event.place:
        lines.append(f"LOCATION:{_escaped(event.place)}")
    if event.text:
        lines.append(f"DESCRIPTION:{_escaped(event.text)}")
    return [*lines, "END:VEVENT"]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def _folded(line: str) -> str:
    """No line longer than 75 octets, no character cut in two."""
    parts, part, size = [], "", 0
    for sign in line:
        width = len(sign.encode())
        if size + width > WIDTH:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + width
    return "\r\n".join([*parts, part])
