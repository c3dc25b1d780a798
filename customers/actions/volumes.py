"""Writing volumes down, many at once: what is known stays, what changed is replaced."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from customers.actions.lost_zeros import Padded
from customers.importing.volume_rows import BRANCH, CUSTOMER, PERIOD, Volume
from customers.models import Customer
from organisation.access import require_everywhere
from organisation.models import Branch, Person

VERB = "customer.import"
# One at a time: the second sees what the first has written.
LOCK = 4715
NEAR = """
SELECT g.row, v.starts_on, v.days, v.shipments, v.revenue, v.last_on
FROM unnest(%(rows)s::int[], %(customers)s::bigint[], %(branches)s::bigint[], %(starts)s::date[],
            %(days)s::int[]) AS g (row, customer_id, branch_id, starts_on, days)
JOIN customers_customervolume v ON v.customer_id = g.customer_id AND v.branch_id = g.branch_id
WHERE daterange(v.starts_on, v.starts_on + v.days) && daterange(g.starts_on, g.starts_on + g.days)
ORDER BY g.row, v.starts_on
"""
WRITE = """
INSERT INTO customers_customervolume
    (customer_id, branch_id, starts_on, days, shipments, revenue, last_on, source, written_at)
SELECT g.*, %(source)s, %(now)s
FROM unnest(%(customers)s::bigint[], %(branches)s::bigint[], %(starts)s::date[], %(days)s::int[],
            %(shipments)s::int[], %(revenues)s::numeric[], %(lasts)s::date[]) AS g
ON CONFLICT (customer_id, branch_id, starts_on) DO UPDATE
SET shipments = excluded.shipments, revenue = excluded.revenue, last_on = excluded.last_on,
    source = excluded.source, written_at = excluded.written_at
"""
# The customer and the branch of a period.
_Pair = tuple[int, int]


@dataclass
class Written:
    """What became of some rows; `faults` by row and column."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: dict[int, dict[str, str]] = field(default_factory=dict)
    customers: set[int] = field(default_factory=set)


@dataclass
class Writer:
    """Writes batches of one file or call; a file must not contradict itself.

    `is_dry` looks everything up and writes nothing.
    """

    source: str
    by: Person | None
    now: datetime
    is_dry: bool = False
    _seen: dict[_Pair, list[Volume]] = field(default_factory=dict)

    def write(self, volumes: Sequence[Volume]) -> Written:
        """Each row is written, or left out with its fault; in one transaction."""
        require_everywhere(self.by, VERB)
        with transaction.atomic():
            if not self.is_dry:
                _lock()
            done = Written()
            keys = self._keys(volumes, done)
            self._leave_out_repeats(keys, done)
            self._leave_out_known(keys, done)
            if keys and not self.is_dry:
                _insert(keys, self.source, self.now)
        done.customers = {customer for customer, _branch in keys.values()}
        return done

    def _keys(self, volumes: Sequence[Volume], done: Written) -> dict[Volume, _Pair]:
        """The customers and branches that the codes name."""
        customers = _ids(Customer, {each.customer for each in volumes})
        branches = _ids(Branch, {each.branch for each in volumes})
        padded = Padded()
        padded.learn(Customer, {each.customer for each in volumes} - customers.keys())
        padded.learn(Branch, {each.branch for each in volumes} - branches.keys())
        found: dict[Volume, _Pair] = {}
        for each in volumes:
            pair = customers.get(each.customer), branches.get(each.branch)
            if pair[0] is not None and pair[1] is not None:
                found[each] = pair[0], pair[1]
                continue
            faults = done.faults.setdefault(each.row, {})
            if pair[0] is None:
                faults[CUSTOMER] = padded.fault(Customer, each.customer)
            if pair[1] is None:
                faults[BRANCH] = padded.fault(Branch, each.branch)
        return found

    def _leave_out_repeats(self, keys: dict[Volume, _Pair], done: Written) -> None:
        """A period that a row before it has said, or that shares days with one of them."""
        for each, pair in list(keys.items()):
            before = self._seen.setdefault(pair, [])
            clash = next((one for one in before if _share_days(one, each)), None)
            if clash is None:
                before.append(each)
                continue
            del keys[each]
            if _figures(clash) == _figures(each):
                done.unchanged += 1
                continue
            words = _("Row %(row)d says something else of the same days.")
            done.faults[each.row] = {PERIOD: words % {"row": clash.row}}

    def _leave_out_known(self, keys: dict[Volume, _Pair], done: Written) -> None:
        """What stands there already, and what overlaps with another period."""
        near = _near(keys)
        for each in list(keys):
            known = near.get(each.row, [])
            if not known:
                done.added += 1
            elif (start := known[0])[:2] != (each.starts_on, each.days):
                del keys[each]
                words = _("These days belong to a period already: %(first)s, %(days)d days.")
                given = {"first": start[0], "days": start[1]}
                done.faults[each.row] = {PERIOD: words % given}
            elif start == _figures(each):
                del keys[each]
                done.unchanged += 1
            else:
                done.changed += 1


def _ids(model: type[Customer] | type[Branch], codes: set[str]) -> dict[str, int]:
    rows: Iterable[tuple[str, int]] = model._default_manager.filter(code__in=codes).values_list(
        "code", "pk"
    )
    return dict(rows)


def _share_days(one: Volume, other: Volume) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _figures(volume: Volume) -> tuple[Any, ...]:
    return (
        volume.starts_on,
        volume.days,
        volume.shipments,
        volume.revenue,
        volume.last_on,
    )


def _near(keys: Mapping[Volume, _Pair]) -> dict[int, list[tuple[Any, ...]]]:
    """By row: the periods that stand there and share a day with it."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR, {"rows": [each.row for each in keys], **_arrays(keys)})
        found = cursor.fetchall()
    return {row: [one[1:] for one in rows] for row, rows in groupby(found, itemgetter(0))}


def _insert(keys: Mapping[Volume, _Pair], source: str, now: datetime) -> None:
    given = {
        **_arrays(keys),
        "shipments": [each.shipments for each in keys],
        "revenues": [each.revenue for each in keys],
        "lasts": [each.last_on for each in keys],
        "source": source,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)


def _arrays(keys: Mapping[Volume, _Pair]) -> dict[str, list[int] | list[date]]:
    return {
        "customers": [customer for customer, _branch in keys.values()],
        "branches": [branch for _customer, branch in keys.values()],
        "starts": [each.starts_on for each in keys],
        "days": [each.days for each in keys],
    }


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
