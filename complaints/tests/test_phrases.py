"""Canned replies: kept by people, shared downwards, inserted with their fields filled in."""

from typing import Any

import pytest

from complaints.actions.phrases import create
from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Phrase, Reply
from complaints.tests.rows import everything, signed_in
from csm.tests.race import race
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db
LIST, NEW = "/settings/phrases/", "/settings/phrases/new/"


@pytest.fixture
def company() -> Tree:
    return tree()


def person(branch: Branch, role: str, name: str = "周敏") -> Person:
    return PersonFactory.create(branch=branch, role=role, name=name, email="")


def send(who: Person, url: str, **data: Any) -> Any:
    return signed_in(who).post(url, data)


def test_a_canned_reply_is_written_changed_and_deleted(company: Tree) -> None:
    handler = person(company.branch, Role.HANDLER)
    given = {"name": "致歉", "text": "{customer}，非常抱歉。"}
    assert send(handler, NEW, **given).status_code == 302
    phrase = Phrase.objects.get()
    assert (phrase.owner, phrase.branch, phrase.category) == (handler, None, None)
    url = f"{LIST}{phrase.pk}/"
    assert send(handler, url, **given | {"name": "道歉"}).status_code == 302
    assert Phrase.objects.get().name == "道歉"
    assert "道歉" in signed_in(handler).get(LIST).content.decode()
    assert send(handler, f"{url}delete/").status_code == 302
    assert not Phrase.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "{customer} {phone}"}, "There is no field {phone}. There are: {customer}"),
        ({"text": "{}"}, "There is no field {}."),
        ({"text": "{{number}} {% now %}"}, "There is no field {% now %}."),
        ({"text": ""}, "Enter the text."),
        ({"name": ""}, "Enter the name."),
        ({"name": "n" * 61}, "at most 60 characters"),
        ({"name": "有了"}, "You have a canned reply of this name already."),
        ({"branch": "1"}, "Select a valid choice"),
    ],
)
def test_bad_input_is_said_kept_and_changes_nothing(
    given: dict[str, str], said: str, company: Tree
) -> None:
    manager = person(company.branch, Role.BRANCH_MANAGER)
    create(name="有了", text="一", by=manager)
    answer = send(manager, NEW, **{"name": "新", "text": "typed {due}", **given})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    if "text" not in given:
        assert "typed {due}" in text
    assert [row.name for row in Phrase.objects.all()] == ["有了"]


def test_who_shares_reaches_down_and_nobody_shares_without_the_right(company: Tree) -> None:
    handler = person(company.branch, Role.HANDLER)
    manager = person(company.branch, Role.BRANCH_MANAGER)
    below = person(company.child, Role.HANDLER)
    beside = person(company.sibling, Role.HANDLER)
    data = {"name": "共用", "text": "您好", "branch": company.branch.pk}
    assert send(handler, NEW, **data | {"name": "自用"}).status_code == 302
    assert Phrase.objects.get().branch is None, "no such box is offered"
    assert send(manager, NEW, **data).status_code == 302
    shared = Phrase.objects.get(name="共用")
    assert shared.branch == company.branch
    assert send(manager, NEW, **data | {"branch": company.sibling.pk}).status_code == 422
    assert "共用" in signed_in(below).get(LIST).content.decode()
    assert "共用" not in signed_in(beside).get(LIST).content.decode()
    assert "自用" not in signed_in(manager).get(LIST).content.decode()
    for other in (below, beside, handler):
        for url in (f"{LIST}{shared.pk}/", f"{LIST}{shared.pk}/delete/"):
            assert send(other, url, name="x", text="x").status_code == 404
    assert Phrase.objects.get(pk=shared.pk).name == "共用"
    manager.postings.update(role=Role.HANDLER)
    own = f"{LIST}{shared.pk}/"
    assert send(manager, own, name="共用", text="别的话").status_code == 403, "shared no more"
    assert Phrase.objects.get(pk=shared.pk).text == "您好"
    assert send(manager, f"{own}delete/").status_code == 302


def test_the_fields_are_filled_in_once_and_only_those_of_the_list(company: Tree) -> None:
    handler = person(company.branch, Role.HANDLER)
    customer = CustomerFactory.create(name="{number}公司", home_branch=company.branch)
    complaint = ComplaintFactory.create(
        branch=company.branch, handler=handler, customer=customer, until="handling"
    )
    phrase = create(name="全", text="{customer}|{number}|{branch}|{handler}|{due}", by=handler)
    url = f"/complaints/{complaint.number}/phrase/"
    answer = signed_in(handler).get(url, {"phrase": phrase.pk})
    name, number, branch, by, due = answer.content.decode().split("|")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert (name, number) == ("{number}公司", complaint.number)
    assert (branch, by) == (company.branch.label, "周敏")
    assert len(due) == len("2026-11-19 14:32")

    unknown = ComplaintFactory.create(branch=company.branch)
    text = signed_in(handler).get(f"/complaints/{unknown.number}/phrase/", {"phrase": phrase.pk})
    assert text.content.decode().startswith(
        f"{{customer}}|{unknown.number}|{{branch}}|{{handler}}|"
    )
    for code in ("0", "x", "9" * 40, "1\0"):
        assert signed_in(handler).get(url, {"phrase": code}).status_code == 404


def test_without_script_the_text_goes_in_and_everything_typed_stays(company: Tree) -> None:
    handler = person(company.branch, Role.HANDLER)
    complaint = ComplaintFactory.create(branch=company.branch, handler=handler, until="handling")
    phrase = create(name="赔", text="单号 {number}，已赔付。", by=handler)
    before = everything()
    url = f"/complaints/{complaint.number}/answer/"
    typed = {
        "result": "先说一句。",
        "channel": "email",
        "at": "2026-11-19T09:30",
        "is_customer_satisfied": "yes",
        "version": complaint.version,
    }
    answer = send(handler, url, **typed, insert="1", phrase=phrase.pk)
    assert answer.status_code == 200
    assert everything() == before
    form = answer.context["page"].refused[1]
    words = f"先说一句。\n单号 {complaint.number}，已赔付。"
    assert {name: str(form[name].value()) for name in typed} == {
        **{name: str(value) for name, value in typed.items()},
        "result": words,
    }
    assert 'id="errors"' not in answer.content.decode()
    sent = {**typed, "result": words, "at": ""}
    assert send(handler, url, **sent).status_code == 303
    assert Reply.objects.get(kind="result").words == words


def test_a_complaint_offers_what_fits_its_category_with_one_more_query(company: Tree) -> None:
    handler = person(company.branch, Role.HANDLER)
    above = CategoryFactory.create()
    mine, other = CategoryFactory.create(parent=above), CategoryFactory.create()
    for name, category in (("总", None), ("上", above), ("本", mine), ("他", other)):
        create(name=name, text="x", category=category, by=handler)
    complaint = ComplaintFactory.create(
        branch=company.branch, handler=handler, category=mine, until="handling"
    )
    page = signed_in(handler).get(f"/complaints/{complaint.number}/").content.decode()
    picker = page[page.index('id="apologise_phrase"') :]
    picker = picker[: picker.index("</select>")]
    assert [name for name in "总上本他" if f">{name}<" in picker] == ["总", "上", "本"]


@pytest.mark.django_db(transaction=True)
def test_two_of_one_name_at_once_leave_one() -> None:
    handler = person(tree().branch, Role.HANDLER)

    def post() -> int:
        return int(send(handler, NEW, name="同名", text="x").status_code)

    assert sorted(map(str, race(*[post] * 4))) == ["302", "422", "422", "422"]
    assert Phrase.objects.count() == 1
