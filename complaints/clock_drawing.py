"""A clock's course as a line to draw: places in percent, so that it fits any width.

Pure. Shapes, not colours, tell the kinds apart: what counts is high, what waits is half as high,
what is outside working hours is a thin line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.explanation import COUNTED, Course, Span

# Beyond so many pieces nobody sees a night; what counts and what waits is drawn as one.
FINE = 240
# In percent: what is shorter would not be seen.
THINNEST = 0.3
# From here on a label ends at its mark, instead of beginning there.
RIGHT, LEFT = 80, 20
TOLD = {"step-fired", "step-superseded"}


@dataclass(frozen=True)
class Block:
    """A piece of the line: where it begins, how wide it is, and what it is."""

    x: float
    width: float
    look: str


@dataclass(frozen=True)
class Mark:
    """A moment on the line. `anchor` is to which side of it a label grows."""

    x: float
    look: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Drawing:
    """`stop` is where the clock is now or ended, where that is far from the ends and labels."""

    start: datetime
    end: datetime
    blocks: list[Block]
    due: Mark
    marks: list[Mark]
    stop: float | None

    @property
    def has_told(self) -> bool:
        return bool(self.looks & TOLD)

    @property
    def has_silent(self) -> bool:
        return any(look.startswith("step-") for look in self.looks - TOLD)

    @property
    def looks(self) -> set[str]:
        """What a key has to explain."""
        return {block.look for block in self.blocks} | {mark.look for mark in self.marks}


def drawing(course: Course, marks: Iterable[tuple[datetime, str]]) -> Drawing:
    """The line from the start to the end or the deadline, whichever is later.

    `marks` are moments with their looks; those beyond the line are left out.
    """
    last = max(course.end, course.due_at, course.start + timedelta(seconds=1))
    whole = last - course.start

    def x(moment: datetime) -> float:
        return round((moment - course.start) / whole * 100, 3)

    blocks = [
        Block(x(start), max(x(end) - x(start), THINNEST), look)
        for start, end, look in _pieces(course.spans)
    ]
    found = [Mark(x(at), look) for at, look in marks if course.start <= at <= last]
    due = x(course.due_at)
    stop = x(course.end)
    is_apart = stop > LEFT / 2 and due - stop > LEFT
    return Drawing(
        course.start,
        last,
        blocks,
        Mark(due, "due", _anchor(due)),
        found,
        stop if is_apart else None,
    )


def _pieces(spans: Sequence[Span]) -> list[tuple[datetime, datetime, str]]:
    pieces = [(span.start, span.end, look_of(span)) for span in spans]
    if len(pieces) <= FINE:
        return pieces
    coarse: list[tuple[datetime, datetime, str]] = []
    for start, end, look in pieces:
        if coarse and look in (coarse[-1][2], "closed"):
            coarse[-1] = (coarse[-1][0], end, coarse[-1][2])
        else:
            coarse.append((start, end, look))
    return coarse


def look_of(span: Span) -> str:
    return "late" if span.kind == COUNTED and span.is_late else span.kind


def _anchor(x: float) -> str:
    if x > RIGHT:
        return "end"
    return "start" if x < LEFT else "middle"
