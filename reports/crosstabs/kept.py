"""Which kept tables a person has."""

from django.db.models import Case, Q, QuerySet, When

from organisation.access import postings
from organisation.models import Person
from reports.models import KeptTable


def read_by(person: Person) -> QuerySet[KeptTable]:
    """Their own first, then those shared with a role that they hold at or below the branch."""
    readable = Q(owner=person)
    for posting in postings(person):
        readable |= Q(role=posting.role, branch__in=posting.branch.ancestor_ids)
    is_other = Case(When(owner=person, then=0), default=1)
    rows = KeptTable.objects.filter(readable).select_related("owner")
    return rows.order_by(is_other, "name", "pk").distinct()
