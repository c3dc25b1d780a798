"""Keeping what customers are found by."""

from collections.abc import Collection

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from csm.kit import copying
from customers import names
from customers.models import Customer, Kind, SearchName

KEPT = ("text", "pieces", "core", "sound")
BATCH = 1000


def write(customers: Collection[int]) -> None:
    """Anew for these customers, from their names and those of their contacts as they stand."""
    SearchName.objects.bulk_create(
        _made(customers),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=("customer",),
        update_fields=KEPT,
    )


def write_new(customers: Collection[int]) -> None:
    """For customers who have none yet, many at once."""
    copying.copy(_made(customers))


def _made(customers: Collection[int]) -> list[SearchName]:
    rows = Customer.objects.filter(pk__in=customers).order_by("pk")
    people = ArrayAgg("contacts__name", filter=~Q(contacts__name=""), default=[], distinct=True)
    former = ArrayAgg("merged_from__name", filter=Q(merged_from__isnull=False), default=[])
    found = rows.values_list("pk", "name", "kind", "own_spelling").annotate(
        people=people, former=former
    )
    return [_found(*row) for row in found]


def _found(
    pk: int, name: str, kind: str, own: str, people: list[str], former: list[str]
) -> SearchName:
    is_person = kind == Kind.PERSON
    text = names.text_of(name, own=own, is_person=is_person, contacts=(*people, *former))
    return SearchName(
        customer_id=pk,
        text=text,
        pieces=names.pieces_of(text),
        core=names.core(name),
        sound=names.sound_of(name, own=own, is_person=is_person),
    )
