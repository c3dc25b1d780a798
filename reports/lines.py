"""The lines of the ranking page: what stands in them, each number with the list behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from complaints.filters import MET, MISSED
from complaints.models import Milestone, Verdict
from reports.figures import NOT_VALID, VALID
from reports.links import Links
from reports.numbers import Number, Seen
from reports.rankings import Cause, Figures, Place, Row, Share
from reports.standings import Standing

# These enter no share; each has a column of its own (`sla.md` §1).
ASIDE = (Verdict.RUNNING, Verdict.VOID, Verdict.WAIVED, Verdict.UNREACHED)
MOST_CAUSES = 5


@dataclass(frozen=True)
class Clock:
    """One milestone of a place: its share, its overdue clocks and the complaints behind them."""

    name: str
    share: Share
    overdue: int
    late: Number


@dataclass(frozen=True)
class Aside:
    """Complaints with a clock that counts neither as on time nor as overdue."""

    name: str
    number: Number


@dataclass(frozen=True)
class Line:
    """The figures of a place, or of the company (`place` None).

    `seen` is what opens of them to the person who looks; None: nothing.
    """

    figures: Figures
    seen: Figures | None
    links: Links
    place: Place | None = None

    @property
    def name(self) -> str:
        """By the names of that time, in the language of the page."""
        if self.place is None:
            return pgettext("all of it", "Company")
        return named(self.place, "name", "name_en")

    @property
    def region(self) -> str:
        return named(self.place, "region", "region_en") if self.place else ""

    @property
    def is_itself(self) -> bool:
        """A unit with others below, here for itself alone: a region with its callbacks."""
        return self.place is not None and not self.place["is_whole"]

    @property
    def received(self) -> Number:
        return self._number(lambda of: of["complaints"], self.links.received(self.place))

    @property
    def valid(self) -> Number:
        url = self.links.received(self.place, statuses=VALID)
        return self._number(lambda of: of["valid"], url)

    @property
    def not_valid(self) -> Number:
        url = self.links.received(self.place, statuses=NOT_VALID)
        return self._number(lambda of: of["complaints"] - of["valid"], url)

    @property
    def late(self) -> Number:
        """Complaints with an overdue clock."""
        return self._with(Verdict.BREACHED)

    @property
    def overdue(self) -> int:
        """Overdue clocks."""
        return self.figures["pooled"]["n"] - self.figures["pooled"]["met"]

    @property
    def all_four_met(self) -> Number:
        url = self.links.all_four(self.place, outcomes=[MET])
        return self._number(lambda of: of["all_four"]["met"], url)

    @property
    def all_four_decided(self) -> Number:
        url = self.links.all_four(self.place, outcomes=[MET, MISSED])
        return self._number(lambda of: of["all_four"]["n"], url)

    @property
    def clocks(self) -> list[Clock]:
        return [self._clock(milestone) for milestone in Milestone.values]

    @property
    def aside(self) -> list[Aside]:
        return [Aside(str(verdict.label), self._with(verdict)) for verdict in ASIDE]

    @property
    def has_less(self) -> bool:
        """Whether the lists hold fewer complaints than the figures say."""
        clocks = [clock.late for clock in self.clocks]
        others = [aside.number for aside in self.aside]
        found = [self.received, self.valid, self.late, self.all_four_met, *clocks, *others]
        return any(number.seen < number.value for number in found)

    def _clock(self, milestone: str) -> Clock:
        url = self.links.clocks(self.place, verdict=Verdict.BREACHED, milestone=milestone)
        return Clock(
            name=str(Milestone(milestone).label),
            share=self.figures["shares"][milestone],
            overdue=self.figures["timers"][milestone]["breached"],
            late=self._number(lambda of: of["late_by_milestone"][milestone], url),
        )

    def _with(self, verdict: str) -> Number:
        url = self.links.clocks(self.place, verdict=verdict)
        return self._number(lambda of: of["complaints_by_verdict"][verdict], url)

    def _number(self, count: Callable[[Figures], int], url: str) -> Number:
        return Number(count(self.figures), count(self.seen) if self.seen else 0, url)


@dataclass(frozen=True)
class Bar:
    """A cause of complaints."""

    name: str
    number: Number


def of_row(standing: Standing, row: Row, seen: Seen) -> Line:
    return Line(row, seen.of(row["branch"]), Links(standing.period), row["branch"])


def company_line(standing: Standing, seen: Seen) -> Line:
    return Line(standing.company, seen.company, Links(standing.period))


def bars(standing: Standing, seen: Seen) -> list[Bar]:
    """The most frequent causes, the rarer ones as one, and what has no category yet."""
    opens = {cause["code"]: cause["complaints"] for cause in seen.company["causes"]}
    causes = [cause for cause in standing.company["causes"] if cause["code"]]
    unnamed = [cause for cause in standing.company["causes"] if not cause["code"]]
    first, rest = causes[:MOST_CAUSES], causes[MOST_CAUSES:]
    groups = [(named(cause, "name", "name_en"), [cause]) for cause in first]
    if rest:
        words = ngettext("%(n)d other", "%(n)d others", len(rest)) % {"n": len(rest)}
        groups.append((words, rest))
    if unnamed:
        groups.append((_("No category yet"), unnamed))
    links = Links(standing.period)
    return [Bar(name, _of_causes(group, opens, links)) for name, group in groups]


def _of_causes(causes: Sequence[Cause], opens: dict[str, int], links: Links) -> Number:
    value = sum(cause["complaints"] for cause in causes)
    if not causes[0]["code"]:
        # The list has no condition for "no category".
        return Number(value, 0, "")
    seen = sum(opens.get(cause["code"], 0) for cause in causes)
    return Number(value, seen, links.received(statuses=VALID, causes=causes))


def named(what: Place | Cause, name: str, english: str) -> str:
    """The name in the language of the page."""
    words = dict(what)
    is_english = (get_language() or "").startswith("en")
    return str((is_english and words[english]) or words[name])
