"""Saving segments, and putting customers on named lists."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused, Stale
from csm.kit.inserting import insert
from customers import segments
from customers.actions.customers import check_current
from customers.models import Customer, Segment, SegmentMember
from organisation.access import require
from organisation.models import Branch, Person

EDIT = "customer.edit"


@transaction.atomic
def save(
    *,
    name: str,
    branch: Branch,
    conditions: Mapping[str, Any],
    by: Person,
    now: datetime,
    is_list: bool = False,
    segment: Segment | None = None,
    version: int | None = None,
) -> Segment:
    """A new one, or the next version of this one."""
    require(by, EDIT, branch)
    if segment is not None:
        require(by, EDIT, segment)
        is_list = segment.is_list
    if not name.strip():
        raise Refused.at("name", _("Give it a name."))
    given: dict[str, Any] = {
        "name": name.strip(),
        "branch": branch,
        "conditions": {} if is_list else segments.checked(conditions),
        "is_list": is_list,
    }
    try:
        with transaction.atomic():
            if segment is None:
                return Segment.objects.create(**given, by=by, at=now)
            return _changed(segment, given, version)
    except IntegrityError as error:
        raise Refused.at("name", _("There is one of this name already.")) from error


def _changed(segment: Segment, given: dict[str, Any], version: int | None) -> Segment:
    seen = segment.version if version is None else version
    rows = Segment.objects.filter(pk=segment.pk, version=seen)
    if not rows.update(**given, version=seen + 1):
        raise Stale(_("Somebody changed this in the meantime. Look at it again."))
    segment.refresh_from_db()
    return segment


@transaction.atomic
def put(*, segment: Segment, customer: Customer, by: Person, now: datetime) -> None:
    """On a named list; twice is once."""
    require(by, EDIT, segment)
    if not segment.is_list:
        raise NotOpen(_("This one is found by its conditions: nobody is put on it by hand."))
    if not customer.home_branch.path.startswith(segment.branch.path):
        raise Refused.at("customer", _("This customer belongs to another branch."))
    check_current(customer)
    row = SegmentMember(segment=segment, customer=customer, by=by, at=now)
    insert([row], skip_known=True)


@transaction.atomic
def take_off(*, segment: Segment, customer: Customer, by: Person, now: datetime) -> None:
    """Off a named list; twice is once."""
    require(by, EDIT, segment)
    SegmentMember.objects.filter(segment=segment, customer=customer).delete()


@transaction.atomic
def remove(*, segment: Segment, by: Person, now: datetime) -> None:
    """What was told to it stays on record, and then it stays, too."""
    require(by, EDIT, segment)
    try:
        segment.delete()
    except ProtectedError as error:
        raise Refused(_("Something was told to these customers: the segment stays.")) from error
