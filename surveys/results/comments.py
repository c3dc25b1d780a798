"""What customers wrote: answers in words, and the reasons of low ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.db.models.functions import Left
from django.http import Http404, QueryDict

from surveys.models import Answer, AnswerTag
from surveys.results.reading import Asked
from surveys.results.tables import FEWEST
from surveys.results.themes import themes

# Themes are those of the newest so many, and of the beginning of each.
READ_FOR_THEMES, BEGINNING = 2000, 500
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Comments:
    """`rows` are narrowed; `tags` and `themes` are those of all comments of the period."""

    rows: QuerySet[Answer]
    number: int
    search: str
    tag: str
    question: str
    tags: Sequence[tuple[str, int]]
    themes: Sequence[tuple[str, int]]


def comments(asked: Asked, query: QueryDict) -> Comments:
    """Four statements. Of an anonymous survey with fewer than five responses there are none."""
    every = every_comment(asked)
    search, tag, question = _wanted(query)
    found = _narrowed(every, query)
    tags = (
        AnswerTag.objects.filter(answer__in=every.order_by())
        .values_list("name")
        .annotate(number=Count("pk"))
        .order_by("-number", "name")
    )
    beginnings = every.order_by("-pk").values_list(Left("text", BEGINNING), flat=True)
    newest = beginnings[:READ_FOR_THEMES]
    return Comments(found, found.count(), search, tag, question, list(tags), themes(newest))


def rows(asked: Asked, query: QueryDict) -> QuerySet[Answer]:
    """Those that the address wants: `search`, `tag`, `question`."""
    return _narrowed(every_comment(asked), query)


def _wanted(query: QueryDict) -> tuple[str, str, str]:
    search = query.get("search", "").strip()[:LONGEST_SEARCH]
    return search, query.get("tag", ""), query.get("question", "")


def _narrowed(found: QuerySet[Answer], query: QueryDict) -> QuerySet[Answer]:
    search, tag, question = _wanted(query)
    if "\0" in search + tag + question:
        raise Http404
    if search:
        found = found.filter(text__icontains=search)
    if tag:
        found = found.filter(tags__name=tag)
    return found.filter(question__key=question) if question else found


def every_comment(asked: Asked) -> QuerySet[Answer]:
    """All of the period that the person sees."""
    if asked.survey.is_anonymous and asked.chosen[:FEWEST].count() < FEWEST:
        return Answer.objects.none()
    return Answer.objects.filter(response__in=asked.chosen.order_by()).exclude(text="")
