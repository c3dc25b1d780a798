"""Keeping the catalogue of rewards (F-21)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.models import Person
from staff.actions import fund
from staff.models import Reward

EDIT = "points.edit"
MOST = 1_000_000


@transaction.atomic
def create(*, by: Person | None, pieces: int = 0, **said: Any) -> Reward:
    """A reward with so many pieces in stock."""
    require_everywhere(by, EDIT)
    reward = Reward()
    _write(reward, pieces, said)
    return reward


@transaction.atomic
def change(*, reward: Reward, by: Person | None, pieces: int = 0, **said: Any) -> Reward:
    """Other words, price or cost; what was asked for before keeps its own.

    `pieces` come to the stock, below zero go out of it: people may ask for some meanwhile.
    """
    require_everywhere(by, EDIT)
    held = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    _write(held, pieces, said)
    return held


def _write(reward: Reward, pieces: int, said: dict[str, Any]) -> None:
    for name, value in said.items():
        setattr(reward, name, value)
    wrong = {}
    if not reward.name.strip():
        wrong["name"] = _("Enter the name.")
    if not 1 <= reward.points <= MOST:
        wrong["points"] = _("Enter a price from 1 to 1,000,000 points.")
    if words := fund.wrong_cost(reward.cost):
        wrong["cost"] = words
    if reward.stock + pieces < 0:
        words = _("Only %(stock)s are in stock: so many cannot go out.")
        wrong["pieces"] = words % {"stock": reward.stock}
    elif reward.stock + pieces > MOST:
        wrong["pieces"] = _("These are too many for one stock.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    reward.stock += pieces
    reward.save()
