"""The spelling of the names that are there already."""

from typing import Any

from django.db import migrations

from organisation import spelling

BATCH = 500
FIELDS = ("spelling", "spellings")


def spell(apps: Any, schema_editor: Any) -> None:
    branches = list(apps.get_model("organisation", "Branch").objects.all())
    for row in branches:
        row.spelling = spelling.of_place(row.name)
        row.spellings = spelling.all_of_place(row.name)
    people = list(apps.get_model("organisation", "Person").objects.all())
    for row in people:
        row.spelling = spelling.of_person(row.name)
        row.spellings = spelling.all_of_person(row.name)
    for rows in (branches, people):
        if rows:
            type(rows[0]).objects.bulk_update(rows, FIELDS, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("organisation", "0006_spelling")]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
