"""What may be offered, and up to which amount by whom (C-19, C-20)."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Category, RecoveryLimit, RecoveryOffer
from csm.kit.errors import Refused
from organisation.access import ROLE_VERBS, require_everywhere
from organisation.models import Person, Role

VERB = "recovery.edit"
# Who can give anything at all, in the order of the catalogue of roles.
GIVING = tuple(role for role in Role if "recovery.give" in ROLE_VERBS[role])


@transaction.atomic
def create_offer(
    *,
    name: str,
    kind: str,
    by: Person | None,
    name_en: str = "",
    unit_value: Decimal | None = None,
    category: Category | None = None,
) -> RecoveryOffer:
    """Something that may be offered; without `unit_value` its amount is entered each time."""
    require_everywhere(by, VERB)
    _check_value(unit_value, "unit_value")
    return RecoveryOffer.objects.create(
        name=name, name_en=name_en, kind=kind, unit_value=unit_value, category=category
    )


@transaction.atomic
def change_offer(*, offer: RecoveryOffer, by: Person | None, **fields: object) -> None:
    """From the next one on: what was given keeps its amount. One in use is made inactive."""
    require_everywhere(by, VERB)
    _check_value(fields.get("unit_value"), "unit_value")
    RecoveryOffer.objects.filter(pk=offer.pk).update(**fields)
    offer.refresh_from_db()


@transaction.atomic
def set_limits(*, limits: Mapping[str, Decimal | None], by: Person | None) -> None:
    """The whole table: a role without an entry always asks, None has no bound."""
    require_everywhere(by, VERB)
    for role, amount in limits.items():
        if role not in GIVING:
            raise Refused(_("This role does not give recoveries."), fields={"limits": str(role)})
        _check_value(amount, role)
    RecoveryLimit.objects.exclude(role__in=limits).delete()
    for role, amount in limits.items():
        RecoveryLimit.objects.update_or_create(role=role, defaults={"amount": amount})


def _check_value(value: object, field: str) -> None:
    if isinstance(value, Decimal) and value < 0:
        text = _("Enter an amount of 0 or more.")
        raise Refused(text, fields={field: text})
