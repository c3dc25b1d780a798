"""Finding the people of a role, upwards on the tree."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from organisation.models import Branch, Person, Posting


class Holders:
    """Who holds which role where, read once for any number of branches."""

    def __init__(self, postings: Iterable[Posting]) -> None:
        self._at: dict[tuple[int, str], list[Person]] = defaultdict(list)
        for posting in postings:
            self._at[posting.branch_id, posting.role].append(posting.person)

    def nearest(self, branch: Branch, role: str) -> list[Person]:
        """Those with the role at the nearest branch upwards that has any."""
        seat = self.seat(branch, role)
        return [] if seat is None else self._at[seat, role]

    def seat(self, branch: Branch, role: str) -> int | None:
        """The id of that branch; None where nobody upwards has the role."""
        places = reversed(branch.ancestor_ids)
        return next((pk for pk in places if (pk, role) in self._at), None)


def holders_at(branch: Branch) -> Holders:
    """Every role that somebody holds for the branch."""
    return Holders(_postings().filter(branch__in=branch.ancestor_ids))


def holders_of(roles: Iterable[str]) -> Holders:
    """These roles, at every branch."""
    return Holders(_postings().filter(role__in=list(roles)))


def _postings() -> QuerySet[Posting]:
    rows = Posting.objects.filter(person__is_active=True).select_related("person")
    return rows.order_by("person__name", "person")


# Somebody may hold two of the roles.
HOLDERS = """
SELECT person.* FROM organisation_person person
WHERE person.is_active AND person.id IN (
    SELECT held.person_id FROM (
        SELECT p.person_id, rank() OVER (PARTITION BY p.role ORDER BY length(b.path) DESC) AS place
        FROM organisation_posting p
        JOIN organisation_branch b ON b.id = p.branch_id
        JOIN organisation_person holder ON holder.id = p.person_id AND holder.is_active
        WHERE p.branch_id = ANY(%(branches)s) AND p.role = ANY(%(roles)s)
    ) held
    WHERE held.place = 1
)
ORDER BY person.id
"""


def holders(branch: Branch, *roles: str) -> list[Person]:
    """Those with a role at the nearest branch upwards that has any, per role, without repeats."""
    given = {"branches": branch.ancestor_ids, "roles": list(roles)}
    return list(Person.objects.raw(HOLDERS, given))
