"""Pages of a long list without numbers: each page starts where the last one ended.

Rows that arrive or leave meanwhile move nothing: no row comes twice, none is left out.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from complaints.models import Complaint

SIZE = 50
MARK = "~"
BIGGEST = 2**63 - 1


@dataclass(frozen=True)
class Segment:
    """A run of rows in one order: by a moment, then by id, both up or both down."""

    moment: str
    is_descending: bool = False
    condition: Q = field(default_factory=Q)

    def ordered(self, rows: QuerySet[Complaint], *, backwards: bool) -> QuerySet[Complaint]:
        return rows.filter(self.condition).order_by(*self.order(backwards=backwards))

    def order(self, *, backwards: bool) -> tuple[str, str]:
        sign = "-" if self.is_descending != backwards else ""
        return f"{sign}{self.moment}", f"{sign}pk"

    def beyond(self, place: "Place", *, backwards: bool) -> Q:
        """Rows behind the place. The first condition lets the index find its start."""
        way = "lt" if self.is_descending != backwards else "gt"
        return Q(**{f"{self.moment}__{way}e": place.moment}) & (
            Q(**{f"{self.moment}__{way}": place.moment}) | Q(**{f"pk__{way}": place.pk})
        )


# What still runs comes first, by its next deadline; what has no deadline follows, newest first.
RUNNING, AT_REST = Q(next_due_at__isnull=False), Q(next_due_at__isnull=True)
ORDERS: dict[str, tuple[Segment, ...]] = {
    "due": (
        Segment("next_due_at", condition=RUNNING),
        Segment("received_at", is_descending=True, condition=AT_REST),
    ),
    "-due": (
        Segment("next_due_at", is_descending=True, condition=RUNNING),
        Segment("received_at", is_descending=True, condition=AT_REST),
    ),
    "-received_at": (Segment("received_at", is_descending=True),),
    "received_at": (Segment("received_at"),),
}


@dataclass(frozen=True)
class Place:
    """Where a row stands: its segment, and its values there."""

    segment: int
    moment: datetime
    pk: int

    def __str__(self) -> str:
        return MARK.join((str(self.segment), self.moment.isoformat(), str(self.pk)))


@dataclass(frozen=True)
class Page:
    """Rows, and the places before the first and after the last of them ("" at the ends)."""

    rows: list[Complaint]
    previous: str
    next: str


def place_in(row: Complaint, segments: tuple[Segment, ...]) -> Place:
    """Where a row stands in an order: in the first run that it has a moment for."""
    moments = [(number, getattr(row, part.moment)) for number, part in enumerate(segments)]
    number, moment = next(found for found in moments if found[1] is not None)
    return Place(number, moment, row.pk)


def place_of(text: str, segments: tuple[Segment, ...]) -> Place | None:
    """The place that an address names; what cannot be read is the beginning."""
    try:
        segment, moment, pk = text.split(MARK)
        number, at, key = int(segment), parse_datetime(moment), int(pk)
    except ValueError:
        return None
    if at is None or at.tzinfo is None:
        return None
    is_inside = 0 <= number < len(segments) and 0 <= key <= BIGGEST
    return Place(number, at, key) if is_inside else None


def page(
    rows: QuerySet[Complaint],
    segments: tuple[Segment, ...],
    *,
    after: str = "",
    before: str = "",
    size: int = SIZE,
    details: QuerySet[Complaint] | None = None,
) -> Page:
    """One page of `rows`, which follow on a place or come before one.

    `details`, without conditions: what is read of these few. What is joined there need not be
    joined to all the rows, of which PostgreSQL can only guess how many there are.
    """
    backwards = bool(before)
    start = place_of(before or after, segments)
    is_before = backwards and start is not None
    found = _take(rows, details, segments, start, size + 1, backwards=is_before)
    more = len(found) > size
    found = found[:size]
    if backwards and start is not None:
        found.reverse()
        return _page(found, has_previous=more, has_next=True)
    return _page(found, has_previous=start is not None, has_next=more)


def _take(
    rows: QuerySet[Complaint],
    details: QuerySet[Complaint] | None,
    segments: tuple[Segment, ...],
    start: Place | None,
    count: int,
    *,
    backwards: bool,
) -> list[tuple[Place, Complaint]]:
    found: list[tuple[Place, Complaint]] = []
    numbered = list(enumerate(segments))
    for number, segment in reversed(numbered) if backwards else numbered:
        if start and (number > start.segment if backwards else number < start.segment):
            continue
        part = segment.ordered(rows, backwards=backwards)
        if start and number == start.segment:
            part = part.filter(segment.beyond(start, backwards=backwards))
        taken = part[: count - len(found)]
        if details is not None:
            keys = taken.values("pk")
            taken = details.filter(pk__in=keys).order_by(*segment.order(backwards=backwards))
        found += [(Place(number, getattr(row, segment.moment), row.pk), row) for row in taken]
        if len(found) == count:
            break
    return found


def _page(found: list[tuple[Place, Complaint]], *, has_previous: bool, has_next: bool) -> Page:
    return Page(
        rows=[row for _place, row in found],
        previous=str(found[0][0]) if found and has_previous else "",
        next=str(found[-1][0]) if found and has_next else "",
    )
