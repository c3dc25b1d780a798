"""What the register of orders and the list of dissatisfied items have in common (W-10)."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from complaints.conditions import check
from complaints.counting import ask
from complaints.forms.chosen import Chip, adders, chips
from complaints.order_filters import ORDERINGS, RegisterFilter, customers_named
from complaints.views.listing import counted
from complaints.views.tabs import Tab, tabs
from csm.kit import keyset
from organisation.models import Person

OFTEN = ("branch", "tier")


class Register:
    """A list by its address: conditions, tabs by status with their counts, pages by keyset.

    `visible` are the conditions that inputs of their own show, `seldom` those behind "More".
    """

    kind: ClassVar[type[RegisterFilter]]
    statuses: ClassVar[list[tuple[str, Any]]]
    visible: ClassVar[tuple[str, ...]]
    seldom: ClassVar[tuple[str, ...]]

    def __init__(self, given: QueryDict, person: Person, now: datetime) -> None:
        self.person, self.now = person, now
        self.given = given
        self.filter = self.kind(given, person=person, now=now)
        checked = check(self.filter, given)
        self.dropped = checked.dropped
        if checked.dropped:
            self.given = checked.given
            self.filter = self.kind(self.given, person=person, now=now)

    def page(self, rows: QuerySet[Any]) -> keyset.Page[Any]:
        """`rows`: the same, with what a row shows."""
        return keyset.page(rows, order=[self.filter.order], params=self.given)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows each tab has, in one query; of a search only what is shown."""
        names = [self.status] if self.given.get("search") else ["", *dict(self.statuses)]
        return dict(zip(names, ask(self.person, [self._of(name) for name in names]), strict=True))

    @cached_property
    def _all(self) -> QuerySet[Any]:
        """Of every status."""
        return self.filter.of_any_status().qs

    def _of(self, status: str) -> QuerySet[Any]:
        if status == self.status:
            return self.filter.qs
        return self._all.filter(status=status) if status else self._all

    @property
    def status(self) -> str:
        """The tab that is shown; several statuses together are conditions of "all"."""
        found = self.filter.form.cleaned_data.get("status") or []
        return str(found[0]) if len(found) == 1 else ""

    def tabs(self) -> list[Tab]:
        counts = {status: counted(number) for status, number in self.counts.items()}
        choices = [("", _("All")), *self.statuses]
        return tabs(choices, self.given, name="status", current=self.status, counts=counts)

    def chips(self) -> list[Chip]:
        """The active conditions; a single status is the tab, and needs none."""
        form = self.filter.form
        customers = customers_named(form.cleaned_data.get("customer") or (), self.person)
        names = {("customer", pk): name for pk, name in customers.items()}
        found = chips(form, self.given, person=self.person, visible=self.visible, names=names)
        return [chip for chip in found if chip.name != "status" or not self.status]

    def context(self, page: keyset.Page[Any]) -> dict[str, Any]:
        """What `complaints/_register_filters.html` and the list around it need."""
        form, found = self.filter.form, self.chips()
        search_errors = form.errors.get("search")
        count = self.counts[self.status]
        return {
            "found": page,
            "tabs": self.tabs(),
            "chips": found,
            "count": counted(count),
            "range": _range(page, count),
            "ordering": self.filter.order,
            "order": dict(ORDERINGS)[self.filter.order],
            "orders": ORDERINGS,
            "often": adders(form, OFTEN),
            "seldom": adders(form, self.seldom),
            "typed": {name: _typed(form, name) for name in self.visible},
            "refused_search": self.given.get("search", "") if search_errors else "",
            "search_errors": search_errors,
            "dropped": pgettext("between sentences", "; ").join(self.dropped),
            "conditions": pgettext("between sentences", "; ").join(chip.words for chip in found),
            "clear_url": f"?status={self.status}" if self.status else "?",
            "hidden": [
                *([("status", self.status)] if self.status else ()),
                *((chip.name, chip.code) for chip in found if chip.is_hidden),
            ],
            "given": self.given,
        }


def _typed(form: Any, name: str) -> object:
    """The value that an input shows; nought is one, too."""
    value = form.cleaned_data.get(name)
    return "" if value is None else value


def _range(page: keyset.Page[Any], count: int) -> str:
    """Which rows these are; in the middle of the list only how many."""
    shown = len(page.rows)
    if not shown:
        return ""
    if page.previous:
        place = "of a register"
        words = npgettext(place, "%(shown)d of %(total)s", "%(shown)d of %(total)s", shown)
    else:
        words = pgettext("of a register", "1–%(shown)d of %(total)s")
    return words % {"shown": shown, "total": counted(count)}
