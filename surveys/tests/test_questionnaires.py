"""Questionnaires: drafts, editions that stay, conditions that cannot lead in a circle."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.actions import questionnaires
from surveys.conditions import holds, shown
from surveys.given import read
from surveys.models import Edition, Question

pytestmark = pytest.mark.django_db
CHOICES = [{"key": "late", "text": "延误"}, {"key": "broken", "text": "破损"}]
NO_NUMBER = {"question": "total", "op": "below", "value": "NaN"}


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def editor(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def draft(places: Tree, editor: Person, now: datetime) -> Edition:
    return questionnaires.create(name="年度", branch=places.headquarters, by=editor, now=now)


def asked(**given: Any) -> dict[str, Any]:
    return {"key": "total", "kind": "total", "text": "几分？"} | given


def saved(draft: Edition, editor: Person, now: datetime, *questions: dict[str, Any]) -> Edition:
    questionnaires.save(edition=draft, questions=questions, by=editor, now=now)
    return draft


def test_s03_a_published_edition_stays_and_the_next_begins_with_its_questions(
    draft: Edition, editor: Person, now: datetime
) -> None:
    saved(draft, editor, now, asked(), asked(key="why", kind="text"))
    questionnaires.publish(edition=draft, by=editor, now=now)
    with pytest.raises(NotOpen):
        questionnaires.save(edition=draft, questions=[], by=editor, now=now)
    acts: tuple[Callable[[], object], ...] = (
        lambda: draft.questions.update(text="anders"),
        lambda: draft.questions.all().delete(),
        lambda: Question.objects.create(edition=draft, position=9, key="x", kind="text", text="x"),
        lambda: Edition.objects.filter(pk=draft.pk).update(welcome="x"),
        lambda: Edition.objects.filter(pk=draft.pk).update(status="draft", published_at=None),
    )
    for act in acts:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    following = questionnaires.begin_next(questionnaire=draft.questionnaire, by=editor, now=now)
    assert (following.number, following.status) == (2, "draft")
    assert [row.key for row in following.questions.all()] == ["total", "why"]
    again = questionnaires.begin_next(questionnaire=draft.questionnaire, by=editor, now=now)
    assert again == following
    questionnaires.retire(edition=draft, by=editor, now=now)
    assert draft.status == "retired"


@pytest.mark.parametrize(
    ("questions", "word"),
    [
        ([], "without questions"),
        ([asked(text=" ")], "text is missing"),
        ([asked(threshold=Decimal(11))], "0 to 10"),
        ([asked(kind="single", options=CHOICES[:1])], "at least two"),
        ([asked(kind="single", options=[CHOICES[0]] * 2)], "same key"),
        ([asked(condition={"question": "total", "op": "below", "value": 3})], "earlier"),
        (
            [
                asked(condition={"question": "b", "op": "below", "value": 3}),
                asked(key="b", condition={"question": "total", "op": "below", "value": 3}),
            ],
            "earlier",
        ),
        (
            [asked(), asked(key="b", condition={"question": "total", "op": "below", "value": "x"})],
            "Enter a number",
        ),
        (
            [
                asked(),
                asked(key="b", condition=NO_NUMBER),
            ],
            "Enter a number",
        ),
        (
            [
                asked(kind="single", options=CHOICES),
                asked(key="b", condition={"question": "total", "op": "is", "value": "lost"}),
            ],
            "cannot be given",
        ),
    ],
)
def test_what_nobody_could_answer_is_not_published(
    draft: Edition, editor: Person, now: datetime, questions: list[dict[str, Any]], word: str
) -> None:
    saved(draft, editor, now, *questions)
    with pytest.raises(Refused, match=word):
        questionnaires.publish(edition=draft, by=editor, now=now)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_two_questions_of_one_key_are_refused(
    draft: Edition, editor: Person, now: datetime
) -> None:
    with pytest.raises(Refused, match="same key"):
        saved(draft, editor, now, asked(), asked())
    assert draft.questions.count() == 0


def test_a_stale_editor_and_a_branch_change_nothing(
    places: Tree, draft: Edition, editor: Person, now: datetime
) -> None:
    old = Edition.objects.get(pk=draft.pk)
    saved(draft, editor, now, asked())
    with pytest.raises(Stale):
        saved(old, editor, now)
    for branch, role in (
        (places.branch, Role.BRANCH_MANAGER),
        (places.region, Role.QUALITY_MANAGER),
        (places.headquarters, Role.EXECUTIVE),
    ):
        person = PersonFactory.create(branch=branch, role=role)
        with pytest.raises(Forbidden):
            saved(draft, person, now)
    assert draft.questions.count() == 1


def test_conditions_follow_the_answers() -> None:
    questions = [
        Question(key="total", kind="total"),
        Question(
            key="why", kind="text", condition={"question": "total", "op": "below", "value": 7}
        ),
        Question(key="deep", kind="text", condition={"question": "why", "op": "is", "value": "x"}),
    ]

    def keys(**given: Any) -> list[str]:
        return [question.key for question in shown(questions, given)]

    assert keys() == ["total"]
    assert keys(total=Decimal(7), why="x") == ["total"]
    assert keys(total=Decimal("6.99"), why="x") == ["total", "why", "deep"]
    chosen = {"question": "total", "op": "is", "value": "late"}
    assert holds(chosen, {"total": ["broken", "late"]})
    assert not holds(chosen, {"total": ["broken"]})
    assert holds({"question": "total", "op": "at_least", "value": "2"}, {"total": Decimal(2)})
    # An edition of before asks for what is no number: nobody is asked, and nothing fails.
    assert not holds(NO_NUMBER, {"total": Decimal(2)})


def test_what_follows_from_yes_is_asked_after_yes() -> None:
    questions = [
        Question(key="hurt", kind="yes_no"),
        Question(key="what", kind="text", condition={"question": "hurt", "op": "is", "value": "1"}),
    ]
    for answer, keys in (("1", ["hurt", "what"]), ("0", ["hurt"]), ("", ["hurt"])):
        sheet = read(questions, {"q-hurt": [answer]})
        assert [question.key for question in sheet.asked] == keys


def test_the_short_questionnaire_can_be_published(places: Tree) -> None:
    rows = factories.edition(places.headquarters).questions.all()
    earlier: list[Question] = []
    for row in rows:
        questionnaires.check(row, earlier)
        earlier.append(row)
    assert [row.key for row in rows] == ["total", "recommend", "wish"]
