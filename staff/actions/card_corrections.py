"""Putting the figures of a closed card right when an appeal is granted (O-21)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from staff import scorecards as reading
from staff import scoring
from staff.measures import MEASURES
from staff.models import CardAppeal, CardCorrection, CorrectedLine, ScorecardLine
from staff.scoring import Card

LARGEST = Decimal(99_999)
MOST = 1_000_000


@dataclass(frozen=True)
class Corrected:
    """What a line of a card has to say: `value` in the unit of its measure, resting on `n`."""

    measure: str
    value: Decimal | None
    n: int


def check(appeal: CardAppeal, given: Iterable[Corrected]) -> list[CorrectedLine]:
    """The lines that change. Raises `Refused` with the field of each that cannot be."""
    known = {line.measure: line for line in appeal.card.lines.all()}
    wrong: dict[str, str] = {}
    changed: list[CorrectedLine] = []
    for each in given:
        line = known.pop(each.measure, None)
        if line is None:
            wrong["lines"] = _("The card has no such line, or it is named twice.")
        elif words := _wrong(each):
            wrong[f"{each.measure}_value"] = words
        elif (each.value, each.n) != (line.value, line.n):
            changed.append(CorrectedLine(line=line, value=each.value, n=each.n))
    if not (wrong or changed):
        wrong["lines"] = _("Put at least one figure right, or let the card stand.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    return changed


def _wrong(each: Corrected) -> str:
    if (each.value is None) is (each.n > 0) or not 0 <= each.n <= MOST:
        return _("Enter the figure and on how much it rests, or leave the figure empty with 0.")
    if each.value is None:
        return ""
    if MEASURES[each.measure].unit == "percent" and not 0 <= each.value <= 100:
        return _("Enter a share from 0 to 100.")
    return _("Enter numbers below 100,000.") if abs(each.value) > LARGEST else ""


def write(appeal: CardAppeal, lines: Sequence[CorrectedLine]) -> CardCorrection:
    """Score the card again with these lines, and rank it among its peers as they stand."""
    figures = {each.line.measure: each for each in lines}
    stored: Sequence[ScorecardLine] = list(appeal.card.lines.all())
    card = scoring.counted([scoring.put_right(line, figures.get(line.measure)) for line in stored])
    made = CardCorrection(
        card=appeal.card,
        appeal=appeal,
        score=None if card.score is None else Decimal(str(round(card.score, 2))),
        is_complete=card.is_complete,
        barrier=card.barrier,
    )
    made.place, made.of = _placed(appeal, card)
    made.save()
    for each in lines:
        each.correction = made
    CorrectedLine.objects.bulk_create(lines)
    return made


def _placed(appeal: CardAppeal, card: Card) -> tuple[int, int] | tuple[None, None]:
    if card.barrier or card.score is None:
        return None, None
    others = reading.peers(appeal.card).exclude(pk=appeal.card_id).select_related("correction")
    scores = [score for row in others if (score := row.result.ranked_score) is not None]
    mine = Decimal(str(round(card.score, 2)))
    return 1 + sum(score > mine for score in scores), 1 + len(scores)
