"""A figure, and how much of it the person who looks at it may open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from complaints.models import Complaint
from organisation.access import sees_everything, visible
from organisation.models import Branch, Person
from reports import figures, places
from reports.rankings import Company, Figures, Place, company_figures
from reports.rankings import figures as figures_of
from reports.standings import Standing


@dataclass(frozen=True)
class Number:
    """`value` complaints, of which `seen` open behind `url`."""

    value: int
    seen: int
    url: str

    @property
    def is_link(self) -> bool:
        return self.seen > 0

    @property
    def is_partial(self) -> bool:
        return 0 < self.seen < self.value


@dataclass(frozen=True)
class Seen:
    """What a person sees today of the complaints behind a ranking, by the code of the place."""

    places: Mapping[str, Figures]
    company: Company
    codes: frozenset[str]

    def of(self, place: Place) -> Figures | None:
        """None when the person may not name one of its units in a list."""
        return self.places.get(place["code"]) if self.codes.issuperset(place["codes"]) else None


def seen(standing: Standing, *, person: Person, now: datetime) -> Seen:
    """Seven queries; one for who sees everything of a ranking that is not frozen: all of it."""
    is_all = sees_everything(person, "complaint.see")
    codes = frozenset(visible(Branch, person).values_list("code", flat=True))
    if is_all and standing.frozen_at is None:
        rows = {row["branch"]["code"]: row for row in standing.rows}
        return Seen(rows, standing.company, codes)
    among = None if is_all else visible(Complaint, person)
    lines, total = figures.counted(
        standing.period, places.cut(standing.level), now=now, among=among
    )
    counted = {line.place["code"]: figures_of(line.tally) for line in lines}
    return Seen(counted, company_figures(total), codes)
