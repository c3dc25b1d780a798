"""Many new rows of one model by COPY: three times as fast as `bulk_create`."""

import io
from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
NEW_KEYS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"


def give_keys(rows: Sequence[Model]) -> None:
    """Give unsaved rows of one model their primary keys, so that others can point to them."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(NEW_KEYS, [rows[0]._meta.db_table, len(rows)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def copy(rows: Sequence[Model]) -> None:
    """Write rows with their keys: text, numbers, days, moments, truth values, lists of text."""
    if not rows:
        return
    first = rows[0].__dict__
    fields = [
        field
        for field in rows[0]._meta.concrete_fields
        if not isinstance(first[field.attname], DatabaseDefault)
    ]
    names = [field.attname for field in fields]
    lines = io.StringIO()
    for row in rows:
        values = row.__dict__
        lines.write("\t".join([_cell(values[name]) for name in names]))
        lines.write("\n")
    lines.seek(0)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(rows[0]._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)  # names from models only


def _cell(value: object) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, str):
        # str() of a choice gives its value; in this format it ends at a tab or a line break.
        return str(value).translate(ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "{" + ",".join(map(_quoted, value)) + "}"
    raise TypeError(f"cannot copy {type(value)}")


def _quoted(text: str) -> str:
    """One text of a list, escaped for the list and then for the line."""
    inner = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{inner}"'.translate(ESCAPES)
