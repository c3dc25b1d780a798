"""The responses behind a figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import periods
from customers.models import Customer, Grade, Stage, Tier
from organisation.access import visible
from organisation.models import Branch, Level, Person
from surveys.models import CHOOSING, Answer, Question, QuestionKind, Response, Source
from surveys.results.reading import Asked
from surveys.results.tables import FEWEST, text_of

LARGEST = 2**31


@dataclass(frozen=True)
class Chosen:
    """A condition of the list in words."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Behind:
    """`is_too_few`: anonymous and fewer than five, or narrowed by what customers are (F-22)."""

    rows: QuerySet[Response]
    conditions: list[Chosen]
    is_too_few: bool


def behind(asked: Asked, query: QueryDict) -> Behind:
    """Those that the address names: a line of a break-down, and an answer to a question.

    Raises `Http404` for what there is not.
    """
    rows, conditions = asked.chosen, []
    if asked.period:
        conditions.append(Chosen("period", _("Period"), periods.label(asked.period)))
    few = False
    for name, narrow in NARROWING.items():
        if name in query:
            condition, chosen = narrow(query.get(name, ""), asked)
            rows = rows.filter(condition)
            conditions.append(chosen)
            # Two lists less one another would tell whose an answer is.
            few |= asked.survey.is_anonymous and name != "answer"
    few |= asked.survey.is_anonymous and rows[:FEWEST].count() < FEWEST
    return Behind(rows.none() if few else rows, conditions, is_too_few=few)


def _branch(key: str, asked: Asked) -> tuple[Q, Chosen]:
    unit = _unit(key)
    return Q(branch=unit), Chosen("branch", pgettext("level", "Branch"), unit.label)


def _region(key: str, asked: Asked) -> tuple[Q, Chosen]:
    """The region and what lies below it; of the headquarters what belongs to no region."""
    unit = _unit(key)
    below = Q(branch__path__startswith=unit.path)
    if unit.level == Level.HEADQUARTERS:
        regions = Branch.objects.filter(level=Level.REGION).values_list("path", flat=True)
        for path in regions:
            below &= ~Q(branch__path__startswith=path)
    return below, Chosen("region", _("Region"), unit.label)


def _unit(key: str) -> Branch:
    found = Branch.objects.filter(pk=_number(key)).first()
    if found is None:
        raise Http404
    return found


def _number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and int(key) < LARGEST):
        raise Http404
    return int(key)


def _rank(key: str, asked: Asked) -> tuple[Q, Chosen]:
    names = {**dict(Tier.choices), **dict(Grade.choices), "": _unknown()}
    return Q(tier=key) | Q(tier="", grade=key), _chosen("rank", _("Tier or grade"), key, names)


def _stage(key: str, asked: Asked) -> tuple[Q, Chosen]:
    names = {**dict(Stage.choices), "": _unknown()}
    return Q(stage=key), _chosen("stage", _("Stage"), key, names)


def _source(key: str, asked: Asked) -> tuple[Q, Chosen]:
    return Q(source=key), _chosen("source", _("Source"), key, dict(Source.choices))


def _chosen(name: str, label: str, key: str, names: Mapping[str, object]) -> Chosen:
    if key not in names:
        raise Http404
    return Chosen(name, label, str(names[key]))


def _unknown() -> str:
    return pgettext("class of customers", "Not known")


def _answer(key: str, asked: Asked) -> tuple[Q, Chosen]:
    """`total:6`; of an item `needs.c1:6`; of options `reason:c2`; `total:` are all who answered."""
    place, _colon, value = key.partition(":")
    name, _dot, item = place.partition(".")
    question = next((row for row in asked.questions if row.key == name), None)
    items = {row["key"]: text_of(row) for row in question.items} if question else {}
    if question is None or (item and item not in items):
        raise Http404
    said = Answer.objects.filter(response=OuterRef("pk"), question=question)
    if item:
        said = said.filter(item=item)
    condition, words = _given(question, value)
    label = " · ".join(filter(None, (str(question), items.get(item))))
    return Q(Exists(said.filter(condition))), Chosen("answer", label, words)


def _given(question: Question, value: str) -> tuple[Q, str]:
    """The answers of that value, and the value in words."""
    if not value:
        return Q(), _("answered")
    if question.kind in CHOOSING:
        names = {row["key"]: text_of(row) for row in question.options}
        if value not in names:
            raise Http404
        return Q(choices__contains=[value]), names[value]
    number = _number(value)
    if question.kind == QuestionKind.YES_NO:
        return Q(value=number), _("Yes") if number else _("No")
    return Q(value=number), value


NARROWING = {
    "branch": _branch,
    "region": _region,
    "rank": _rank,
    "stage": _stage,
    "source": _source,
    "answer": _answer,
}


def named(rows: list[Response], person: Person) -> dict[int, str]:
    """The customers' names, of those customers that the person may see."""
    keys = {row.customer_id for row in rows if row.customer_id}
    found = visible(Customer, person).filter(pk__in=keys).values_list("pk", "name")
    return dict(found)
