"""Everything that is kept about one customer, in every room (PIPL art. 45, K-23).

The rooms are found as a merge finds them: by the foreign keys that hang on the customer, and those
that hang on these. Keys of a search, tokens and numbers of versions are no data about anybody.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from customers.actions import merging
from customers.models import Customer, CustomerVolume
from organisation.access import require_everywhere
from organisation.actions import access_records
from organisation.models import Person

VERB = "customer.privacy"
LEFT_OUT = {"version", "key", "last_four_key", "submission", "link", "nonce", "token_hash"}
# What belongs to the staff or the installation is not the customer's.
OTHERS = {"organisation"}
Row = dict[str, object]


@transaction.atomic
def collect(
    *, customer: Customer, reason: str, words: str = "", by: Person, now: datetime
) -> dict[str, list[Row]]:
    """Rows by the label of their model, the customer first; who took them stays on record.

    For a posting at the headquarters: what is left out for want of a right would be missing.
    """
    require_everywhere(by, VERB)
    access_records.write(
        by=by,
        what="person-data",
        reference=f"customer:{customer.pk}",
        reason=reason,
        words=words,
        now=now,
    )
    pointers = list(Customer.objects.filter(merged_into=customer).order_by("pk"))
    found = {"customers.Customer": [_row(each) for each in (customer, *pointers)]}
    _add(found, CustomerVolume.objects.filter(customer__in=(customer, *pointers)).order_by("pk"))
    for held in merging.holders():
        rows = [row for each in (customer, *pointers) for row in held.of(each).order_by("pk")]
        _add(found, rows)
        for model, field in _children(held.model):
            keys = [row.pk for row in rows]
            _add(found, model._base_manager.filter(**{f"{field}__in": keys}).order_by("pk"))
    return found


def _add(found: dict[str, list[Row]], rows: Collection[Any]) -> None:
    for row in rows:
        told, said = found.setdefault(row._meta.label, []), _row(row)
        if said not in told:
            told.append(said)


def _children(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Models with a foreign key to this one, such as the notes of a complaint."""
    for other in apps.get_models():
        if other._meta.app_label in OTHERS or other in merging.OWN:
            continue
        for field in other._meta.concrete_fields:
            if field.related_model is model and other is not model:
                yield other, field.name


def _row(row: Model) -> Row:
    """What stands in the row, by column; empty ones are left out."""
    values = ((field, field.value_from_object(row)) for field in row._meta.concrete_fields)
    return {
        field.name: value
        for field, value in values
        if field.name not in LEFT_OUT and value not in ("", None, [], {})
    }
