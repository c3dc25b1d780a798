"""A diagnosis as a form: a text for each chapter, and a line for each problem."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from surveys.actions.diagnoses import Entry
from surveys.models import Breadth, Chapter, Diagnosis, Reach

# So many empty lines stand below the problems.
MORE, MOST = 3, 30


class DiagnosisForm(forms.Form):
    """A problem without words is left out; the others keep their order."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, diagnosis: Diagnosis, data: Any = None) -> None:
        super().__init__(data)
        self.fields["version"].initial = diagnosis.version
        texts = {part.chapter: part.text for part in diagnosis.parts.all()}
        for chapter in Chapter:
            self.fields[chapter.value] = forms.CharField(
                label=chapter.label,
                required=False,
                max_length=10_000,
                widget=forms.Textarea({"rows": 6}),
                initial=texts.get(chapter, ""),
            )
        known = list(diagnosis.problems.all())
        self._lines = range(1, min(len(known) + MORE, MOST) + 1)
        for place in self._lines:
            row = known[place - 1] if place <= len(known) else None
            self._add(place, row.text if row else "", row)

    def _add(self, place: int, text: str, row: Any) -> None:
        given = {"n": place}
        self.fields[f"text-{place}"] = forms.CharField(
            label=_("Problem %(n)s") % given, required=False, max_length=300, initial=text
        )
        for name, label, choices in (
            ("breadth", _("How wide, problem %(n)s"), Breadth.choices),
            ("reach", _("How far, problem %(n)s"), Reach.choices),
        ):
            self.fields[f"{name}-{place}"] = forms.ChoiceField(
                label=label % given, choices=choices, initial=getattr(row, name, choices[-1][0])
            )
            self.fields[f"{name}-{place}"].required = False

    @property
    def chapters(self) -> list[Any]:
        return [self[chapter.value] for chapter in Chapter]

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        return [
            (self[f"text-{place}"], self[f"breadth-{place}"], self[f"reach-{place}"])
            for place in self._lines
        ]

    def texts(self) -> dict[str, str]:
        return {chapter.value: self.cleaned_data[chapter.value] for chapter in Chapter}

    def problems(self) -> list[Entry]:
        data = self.cleaned_data
        return [
            Entry(
                data[f"text-{place}"],
                data[f"breadth-{place}"] or Breadth.SINGLE,
                data[f"reach-{place}"] or Reach.TACTICAL,
            )
            for place in self._lines
            if data[f"text-{place}"]
        ]
