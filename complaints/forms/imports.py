"""How a file is read, as a form: the same as a profile's TOML says (docs/import.md)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms import import_fields as fields
from complaints.forms.choices import NOTHING, needs
from complaints.importing import suggestions
from complaints.importing.drafts import CHOICE_CLASSES, CHOICES
from complaints.importing.labels import LABELS, LEVEL_LABELS
from complaints.importing.preview import ENCODINGS, Preview
from complaints.importing.profiles import NEEDED
from complaints.models import Milestone
from csm.kit.reading.guessing import DELIMITERS


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
    delimiter = forms.ChoiceField(label=_("Between columns"), choices=fields.DELIMITER_CHOICES)
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
    # With what profile the page began: its formats, encoding and maps stay on offer.
    profile = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        preview: Preview | None,
        table: Mapping[str, Any],
        is_workbook: bool,
    ) -> None:
        super().__init__(None if data is None else data.copy(), initial=fields.initial_of(table))
        self.preview = preview
        self.given = table
        columns = preview.columns if preview else self._columns_so_far()
        self._columns = [NOTHING, *((name, name) for name in columns)]
        self._add_layout(table, is_workbook=is_workbook)
        self._add_columns()
        self._add_values()

    def _columns_so_far(self) -> list[str]:
        """Of a file that cannot be read in this encoding: nothing that was chosen is lost."""
        values = self.data if self.is_bound else self.initial
        found = (values[name] for name in values if name.startswith(fields.OF_COLUMNS))
        return sorted(set(filter(None, found)))

    def _add_layout(self, table: Mapping[str, Any], *, is_workbook: bool) -> None:
        zone = table.get("timezone") or settings.TIME_ZONE
        _offer(self.fields["timezone"], [(each, each) for each in fields.zones(zone)])
        _offer(self.fields["dates"], self._date_choices(table.get("dates", [])))
        if is_workbook:
            del self.fields["encoding"], self.fields["delimiter"]
            return
        encoding = table.get("encoding", "utf-8")
        names = dict.fromkeys((*ENCODINGS, encoding))
        _offer(self.fields["encoding"], [(name, name) for name in names])
        delimiter = table.get("delimiter", ",")
        if delimiter not in DELIMITERS:
            _offer(self.fields["delimiter"], [*fields.DELIMITER_CHOICES, (delimiter, delimiter)])
        for name in ("encoding", "delimiter"):
            self.fields[name].widget.attrs |= fields.LOOK_AGAIN

    def _date_choices(self, chosen: Sequence[str]) -> list[tuple[str, str]]:
        return [
            (form, fields.EXAMPLE.strftime(form))
            for form in dict.fromkeys((*chosen, *suggestions.FORMATS))
        ]

    def _add_columns(self) -> None:
        names = [f"column_{name}" for name in LABELS]
        names += [
            *fields.LEVELS,
            *(f"{each}_{kind}" for kind in Milestone for each in ("met", "due")),
        ]
        for name in names:
            self.fields[name] = forms.ChoiceField(choices=self._columns, required=False)
        for name in CHOICE_CLASSES:
            self.fields[f"column_{name}"].widget.attrs |= fields.LOOK_AGAIN
        for name in fields.FIXABLE:
            self.fields[f"fixed_{name}"] = (
                forms.ChoiceField(choices=fields.ours(name), required=False)
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
            for value in self._values[field]:
                self._add_value(fields.map_name(field, value), field, suggested.get(value, ""))
            self.fields[f"map_{field}_{fields.MORE}"] = forms.ChoiceField(
                choices=fields.ours(field), required=False
            )
            self.fields[f"map_{field}_{fields.MORE}_value"] = forms.CharField(
                max_length=200, required=False
            )

    def _add_value(self, name: str, field: str, suggested: str) -> None:
        """Also what the page did not ask yet when it was sent begins with the suggestion."""
        self.fields[name] = forms.ChoiceField(
            choices=fields.ours(field), required=False, initial=suggested
        )
        if self.is_bound and name not in self.data:
            cast(dict[str, Any], self.data)[name] = suggested  # a copy of ours

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in NEEDED:
            if data.get(f"column_{name}") or data.get(f"fixed_{name}"):
                continue
            words = _("Choose the column.")
            if name in fields.FIXABLE:
                words = _("Choose the column, or a value for all rows.")
            self.add_error(f"column_{name}", f"{LABELS[name]}: {words}")
        return data

    def table(self) -> dict[str, Any]:
        """What a profile says (only of a valid form)."""
        data = self.cleaned_data
        category = [data[name] for name in fields.LEVELS if data[name]]
        columns = {name: data[f"column_{name}"] for name in LABELS}
        fixed = {name: data[f"fixed_{name}"] for name in (*fields.FIXABLE, "category")}
        found = {name: data[name] for name in ("source", "timezone", "dates", "create_missing")}
        for name in ("encoding", "delimiter"):
            if name in data:
                found[name] = data[name]
        return {
            **found,
            "columns": fields.filled(columns) | ({"category": category} if category else {}),
            "fixed": fields.filled(fixed),
            "maps": {field: rows for field in CHOICE_CLASSES if (rows := self._map(field))},
            "milestones": {kind: rows for kind in Milestone.values if (rows := self._times(kind))},
        }

    def _map(self, field: str) -> dict[str, str]:
        data = self.cleaned_data
        found = {value: data[fields.map_name(field, value)] for value in self._values[field]}
        found[data[f"map_{field}_{fields.MORE}_value"]] = data[f"map_{field}_{fields.MORE}"]
        return {value: ours for value, ours in found.items() if value and ours}

    def _times(self, kind: str) -> dict[str, str]:
        data = self.cleaned_data
        return fields.filled({"met_at": data[f"met_{kind}"], "due_at": data[f"due_{kind}"]})

    # What the page shows.

    def lines(self) -> Iterator[Line]:
        for name, label in LABELS.items():
            fixed = self[f"fixed_{name}"] if name in fields.FIXABLE else None
            yield self._line(label, fields.HINTS.get(name, ""), self[f"column_{name}"], fixed)
        for number, (name, label) in enumerate(zip(fields.LEVELS, LEVEL_LABELS, strict=True)):
            fixed = None if number else self["fixed_category"]
            yield self._line(label, "" if number else fields.HINTS["category"], self[name], fixed)

    def clocks(self) -> list[tuple[Any, BoundField, BoundField]]:
        return [(kind.label, self[f"met_{kind}"], self[f"due_{kind}"]) for kind in Milestone]

    def value_maps(self) -> list[Values]:
        return [
            Values(
                LABELS[field],
                [(value, self[fields.map_name(field, value)]) for value in self._values[field]],
                (self[f"map_{field}_{fields.MORE}_value"], self[f"map_{field}_{fields.MORE}"]),
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


def _offer(field: forms.Field, choices: Sequence[tuple[Any, Any]]) -> None:
    field.choices = choices  # type: ignore[attr-defined]
