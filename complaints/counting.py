"""How many rows several querysets have, in one question."""

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, QuerySet, Subquery
from django.db.models.expressions import Combinable

from organisation.models import Person

# Counting stops here: nobody reads 48,211, and the database need not count that far.
MOST = 1000


class Rows(Subquery):
    """The number of rows of a queryset."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = BigIntegerField()
    empty_result_set_value = 0


def ask(person: Person, found: Sequence[QuerySet[Any]], *more: Combinable) -> list[Any]:
    """The number of rows of each, at most MOST + 1, then what `more` gives.

    `person` is only the row that answers.
    """
    numbers = [Rows(rows.order_by().values("pk")[: MOST + 1]) for rows in found]
    return list(Person.objects.filter(pk=person.pk).values_list(*numbers, *more).get())
