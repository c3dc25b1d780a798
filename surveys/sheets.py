"""A questionnaire as a form shows it: fields, their choices, what was given, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organisation.models.branch import in_language
from surveys.given import BESIDE, Fields
from surveys.models import Question, QuestionKind, Response


@dataclass(frozen=True)
class Choice:
    """One radio or check box."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `form`: "scale", "choice", "choices", "text", "number" or "place"."""

    name: str
    form: str
    label: str
    text: str = ""
    choices: list[Choice] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True)
class Row:
    """What belongs to one question, or to one item of it."""

    label: str
    main: Field
    why: Field | None
    beside: list[Field]


@dataclass(frozen=True)
class Shown:
    """One question on the page; `ends` are the words at the two ends of its scale."""

    key: str
    text: str
    hint: str
    is_required: bool
    rows: list[Row]
    ends: tuple[str, str] | None
    problem: str
    # Below it a reason is asked for; empty: at no answer.
    limit: str


FORMS = {
    QuestionKind.SINGLE: "choice",
    QuestionKind.YES_NO: "choice",
    QuestionKind.MULTIPLE: "choices",
    QuestionKind.TEXT: "text",
    QuestionKind.NUMBER: "number",
    QuestionKind.RANKING: "place",
}
SEVEN = range(1, 8)


def sheet(
    questions: Sequence[Question], fields: Fields, problems: Mapping[str, str]
) -> list[Shown]:
    """The questions in their order, filled in with `fields`."""
    return [_shown(question, fields, problems) for question in questions]


def shown_with(
    questions: Sequence[Question], fields: Fields, problems: Mapping[str, str] | None
) -> dict[str, Any]:
    """What a page needs to show a sheet and what is wrong with it."""
    wrong = problems or {}
    general = wrong.get("") or _("Some answers are missing or not right.")
    shown = sheet(questions, fields, wrong)
    asked = _asked(shown)
    return {
        "questions": shown,
        "summary": general if wrong else "",
        "wrong": [(name, asked.get(name, ""), text) for name, text in wrong.items() if name],
    }


def _asked(shown: Sequence[Shown]) -> dict[str, str]:
    """By the name of a field, what it asks: several lines of a summary would read alike."""
    asked = {f"q-{question.key}": question.text for question in shown}
    for question in shown:
        for row in question.rows:
            asked[row.main.name] = row.main.label
            asked |= {each.name: f"{row.main.label} {each.label}" for each in row.beside}
    return asked


def fields_of(response: Response | None) -> dict[str, list[str]]:
    """What was answered, as a form would send it."""
    fields: dict[str, list[str]] = {}
    if response is None:
        return fields
    for row in response.answers.select_related("question"):
        ending = row.question.key + (f"--{row.item}" if row.item else "")
        if row.value is not None:
            fields[f"q-{ending}"] = [f"{row.value.normalize():f}"]
            fields[f"why-{ending}"] = [row.text]
        else:
            fields[f"q-{ending}"] = list(row.choices) or [row.text]
        for name in BESIDE:
            fields[f"{name}-{ending}"] = [str(getattr(row, name) or "")]
    return fields


def _shown(question: Question, fields: Fields, problems: Mapping[str, str]) -> Shown:
    rows = [
        _row(
            question,
            item["key"],
            in_language(item["text"], item.get("text_en", "")),
            fields,
            problems,
        )
        for item in question.items
    ]
    return Shown(
        key=question.key,
        text=str(question),
        hint=in_language(question.hint, question.hint_en),
        is_required=question.is_required,
        rows=rows or [_row(question, "", "", fields, problems)],
        ends=_ends(question),
        problem=problems.get(f"q-{question.key}", "") if rows else "",
        limit=_limit(question),
    )


def _row(
    question: Question, item: str, label: str, fields: Fields, problems: Mapping[str, str]
) -> Row:
    ending = f"{question.key}--{item}" if item else question.key
    name = f"q-{ending}"
    given = fields.get(name, ())
    main = Field(
        name=name,
        form=FORMS.get(QuestionKind(question.kind), "scale"),
        label=label or str(question),
        text="".join(given[:1]),
        choices=[Choice(value, words, value in given) for value, words in _choices(question)],
        problem=problems.get(name, ""),
    )
    why = None
    if question.asks_why_below is not None:
        why = Field(
            f"why-{ending}",
            "text",
            _("What was the reason? Please tell us if it is below %(limit)s.")
            % {"limit": _limit(question)},
            text="".join(fields.get(f"why-{ending}", ())),
            problem=problems.get(f"why-{ending}", ""),
        )
    return Row(
        label,
        main,
        why,
        [_beside(kind, question, ending, fields, problems) for kind in _kinds(question)],
    )


def _limit(question: Question) -> str:
    limit = question.asks_why_below
    return "" if limit is None else f"{limit.normalize():f}"


def _kinds(question: Question) -> list[str]:
    return [kind for kind in BESIDE if getattr(question, f"with_{kind}")]


def _beside(
    kind: str, question: Question, ending: str, fields: Fields, problems: Mapping[str, str]
) -> Field:
    labels = {
        "importance": _("How important is it to you?"),
        "expectation": _("What had you expected?"),
        "competitor": _("How does the best other company do?"),
    }
    name = f"{kind}-{ending}"
    given = fields.get(name, ())
    return Field(
        name=name,
        form="scale",
        label=labels[kind],
        choices=[Choice(str(n), str(n), str(n) in given) for n in SEVEN],
        problem=problems.get(name, ""),
    )


def _choices(question: Question) -> list[tuple[str, str]]:
    if question.kind == QuestionKind.YES_NO:
        return [("1", pgettext("answer", "Yes")), ("0", pgettext("answer", "No"))]
    if question.kind == QuestionKind.RANKING:
        return [(str(n), str(n)) for n in range(1, len(question.items) + 1)]
    if question.scale:
        low, high = question.scale
        return [(str(n), str(n)) for n in range(low, high + 1)]
    return [
        (row["key"], in_language(row["text"], row.get("text_en", ""))) for row in question.options
    ]


def _ends(question: Question) -> tuple[str, str] | None:
    kinds = {
        QuestionKind.NPS: (_("Not at all"), _("Certainly")),
        QuestionKind.CES: (_("Disagree entirely"), _("Agree entirely")),
        QuestionKind.RANKING: (_("1 = most important"), ""),
    }
    if question.kind in kinds:
        return kinds[QuestionKind(question.kind)]
    if question.scale and question.kind != QuestionKind.YES_NO:
        return _("Very dissatisfied"), _("Very satisfied")
    return None
