"""Which kept tables a person has."""

from django.db.models import Case, QuerySet, When

from complaints.models.view import kept_or_shared
from organisation.access import postings
from organisation.models import Person
from reports.models import KeptTable


def read_by(person: Person) -> QuerySet[KeptTable]:
    """Their own first, then those shared with a role that they hold at or below the branch."""
    is_other = Case(When(owner=person, then=0), default=1)
    rows = KeptTable.objects.filter(kept_or_shared(person, postings(person)))
    rows = rows.select_related("owner")
    return rows.order_by(is_other, "name", "pk").distinct()
