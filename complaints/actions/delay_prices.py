"""Setting what one unit of delay costs (C-17)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import DelayPrice
from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.models import Person

VERB = "delay_price.edit"


@transaction.atomic
def set_price(*, amount: Decimal | None, by: Person | None, now: datetime) -> DelayPrice:
    """From now on for every figure, also of past months; None: only units are shown."""
    require_everywhere(by, VERB)
    if amount is not None and amount <= 0:
        text = _("Enter an amount above 0, or leave it empty.")
        raise Refused(text, fields={"amount": text})
    return DelayPrice.objects.create(amount=amount, set_at=now, set_by=by)


def current() -> Decimal | None:
    """The base price; None without one."""
    return DelayPrice.objects.values_list("amount", flat=True).first()
