"""Who answers for what happened: the lines of a complaint or an order (C-28, W-06)."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.events import log
from complaints.models import Accountability, Complaint, Party, Supplier, WorkOrder
from csm.kit.errors import NotOpen, Refused
from csm.kit.inserting import insert
from csm.kit.transitions import check_version, touch
from organisation.access import require
from organisation.models import Person

MOST_LINES = 50


@dataclass(frozen=True)
class Line:
    """One line as people write it: a person or a supplier, by the party."""

    party: str
    what: str
    person: Person | None = None
    supplier: Supplier | None = None
    consequence: str = ""


# What makes a line the same one.
Key = tuple[str, int | None, int | None, str, str]
KEY = ("pk", "party", "person", "supplier", "what", "consequence")


@transaction.atomic
def write(
    *,
    of: Complaint | WorkOrder,
    lines: Sequence[Line],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Make these its lines: new ones are added, those that are not given any more go.

    A line that stays as it is keeps when and by whom it was written.
    """
    require_writing(of, by)
    check_version(of, version)
    kept: list[tuple[int, Key]] = [
        (pk, (party, person, supplier, what, consequence))
        for pk, party, person, supplier, what, consequence in of.accountabilities.values_list(*KEY)
    ]
    _check(lines, {key for _pk, key in kept})
    wanted = Counter(map(_key, lines))
    gone = [pk for pk, key in kept if not _is_wanted(wanted, key)]
    new = [line for line in lines if _is_wanted(wanted, _key(line))]
    if not gone and not new:
        return
    touch(of)
    Accountability.objects.filter(pk__in=gone).delete()
    insert([_row(line, of, by, now) for line in new])
    if isinstance(of, Complaint):
        log(of, "accountability_written", by=by, at=now, lines=len(lines))


def require_writing(of: Complaint | WorkOrder, by: Person) -> None:
    """Refuse who may not, or when it is not open: of an order it is a part of its form."""
    if isinstance(of, Complaint):
        require(by, "accountability.write", of)
        return
    require(by, "work_order.write", of)
    if not of.is_editable:
        raise NotOpen(
            _("The order is “%(status)s” and cannot be changed now.")
            % {"status": of.get_status_display()},
            allowed=of.open_actions,
        )


def problems_of(line: Line) -> dict[str, str]:
    """What a line lacks, by field; empty if nothing."""
    found = {}
    if line.party == Party.SUPPLIER and line.supplier is None:
        found["supplier"] = _("Choose the supplier.")
    if line.party != Party.SUPPLIER and line.person is None:
        found["person"] = _("Choose the person.")
    if line.party == Party.SUPPLIER and line.person is not None:
        found["person"] = _("For a supplier, leave the person empty.")
    if line.party != Party.SUPPLIER and line.supplier is not None:
        found["supplier"] = _("For one of our people, leave the supplier empty.")
    if not line.what.strip():
        found["what"] = _("Say what happened.")
    return found


def _check(lines: Sequence[Line], known: AbstractSet[Key]) -> None:
    """A line of the former free texts names nobody, and may stay as it is."""
    if len(lines) > MOST_LINES:
        raise Refused(_("At most %(count)d lines, please.") % {"count": MOST_LINES})
    for line in lines:
        problems = problems_of(line)
        if problems and _key(line) not in known:
            raise Refused(next(iter(problems.values())), fields=problems)


def _is_wanted(wanted: Counter[Key], key: Key) -> bool:
    """Whether one more of these is wanted; each answer uses one up."""
    wanted[key] -= 1
    return wanted[key] >= 0


def _key(line: Line) -> Key:
    return (
        line.party,
        line.person.pk if line.person else None,
        line.supplier.pk if line.supplier else None,
        line.what.strip(),
        line.consequence.strip(),
    )


def _row(line: Line, of: Complaint | WorkOrder, by: Person, now: datetime) -> Accountability:
    return Accountability(
        complaint=of if isinstance(of, Complaint) else None,
        work_order=of if isinstance(of, WorkOrder) else None,
        party=line.party,
        person=line.person,
        supplier=line.supplier,
        what=line.what.strip(),
        consequence=line.consequence.strip(),
        created_at=now,
        created_by=by,
    )
