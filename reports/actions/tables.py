"""Keeping tables: one's own, and those that a role shares."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from complaints.actions.views import SHARE, shared_at
from csm.kit.errors import Forbidden, Refused
from organisation.access import can, require
from organisation.models import Person
from reports.crosstabs.spec import TableForm
from reports.models import KeptTable
from reports.models.table import LONGEST_QUERY

SEE = "complaint.see"
MOST = 40


@transaction.atomic
def keep(*, name: str, query: str, by: Person, now: datetime, role: str = "") -> KeptTable:
    """Keep what a table is made of; with `role`, for everybody who holds it at one's branch."""
    require(by, SEE)
    if not name.strip():
        raise Refused.at("name", _("Enter a name."))
    if len(query) > LONGEST_QUERY or not TableForm(QueryDict(query), person=by, now=now).is_valid():
        raise Refused(_("There is no such table: put it together again."))
    if KeptTable.objects.filter(owner=by).count() >= MOST:
        raise Refused(_("You have %(n)d tables. Delete one first.") % {"n": MOST})
    branch = shared_at(role, by)
    try:
        with transaction.atomic():
            return KeptTable.objects.create(
                owner=by, name=name.strip(), query=query, role=role, branch=branch, kept_at=now
            )
    except IntegrityError as error:
        raise Refused.at("name", _("You have a table of this name already.")) from error


def delete(*, table: KeptTable, by: Person) -> None:
    """One's own; and what is shared where one may share, whoever made it."""
    if not may_delete(by, table):
        raise Forbidden(_("This table is somebody else's."))
    table.delete()


def may_delete(person: Person, table: KeptTable) -> bool:
    return table.owner_id == person.pk or (bool(table.role) and can(person, SHARE, table))
