"""Our own lay-out of a file: a workbook to fill in, and known again by its header.

A file with all its titles, in either language, needs no choosing of columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.importing import suggestions
from complaints.importing.drafts import CHOICE_CLASSES, CHOICES
from complaints.importing.labels import EXAMPLES, LABELS, LEVEL_LABELS
from complaints.importing.preview import Preview
from complaints.models import Milestone

# All files in this lay-out count as one source: a reference comes once.
SOURCE = "template"
CATEGORY = "category"
TIMES = ("received_at", "closed_at", *Milestone.values)


def titles() -> dict[str, str]:
    """By field, or by milestone for the time at which it was done; in the active language."""
    return {
        **{name: str(label) for name, label in LABELS.items()},
        CATEGORY: str(LEVEL_LABELS[0]),
        **{kind.value: _("%(name)s: done") % {"name": kind.label} for kind in Milestone},
    }


def words(field: str) -> list[str]:
    """What may stand in a column of codes, in the active language."""
    labels = dict(CHOICE_CLASSES[field].choices)
    return [str(labels[code]) for code in CHOICES[field]]


def table(preview: Preview, given: Mapping[str, Any]) -> dict[str, Any]:
    """How a file in this lay-out is read, on top of `given`; empty for any other file."""
    columns = next(filter(None, (_columns(preview.columns) for _each in _languages())), None)
    if columns is None:
        return {}
    dates = suggestions.formats(preview, [columns[name] for name in TIMES])
    category = [columns.pop(CATEGORY)]
    done = {kind: columns.pop(kind) for kind in Milestone.values}
    # A milestone of which no row tells gets no clock, instead of one that seems missed.
    own = [row for row in preview.rows if row.cells.get(columns["reference"]) not in EXAMPLES]
    told = {
        kind: {"met_at": name}
        for kind, name in done.items()
        if any(row.cells.get(name) for row in own)
    }
    return {
        **given,
        "source": SOURCE,
        "timezone": settings.TIME_ZONE,
        "dates": dates,
        "columns": {**columns, CATEGORY: category},
        "maps": {field: _map(field) for field in CHOICE_CLASSES},
        "milestones": told,
    }


def _columns(header: Sequence[str]) -> dict[str, str] | None:
    """The column of each of our fields, when all of them are there."""
    found = titles()
    return found if set(found.values()) <= set(header) else None


def _map(field: str) -> dict[str, str]:
    """Every word of ours for a code, in every language."""
    return suggestions.values(field, (word for _each in _languages() for word in words(field)))


def _languages() -> Iterator[str]:
    """Each of them, while it is the active one."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield language
