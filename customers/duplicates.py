"""Customers that may be one: the same number or address, or near-same names (K-17)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from organisation.access import branch_ids, visible
from organisation.models import Person

VERB = "customer.merge"
SHOWN = 50
REASONS: dict[str, Promise] = {
    "phone": _("Same phone number"),
    "email": _("Same e-mail address"),
    "name": _("Same name but for the legal form or the script"),
    "sound": _("Name sounds the same"),
}
# A number that more customers share is a switchboard's. Two people share a name more often than
# two companies, and short names sound alike by chance.
PAIRS = """
WITH mine AS MATERIALIZED (
    SELECT c.id, c.kind, s.core, s.sound
    FROM customers_customer c LEFT JOIN customers_searchname s ON s.customer_id = c.id
    WHERE c.merged_into_id IS NULL AND c.kind <> 'internal' AND c.home_branch_id = ANY(%(branches)s)
),
keyed AS MATERIALIZED (
    SELECT DISTINCT p.key AS word, p.kind AS reason, m.id, m.kind
    FROM mine m JOIN customers_contact k ON k.customer_id = m.id
    JOIN customers_contactpoint p ON p.contact_id = k.id WHERE p.key <> ''
    UNION ALL
    SELECT core, 'name', id, kind FROM mine WHERE kind = 'company' AND length(core) > 1
    UNION ALL
    SELECT sound, 'sound', id, kind FROM mine WHERE kind = 'company' AND length(core) > 2
),
shared AS (
    SELECT word, reason FROM keyed GROUP BY word, reason HAVING count(*) BETWEEN 2 AND 20
)
SELECT a.id, b.id, array_agg(DISTINCT a.reason)
FROM shared s
JOIN keyed a USING (word, reason)
JOIN keyed b ON b.word = a.word AND b.reason = a.reason AND b.kind = a.kind AND b.id > a.id
WHERE (%(one)s::bigint IS NULL OR %(one)s IN (a.id, b.id))
  AND NOT EXISTS (SELECT FROM customers_toldapart t WHERE t.first_id = a.id AND t.second_id = b.id)
GROUP BY a.id, b.id
ORDER BY count(DISTINCT a.reason) DESC, a.id, b.id
LIMIT %(most)s
"""


@dataclass(frozen=True)
class Pair:
    """Two customers, the older first, and why they may be one."""

    first: Customer
    second: Customer
    reasons: Sequence[Promise]

    def other(self, customer: Customer) -> Customer:
        return self.second if self.first.pk == customer.pk else self.first


def pairs(person: Person, *, one: Customer | None = None) -> list[Pair]:
    """Those that the person may merge, the likeliest first, at most SHOWN; or of one customer."""
    given = {
        "branches": branch_ids(person, VERB),
        "one": one.pk if one is not None else None,
        "most": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, given)
        found = cursor.fetchall()
    ids = {pk for first, second, _reasons in found for pk in (first, second)}
    rows = visible(Customer, person).filter(pk__in=ids).select_related("home_branch", "facts")
    seen = {row.pk: row for row in rows}
    return [
        Pair(seen[first], seen[second], [REASONS[reason] for reason in reasons])
        for first, second, reasons in found
        if first in seen and second in seen
    ]
