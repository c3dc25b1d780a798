"""The rules of value: an edit makes the next version (F-09, K-04)."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from csm.kit.transitions import stale
from customers.models import ValueRule
from organisation.access import require_everywhere
from organisation.models import Person

EDIT = "customer.rules"
# The list, how many lines it has, and whether it rises.
CUTS = (("recency", 4, True), ("frequency", 4, False), ("money", 4, False), ("tiers", 3, False))


@transaction.atomic
def revise(*, seen: int, by: Person | None, now: datetime, **said: Any) -> ValueRule:
    """What holds from the next night on; `seen` is the version that was read."""
    require_everywhere(by, EDIT)
    _check(said)
    newest = ValueRule.objects.order_by("-number").values_list("number", flat=True).first()
    if newest != seen:
        raise stale()
    try:
        with transaction.atomic():
            return ValueRule.objects.create(number=seen + 1, created_at=now, created_by=by, **said)
    except IntegrityError as error:
        raise stale() from error


def _check(said: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    for name, count, is_rising in CUTS:
        cuts = list(said[name])
        if len(cuts) != count:
            wrong[name] = _("There is a gap: %(n)d limits are needed.") % {"n": count}
        elif not all((high > low) == is_rising and high != low for low, high in pairwise(cuts)):
            wrong[name] = (
                _("The limits have to rise from line to line.")
                if is_rising
                else _("The limits have to fall from line to line.")
            )
    if not wrong.get("tiers") and not (said["tiers"][0] <= 5 and said["tiers"][-1] > 1):
        wrong["tiers"] = _("The index goes from 1 to 5: a limit has to lie between them.")
    if len(said["weights"]) != 3 or sum(said["weights"]) != 100:
        wrong["weights"] = _("The three weights make 100 together.")
    if said["silent_days"] >= said["left_days"]:
        wrong["left_days"] = _("A customer leaves after a longer silence than the decline.")
    _check_grades(said["grades"], wrong)
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _check_grades(grades: Mapping[str, int], wrong: dict[str, str]) -> None:
    if len(grades) != len(set(grades.values())):
        wrong["grades"] = _("Two grades begin at the same revenue.")
