"""The list of external suppliers (C-28, W-06). It is the whole company's."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from complaints.models import Supplier
from csm.kit.errors import Refused
from organisation.access import require
from organisation.models import Person

NAMES_LOCK = 4716


@transaction.atomic
def add(*, name: str, by: Person | None, now: datetime, contact: str = "") -> Supplier:
    """One more; each name stands once, whatever its capital letters."""
    require(by, "supplier.add")
    _lock_names()
    return Supplier.objects.create(
        name=_checked(name), contact=contact.strip(), created_at=now, created_by=by
    )


@transaction.atomic
def change(
    *, supplier: Supplier, name: str, contact: str, is_active: bool, by: Person | None
) -> None:
    """A new name or contact. One that is not used any more becomes inactive: its history stays."""
    require(by, "supplier.edit")
    _lock_names()
    checked = _checked(name, but=supplier)
    Supplier.objects.filter(pk=supplier.pk).update(
        name=checked, contact=contact.strip(), is_active=is_active
    )
    supplier.refresh_from_db()


def _checked(name: str, *, but: Supplier | None = None) -> str:
    name = " ".join(name.split())
    if not name:
        problem = _("Enter the name of the supplier.")
        raise Refused(problem, fields={"name": problem})
    others = Supplier.objects.exclude(pk=but.pk) if but else Supplier.objects.all()
    # As the database has it: it finds more letters alike than Python does, or fewer.
    if others.filter(Exact(Lower("name"), Lower(Value(name)))).exists():
        problem = _("There is a supplier of this name already.")
        raise Refused(problem, fields={"name": problem})
    return name


def _lock_names() -> None:
    """Of two people who give the same name at once the slower one reads why not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NAMES_LOCK])
