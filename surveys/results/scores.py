"""From counts to figures: what a question, a group of questions, a class of customers scored."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from csm.kit.statistics import csat, nps, nps_change
from surveys.models import SCALES, Question, QuestionKind
from surveys.results.counting import Tallies

# From this answer on somebody is content (F-01, F-03); of the matrix as of the effort score.
CUTS: Mapping[str, int] = {
    QuestionKind.CSAT5: 4,
    QuestionKind.CSAT10: 8,
    QuestionKind.TOTAL: 8,
    QuestionKind.CES: 5,
    QuestionKind.MATRIX: 5,
    QuestionKind.YES_NO: 1,
}
SATISFACTION = (QuestionKind.TOTAL, QuestionKind.CSAT10, QuestionKind.CSAT5)
PROMOTER, PASSIVE = 9, 7
# What the weight of a class is in the weighted figure (F-17).
TIER_WEIGHTS: Mapping[str, float] = {"diamond": 0.4, "gold": 0.3, "silver": 0.2, "basic": 0.1}
# Above this chance alone explains the difference.
UNLIKELY = 0.05

Name = Literal["csat", "nps", "ces"]
Split = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` and its interval: a share of 0…1, or −100…100 of the net promoter score.

    All but `n` is None if nobody answered, and if it `is_hidden` because few did (F-22).
    """

    name: Name
    value: float | None
    low: float | None
    high: float | None
    mean: float | None
    n: int
    is_hidden: bool = False

    @property
    def hidden(self) -> "Figure":
        return replace(self, value=None, low=None, high=None, mean=None, is_hidden=True)


@dataclass(frozen=True, slots=True)
class Change:
    """Against the period before, in shares or points; None where there is nothing to compare."""

    difference: float | None
    is_detectable: bool


def figure(kind: str, tally: Mapping[int, int]) -> Figure:
    """The figure of a question of that kind."""
    if kind == QuestionKind.NPS:
        net = nps(*split(tally))
        answered = sum(tally.values())
        mean = sum(value * count for value, count in tally.items()) / answered if answered else None
        return Figure("nps", net.score, net.low, net.high, mean, answered)
    found = csat(tally, CUTS[kind])
    name: Name = "ces" if kind == QuestionKind.CES else "csat"
    return Figure(name, found.share, found.low, found.high, found.mean, found.n)


def split(tally: Mapping[int, int]) -> Split:
    """Promoters, passives, detractors (F-02)."""
    promoters = sum(count for value, count in tally.items() if value >= PROMOTER)
    detractors = sum(count for value, count in tally.items() if value < PASSIVE)
    return promoters, sum(tally.values()) - promoters - detractors, detractors


def change(kind: str, before: Mapping[int, int], after: Mapping[int, int]) -> Change:
    """F-02: is it more than chance? A share is a net score without detractors."""
    test = nps_change(_parts(kind, before), _parts(kind, after))
    scale = 1 if kind == QuestionKind.NPS else 0.01
    difference = None if test.difference is None else test.difference * scale
    return Change(difference, test.p is not None and test.p < UNLIKELY)


def _parts(kind: str, tally: Mapping[int, int]) -> Split:
    if kind == QuestionKind.NPS:
        return split(tally)
    content = sum(count for value, count in tally.items() if value >= CUTS[kind])
    return content, sum(tally.values()) - content, 0


def headlines(questions: Sequence[Question]) -> list[Question]:
    """The first question for satisfaction, for recommendation, and for effort."""
    wanted = (SATISFACTION, (QuestionKind.NPS,), (QuestionKind.CES,))
    return list(filter(None, (_first(questions, kinds) for kinds in wanted)))


def _first(questions: Sequence[Question], kinds: Sequence[str]) -> Question | None:
    """The total before the satisfaction with something."""
    return next((row for kind in kinds for row in questions if row.kind == kind), None)


def pooled(questions: Iterable[Question], tallies: Tallies) -> Figure:
    """All answers to these questions: the share of content ones, each by its own scale.

    The mean is of 0…100: where on its scale an answer lies (the index of F-01).
    """
    content = answered = 0
    points = 0.0
    for question in questions:
        lowest, highest = SCALES[question.kind]
        for tally in tallies_of(question, tallies).values():
            content += _parts(question.kind, tally)[0]
            answered += sum(tally.values())
            points += sum(
                100 * (value - lowest) / (highest - lowest) * count
                for value, count in tally.items()
            )
    found = csat({1: content, 0: answered - content}, 1)
    mean = points / answered if answered else None
    return Figure("csat", found.share, found.low, found.high, mean, answered)


def tallies_of(question: Question, tallies: Tallies) -> dict[str, Counter[int]]:
    """By item; of a question without items by ""."""
    items = [str(row["key"]) for row in question.items] or [""]
    return {item: tallies.get((question.pk, item), Counter()) for item in items}


def tier_weighted(kind: str, tallies: Mapping[str, Mapping[int, int]]) -> Figure:
    """F-17: each tier's share by its weight, whatever its number; of the tiers that answered.

    `n` counts the customers with a tier. No interval: the formula has none.
    """
    figures = {tier: figure(kind, tallies.get(tier, {})) for tier in TIER_WEIGHTS}
    answered = {tier: row for tier, row in figures.items() if row.value is not None}
    weights = sum(TIER_WEIGHTS[tier] for tier in answered)
    value = sum(TIER_WEIGHTS[tier] * (row.value or 0) for tier, row in answered.items())
    name = figure(kind, {}).name
    number = sum(row.n for row in answered.values())
    return Figure(name, value / weights if weights else None, None, None, None, number)
