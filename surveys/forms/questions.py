"""One question of a draft as a form."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.conditions import OPERATIONS
from surveys.models import CHOOSING, LISTING, SCALES, THRESHOLDS, Question, QuestionKind

WORDS = {
    "below": gettext_lazy("is below"),
    "at_least": gettext_lazy("is at least"),
    "is": gettext_lazy("is, or names"),
}
BETWEEN = "|"


class Lines(forms.CharField):
    """Choices, one a line: 中文 | English. Each keeps its key as long as its words stay."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), required=False, **kwargs)
        self.known: list[dict[str, str]] = []

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(
            f" {BETWEEN} ".join(filter(None, (row["text"], row.get("text_en")))) for row in value
        )

    def to_python(self, value: Any) -> Any:
        keys = {row["text"]: row["key"] for row in self.known}
        used, rows = set(keys.values()), []
        for line in (super().to_python(value) or "").splitlines():
            text, _between, text_en = (part.strip() for part in line.partition(BETWEEN))
            if not text:
                continue
            key = keys.get(text) or _free(used)
            used.add(key)
            rows.append({"key": key, "text": text[:200], "text_en": text_en[:200]})
        return rows


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _free(used: set[str]) -> str:
    """The first key of the form c1, c2, … that nothing has."""
    number = 1
    while f"c{number}" in used:
        number += 1
    return f"c{number}"


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """`QuestionForm(data, question=…, earlier=[…])`; `.given()` are the fields of the question."""

    lines = Lines(
        label=gettext_lazy("Choices or items"),
        help_text=gettext_lazy(
            "For one or several of several, a matrix and an order: one a line, English after "
            "a bar, such as 准时 | On time"
        ),
    )
    after = forms.ChoiceField(label=gettext_lazy("Ask only if the answer to"), required=False)
    op = forms.ChoiceField(
        label=gettext_lazy("the answer"),
        choices=[("", "—"), *((name, WORDS[name]) for name in OPERATIONS)],
        required=False,
    )
    limit = forms.CharField(
        label=gettext_lazy("this"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("A number, or the words of a choice; yes is 1, no is 0."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Question
        fields = (
            *("kind", "text", "text_en", "hint", "hint_en", "is_required", "lines"),
            *("threshold", "asks_why_below"),
            *("with_importance", "with_expectation", "with_competitor"),
            *("driver", "element", "dimension", "after", "op", "limit", "version"),
        )

    def __init__(
        self, data: Any = None, *, question: Question, earlier: list[Question], version: int
    ) -> None:
        condition = question.condition or {}
        asked = {row.key: row for row in earlier}
        initial = {
            "lines": question.options or question.items,
            "after": condition.get("question", ""),
            "op": condition.get("op", ""),
            "limit": self._words(asked.get(condition.get("question", "")), condition.get("value")),
            "version": version,
            "threshold": _plain(question.threshold),
            "asks_why_below": _plain(question.asks_why_below),
        }
        super().__init__(data, instance=question, initial=initial)
        self.asked = asked
        self.fields["after"].choices = [("", "—"), *((row.key, str(row)) for row in earlier)]  # type: ignore[attr-defined]
        self.fields["lines"].known = initial["lines"]  # type: ignore[attr-defined]

    @staticmethod
    def _words(asked: Question | None, value: Any) -> str:
        names = {row["key"]: row["text"] for row in asked.options} if asked else {}
        return str(names.get(str(value), "" if value is None else value))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, lines = data.get("kind"), data.get("lines") or []
        if kind in (*CHOOSING, *LISTING) and len(lines) < 2:
            self.add_error("lines", _("Give at least two, one a line."))
        if kind and kind not in SCALES:
            data["threshold"] = data["asks_why_below"] = None
        if bool(data.get("after")) != bool(data.get("op")):
            self.add_error(
                "op", _("Say both, the question and how its answer must be, or neither.")
            )
        return data

    def given(self) -> dict[str, Any]:
        """The fields of `Question` but its key and place."""
        data = self.cleaned_data
        kind = data["kind"]
        names = [
            name
            for name in self.Meta.fields
            if name not in ("lines", "after", "op", "limit", "version")
        ]
        return {name: data[name] for name in names} | {
            "options": data["lines"] if kind in CHOOSING else [],
            "items": data["lines"] if kind in LISTING else [],
            "condition": self._condition(),
        }

    def _condition(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data["after"]:
            return {}
        keys = {row["text"]: row["key"] for row in self.asked[data["after"]].options}
        value = keys.get(data["limit"].strip(), data["limit"].strip())
        return {"question": data["after"], "op": data["op"], "value": value}


def fresh(kind: str) -> Question:
    """A new question of a kind, with what is usual for it."""
    threshold = THRESHOLDS.get(kind)
    return Question(kind=kind, threshold=threshold, asks_why_below=threshold)


def first_kind(given: str) -> str:
    """A kind that somebody asked for, or the usual one."""
    return given if given in QuestionKind.values else QuestionKind.TOTAL
