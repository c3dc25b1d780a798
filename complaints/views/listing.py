"""What a person asks a list of complaints for, by its address."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from complaints import keyset
from complaints.conditions import PLACES, canonical, check
from complaints.filters import DUE, THROUGH, ComplaintFilter
from complaints.forms.chosen import without_place
from complaints.models import Complaint
from complaints.models.complaint import ComplaintQuerySet
from organisation.access import sees_everything
from organisation.models import Person

# Counting stops here: nobody reads 48,211, and the database need not count that far.
MOST_COUNTED = 1000
ALL = "all"
# What says nothing about which complaints: with only these, the list is at its beginning.
NO_CONDITIONS = ("ordering", "through", *PLACES)


@dataclass(frozen=True)
class Tab:
    """A view of the list; `count` is None where counting would cost too much."""

    url: str
    label: str
    count: str | None
    is_current: bool


class Listing:
    """What a person asked the list for, by the address."""

    def __init__(self, given: QueryDict, person: Person, now: datetime) -> None:
        self.given = given
        self.person = person
        self.now = now
        self.has_conditions = any(
            value for name in given if name not in NO_CONDITIONS for value in given.getlist(name)
        )
        self.through = self._through()
        self.filter = self._filter(self.through)
        checked = check(self.filter, given)
        self.dropped = checked.dropped
        if checked.dropped:
            self.given = checked.given
            self.filter = self._filter(self.through)
        self.order = self.filter.order if given.get("ordering") else DUE

    def _through(self) -> str:
        """Whoever sees all sees it through nothing; others begin with what they answer for."""
        chosen = self.given.get("through", "")
        if chosen == ALL or chosen in dict(THROUGH):
            return chosen
        if self.has_conditions or sees_everything(self.person, "complaint.see"):
            return ALL
        return THROUGH[0][0]

    def _filter(self, through: str) -> ComplaintFilter:
        data = self.given.copy()
        data["through"] = "" if through == ALL else through
        return ComplaintFilter(data, person=self.person, now=self.now)

    def page(self) -> keyset.Page:
        rows = cast(ComplaintQuerySet, self.filter.qs)
        return keyset.page(
            rows.for_page(),
            keyset.ORDERS[self.order],
            after=self.given.get("after", ""),
            before=self.given.get("before", ""),
        )

    def count(self) -> int:
        return _count(self.filter)

    def first(self, count: int, *, at: datetime) -> list[int]:
        """The ids of the first complaints of the list, of those that were logged by then."""
        rows = self.filter.qs.filter(logged_at__lte=at)
        found = keyset.page(rows, keyset.ORDERS[self.order], size=count).rows
        return [row.pk for row in found]

    @property
    def is_costly(self) -> bool:
        """A search reads many rows: one count of it is enough."""
        return bool(self.given.get("search"))

    @property
    def query(self) -> str:
        """All that says which complaints in which order, for another day or another list."""
        return canonical(self.filter, self.given, through=self.through, ordering=self.order)

    def tabs(self, count: int) -> list[Tab]:
        """The ways to see complaints that differ for this person, with how many each holds."""
        names = {ALL: _("All"), **dict(THROUGH)}
        if sees_everything(self.person, "complaint.see"):
            names = {ALL: _("All"), THROUGH[2][0]: THROUGH[2][1]}
        return [self._tab(name, str(label), count) for name, label in names.items()]

    def _tab(self, through: str, label: str, count: int) -> Tab:
        params = without_place(self.given)
        params["through"] = through
        is_current = through == self.through
        other = None if is_current or self.is_costly else _count(self._filter(through))
        number = count if is_current else other
        return Tab(
            url=f"?{params.urlencode()}",
            label=label,
            count=None if number is None else counted(number),
            is_current=is_current,
        )


def _count(filtered: ComplaintFilter) -> int:
    rows: QuerySet[Complaint] = filtered.qs.order_by()
    return rows[: MOST_COUNTED + 1].count()


def counted(number: int) -> str:
    """A number of rows; beyond the counting it reads "1000+"."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
