"""How often customers of a tier or grade are visited (K-15)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers.models import VisitCadence
from organisation.access import require_everywhere
from organisation.models import Person

EDIT = "customer.rules"
LONGEST = 730


@transaction.atomic
def keep(*, days: Mapping[str, tuple[int, int] | None], by: Person, now: datetime) -> None:
    """The whole table: (fewest, most) days by tier or grade; None: nobody is due by rule."""
    require_everywhere(by, EDIT)
    wrong = {
        standing: _("The first number is at least 1 and below the second, which is at most 730.")
        for standing, span in days.items()
        if span and not 1 <= span[0] < span[1] <= LONGEST
    }
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    VisitCadence.objects.exclude(
        standing__in=[standing for standing, span in days.items() if span]
    ).delete()
    for standing, span in days.items():
        if span:
            VisitCadence.objects.update_or_create(
                standing=standing, defaults={"fewest_days": span[0], "most_days": span[1]}
            )
