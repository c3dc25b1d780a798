"""The rows of the work order as forms: each list may grow and shrink (W-03, W-04, W-05)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.actions.accountability import MOST_LINES
from complaints.actions.order_rows import (
    MOST_CAUSES,
    MOST_ENTRIES,
    MOST_RELIEFS,
    MOST_WORDS,
    Analysis,
    Entry,
    Proof,
    Relief,
)
from complaints.actions.order_sections import is_filled
from complaints.forms.accountability import LineForm, offered
from complaints.forms.choices import NOTHING, LocalTimeInput
from complaints.forms.files import FilesField
from complaints.forms.row_lists import RowForm, RowList
from complaints.models import LONGEST_CHAIN, CauseCategory, EvidenceKind, OrderFile, WorkOrder

WHYS = tuple(f"why_{n}" for n in range(1, LONGEST_CHAIN + 1))
WORDS = (EvidenceKind.RECORD, EvidenceKind.WITNESS)


def _words(label: Any, rows: int = 2, **kwargs: Any) -> forms.CharField:
    box = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, required=False, max_length=10_000, widget=box, **kwargs)


def _moment() -> forms.DateTimeField:
    return forms.DateTimeField(label=_("When"), required=False, widget=LocalTimeInput)


class EntryForm(RowForm):
    needed = ("at", "text")
    at = _moment()
    place = forms.CharField(label=_("Where"), required=False, max_length=120)
    text = _words(_("What happened"))

    def value(self, given: Mapping[str, Any]) -> Entry:
        return Entry(given["at"], given["place"] or "", given["text"] or "")


class ReliefForm(RowForm):
    needed = ("at", "text")
    at = _moment()
    text = _words(_("What the customer got"))

    def value(self, given: Mapping[str, Any]) -> Relief:
        return Relief(given["at"], given["text"] or "")


class WordsForm(RowForm):
    """A record or a witness. The kind is chosen from the beginning, so it says nothing alone."""

    needed = ("kind", "text")
    silent = ("kind",)
    kind = forms.ChoiceField(
        label=_("Kind of evidence"),
        choices=[(kind.value, kind.label) for kind in WORDS],
        required=False,
    )
    text = forms.CharField(
        label=_("Which record, or who saw what"), required=False, max_length=5000
    )

    def value(self, given: Mapping[str, Any]) -> Proof:
        return Proof(given["kind"] or EvidenceKind.RECORD, given["text"] or "")


class CauseForm(RowForm):
    """A cause with its whys and its evidence: files of the order, new files, words."""

    needed = ("category", "text", "files")
    category = forms.ChoiceField(
        label=_("Category"), choices=[NOTHING, *CauseCategory.choices], required=False
    )
    text = _words(_("Cause"), help_text=_("Concrete, true, directly related; no guesses"))
    files = forms.MultipleChoiceField(  # type: ignore[assignment]
        label=_("Files that prove it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    uploads = FilesField(
        label=_("Add files of evidence"),
        required=False,
        help_text=_("Photos, recordings or documents, each at most 20 MB."),
    )

    def __init__(
        self, *args: Any, links: Sequence[OrderFile], add: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(link.file_id), link.file.name) for link in links]
        self.fields["files"].choices = known  # type: ignore[attr-defined]
        for n, name in enumerate(WHYS, 1):
            label = _("Why %(n)d") % {"n": n}
            self.fields[name] = forms.CharField(label=label, required=False, max_length=300)
        stored = (self.initial or {}).get("words", ())
        sent = self.data if self.is_bound else None
        name = f"{self.prefix}-words"
        self.words = RowList(WordsForm, name, sent, stored, most=MOST_WORDS, is_added=add == name)

    @property
    def whys(self) -> "list[forms.BoundField]":
        return [self[name] for name in WHYS]

    @property
    def has_whys(self) -> bool:
        return any(is_filled(self.typed(name)) for name in WHYS)

    @property
    def is_blank(self) -> bool:
        return super().is_blank and not self.words.kept

    def is_valid(self) -> bool:
        return super().is_valid() and self.words.is_valid()

    def value(self, given: Mapping[str, Any]) -> Analysis:
        whys = (given[name] or "" for name in WHYS)
        files = (Proof(EvidenceKind.FILE, file=UUID(name)) for name in given["files"] or ())
        return Analysis(
            category=given["category"] or "",
            text=given["text"] or "",
            whys=tuple(why for why in whys if why),
            evidence=(*files, *self.words.values(is_clean=given is not self.as_typed)),
            uploads=tuple(given["uploads"] or ()),
        )


class EvidenceForm(forms.Form):
    """New files for a cause, on their own."""

    uploads = FilesField(label=_("Files of evidence"))


def lists_of(
    order: WorkOrder,
    rows: Mapping[str, Sequence[Any]],
    links: Sequence[OrderFile],
    *,
    data: Any,
    files: Any,
    add: str,
) -> dict[str, RowList]:
    """The lists of the order by name: as sent, or with the stored rows."""
    kinds: dict[str, tuple[type[RowForm], int, dict[str, Any]]] = {
        "course": (EntryForm, MOST_ENTRIES, {}),
        "causes": (CauseForm, MOST_CAUSES, {"links": links, "add": add}),
        "emergency_measures": (ReliefForm, MOST_RELIEFS, {}),
        "accountability": (LineForm, MOST_LINES, offered(order.branch, rows["accountability"])),
    }
    return {
        name: RowList(
            form, name, data, [_initial(row) for row in rows[name]],
            files=files, most=most, is_added=add == name, **more,
        )
        for name, (form, most, more) in kinds.items()
    }  # fmt: skip


def _initial(row: Any) -> dict[str, Any]:
    if not isinstance(row, Analysis):
        return dict(vars(row))
    return {
        "category": row.category,
        "text": row.text,
        "files": [str(proof.file) for proof in row.evidence if proof.file],
        "words": [vars(proof) for proof in row.evidence if not proof.file],
        **dict(zip(WHYS, row.whys, strict=False)),
    }
