"""What a person asks a list of complaints for, by its address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import clocks, keyset
from complaints.conditions import PLACES, canonical, check
from complaints.counting import MOST, ask
from complaints.filters import DUE, THROUGH, ComplaintFilter
from complaints.looks import with_looks
from complaints.models import Complaint
from complaints.views.tabs import Tab, tabs
from organisation.access import sees_everything
from organisation.models import Person

ALL = "all"
# What says nothing about which complaints: with only these, the list is at its beginning.
NO_CONDITIONS = ("ordering", "through", *PLACES)


@dataclass(frozen=True)
class Facts:
    """How many rows the tabs have, as far as they were counted; what the clocks promise."""

    counts: dict[str, int]
    targets: dict[str, timedelta]


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
        return keyset.page(
            self.filter.qs,
            keyset.ORDERS[self.order],
            after=self.given.get("after", ""),
            before=self.given.get("before", ""),
            details=with_looks(Complaint.objects.for_row(), self.person),
        )

    def count(self) -> int:
        return self._facts.counts[self.through]

    @property
    def targets(self) -> dict[str, timedelta]:
        """The promises that the head of the list names."""
        return self._facts.targets

    @cached_property
    def _facts(self) -> Facts:
        """What the page says about the list as a whole, in one query."""
        names = [] if self._is_beyond_counting else self._counted
        *found, targets = ask(
            self.person, [self._seen(name) for name in names], clocks.standard_targets_read()
        )
        counts = {self.through: MOST + 1, **dict(zip(names, found, strict=True))}
        return Facts(counts, clocks.read_targets(targets))

    def _seen(self, through: str) -> QuerySet[Complaint]:
        """The rows of a tab; those of the shown one are known."""
        if through == self.through:
            return self.filter.qs
        return self.filter.seen_through("" if through == ALL else through).qs

    @property
    def _counted(self) -> list[str]:
        """The tabs to count; of a costly list only the one that is shown."""
        return [self.through] if self.is_costly else [*{self.through: None, **self._names}]

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

    @property
    def _is_beyond_counting(self) -> bool:
        """A common word, and nothing else that could leave a row out."""
        others = {name for name in self.given if name not in (*NO_CONDITIONS, "search")}
        is_whole = sees_everything(self.person, "complaint.see") and self.through == ALL
        return is_whole and not any(map(self.given.get, others)) and self._is_common

    @property
    def _is_common(self) -> bool:
        """Known once the filter has looked for the words."""
        filtered = self.filter
        _rows = filtered.qs
        return filtered.is_common

    def tabs(self) -> list[Tab]:
        """The ways to see complaints that differ for this person, with how many each holds."""
        counts = {name: counted(number) for name, number in self._facts.counts.items()}
        names = self._names.items()
        return tabs(names, self.given, name="through", current=self.through, counts=counts)

    @property
    def _names(self) -> dict[str, str | Promise]:
        if sees_everything(self.person, "complaint.see"):
            return {ALL: _("All"), THROUGH[2][0]: THROUGH[2][1]}
        return {ALL: _("All"), **dict(THROUGH)}


def counted(number: int) -> str:
    """A number of rows; beyond the counting it reads "1000+"."""
    return f"{MOST}+" if number > MOST else str(number)


def range_of(page: keyset.Page, count: int) -> str:
    """Which rows a page has, of how many; in the middle of the list only how many."""
    shown = len(page.rows)
    if not shown:
        return ""
    if page.previous:
        words = ngettext("%(shown)d of %(total)s", "%(shown)d of %(total)s", shown)
        return words % {"shown": shown, "total": counted(count)}
    return _("1–%(shown)d of %(total)s") % {"shown": shown, "total": counted(count)}
