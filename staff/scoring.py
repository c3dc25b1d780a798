"""Scoring a card line by line (F-12): plain sums, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csm.kit.statistics import composite
from staff.measures import MEASURES, Measure
from staff.models import CardBarrier, CardScheme, CardSchemeLine, ScorecardLine
from staff.outcomes import Figure

# Of fewer answers of customers nobody is ranked.
FEWEST_ANSWERS = 10
# What customers say weighs at least this share of what is known (O-16).
CUSTOMER_SHARE = 0.5


@dataclass(frozen=True)
class Line:
    """One figure on a card. `value` in the unit of its measure; None where nothing was counted.

    `weight` is that of the scheme, `share` what it weighs here, in percent; `score` is 0 to 100.
    """

    measure: Measure
    value: float | None
    n: int
    floor: float
    target: float
    weight: float
    share: float = 0.0
    score: float | None = None

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


NO_CARD = Card((), None, is_complete=False, barrier=CardBarrier.NOTHING)


def scored(
    scheme: CardScheme, rows: Sequence[CardSchemeLine], figures: Mapping[str, Figure]
) -> Card:
    """The card of one subject; `figures` by measure, those without one are missing."""
    lines = [_line(scheme, row, rows, figures.get(row.measure)) for row in rows]
    parts = [(line.value, line.floor, line.target, line.weight) for line in lines]
    found = composite(parts)
    known = sum(line.weight for line in lines if line.value is not None)
    shared = [
        line if line.value is None else replace(line, share=100 * line.weight / known)
        for line in lines
    ]
    card = Card(shared, found.score, found.complete, CardBarrier.NONE)
    return replace(card, barrier=_barrier(card))


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
    floor, target = float(row.floor), float(row.target)
    return Line(
        measure=measure,
        value=value,
        n=figure.n if figure else 0,
        floor=floor,
        target=target,
        weight=scheme.weight(measure.perspective) * part,
        score=None if value is None else composite([(value, floor, target, 1)]).score,
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
