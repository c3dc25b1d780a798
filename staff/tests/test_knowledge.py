"""The knowledge base: asked by anybody, answered by an expert, read by another (T-22)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from complaints.factories import CategoryFactory
from complaints.tests.clockwork import Desk, at, opened_desk, refused, told
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from csm.tests.race import race
from organisation.models import Person
from staff.actions import knowledge
from staff.learning_factories import answered, proposed
from staff.models import ExpertAnswer, ExpertQuestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_t22_a_question_is_answered_and_read_by_another_before_all_can_find_it(desk: Desk) -> None:
    asker, expert, other = client(desk.handler), client(desk.quality), client(desk.specialist)
    category = CategoryFactory.create(code="damage", name="货损", name_en="Damage")
    given = {"title": "货物受潮后怎样取证？", "details": "雨天", "category": category.pk}
    assert asker.post("/staff/knowledge/new/", {"title": " "}).status_code == 422
    assert asker.post("/staff/knowledge/new/", given).status_code == 302
    question = ExpertQuestion.objects.get()
    page = f"/staff/knowledge/{question.pk}/"
    assert told("question_asked") == ["quality"]
    assert asker.post(f"{page}answer/", {"text": "x"}).status_code == 403
    empty = expert.post(f"{page}answer/", {"text": " ", "version": "1"})
    assert (empty.status_code, "Write the answer." in text_of(empty)) == (422, True)
    assert expert.post(f"{page}answer/", {"text": "先拍照", "version": "1"}).status_code == 302
    answer = ExpertAnswer.objects.get()
    # Neither read nor found before another expert has read it.
    assert "先拍照" not in text_of(asker.get(page))
    assert expert.post(f"{page}answers/{answer.pk}/publish/").status_code == 403
    assert asker.post(f"{page}answers/{answer.pk}/publish/").status_code == 403
    assert other.post(f"{page}answers/{answer.pk}/return/", {"reason": ""}).status_code == 422
    assert ExpertAnswer.objects.get().status == "proposed"
    assert other.post(f"{page}answers/{answer.pk}/publish/", {"version": "1"}).status_code == 302
    assert other.post(f"{page}answers/{answer.pk}/publish/", {"version": "1"}).status_code == 409
    assert "先拍照" in text_of(asker.get(page))
    assert told("answer_published") == ["handler", "quality"]
    # By its words, and by the category and those above it.
    for search, count in (("受潮", 1), ("先拍照 雨天", 1), ("火灾", 0), ("潮", 1)):
        found = asker.get("/staff/knowledge/", {"search": search}).content.decode()
        assert found.count(page) == count, search
    assert page in asker.get("/staff/knowledge/?category=damage").content.decode()


def test_t22_beside_a_complaint_stands_what_is_known_of_its_category(desk: Desk) -> None:
    above = CategoryFactory.create(code="cargo")
    mine = CategoryFactory.create(code="damage", parent=above)
    known = [
        answered(desk.handler, desk.quality, desk.specialist, title=name, category=category)
        for name, category in (("far", above), ("near", mine), ("none", None))
    ]
    proposed(desk.handler, desk.quality, title="unread", category=mine)
    complaint = desk.complaint(category=mine)
    url = f"/complaints/{complaint.number}/knowledge/"
    assert (
        f'hx-get="{url}"'
        in client(desk.handler).get(f"/complaints/{complaint.number}/").content.decode()
    )
    text = client(desk.handler).get(url).content.decode()
    assert re.findall(r"/staff/knowledge/(\d+)/", text) == [
        str(known[1].question_id),
        str(known[0].question_id),
    ]
    assert ">unread<" not in text
    assert client(desk.neighbour).get(url).status_code == 404


def test_t22_a_better_answer_waits_while_the_old_one_stays(desk: Desk) -> None:
    first = answered(desk.handler, desk.quality, desk.specialist, now=at(0))
    question = ExpertQuestion.objects.get()
    act: dict[str, Any] = {"question": question, "now": at(1)}
    with refused(Forbidden):
        knowledge.answer(text="x", by=desk.handler, **act)
    with refused(Refused, "text"):
        knowledge.answer(text="  ", by=desk.quality, **act)
    better = knowledge.answer(text="Better", by=desk.specialist, **act)
    with refused(NotOpen):
        knowledge.answer(text="Another", by=desk.quality, **act)
    with refused(NotOpen):
        knowledge.close(question=question, reason="old", by=desk.quality, now=at(1))
    with refused(Forbidden):
        knowledge.publish(answer=better, by=desk.specialist, now=at(2))
    assert ExpertQuestion.objects.get().answer == first.text
    knowledge.give_back(answer=better, reason="Too short", by=desk.quality, now=at(2))
    assert (ExpertQuestion.objects.get().answer, told("answer_returned")) == (
        first.text,
        ["specialist"],
    )
    question.refresh_from_db()
    knowledge.close(question=question, reason="Not so any more", by=desk.quality, now=at(3))
    assert ExpertQuestion.objects.get().status == "withdrawn"
    for change in (
        {"reviewed_by": desk.quality, "status": "accepted", "by": desk.quality},
        {"status": "returned", "reason": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExpertAnswer.objects.filter(pk=first.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_t22_two_who_answer_or_publish_at_once_do_it_once() -> None:
    desk = opened_desk()
    question = knowledge.ask(title="?", by=desk.handler, now=at(0))
    experts = (desk.quality, desk.specialist)
    given: dict[str, Any] = {"question": question, "text": "x", "now": at(1)}
    results = race(*(lambda by=by: knowledge.answer(by=by, **given) for by in experts))
    assert sum(isinstance(each, NotOpen) for each in results) == 1
    answer = ExpertAnswer.objects.get()
    reader = next(each for each in experts if each.pk != answer.by_id)
    copies = [ExpertAnswer.objects.select_related("question").get() for _each in range(2)]
    acts: list[Callable[[], Any]] = [
        lambda row=row: knowledge.publish(answer=row, by=reader, now=at(2))  # type: ignore[misc]
        for row in copies
    ]
    results = race(*acts)
    assert sum(isinstance(each, Stale) for each in results) == 1
    assert ExpertQuestion.objects.get().status == "published"


def test_t22_the_api_asks_answers_and_publishes(desk: Desk) -> None:
    asker, expert, other = Caller(desk.handler), Caller(desk.quality), Caller(desk.specialist)
    CategoryFactory.create(code="damage")
    made = asker.post("knowledge/", {"title": "How?", "category": "damage"})
    assert made.status_code == 201, made.content
    page = f"knowledge/{made.json()['id']}/"
    assert asker.post(f"{page}answer/", {"text": "So"}).status_code == 403
    answer = expert.post(f"{page}answer/", {"text": "So"}).json()["answers"][0]
    assert asker.get(page).json()["answers"] == []
    act = f"{page}answers/{answer['id']}/"
    assert expert.post(f"{act}publish/", {}).status_code == 403
    assert other.post(f"{act}publish/", {"version": 9}).status_code == 409
    assert other.post(f"{act}publish/", {"version": 1}).json()["answer"] == "So"
    rows = asker.get("knowledge/?search=so&category=damage").json()["results"]
    assert [row["status"] for row in rows] == ["published"]


@pytest.mark.parametrize("number", [1, 20])
def test_t22_the_list_asks_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    category = CategoryFactory.create()
    for place in range(number):
        answered(desk.handler, desk.quality, desk.specialist, title=f"{place}", category=category)
    browser = client(desk.handler)
    browser.get("/staff/knowledge/")
    with django_assert_num_queries(6):
        assert browser.get("/staff/knowledge/").status_code == 200
