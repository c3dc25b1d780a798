"""What a mapping form is made of: names, words, choices, and a profile's table as its values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zlib import crc32
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import NOTHING
from complaints.importing.drafts import CHOICE_CLASSES, CHOICES
from complaints.importing.profiles import shipped
from complaints.models.import_run import ImportProfile

HINTS = {
    "reference": _("Needed, so that no row comes twice"),
    "received_at": _("Needed"),
    "subject": _("Needed, as a column or as one text for all rows"),
    "channel": _("Needed, as a column or as one value for all rows"),
    "branch": _("Code or name; rows without one go to the headquarters"),
    "status": _("For sources that say closed, but not when"),
    "category": _("Code or name"),
}
# Where one value for all rows makes sense.
FIXABLE = ("subject", "channel", "branch", "severity", "status", "customer_kind")
LEVELS = ("category_1", "category_2", "category_3")
DELIMITER_CHOICES = (
    (",", pgettext_lazy("between columns", "comma")),
    (";", pgettext_lazy("between columns", "semicolon")),
    ("\t", pgettext_lazy("between columns", "tab")),
    ("|", pgettext_lazy("between columns", "bar")),
)
EXAMPLE = datetime(2026, 3, 25, 14, 5, 9)  # noqa: DTZ001  only shown as an example
MORE = "more"
# What a profile means that does not say it.
LAYOUT: dict[str, Any] = {"encoding": "utf-8", "delimiter": ","}
# How the names of the fields begin that hold a column.
OF_COLUMNS = ("column_", "category_", "met_", "due_")
# What is asked again at once, since the rest of the page hangs on it.
LOOK_AGAIN = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"do": "look"}',
    "hx-target": "#mapping",
    "hx-swap": "outerHTML",
}


def initial_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """A profile's table as the values of the form."""
    table = LAYOUT | dict(table)
    columns = dict(table.get("columns", {}))
    category = columns.pop("category", [])
    category = [category] if isinstance(category, str) else category
    return {
        **{
            name: table[name]
            for name in ("source", "encoding", "delimiter", "timezone", "dates", "create_missing")
            if name in table
        },
        **{f"column_{name}": column for name, column in columns.items()},
        **dict(zip(LEVELS, category, strict=False)),
        **{f"fixed_{name}": value for name, value in table.get("fixed", {}).items()},
        **{
            f"{which.removesuffix('_at')}_{kind}": column
            for kind, row in table.get("milestones", {}).items()
            for which, column in row.items()
        },
        "layout": layout_of(table),
    }


def map_name(field: str, value: str) -> str:
    """The name of the input for a value: the same wherever it stands in the file."""
    return f"map_{field}_{crc32(value.encode())}"


def layout_of(table: Mapping[str, Any]) -> str:
    """What the names of the columns hang on."""
    given = LAYOUT | dict(table)
    return f"{given['encoding']} {given['delimiter']}"


def zones(given: str) -> list[str]:
    """Named after places, with the given one."""
    found = {zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc")}
    return sorted(found | {given, "UTC"})


def profile_choices() -> list[tuple[str, Any]]:
    """Kept ones by their name, and those that ship."""
    kept = [(f"kept:{row.pk}", row.name) for row in ImportProfile.objects.all()]
    return [NOTHING, *kept, *((f"shipped:{name}", name) for name in shipped())]


def ours(field: str) -> list[tuple[str, Any]]:
    labels = dict(CHOICE_CLASSES[field].choices)
    return [NOTHING, *((code, labels[code]) for code in CHOICES[field])]


def filled(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}
