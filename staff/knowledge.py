"""The knowledge base as pages and the API read it: found by words and by category (T-22)."""

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import QueryDict

from complaints.models import Category, Complaint
from complaints.models.search import Folded, Holds, Pieces
from complaints.search import SHORTEST, words_of
from organisation.access import can
from organisation.models import Person
from staff.actions.knowledge import ANSWER, ASK
from staff.models import AnswerStatus, ExpertAnswer, ExpertQuestion, QuestionStatus
from staff.models.knowledge import question_text

SEE = ASK
LONGEST = 80
# Beside a complaint.
MOST_BESIDE = 5


def search_of(query: QueryDict) -> str:
    return query.get("search", "").replace("\0", "").strip()[:LONGEST]


def category_of(query: QueryDict) -> Category | None:
    """The category that an address names by its code; an unknown one is none."""
    code = query.get("category", "").replace("\0", "")[:120]
    return Category.objects.filter(code=code).first() if code else None


def questions(*, words: str = "", category: Category | None = None) -> QuerySet[ExpertQuestion]:
    """The questions that hold every word, of a category and those below it.

    They are shared by the whole company, which is why nobody is asked for.
    """
    rows = ExpertQuestion.objects.select_related("category", "asked_by")
    if category is not None:
        rows = rows.filter(category__in=_with_children(category))
    return _holding(rows, words) if words else rows


def _holding(rows: QuerySet[ExpertQuestion], words: str) -> QuerySet[ExpertQuestion]:
    """By the index, then by reading."""
    found = rows.alias(pieces=Pieces(question_text()))
    for word in words_of(words):
        if len(word) >= SHORTEST:
            found = found.filter(pieces__contains=Pieces(Folded(Value(word))))
        found = found.filter(Holds(question_text(), word))
    return found


def beside(complaint: Complaint) -> list[ExpertQuestion]:
    """Published answers of the complaint's category, nearest first, then of those above it."""
    near = _upwards(complaint.category)
    if not near:
        return []
    nearness = Case(
        *(When(category=pk, then=Value(place)) for place, pk in enumerate(near)),
        output_field=IntegerField(),
    )
    rows = ExpertQuestion.objects.filter(status=QuestionStatus.PUBLISHED, category__in=near)
    return list(rows.order_by(nearness, "-published_at", "-pk")[:MOST_BESIDE])


def answers(question: ExpertQuestion, person: Person) -> list[ExpertAnswer]:
    """All that was written, newest first, for experts; others read what is published alone."""
    if not can(person, ANSWER):
        return []
    return list(question.answers.select_related("by", "reviewed_by"))


def unanswered() -> QuerySet[ExpertQuestion]:
    """Open questions for which no answer waits for its review."""
    rows = ExpertQuestion.objects.filter(status=QuestionStatus.ASKED)
    return rows.exclude(pk__in=in_review().values("question"))


def in_review() -> QuerySet[ExpertAnswer]:
    return ExpertAnswer.objects.filter(status=AnswerStatus.PROPOSED)


def _tree() -> dict[int, int | None]:
    """Parents of all categories, in one question: they are few."""
    return dict(Category.objects.order_by().values_list("pk", "parent"))


def _with_children(category: Category) -> list[int]:
    parents = _tree()
    return [pk for pk in parents if category.pk in _chain(pk, parents)]


def _upwards(category: Category | None) -> list[int]:
    return [] if category is None else _chain(category.pk, _tree())


def _chain(pk: int | None, parents: dict[int, int | None]) -> list[int]:
    """From a category up to the top."""
    found: list[int] = []
    while pk is not None and pk not in found:
        found.append(pk)
        pk = parents.get(pk)
    return found
