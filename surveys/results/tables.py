"""Break-downs: one line per branch, region, class, stage, source and month, small ones hidden."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit.statistics import suppress_small, suppress_within
from customers.models import Grade, Stage, Tier
from organisation.models import Branch, Level
from organisation.models.branch import in_language
from surveys.models import SCALES, Dimension, Driver, Element, Question, QuestionKind, Source
from surveys.results.counting import Counts, Tallies
from surveys.results.scores import Figure, figure, pooled, tallies_of

FEWEST = 5


@dataclass(frozen=True)
class Line:
    """A category: its responses and its figures, in the order of the headlines."""

    key: str
    label: str
    responses: int
    is_hidden: bool
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Table:
    """One break-down; `name` is what the address of its answers calls it."""

    name: str
    title: str
    lines: Sequence[Line]

    @property
    def shown(self) -> list[Line]:
        return [line for line in self.lines if not line.is_hidden]

    @property
    def hidden_names(self) -> str:
        """What has too few answers to stand for itself: many empty lines would say no more."""
        between = pgettext("between names", ", ")
        return between.join(line.label for line in self.lines if line.is_hidden)


@dataclass(frozen=True)
class Within:
    """A break-down whose lines another one adds up to: `key` gives the line of a category."""

    table: Table
    key: Callable[[Any], str]

    def closed(self, column: int | None) -> set[str]:
        """Its lines that are hidden, or whose figure in that column is."""
        lines = self.table.lines
        if column is None:
            return {line.key for line in lines if line.is_hidden}
        return {line.key for line in lines if line.figures[column].is_hidden}


@dataclass(frozen=True)
class Group:
    """All questions of a driver, an element or a dimension (S-10, S-12)."""

    label: str
    kind: str
    figure: Figure


def tables(counts: Counts, headlines: Sequence[Question]) -> list[Table]:
    """All break-downs that separate anything. One query: the tree of branches."""
    units = {unit.pk: unit for unit in Branch.objects.all()}
    regions = {pk: _region(unit, units) for pk, unit in units.items()}
    by_region = _merged(counts, lambda pk: regions[pk].pk)
    region = _table(by_region, "region", pgettext("results", "By region"), _names(units), headlines)
    within = Within(region, lambda pk: str(regions[pk].pk))
    found = [
        region,
        _table(counts, "branch", _("By branch"), _names(units), headlines, within=within),
        _table(counts, "rank", _("By tier or grade"), _choices(Tier, Grade), headlines),
        _table(counts, "stage", _("By stage"), _choices(Stage), headlines),
        _table(counts, "source", _("By source"), _choices(Source), headlines),
    ]
    return [table for table in found if len(table.lines) > 1]


def trend(counts: Counts, headlines: Sequence[Question]) -> Table:
    """Month by month, whatever the period."""
    months = {day: date_format(day, "YEAR_MONTH_FORMAT") for day in counts.responses_by["month"]}
    names = {day: months[day] for day in sorted(months)}
    return _table(counts, "month", _("By month"), names, headlines, key=lambda day: f"{day:%Y-%m}")


def groups(questions: Sequence[Question], tallies: Tallies) -> list[Group]:
    """What the questions for satisfaction say together, by what they are about."""
    scales = [
        row for row in questions if row.kind in SCALES and row.kind not in (QuestionKind.NPS,)
    ]
    kinds: tuple[tuple[str, type[TextChoices], str], ...] = (
        ("driver", Driver, _("Driver")),
        ("element", Element, _("Logistics element")),
        ("dimension", Dimension, _("Service dimension")),
    )
    return [
        Group(str(choice.label), title, _unless_few(pooled(asked, tallies)))
        for name, choices, title in kinds
        for choice in choices
        if (asked := [row for row in scales if getattr(row, name) == choice.value])
    ]


def _unless_few(found: Figure) -> Figure:
    return found.hidden if 0 < found.n < FEWEST else found


def _table(
    counts: Counts,
    name: str,
    title: str,
    names: Mapping[Any, str],
    headlines: Sequence[Question],
    *,
    key: Callable[[Any], str] = str,
    within: Within | None = None,
) -> Table:
    found = counts.responses_by[name]
    categories = [category for category in names if category in found]
    outside = counts.outside_by[name]
    numbers = [_least(found[each], outside[each][None]) for each in categories]
    hiding = partial(_hidden, categories=categories, within=within)
    hidden = hiding(numbers)
    columns = [
        _suppressed(
            [_of(counts, name, each, question) for each in categories],
            [outside[each][question.pk, ""] for each in categories],
            partial(hiding, column=column),
        )
        for column, question in enumerate(headlines)
    ]
    lines = [
        Line(
            key(category),
            names[category],
            found[category],
            hides,
            [column[place].hidden if hides else column[place] for column in columns],
        )
        for place, (category, hides) in enumerate(zip(categories, hidden, strict=True))
    ]
    return Table(name, title, lines)


def _of(counts: Counts, name: str, category: Any, question: Question) -> Figure:
    tallies = counts.by[name].get(category, {})
    return figure(question.kind, tallies.get((question.pk, ""), Counter()))


def tells(number: int, outside: int) -> bool:
    """Whether a number, or what the whole has beside it, stands for one to four (F-22)."""
    return 0 < _least(number, outside) < FEWEST


def _least(number: int, outside: int) -> int:
    """The smaller part, where the period is one of two."""
    return min(number, outside) if number and outside else number


def _suppressed(
    figures: Sequence[Figure],
    outside: Sequence[int],
    hiding: Callable[[Sequence[int]], Sequence[bool]],
) -> list[Figure]:
    """F-22: of one column of a break-down, those hidden that rest on too few, or leave too few."""
    hidden = hiding([_least(row.n, beside) for row, beside in zip(figures, outside, strict=True)])
    return [row.hidden if hides else row for row, hides in zip(figures, hidden, strict=True)]


def _hidden(
    numbers: Sequence[int],
    *,
    categories: Sequence[Any],
    within: Within | None,
    column: int | None = None,
) -> list[bool]:
    """Of the lines, or of one column: branches are hidden with what their regions show of them."""
    if within is None:
        return suppress_small(numbers)
    groups = [within.key(each) for each in categories]
    return suppress_within(numbers, groups, within.closed(column))


def _merged(counts: Counts, to: Callable[[Any], Any]) -> Counts:
    """The branches added up to their regions."""
    made = Counts()
    made.by["region"], made.responses_by["region"] = {}, Counter()
    made.outside_by["region"] = defaultdict(Counter)
    for branch, number in counts.responses_by["branch"].items():
        made.responses_by["region"][to(branch)] += number
    for branch, tallies in counts.by["branch"].items():
        merged = made.by["region"].setdefault(to(branch), defaultdict(Counter))
        for place, tally in tallies.items():
            merged[place] += tally
    for branch, outside in counts.outside_by["branch"].items():
        made.outside_by["region"][to(branch)].update(outside)
    return made


def _region(unit: Branch, units: Mapping[int, Branch]) -> Branch:
    """The nearest region from the unit upwards, else the headquarters."""
    upwards = [units[pk] for pk in reversed(unit.ancestor_ids)]
    return next((each for each in upwards if each.level == Level.REGION), upwards[-1])


def _names(units: Mapping[int, Branch]) -> dict[Any, str]:
    return {pk: unit.label for pk, unit in units.items()}


def _choices(*choices: type[TextChoices]) -> dict[Any, str]:
    names = {value: str(label) for kind in choices for value, label in kind.choices}
    return {**names, "": pgettext("class of customers", "Not known")}


def distribution(question: Question, item: str, tallies: Tallies) -> list[tuple[int, int, float]]:
    """(value, answers, share) of every value of the scale, also of those nobody gave."""
    tally = tallies_of(question, tallies)[item]
    lowest, highest = SCALES.get(question.kind, (1, max(len(question.items), 1)))
    answered = sum(tally.values())
    return [
        (value, tally[value], tally[value] / answered if answered else 0.0)
        for value in range(lowest, highest + 1)
    ]


def labelled(question: Question) -> Iterable[tuple[str, str]]:
    """(item, words) of what the question asks; "" of one without items."""
    if not question.items:
        return [("", str(question))]
    return [(str(row["key"]), text_of(row)) for row in question.items]


def text_of(row: Mapping[str, str]) -> str:
    """An option or item in the language of the page."""
    return in_language(row.get("text", ""), row.get("text_en", ""))
