"""With whom a person may be counted in the survey of staff: never a group of a few (S-20)."""

from django.db import connection
from django.db.models import QuerySet

from organisation.access import ROLE_VERBS, postings
from organisation.models import Branch, Person
from surveys.results.tables import FEWEST

ANSWER = "incentive.see"
HEADS = """
SELECT b.id, count(DISTINCT p.person_id)
FROM organisation_branch b
JOIN organisation_branch u ON starts_with(u.path, b.path)
JOIN organisation_posting p ON p.branch_id = u.id
JOIN organisation_person x ON x.id = p.person_id AND x.is_active
WHERE b.id = ANY(%s) AND b.parent_id IS NOT NULL
GROUP BY b.id
"""


def asked() -> QuerySet[Person]:
    """Everybody who signs in and may answer."""
    roles = [role for role, verbs in ROLE_VERBS.items() if ANSWER in verbs]
    return Person.objects.with_logins().filter(postings__role__in=roles).distinct()


def offered(person: Person) -> list[Branch]:
    """For each posting the nearest branch or region in which at least five people work.

    The headquarters stand for the whole company and are offered as no group at all.
    """
    ways = [posting.branch.ancestor_ids for posting in postings(person)]
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [list({pk for way in ways for pk in way})])
        large = {pk for pk, people in cursor.fetchall() if people >= FEWEST}
    chosen = (next((pk for pk in reversed(way) if pk in large), None) for way in ways)
    return list(Branch.objects.filter(pk__in={pk for pk in chosen if pk}))


def rows(person: Person) -> QuerySet[Branch]:
    """The same as rows."""
    return Branch.objects.filter(pk__in=[row.pk for row in offered(person)])
