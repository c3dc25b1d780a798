"""What the figures of a survey say, as sentences: the draft of a diagnosis (O-10, O-11, S-13)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import WorkOrder
from organisation.access import visible
from surveys.models import Breadth, Chapter, Driver, Question, Reach
from surveys.results import counting, gaps, reading, tables
from surveys.results.comments import READ_FOR_THEMES, every_comment
from surveys.results.reading import Asked, Results
from surveys.results.scores import CUTS, Figure, figure
from surveys.results.tables import FEWEST
from surveys.results.themes import themes
from surveys.results.words import figure_name, signed, value_words

# A share of content answers from which something is a strength, and below which a problem.
STRONG, WEAK = 0.8, 0.6
# What product and price are takes a decision of the company; the rest is done at the branches.
STRATEGIC = (Driver.PRODUCT, Driver.PRICE, Driver.COMPETITOR)
MOST = 8


@dataclass(frozen=True)
class Problem:
    text: str
    breadth: Breadth
    reach: Reach


@dataclass(frozen=True)
class Draft:
    """Texts by chapter, and the problems by their priority: the lowest share first."""

    texts: dict[str, str]
    problems: Sequence[Problem]


@dataclass(frozen=True)
class _Line:
    """What one question, or one item of it, scored."""

    question: Question
    item: str
    label: str
    figure: Figure


def draft(asked: Asked) -> Draft:
    """Nothing of it is published: people correct it first. Few answers give few words."""
    results = reading.results(asked)
    lines = [] if results.is_too_few else list(_lines(asked))
    weak = sorted(
        (row for row in lines if _share(row) < WEAK), key=lambda row: (_share(row), row.label)
    )[:MOST]
    strong = sorted(
        (row for row in lines if _share(row) >= STRONG), key=lambda row: (-_share(row), row.label)
    )[:MOST]
    drivers = gaps.drivers(asked)
    texts = {
        Chapter.LEVEL: _level(results),
        Chapter.STRENGTHS: _listed(_scored(row) for row in strong),
        Chapter.PROBLEMS: _listed([*map(_scored, weak), *_gaps(drivers)]),
        Chapter.CAUSES: _listed(_causes(asked)),
        Chapter.OPPORTUNITIES: _listed([*_opportunities(drivers), *_themes(asked)]),
    }
    return Draft({chapter: texts[chapter] for chapter in Chapter}, _sorted(asked, weak))


def _lines(asked: Asked) -> Iterable[_Line]:
    counts = counting.counted(asked.rows, asked.questions, asked.period)
    for question in asked.questions:
        if question.kind not in CUTS:
            continue
        for item, label in tables.labelled(question):
            found = figure(question.kind, counts.total.get((question.pk, item), Counter()))
            if found.n >= FEWEST:
                yield _Line(question, item, label, found)


def _share(row: _Line) -> float:
    return row.figure.value or 0.0


def _level(results: Results) -> str:
    sentences = [_("%(n)s complete answers.") % {"n": results.responses}]
    for row in results.headlines:
        if results.is_too_few or row.figure.value is None:
            continue
        sentences.append(_named(figure_name(row.figure.name), row.figure))
        if row.before and row.change:
            was = value_words(row.figure.name, row.before.value)
            sentences.append(
                _("before %(was)s: changed by more than chance") % {"was": was}
                if row.change.is_detectable
                else _("before %(was)s: no detectable change") % {"was": was}
            )
    return "\n".join(sentences)


def _with_interval(found: Figure) -> str:
    name = found.name
    return _("%(value)s (interval %(low)s to %(high)s, n = %(n)s)") % {
        "value": value_words(name, found.value),
        "low": value_words(name, found.low),
        "high": value_words(name, found.high),
        "n": found.n,
    }


def _scored(row: _Line) -> str:
    return _named(row.label, row.figure)


def _named(label: str, found: Figure) -> str:
    words = {"label": label.rstrip("。."), "figure": _with_interval(found)}
    return pgettext("a figure", "%(label)s: %(figure)s") % words


def _gaps(drivers: gaps.Drivers) -> list[str]:
    """What falls short of what was expected by half a point or more."""
    return [
        _("%(item)s: %(gap)s points against what was expected")
        % {"item": row.label, "gap": signed(row.gap)}
        for row in drivers.items
        if row.gap is not None and row.gap <= -0.5
    ]


def _causes(asked: Asked) -> list[str]:
    """The causes named in the work orders that low answers became, as far as they are seen."""
    orders = visible(WorkOrder, asked.person).filter(
        item__survey_answer__response__in=asked.chosen.order_by()
    )
    rows = (
        orders.exclude(causes__text="")
        .filter(causes__isnull=False)
        .order_by()
        .values_list("causes__text")
        .annotate(number=Count("pk", distinct=True))
        .order_by("-number", "causes__text")[:MOST]
    )
    return [_("%(cause)s (work orders: %(n)s)") % {"cause": text[:200], "n": n} for text, n in rows]


def _opportunities(drivers: gaps.Drivers) -> list[str]:
    """What matters much and is done badly; what is done better than it matters."""
    words = {
        "concentrate": _("%(item)s: important and below average, improve it first"),
        "overkill": _("%(item)s: better than it is important, effort may be moved"),
    }
    return [
        words[place] % {"item": label}
        for label, (_point, place) in drivers.stated.items()
        if place in words
    ]


def _themes(asked: Asked) -> list[str]:
    newest = every_comment(asked).order_by("-pk").values_list("text", flat=True)
    found = themes(newest[:READ_FOR_THEMES])[:MOST]
    if not found:
        return []
    counted = pgettext("a word and its number", "%(word)s (%(n)d)")
    words = pgettext("between names", ", ").join(
        counted % {"word": word, "n": number} for word, number in found
    )
    return [_("Customers write of: %(words)s") % {"words": words}]


def _sorted(asked: Asked, weak: Sequence[_Line]) -> list[Problem]:
    """Common: at half the branches with five answers or more; strategic: by its driver."""
    counts = counting.counted(asked.rows, asked.questions, asked.period)
    problems = []
    for row in weak:
        shares = [
            found.value or 0.0
            for tallies in counts.by["branch"].values()
            for found in [
                figure(row.question.kind, tallies.get((row.question.pk, row.item), Counter()))
            ]
            if found.n >= FEWEST
        ]
        wide = sum(share < WEAK for share in shares)
        problems.append(
            Problem(
                row.label[:300],
                Breadth.COMMON if wide > 1 and 2 * wide >= len(shares) else Breadth.SINGLE,
                Reach.STRATEGIC if row.question.driver in STRATEGIC else Reach.TACTICAL,
            )
        )
    return problems


def _listed(sentences: Iterable[str]) -> str:
    return "\n".join(sentences)
