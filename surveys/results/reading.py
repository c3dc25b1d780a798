"""The results of a survey, whole: what the page shows, the file and the API hold the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from csm.kit.periods import Period
from organisation.access import visible
from organisation.models import Person
from surveys.models import CHOOSING, SCALES, Question, QuestionKind, Response, Survey
from surveys.results import counting, spans, tables
from surveys.results.scores import (
    SATISFACTION,
    Change,
    Figure,
    change,
    figure,
    headlines,
    tier_weighted,
)
from surveys.results.tables import FEWEST, Group, Table


@dataclass(frozen=True)
class Asked:
    """Which answers: of this survey, those the person sees, of one period or of all."""

    survey: Survey
    person: Person
    period: Period | None = None

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.survey.edition.questions.all())

    @property
    def rows(self) -> QuerySet[Response]:
        return counting.responses(self.survey, self.person)

    @property
    def may_break_down(self) -> bool:
        """Not a period of an anonymous survey: two of them less one another tell one answer."""
        return self.period is None or not self.survey.is_anonymous

    @property
    def chosen(self) -> QuerySet[Response]:
        return self.rows.filter(counting.within(self.period))


@dataclass(frozen=True)
class Headline:
    """One of the figures that the eye sees first; `before` is that of the period before."""

    question: Question
    figure: Figure
    before: Figure | None
    change: Change | None


@dataclass(frozen=True)
class Slice:
    """How many gave this answer; `share` is of those who answered.

    `address` is what the list of responses calls it; empty where nobody may see them.
    """

    label: str
    n: int
    share: float
    address: str = ""


@dataclass(frozen=True)
class Detail:
    """One question, or one item of it; `mean` is a place for a ranking."""

    question: Question
    label: str
    n: int
    figure: Figure | None
    mean: float | None
    median: float | None
    slices: Sequence[Slice]


@dataclass(frozen=True)
class Results:
    """`is_too_few`: anonymous, and so few that somebody could be recognised. Then it is empty."""

    asked: Asked
    responses: int
    doubtful: int
    is_too_few: bool
    headlines: Sequence[Headline]
    weighted: Figure | None
    details: Sequence[Detail]
    tables: Sequence[Table]
    trend: Table
    groups: Sequence[Group]
    months: Sequence[date]


def asked(survey: Survey, person: Person, query: QueryDict) -> Asked:
    """What an address asks for. Raises `Refused` for what is no period."""
    return Asked(survey, person, spans.asked(query))


def results(asked: Asked) -> Results:
    """A fixed number of statements: one over all answers, others where such questions are asked."""
    counts = counting.counted(asked.rows, asked.questions, asked.period)
    leading = headlines(asked.questions)
    is_too_few = asked.survey.is_anonymous and tables.tells(counts.responses, counts.outside)
    shown = counting.Counts() if is_too_few else counts
    return Results(
        asked=asked,
        responses=counts.responses,
        doubtful=counts.doubtful,
        is_too_few=is_too_few,
        headlines=[_headline(row, shown, before) for row, before in _before(asked, leading)],
        weighted=_weighted(asked, leading, shown),
        details=[] if is_too_few else list(_details(asked, shown)),
        tables=tables.tables(shown, leading) if shown.responses and asked.may_break_down else [],
        trend=tables.trend(shown, leading),
        groups=tables.groups(asked.questions, shown.total),
        months=sorted(counts.responses_by["month"]),
    )


def _headline(question: Question, counts: counting.Counts, before: Counter[int]) -> Headline:
    after = counts.total.get((question.pk, ""), Counter())
    found = figure(question.kind, after)
    if sum(before.values()) < FEWEST or not found.n:
        return Headline(question, found, None, None)
    return Headline(
        question, found, figure(question.kind, before), change(question.kind, before, after)
    )


def _before(asked: Asked, leading: Sequence[Question]) -> list[tuple[Question, Counter[int]]]:
    """Of a period, the one before; of the whole, the survey before with the same questions."""
    if asked.period:
        rows = asked.rows.filter(counting.within(asked.period.previous))
        found = counting.counted(rows, leading).total
        return [(row, found.get((row.pk, ""), Counter())) for row in leading]
    earlier = before(asked)
    if earlier is None:
        return [(row, Counter()) for row in leading]
    same = {row.key: row for row in earlier.questions if row.key in {each.key for each in leading}}
    total = counting.counted(earlier.rows, list(same.values())).total
    return [
        (row, total.get((same[row.key].pk, ""), Counter()) if _is_same(row, same) else Counter())
        for row in leading
    ]


def before(asked: Asked) -> Asked | None:
    """The survey before of the same questionnaire and unit, as far as the person sees it."""
    found = (
        visible(Survey, asked.person)
        .filter(
            edition__questionnaire=asked.survey.edition.questionnaire_id,
            branch=asked.survey.branch_id,
            pk__lt=asked.survey.pk,
            after_closing=asked.survey.after_closing,
            is_anonymous=asked.survey.is_anonymous,
        )
        .exclude(status="draft")
        .select_related("edition")
        .order_by("-pk")
        .first()
    )
    return Asked(found, asked.person) if found else None


def _is_same(question: Question, same: dict[str, Question]) -> bool:
    return question.key in same and same[question.key].kind == question.kind


def _weighted(asked: Asked, leading: Sequence[Question], counts: counting.Counts) -> Figure | None:
    """Beside the pooled satisfaction, where customers of a tier answered (F-17).

    Of an anonymous survey only where each tier could be shown: both together would tell it.
    """
    question = next((row for row in leading if row.kind in SATISFACTION), None)
    if question is None:
        return None
    tallies = {
        rank: tallies.get((question.pk, ""), Counter())
        for rank, tallies in counts.by["rank"].items()
    }
    found = tier_weighted(question.kind, tallies)
    if asked.survey.is_anonymous and not (
        asked.may_break_down and all(row.total() >= FEWEST for row in tallies.values())
    ):
        return None
    return found if found.n else None


def _details(asked: Asked, counts: counting.Counts) -> "list[Detail]":
    choosing = [row for row in asked.questions if row.kind in CHOOSING]
    measuring = [row for row in asked.questions if row.kind == QuestionKind.NUMBER]
    taken = counting.choices(asked.rows, choosing, asked.period) if choosing else {}
    measured = counting.numbers(asked.rows, measuring, asked.period) if measuring else {}
    found: list[Detail] = []
    for question in asked.questions:
        if question in choosing:
            found.append(_of_choices(asked, question, taken.get(question.pk, Counter())))
        elif question in measuring:
            n, mean, median = measured.get(question.pk, (0, None, None))
            found.append(Detail(question, str(question), n, None, mean, median, []))
        elif question.kind != QuestionKind.TEXT:
            found += _of_scale(asked, question, counts)
    return found


def _of_choices(asked: Asked, question: Question, taken: Counter[str]) -> Detail:
    answered = taken[""]
    slices = [
        Slice(
            tables.text_of(row),
            number := taken[row["key"]],
            _share(number, answered),
            _address(asked, question.key, row["key"], number),
        )
        for row in question.options
    ]
    return Detail(question, str(question), answered, None, None, None, slices)


def _of_scale(asked: Asked, question: Question, counts: counting.Counts) -> list[Detail]:
    """A line for the question, or for each of its items; a ranking has mean places."""
    details = []
    for item, label in tables.labelled(question):
        tally = counts.total.get((question.pk, item), Counter())
        n = sum(tally.values())
        place = f"{question.key}.{item}" if item else question.key
        slices = [
            Slice(
                _value(question, value), number, share, _address(asked, place, str(value), number)
            )
            for value, number, share in tables.distribution(question, item, counts.total)
        ]
        scored = figure(question.kind, tally) if question.kind in SCALES else None
        mean = sum(value * number for value, number in tally.items()) / n if n else None
        name = f"{question} · {label}" if item else label
        details.append(Detail(question, name, n, scored, mean, None, slices))
    return details


def _address(asked: Asked, place: str, value: str, number: int) -> str:
    few = asked.survey.is_anonymous and (number < FEWEST or not asked.may_break_down)
    return "" if few or not number else f"{place}:{value}"


def _value(question: Question, value: int) -> str:
    if question.kind == QuestionKind.YES_NO:
        return _("Yes") if value else _("No")
    return str(value)


def _share(number: int, of: int) -> float:
    return number / of if of else 0.0
