"""What the composite is made of: an edit makes the next version (F-12, O-16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from csm.kit.transitions import stale
from organisation.access import require_everywhere
from organisation.models import Person
from reports.measures import BY_CUSTOMERS, MEASURES, PARTS
from reports.models import RankingRule

EDIT = "ranking.rules"
MOST_CASES = 1_000_000
MOST_OF_A_RATE = 10_000
CUSTOMERS_WEIGH = 50


@dataclass(frozen=True)
class PartRule:
    """0 points at `floor`, 100 at `target`, in percent or per 10,000; at least `least` cases."""

    weight: int
    floor: Decimal
    target: Decimal
    least: int


@transaction.atomic
def revise(
    *, parts: Mapping[str, PartRule], seen: int, by: Person | None, now: datetime
) -> RankingRule:
    """What holds for periods that start from now on; `seen` is the version that was read."""
    require_everywhere(by, EDIT)
    _check(parts)
    newest = RankingRule.objects.values_list("number", flat=True).first()
    if newest != seen:
        raise stale()
    rows = [parts[name] for name in PARTS]
    try:
        with transaction.atomic():
            return RankingRule.objects.create(
                number=seen + 1,
                weights=[row.weight for row in rows],
                floors=[row.floor for row in rows],
                targets=[row.target for row in rows],
                leasts=[row.least for row in rows],
                created_at=now,
                created_by=by,
            )
    except IntegrityError as error:
        raise stale() from error


def _check(parts: Mapping[str, PartRule]) -> None:
    wrong: dict[str, str] = {}
    for name in PARTS:
        wrong |= _wrong_part(name, parts[name])
    first = f"{PARTS[0]}_weight"
    if sum(parts[name].weight for name in PARTS) != 100:
        wrong.setdefault(first, _("The weights make 100 together."))
    if sum(parts[name].weight for name in BY_CUSTOMERS) < CUSTOMERS_WEIGH:
        wrong.setdefault(first, _("What customers say (surveys and callbacks) weighs 50 or more."))
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _wrong_part(name: str, part: PartRule) -> dict[str, str]:
    wrong: dict[str, str] = {}
    most = MOST_OF_A_RATE if MEASURES[name].is_rate else 100
    if not 0 <= part.weight <= 100:
        wrong[f"{name}_weight"] = _("Enter a weight from 0 to 100.")
    for end, value in (("floor", part.floor), ("target", part.target)):
        if not 0 <= value <= most:
            wrong[f"{name}_{end}"] = (
                _("Enter a number from 0 to 10,000.")
                if MEASURES[name].is_rate
                else _("Enter a share from 0 to 100.")
            )
    if part.floor == part.target:
        wrong.setdefault(f"{name}_target", _("Enter a target other than the floor."))
    elif (part.target < part.floor) != MEASURES[name].is_rate:
        wrong.setdefault(
            f"{name}_target",
            _("Less is better here: enter a target below the floor.")
            if MEASURES[name].is_rate
            else _("More is better here: enter a target above the floor."),
        )
    if not 1 <= part.least <= MOST_CASES:
        wrong[f"{name}_least"] = _("Enter a number from 1 to 1,000,000.")
    return wrong
