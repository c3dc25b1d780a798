"""Scoring a card line by line (F-12): plain sums, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csm.kit.statistics import composite
from staff.measures import MEASURES, Measure
from staff.models import (
    CardBarrier,
    CardCorrection,
    CardScheme,
    CardSchemeLine,
    CorrectedLine,
    Scorecard,
    ScorecardLine,
)
from staff.outcomes import Figure

# Of fewer answers of customers nobody is ranked.
FEWEST_ANSWERS = 10
# What customers say weighs at least this share of what is known (O-16).
CUSTOMER_SHARE = 0.5


@dataclass(frozen=True)
class Line:
    """One figure on a card. `value` in the unit of its measure; None where nothing was counted.

    `weight` is that of the scheme, `share` what it weighs here, in percent; `score` is 0 to 100.
    `was`: the line as it was closed, where an appeal put it right.
    """

    measure: Measure
    value: float | None
    n: int
    floor: float
    target: float
    weight: float
    share: float = 0.0
    score: float | None = None
    was: "Line | None" = None

    @property
    def perspective(self) -> str:
        return str(self.measure.perspective)

    @property
    def adds(self) -> float | None:
        """Points that it adds to the score of the card."""
        return None if self.score is None else self.score * self.share / 100


@dataclass(frozen=True)
class Card:
    """What comes of the lines; `barrier` says why it is not ranked."""

    lines: Sequence[Line]
    score: float | None
    is_complete: bool
    barrier: CardBarrier

    @property
    def answers(self) -> int:
        """How many customers said something."""
        return sum(line.n for line in self.lines if line.measure.is_by_customers)

    @property
    def ranked_score(self) -> float | None:
        """None where a barrier keeps it out: what little is known is no score."""
        return None if self.barrier else self.score


NO_CARD = Card((), None, is_complete=False, barrier=CardBarrier.NOTHING)


def scored(
    scheme: CardScheme, rows: Sequence[CardSchemeLine], figures: Mapping[str, Figure]
) -> Card:
    """The card of one subject; `figures` by measure, those without one are missing."""
    return counted([_line(scheme, row, rows, figures.get(row.measure)) for row in rows])


def counted(lines: Sequence[Line]) -> Card:
    """Lines with a value scored and weighed against each other; the others hand their weight on."""
    parts = [(line.value, line.floor, line.target, line.weight) for line in lines]
    found = composite(parts)
    known = sum(line.weight for line in lines if line.value is not None)
    shared = [
        replace(line, share=0.0, score=None)
        if line.value is None
        else replace(line, share=100 * line.weight / known, score=_score(line))
        for line in lines
    ]
    card = Card(shared, found.score, found.complete, CardBarrier.NONE)
    return replace(card, barrier=_barrier(card))


def _score(line: Line) -> float | None:
    return composite([(line.value, line.floor, line.target, 1)]).score


def _line(
    scheme: CardScheme,
    row: CardSchemeLine,
    rows: Sequence[CardSchemeLine],
    figure: Figure | None,
) -> Line:
    measure = MEASURES[row.measure]
    beside = [each for each in rows if MEASURES[each.measure].perspective == measure.perspective]
    part = row.weight / sum(each.weight for each in beside)
    value = None if figure is None or figure.value is None else figure.value * measure.scale
    return Line(
        measure=measure,
        value=value,
        n=figure.n if figure else 0,
        floor=float(row.floor),
        target=float(row.target),
        weight=scheme.weight(measure.perspective) * part,
    )


def _barrier(card: Card) -> CardBarrier:
    if card.score is None:
        return CardBarrier.NOTHING
    by_customers = sum(line.share for line in card.lines if line.measure.is_by_customers)
    if round(by_customers, 6) < 100 * CUSTOMER_SHARE:
        return CardBarrier.CUSTOMER
    return CardBarrier.FEW if card.answers < FEWEST_ANSWERS else CardBarrier.NONE


def kept(line: ScorecardLine) -> Line:
    """A line of a closed card, as one that is counted now."""
    return Line(
        measure=MEASURES[line.measure],
        value=None if line.value is None else float(line.value),
        n=line.n,
        floor=float(line.floor),
        target=float(line.target),
        weight=float(line.weight),
        share=float(line.share),
        score=None if line.score is None else float(line.score),
    )


def put_right(line: ScorecardLine, right: CorrectedLine | None) -> Line:
    """A line of a closed card with the figure that an appeal gave it, if any."""
    found = kept(line)
    if right is None:
        return found
    value = None if right.value is None else float(right.value)
    return replace(found, value=value, n=right.n, was=found)


def lines_of(card: Scorecard) -> Sequence[Line]:
    """Line by line as it holds; as it was closed unless an appeal was granted."""
    rows = list(card.lines.all())
    correction: CardCorrection | None = getattr(card, "correction", None)
    if correction is None:
        return [kept(line) for line in rows]
    right = {each.line_id: each for each in correction.lines.all()}
    return counted([put_right(line, right.get(line.pk)) for line in rows]).lines
