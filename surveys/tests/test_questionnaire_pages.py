"""The editor of questionnaires, as somebody uses it who has no script."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Role
from surveys import factories
from surveys.actions import questions
from surveys.models import Edition, Questionnaire

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def editor(client: Client, places: Tree) -> Client:
    client.force_login(PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER))
    return client


def posted(client: Client, to: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(to, args=args), data, follow=True)


def filled(edition: Edition, **data: Any) -> dict[str, Any]:
    edition.refresh_from_db()
    return {"kind": "total", "text": "总体几分？", "version": edition.version} | data


def test_s03_a_questionnaire_is_written_ordered_previewed_and_published(
    editor: Client, places: Tree
) -> None:
    page = posted(editor, "questionnaire-new", name="年度满意度", branch=places.headquarters.pk)
    edition = Edition.objects.get()
    assert page.redirect_chain == [(reverse("edition", args=[edition.pk]), 302)]
    assert "No question yet" in page.content.decode()

    posted(editor, "question-new", edition.pk, **filled(edition, threshold="7", asks_why_below="7"))
    lines = "延误 | Late\n破损 | Broken"
    given = filled(
        edition, kind="multiple", text="哪里不好？", lines=lines, after="total", op="below"
    )
    page = posted(editor, "question-new", edition.pk, **given, limit="7")
    posted(editor, "question-from-bank", edition.pk, list="needs")
    rows = questions.rows_of(edition)
    assert [row["key"] for row in rows] == ["total", "multiple", "needs"]
    assert rows[1]["options"] == [
        {"key": "c1", "text": "延误", "text_en": "Late"},
        {"key": "c2", "text": "破损", "text_en": "Broken"},
    ]
    assert rows[1]["condition"] == {"question": "total", "op": "below", "value": "7"}
    assert len(rows[2]["items"]) == 26

    # Words change, a key stays; so does what hangs on it.
    given = filled(edition, kind="multiple", text="哪里不好？", lines="破损\n丢失")
    posted(editor, "question", edition.pk, "multiple", **given)
    assert [row["key"] for row in questions.rows_of(edition)[1]["options"]] == ["c2", "c3"]
    posted(editor, "question-change", edition.pk, "needs", do="up")
    posted(editor, "question-change", edition.pk, "multiple", do="remove")
    assert [row["key"] for row in questions.rows_of(edition)] == ["total", "needs"]

    edition.refresh_from_db()
    page = posted(editor, "edition-publish", edition.pk, version=edition.version)
    assert "surveys may ask it from now on" in page.content.decode()
    # What is published leads on to asking it.
    led = f"{reverse('survey-new')}?edition={edition.pk}"
    assert led in page.content.decode()
    assert f'<option value="{edition.pk}" selected>' in editor.get(led).content.decode()
    assert editor.get(f"{reverse('survey-new')}?edition=x").status_code == 200
    edition.refresh_from_db()
    assert edition.status == "published"
    page = posted(editor, "questionnaire-next", edition.questionnaire_id)
    assert "Edition 2" in page.content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": ""}, "This field is required"),
        ({"kind": "single", "lines": "nur eins"}, "at least two"),
        ({"after": "total"}, "Say both"),
    ],
)
def test_a_wrong_question_keeps_what_was_typed(
    editor: Client, places: Tree, data: dict[str, Any], words: str
) -> None:
    posted(editor, "questionnaire-new", name="x", branch=places.headquarters.pk)
    edition = Edition.objects.get()
    posted(editor, "question-new", edition.pk, **filled(edition))
    given = filled(edition, text_en="typed before") | data
    answer = editor.post(reverse("question-new", args=[edition.pk]), given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "typed before" in answer.content.decode()
    assert edition.questions.count() == 1


def test_what_cannot_be_published_says_which_question(editor: Client, places: Tree) -> None:
    posted(editor, "questionnaire-new", name="x", branch=places.headquarters.pk)
    edition = Edition.objects.get()
    answer = editor.post(reverse("edition-publish", args=[edition.pk]))
    assert answer.status_code == 422
    assert "asks nothing" in answer.content.decode()
    posted(editor, "question-new", edition.pk, **filled(edition, threshold="11"))
    answer = editor.post(reverse("edition-publish", args=[edition.pk]))
    assert (answer.status_code, "0 to 10" in answer.content.decode()) == (422, True)
    edition.refresh_from_db()
    assert edition.status == "draft"


def test_a_stale_page_overwrites_nothing(editor: Client, places: Tree) -> None:
    posted(editor, "questionnaire-new", name="x", branch=places.headquarters.pk)
    edition = Edition.objects.get()
    old = filled(edition)
    posted(editor, "question-new", edition.pk, **old)
    answer = editor.post(reverse("question-new", args=[edition.pk]), old | {"kind": "nps"})
    assert answer.status_code == 409
    assert [row.key for row in edition.questions.all()] == ["total"]


def test_two_questionnaires_of_one_name_are_refused(editor: Client, places: Tree) -> None:
    given = {"name": "x", "branch": places.headquarters.pk}
    posted(editor, "questionnaire-new", **given)
    answer = editor.post(reverse("questionnaire-new"), given)
    assert answer.status_code == 422
    assert "Another questionnaire has this name" in answer.content.decode()
    assert Questionnaire.objects.count() == 1


def test_the_list_asks_as_often_for_twenty(editor: Client, places: Tree) -> None:
    counts = []
    for start, end in ((0, 1), (1, 20)):
        for n in range(start, end):
            factories.edition(places.headquarters, name=f"n{n}")
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(reverse("questionnaires")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
