"""Finding the people of a role, upwards on the tree."""

from organisation.models import Branch, Person, Posting


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
