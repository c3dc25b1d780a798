"""Who answers for what happened: the lines of a complaint or an order (C-28, W-06)."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.events import log
from complaints.actions.order_writers import wrote
from complaints.models import Accountability, Complaint, Party, WorkOrder
from csm.kit.errors import NotOpen, Refused
from csm.kit.inserting import insert
from csm.kit.transitions import check_version, touch
from organisation.access import require
from organisation.models import Person

MOST_LINES = 50


@dataclass(frozen=True)
class Line:
    """One line as people write it: who, as the key of a person or of a supplier, by the party."""

    party: str = ""
    person: int | None = None
    supplier: int | None = None
    what: str = ""
    consequence: str = ""


COLUMNS = ("party", "person", "supplier", "what", "consequence")


def lines_of(of: Complaint | WorkOrder) -> tuple[Line, ...]:
    """As they are stored."""
    return tuple(Line(*values) for values in of.accountabilities.values_list(*COLUMNS))


@transaction.atomic
def write(
    *,
    of: Complaint | WorkOrder,
    lines: Sequence[Line],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Make these its lines: new ones are added, those that are not given any more go."""
    require_writing(of, by)
    check_version(of, version)
    if tuple(lines) == lines_of(of):
        return
    replace(of, lines, by=by, now=now)
    touch(of)
    if isinstance(of, Complaint):
        log(of, "accountability_written", by=by, at=now, lines=len(lines))
    else:
        wrote(of, by)


def replace(of: Complaint | WorkOrder, lines: Sequence[Line], *, by: Person, now: datetime) -> None:
    """The same for whoever holds the record. A line that stays keeps who wrote it, and when."""
    stored = [(pk, Line(*rest)) for pk, *rest in of.accountabilities.values_list("pk", *COLUMNS)]
    _check(lines, {line for _pk, line in stored})
    wanted = Counter(lines)
    gone = [pk for pk, line in stored if not _is_wanted(wanted, line)]
    new = [line for line in lines if _is_wanted(wanted, line)]
    Accountability.objects.filter(pk__in=gone).delete()
    insert([_row(line, of, by, now) for line in new])


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
    if line.party not in Party.values:
        found["party"] = _("Choose who answers.")
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


def _check(lines: Sequence[Line], known: AbstractSet[Line]) -> None:
    """A line of the former free texts names nobody, and may stay as it is."""
    if len(lines) > MOST_LINES:
        raise Refused(_("At most %(count)d lines, please.") % {"count": MOST_LINES})
    problems = {
        f"accountability.{place}.{name}": words
        for place, line in enumerate(lines)
        if line not in known
        for name, words in problems_of(line).items()
    }
    if problems:
        raise Refused(next(iter(problems.values())), fields=problems)


def _is_wanted(wanted: Counter[Line], line: Line) -> bool:
    """Whether one more of these is wanted; each answer uses one up."""
    wanted[line] -= 1
    return wanted[line] >= 0


def _row(line: Line, of: Complaint | WorkOrder, by: Person, now: datetime) -> Accountability:
    return Accountability(
        complaint=of if isinstance(of, Complaint) else None,
        work_order=of if isinstance(of, WorkOrder) else None,
        party=line.party,
        person_id=line.person,
        supplier_id=line.supplier,
        what=line.what,
        consequence=line.consequence,
        created_at=now,
        created_by=by,
    )
