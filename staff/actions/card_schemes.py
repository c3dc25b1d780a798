"""What scorecards are made of: an edit makes the next version (O-16, O-21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from csm.kit.transitions import stale
from organisation.access import require_everywhere
from organisation.models import Person
from staff.measures import MEASURES
from staff.models import CardScheme, CardSchemeLine, Perspective

EDIT = "scorecard.edit"
LARGEST = Decimal(99999)


@dataclass(frozen=True)
class SchemeLine:
    """`weight` is against the other lines of its perspective."""

    measure: str
    floor: Decimal
    target: Decimal
    weight: int


@transaction.atomic
def revise(
    *,
    post: str,
    weights: dict[str, int],
    lines: Sequence[SchemeLine],
    seen: int,
    by: Person | None,
    now: datetime,
) -> CardScheme:
    """What counts from this quarter on; `seen` is the version that was read, 0 for none.

    `weights` by perspective, in percent. Cards that were closed stay as they are.
    """
    require_everywhere(by, EDIT)
    _check(weights, lines)
    latest = CardScheme.objects.filter(post=post).order_by("-number").first()
    if (latest.number if latest else 0) != seen:
        raise stale()
    try:
        with transaction.atomic():
            made = CardScheme.objects.create(
                post=post, number=seen + 1, created_at=now, created_by=by, **weights
            )
    except IntegrityError as error:
        raise stale() from error
    CardSchemeLine.objects.bulk_create(
        CardSchemeLine(
            scheme=made,
            measure=line.measure,
            floor=line.floor,
            target=line.target,
            weight=line.weight,
        )
        for line in lines
    )
    return made


def _check(weights: dict[str, int], lines: Sequence[SchemeLine]) -> None:
    wrong = _wrong_weights(weights)
    for line in lines:
        if line.floor == line.target:
            wrong[f"{line.measure}_target"] = _("Enter a target other than the floor.")
        elif max(abs(line.floor), abs(line.target)) > LARGEST:
            wrong[f"{line.measure}_target"] = _("Enter numbers below 100,000.")
        if not 0 < line.weight <= 100:
            wrong[f"{line.measure}_weight"] = _("Enter a weight from 1 to 100.")
    for name in Perspective:
        has_lines = any(MEASURES[line.measure].perspective == name for line in lines)
        if bool(weights.get(name)) != has_lines:
            wrong.setdefault(name, _("A perspective weighs something if it has a figure, and "
                                     "nothing if it has none."))  # fmt: skip
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _wrong_weights(weights: dict[str, int]) -> dict[str, str]:
    given = {str(name): weights.get(name, 0) for name in Perspective}
    for name, weight in given.items():
        if not 0 <= weight <= 100:
            return {name: _("Enter a weight from 0 to 100.")}
    if given["customer"] < 50:
        return {"customer": _("What customers say weighs half or more.")}
    if sum(given.values()) != 100:
        return {"customer": _("The four weights make 100 together.")}
    return {}
