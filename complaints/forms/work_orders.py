"""The rectification work order as a form, numbered as on paper (W-02 … W-09, W-11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from complaints.actions.measures import GROUPS
from complaints.actions.order_rows import is_with_files, read_rows
from complaints.actions.order_sections import SECTIONS
from complaints.forms.choices import NOTHING, LocalTimeInput
from complaints.forms.measure_lines import MeasureLines
from complaints.forms.order_rows import CauseForm, lists_of
from complaints.forms.row_lists import RowList
from complaints.models import OrderSection, WorkOrder
from complaints.models.work_order import STANDINGS
from csm.kit.errors import Refused


@dataclass(frozen=True)
class Section:
    """A numbered part of the form; `anchor` is where a link to it jumps."""

    number: int
    code: OrderSection
    fields: tuple[str, ...]
    rows: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return str(self.code.label)

    @property
    def template(self) -> str:
        """Of its fields and rows."""
        return f"complaints/order/{self.code}.html"

    @property
    def anchor(self) -> str:
        return f"section-{self.number}"


FORM_SECTIONS = (
    Section(1, OrderSection.TITLE, ("title_subject", "title_nature", "title_content")),
    Section(
        2,
        OrderSection.ANOMALY,
        (
            *("customer_name", "customer_standing", "waybill"),
            *("occurred_at", "place", "involved", "remarks"),
        ),
        ("course",),
    ),
    Section(3, OrderSection.CAUSES, (), ("causes",)),
    Section(
        4,
        OrderSection.EMERGENCY,
        (),
        ("emergency_measures", "accountability"),
    ),
    Section(5, OrderSection.MEASURES, (), groups=GROUPS),
    Section(6, OrderSection.PROMISE, ("promised_on",)),
    Section(7, OrderSection.EFFECT, ("effect_report", "is_customer_satisfied")),
)
HEIGHTS = {
    "remarks": 2,
    "effect_report": 2,
}
# Only these may stay empty when the order is submitted.
OPTIONAL = (
    *("customer_name", "customer_standing", "waybill", "remarks"),
    *("effect_report", "is_customer_satisfied"),
)
SATISFIED = (("unknown", _("Not asked")), ("true", _("Satisfied")), ("false", _("Not satisfied")))


class Satisfied(forms.NullBooleanSelect):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.Select.__init__(self, attrs, SATISFIED)


# Where what an action says of a part of a row is written.
PARTS = {"evidence": "uploads"}


@dataclass(frozen=True)
class Problem:
    """Something to put right; `anchor` is the id of its input, if it has one."""

    anchor: str
    words: str


class WorkOrderForm(MeasureLines, forms.ModelForm):  # type: ignore[type-arg]
    """All sections; a draft may be incomplete, so every field may be empty here.

    `version` is the state that the person typed into.
    """

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = WorkOrder
        fields = SECTIONS
        widgets = {
            **{name: forms.Textarea({"rows": rows}) for name, rows in HEIGHTS.items()},
            "occurred_at": LocalTimeInput,
            "promised_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "is_customer_satisfied": Satisfied,
        }
        labels = {
            "promised_on": _("Completion date"),
            "effect_report": _("What the measures achieved"),
        }
        help_texts = {
            "title_subject": _("Who, or which step: “Night shift at Wuxi”"),
            "title_nature": _("What went against the rule: “moved goods unasked”"),
            "title_content": _("What it led to, with quantities: “38 boxes broken”"),
            "occurred_at": _(
                "The first moment at which it went wrong; from a complaint, first its receipt"
            ),
            "place": _("Warehouse, dock, vehicle or stretch of the line"),
            "involved": _("The people and the units that had a part in it"),
            "remarks": _("What the other fields have no place for"),
            "promised_on": _("The issuing unit checks on this day"),
            "effect_report": _("May be reported later"),
        }

    def __init__(
        self, data: Any = None, files: Any = None, *, instance: WorkOrder, add: str = ""
    ) -> None:
        super().__init__(data, files, instance=instance)
        self.fields["customer_standing"].choices = [NOTHING, *STANDINGS]  # type: ignore[attr-defined]
        self.fields["version"].initial = instance.version
        self.stored = read_rows(instance)
        links = list(instance.files.select_related("file"))
        self.add_lines(instance)
        self.rows = lists_of(instance, self.stored, links, data=data, files=files, add=add)

    def is_valid(self) -> bool:
        # Each is looked at, so that each tells what is wrong.
        checked = [super().is_valid(), *(rows.is_valid() for rows in self.rows.values())]
        return all(checked)

    def _post_clean(self) -> None:
        """The action writes: the instance stays as it is stored."""

    def sections(self) -> Iterable[tuple[Section, list[BoundField]]]:
        """The numbered parts with their fields, for the page; nothing is checked after this.

        What a submission needs is marked as needed only here, since a draft may lack it.
        """
        for name, field in self.fields.items():
            field.required = name not in (*OPTIONAL, *self.line_names())
        return [(part, [self[name] for name in part.fields]) for part in FORM_SECTIONS]

    def given(self) -> dict[str, Any]:
        """What the action takes: columns, rows and the version. A list not sent stays as it is."""
        names = (*SECTIONS, "version")
        lists = {name: rows.values() for name, rows in self.rows.items() if rows.is_given}
        columns = {name: self.cleaned_data[name] for name in names}
        return columns | lists | {"plan": self.plan()}

    def typed(self) -> dict[str, Any]:
        """As typed or as stored, whether good or not: what is there counts as written."""
        columns = {name: self[name].value() for name in SECTIONS}
        lists = {name: rows.values(is_clean=False) for name, rows in self.rows.items()}
        return columns | lists | self.typed_measures()

    def has_changes(self) -> bool:
        """Whether a column or a row differs from what is stored, or a file came along."""
        given = self.given()
        if self.has_other_measures():
            return True
        return any(name in SECTIONS for name in self.changed_data) or any(
            given[name] != stored or any(map(is_with_files, given[name]))
            for name, stored in self.stored.items()
            if name in given
        )

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems())

    def place_of(self, name: str) -> str:
        """The list that was asked to grow, as it is called when blank rows are left out."""
        kept = enumerate(self.rows["causes"].kept)
        inner = {row.words.prefix: f"causes-{place}-words" for place, row in kept}
        return inner.get(name, name if name in self.rows else "")

    def refuse(self, refusal: Refused) -> None:
        """Write what an action refused on the input at fault, which `causes.0.evidence` names."""
        for path, words in refusal.fields.items():
            name, _dot, rest = path.partition(".")
            place, _dot, part = rest.partition(".")
            if path == "files":
                self._refused_files(words)
            elif name not in self.rows:
                name = self.boxes.get(name, name)
                self.add_error(name if name in self.fields else None, words)
            elif not place or not self.rows[name].is_given:
                self.rows[name].errors.append(words)
            else:
                row = self.rows[name].kept[int(place)]
                row.add_error(PARTS.get(part, part), words)
        if not refusal.fields:
            self.add_error(None, refusal.message)

    def _refused_files(self, words: str) -> None:
        """At the first cause with new files: which of them it was, the words say."""
        for row in self.rows["causes"].kept:
            if row.cleaned_data["uploads"]:
                row.add_error("uploads", words)
                return

    def problems(self) -> list[Problem]:
        """All that is wrong, in the order of the form, each with where it is put right."""
        found = [Problem("", str(words)) for words in self.non_field_errors()]
        for part in FORM_SECTIONS:
            names = (*part.fields, *(self.line_names() if part.groups else ()))
            found += [problem for name in names for problem in _of(self[name])]
            for name in part.rows:
                found += _of_list(self.rows[name])
        return found


def _of(field: BoundField) -> list[Problem]:
    return [Problem(field.auto_id, str(words)) for words in field.errors]


def _of_list(rows: RowList) -> list[Problem]:
    """A list that lacks a row leads to its blank one, and only without one to the button."""
    blank = next((row[row.needed[0]].auto_id for row in rows.forms if row.is_blank), None)
    found = [Problem(blank or f"add-{rows.prefix}", words) for words in rows.errors]
    for row in rows.forms:
        found += [problem for field in row.visible_fields() for problem in _of(field)]
        if isinstance(row, CauseForm):
            found += _of_list(row.words)
    return found
