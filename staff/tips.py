"""The report line as pages and the API read it (T-17)."""

from django.db.models import QuerySet

from organisation.access import sees_everything, visible
from organisation.actions.tokens import hash_of
from organisation.models import Person, Posting, Role
from staff.models import Tip

HANDLE, IDENTITY = "tip.handle", "tip.identity"
# The two named roles.
ROLES = (Role.AUDITOR, Role.HUMAN_RESOURCES)


def tips(person: Person) -> QuerySet[Tip]:
    """Those that the person handles; what concerns somebody is not there for them."""
    if not (person.is_active and sees_everything(person, HANDLE)):
        return Tip.objects.none()
    rows = visible(Tip, person).exclude(kept_from=person)
    return rows.select_related("branch", "decided_by", "paid_by")


def handlers() -> QuerySet[Person]:
    """Who reads what comes in: the two roles at the headquarters."""
    held = Posting.objects.filter(branch__parent=None, role__in=ROLES)
    rows = Person.objects.filter(is_active=True, pk__in=held.values("person"))
    return rows.order_by("spelling", "pk")


def by_receipt(receipt: str) -> Tip | None:
    """The tip of a receipt, as somebody types it."""
    return Tip.objects.filter(receipt_hash=receipt_hash(receipt)).first()


def receipt_hash(receipt: str) -> str:
    """Case, spaces and hyphens do not matter."""
    return hash_of("".join(sign for sign in receipt.upper() if sign.isalnum()))
