"""How a file is read, as a form: the same as a profile's TOML says (docs/import.md)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.choices import NOTHING, needs
from complaints.importing import suggestions
from complaints.importing.drafts import CHOICE_CLASSES, CHOICES
from complaints.importing.preview import DELIMITERS, ENCODINGS, Preview
from complaints.importing.profiles import NEEDED, shipped
from complaints.models import Milestone
from complaints.models.import_run import ImportProfile

LABELS = {
    "reference": _("Number at the source"),
    "received_at": _("Time of receipt"),
    "subject": _("Subject"),
    "channel": _("Channel"),
    "description": _("Description"),
    "branch": _("Responsible branch"),
    "severity": _("Severity"),
    "status": _("Status"),
    "closed_at": _("Time of closing"),
    "waybill": _("Waybill"),
    "customer_name": _("Customer"),
    "customer_phone": _("Phone"),
    "customer_email": _("E-mail"),
    "customer_kind": _("Kind of customer"),
}
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
LEVEL_LABELS = (
    _("Category"),
    _("Category, second level"),
    _("Category, third level"),
)
DELIMITER_NAMES = {
    ",": pgettext_lazy("between columns", "comma"),
    ";": pgettext_lazy("between columns", "semicolon"),
    "\t": pgettext_lazy("between columns", "tab"),
    "|": pgettext_lazy("between columns", "bar"),
}
EXAMPLE = datetime(2026, 3, 25, 14, 5, 9)  # noqa: DTZ001  only shown as an example
MORE = "more"
# What is asked again at once, since the rest of the page hangs on it.
LOOK_AGAIN = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-vals": '{"do": "look"}',
    "hx-target": "#mapping",
    "hx-swap": "outerHTML",
}


class UploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, also packed with gzip, or an Excel workbook; at most 50 MB"),
        error_messages={**needs(_("Choose a file.")), "empty": _("The file is empty.")},
        max_length=255,
    )


class ProfileForm(forms.Form):
    """Under which name a mapping is kept."""

    name = forms.CharField(
        label=_("Name"), max_length=80, error_messages=needs(_("Enter the name."))
    )


class UndoForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(
        max_length=2000, widget=forms.Textarea, error_messages=needs(_("Say why."))
    )


@dataclass(frozen=True)
class Line:
    """One of our fields: its column, the value for all rows, and what stands in the first row."""

    label: Any
    hint: Any
    column: BoundField
    fixed: BoundField | None
    example: str


@dataclass(frozen=True)
class Values:
    """What the values of one column are called by us."""

    label: Any
    rows: list[tuple[str, BoundField]]
    more: tuple[BoundField, BoundField]


class MappingForm(forms.Form):
    """Made for one file as it looks in one encoding (`preview`), beginning with a `table`."""

    use_required_attribute = False
    source = forms.CharField(
        label=pgettext_lazy("of imported complaints", "Source"),
        max_length=40,
        help_text=_("Where the file comes from; use the same name every time"),
        error_messages=needs(_("Name the source.")),
    )
    encoding = forms.ChoiceField(label=_("Encoding"))
    delimiter = forms.ChoiceField(label=_("Between columns"), choices=list(DELIMITER_NAMES.items()))
    timezone = forms.ChoiceField(label=_("Time zone of the times in the file"))
    dates = forms.MultipleChoiceField(
        label=_("How times are written"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As in 2026-03-25 14:05 is always read"),
    )
    create_missing = forms.MultipleChoiceField(
        label=_("Unknown branches and categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(
            ("branch", _("Make branches that are not there yet")),
            ("category", _("Make categories that are not there yet")),
        ),
        help_text=_("Otherwise such a row stays behind, with the reason"),
    )
    layout = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        preview: Preview | None,
        table: Mapping[str, Any],
        is_workbook: bool,
    ) -> None:
        super().__init__(data, initial=initial_of(table))
        self.preview = preview
        self.given = table
        columns = preview.columns if preview else []
        self._columns = [NOTHING, *((name, name) for name in columns)]
        self._add_layout(table, is_workbook=is_workbook)
        self._add_columns()
        self._add_values()

    def _add_layout(self, table: Mapping[str, Any], *, is_workbook: bool) -> None:
        zone = table.get("timezone") or settings.TIME_ZONE
        _offer(self.fields["timezone"], [(each, each) for each in zones(zone)])
        _offer(self.fields["dates"], self._date_choices(table.get("dates", [])))
        if is_workbook:
            del self.fields["encoding"], self.fields["delimiter"]
            return
        encoding = table.get("encoding", "utf-8")
        names = dict.fromkeys((*ENCODINGS, encoding))
        _offer(self.fields["encoding"], [(name, name) for name in names])
        delimiter = table.get("delimiter", ",")
        if delimiter not in DELIMITERS:
            _offer(self.fields["delimiter"], [*DELIMITER_NAMES.items(), (delimiter, delimiter)])
        for name in ("encoding", "delimiter"):
            self.fields[name].widget.attrs |= LOOK_AGAIN

    def _date_choices(self, chosen: Sequence[str]) -> list[tuple[str, str]]:
        return [
            (form, EXAMPLE.strftime(form))
            for form in dict.fromkeys((*chosen, *suggestions.FORMATS))
        ]

    def _add_columns(self) -> None:
        names = [f"column_{name}" for name in LABELS]
        names += [*LEVELS, *(f"{each}_{kind}" for kind in Milestone for each in ("met", "due"))]
        for name in names:
            self.fields[name] = forms.ChoiceField(choices=self._columns, required=False)
        for name in CHOICE_CLASSES:
            self.fields[f"column_{name}"].widget.attrs |= LOOK_AGAIN
        for name in FIXABLE:
            self.fields[f"fixed_{name}"] = (
                forms.ChoiceField(choices=_ours(name), required=False)
                if name in CHOICES
                else forms.CharField(max_length=200, required=False)
            )
        self.fields["fixed_category"] = forms.CharField(max_length=120, required=False)

    def _add_values(self) -> None:
        """For each column with codes of ours: what each of its values means."""
        self._values: dict[str, list[str]] = {}
        for field in CHOICE_CLASSES:
            column = str(self[f"column_{field}"].value() or "")
            known = self.given.get("maps", {}).get(field, {})
            found = self.preview.values(column) if self.preview and column else []
            self._values[field] = list(dict.fromkeys((*found, *known))) if column else []
            suggested = suggestions.values(field, self._values[field]) | known
            for number, value in enumerate(self._values[field]):
                self.fields[f"map_{field}_{number}"] = forms.ChoiceField(
                    choices=_ours(field), required=False, initial=suggested.get(value, "")
                )
            self.fields[f"map_{field}_{MORE}"] = forms.ChoiceField(
                choices=_ours(field), required=False
            )
            self.fields[f"map_{field}_{MORE}_value"] = forms.CharField(
                max_length=200, required=False
            )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in NEEDED:
            if data.get(f"column_{name}") or data.get(f"fixed_{name}"):
                continue
            words = _("Choose the column.")
            if name in FIXABLE:
                words = _("Choose the column, or a value for all rows.")
            self.add_error(f"column_{name}", f"{LABELS[name]}: {words}")
        return data

    def table(self) -> dict[str, Any]:
        """What a profile says (only of a valid form)."""
        data = self.cleaned_data
        category = [data[name] for name in LEVELS if data[name]]
        columns = {name: data[f"column_{name}"] for name in LABELS}
        fixed = {name: data[f"fixed_{name}"] for name in (*FIXABLE, "category")}
        found = {name: data[name] for name in ("source", "timezone", "dates", "create_missing")}
        for name in ("encoding", "delimiter"):
            if name in data:
                found[name] = data[name]
        return {
            **found,
            "columns": _filled(columns) | ({"category": category} if category else {}),
            "fixed": _filled(fixed),
            "maps": {field: rows for field in CHOICE_CLASSES if (rows := self._map(field))},
            "milestones": {kind: rows for kind in Milestone.values if (rows := self._times(kind))},
        }

    def _map(self, field: str) -> dict[str, str]:
        data = self.cleaned_data
        found = {
            value: data[f"map_{field}_{number}"] for number, value in enumerate(self._values[field])
        }
        found[data[f"map_{field}_{MORE}_value"]] = data[f"map_{field}_{MORE}"]
        return {value: ours for value, ours in found.items() if value and ours}

    def _times(self, kind: str) -> dict[str, str]:
        data = self.cleaned_data
        return _filled({"met_at": data[f"met_{kind}"], "due_at": data[f"due_{kind}"]})

    # What the page shows.

    def lines(self) -> Iterator[Line]:
        for name, label in LABELS.items():
            fixed = self[f"fixed_{name}"] if name in FIXABLE else None
            yield self._line(label, HINTS.get(name, ""), self[f"column_{name}"], fixed)
        for number, (name, label) in enumerate(zip(LEVELS, LEVEL_LABELS, strict=True)):
            fixed = None if number else self["fixed_category"]
            yield self._line(label, "" if number else HINTS["category"], self[name], fixed)

    def clocks(self) -> list[tuple[Any, BoundField, BoundField]]:
        return [(kind.label, self[f"met_{kind}"], self[f"due_{kind}"]) for kind in Milestone]

    def value_maps(self) -> list[Values]:
        return [
            Values(
                LABELS[field],
                [
                    (value, self[f"map_{field}_{number}"])
                    for number, value in enumerate(self._values[field])
                ],
                (self[f"map_{field}_{MORE}_value"], self[f"map_{field}_{MORE}"]),
            )
            for field in CHOICE_CLASSES
            if self._values[field]
        ]

    def missing_columns(self) -> list[str]:
        """Columns that the table names and the file does not have."""
        if self.preview is None:
            return []
        named = [*self.given.get("columns", {}).values()]
        named += [
            name for row in self.given.get("milestones", {}).values() for name in row.values()
        ]
        flat = [each for name in named for each in (name if isinstance(name, list) else [name])]
        return sorted(set(flat) - set(self.preview.columns))

    def _line(self, label: Any, hint: Any, column: BoundField, fixed: BoundField | None) -> Line:
        name, example = str(column.value() or ""), ""
        if self.preview and name:
            example = next(iter(self.preview.values(name)), "")
        return Line(label, hint, column, fixed, example[:60])


def initial_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """A profile's table as the values of the form."""
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


def layout_of(table: Mapping[str, Any]) -> str:
    """What the names of the columns hang on."""
    return f"{table.get('encoding', '')} {table.get('delimiter', '')}"


def zones(given: str) -> list[str]:
    """Named after places, with the given one."""
    found = {zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc")}
    return sorted(found | {given, "UTC"})


def profile_choices() -> list[tuple[str, Any]]:
    """Kept ones by their name, and those that ship."""
    kept = [(f"kept:{row.pk}", row.name) for row in ImportProfile.objects.all()]
    return [NOTHING, *kept, *((f"shipped:{name}", name) for name in shipped())]


def _ours(field: str) -> list[tuple[str, Any]]:
    labels = dict(CHOICE_CLASSES[field].choices)
    return [NOTHING, *((code, labels[code]) for code in CHOICES[field])]


def _offer(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:
    field.choices = choices  # type: ignore[attr-defined]


def _filled(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value}
