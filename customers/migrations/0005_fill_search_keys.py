"""The keys of the numbers and the spelling of the names that are there already."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

from customers import keys, names, phones

BATCH = 2000
PHONE = "phone"


def fill(apps: Any, schema_editor: Any) -> None:
    point = apps.get_model("customers", "ContactPoint")
    for rows in _batches(point.objects.all()):
        for row in rows:
            row.key = keys.key_of(row.kind, row.value)
            row.last_four_key = keys.last_four_key(row.value) if row.kind == PHONE else ""
        point.objects.bulk_update(rows, ("key", "last_four_key"), batch_size=BATCH)
    search_name = apps.get_model("customers", "SearchName")
    customer = apps.get_model("customers", "Customer")
    for rows in _batches(customer.objects.prefetch_related("contacts")):
        search_name.objects.bulk_create((_found(search_name, row) for row in rows), BATCH)


def empty(apps: Any, schema_editor: Any) -> None:
    apps.get_model("customers", "SearchName").objects.all().delete()


def plain(apps: Any, schema_editor: Any) -> None:
    """Back: the digits beside the number, as before."""
    point = apps.get_model("customers", "ContactPoint")
    for rows in _batches(point.objects.filter(kind=PHONE)):
        for row in rows:
            row.digits = phones.digits_of(row.value)
            row.last_four = row.digits[-4:]
        point.objects.bulk_update(rows, ("digits", "last_four"), batch_size=BATCH)
    empty(apps, schema_editor)


def _batches(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


def _found(model: Any, row: Any) -> Any:
    said: dict[str, Any] = {"own": row.own_spelling, "is_person": row.kind == "person"}
    people = tuple(contact.name for contact in row.contacts.all())
    text = names.text_of(row.name, **said, contacts=people)
    return model(
        customer_id=row.pk,
        text=text,
        pieces=names.pieces_of(text),
        core=names.core(row.name),
        sound=names.sound_of(row.name, **said),
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_search_keys")]
    operations = [migrations.RunPython(fill, plain)]
