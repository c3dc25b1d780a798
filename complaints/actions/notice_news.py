"""Writing down and telling what happened to a notice."""

from collections.abc import Iterable
from datetime import datetime

from complaints.models import Event, Notice
from csm.kit.inserting import insert
from organisation import outbox
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import Holders, holders, holders_of
from organisation.texts import named

# Who hears for a unit: its manager; a region has none.
HEARERS = (Role.BRANCH_MANAGER, Role.QUALITY_MANAGER)


def log_notice(
    notice: Notice, kind: str, *, by: Person | None, at: datetime, **data: object
) -> None:
    """One line in its own time line, which only those read who may see it."""
    insert([Event(notice=notice, kind=kind, by=by, at=at, data=data)])


def tell_units(
    notice: Notice,
    text: str,
    *,
    branches: Iterable[Branch],
    by: Person,
    now: datetime,
    **context: object,
) -> None:
    """Tell the managers of any number of units, in one statement."""
    found = holders_of(HEARERS)
    told = [person for branch in branches for person in _hearers(found, branch)]
    _tell(notice, text, f"notice:{notice.pk}:{text}", to=told, by=by, now=now, **context)


def tell_issuer(
    notice: Notice, text: str, reference: int, *, by: Person, now: datetime, **context: object
) -> None:
    """Tell the quality managers of the issuing unit, and who began it, of one of several things."""
    told = [*holders(notice.issuing_branch, Role.QUALITY_MANAGER), notice.created_by]
    key = f"notice:{notice.pk}:{text}:{reference}"
    _tell(notice, text, key, to=told, by=by, now=now, **context)


def _hearers(found: Holders, branch: Branch) -> list[Person]:
    first, second = HEARERS
    return found.nearest(branch, first) or found.nearest(branch, second)


def _tell(
    notice: Notice,
    text: str,
    key: str,
    *,
    to: Iterable[Person | None],
    by: Person,
    now: datetime,
    **context: object,
) -> None:
    outbox.put(
        key=key,
        to=to,
        text=text,
        context=facts(notice) | {"by": by.name, **context},
        importance=Importance.REMINDER,
        path=f"/notices/{notice.pk}/",
        now=now,
        apart_from=by,
    )


def facts(notice: Notice) -> dict[str, object]:
    """What every message says of it."""
    unit = notice.issuing_branch
    return {
        "number": notice.number or "",
        "title": notice.title,
        "issuer": named(unit),
    }
