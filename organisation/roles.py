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
        places = ((pk, role) for pk in reversed(branch.ancestor_ids))
        return next((self._at[place] for place in places if place in self._at), [])


def holders_at(branch: Branch) -> Holders:
    """Every role that somebody holds for the branch."""
    return Holders(_postings().filter(branch__in=branch.ancestor_ids))


def holders_of(roles: Iterable[str]) -> Holders:
    """These roles, at every branch."""
    return Holders(_postings().filter(role__in=list(roles)))


def _postings() -> QuerySet[Posting]:
    rows = Posting.objects.filter(person__is_active=True).select_related("person")
    return rows.order_by("person__name", "person")


def holders(branch: Branch, *roles: str) -> list[Person]:
    """Those with a role at the nearest branch upwards that has any, per role, without repeats."""
    found: dict[int, Person] = {}
    rows = (
        Posting.objects.filter(
            branch__in=branch.ancestor_ids, role__in=roles, person__is_active=True
        )
        .select_related("person", "branch")
        .order_by("-branch__path")
    )
    nearest: dict[str, int] = {}
    for posting in rows:
        depth = posting.branch.depth
        if nearest.setdefault(posting.role, depth) == depth:
            found[posting.person_id] = posting.person
    return list(found.values())
