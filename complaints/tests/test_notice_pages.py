"""Notices through their pages and the API: what is shown, offered, refused and kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from complaints.actions import opinions
from complaints.factories import ComplaintFactory
from complaints.models import Notice, NoticeCopy, Opinion, Reading
from complaints.notice_factories import TEXT, NoticeFactory
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Posting, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, email="")


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")


@pytest.fixture
def neighbour(company: Tree) -> Person:
    return PersonFactory.create(branch=company.sibling, role=Role.BRANCH_MANAGER, email="")


def made(quality: Person, *branches: Any, **more: Any) -> Notice:
    return NoticeFactory.create(by=quality, addressees=branches, **more)


def post(person: Person, url: str, **data: Any) -> Any:
    return signed_in(person).post(url, data, headers={"accept-language": "en"})


def text(person: Person, url: str) -> str:
    answer = signed_in(person).get(url, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_c11_r03_through_the_pages(
    company: Tree, quality: Person, handler: Person, neighbour: Person
) -> None:
    """Drafted about a complaint, opinions asked, given, published to a region, acknowledged."""
    complaint = ComplaintFactory.create(branch=company.branch, until="handling", quality=quality)
    new = f"/notices/new/?complaint={complaint.number}"
    assert complaint.number in text(quality, new)
    unit = company.headquarters.pk
    region = f"all-{company.region.pk}"
    given = {"title": "关于到货不通知的通报", "text": TEXT, "issuing_branch": unit}
    answer = post(quality, new, addressees=[region], **given)
    notice = Notice.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/notices/{notice.pk}/")
    assert (notice.complaint, notice.status) == (complaint, "draft")
    assert {branch.code for branch in notice.addressees.all()} == {"WX", "WX1", "SZ"}

    url = f"/notices/{notice.pk}/"
    until = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    asked = {"branches": [company.branch.pk], "due_at": until, "version": 1}
    assert post(quality, f"{url}consult/", **asked).status_code == 303
    assert "Publish the notice" not in text(quality, url), "an opinion is awaited"
    assert "Give our opinion" in text(handler, url)
    assert signed_in(neighbour).get(url).status_code == 404
    assert post(quality, f"{url}publish/", version=2).status_code == 422
    opinion = post(handler, f"{url}opinion/", text="情况属实。", branch=company.branch.pk)
    assert opinion.status_code == 303
    assert "情况属实。" in text(quality, url)
    assert post(quality, f"{url}publish/", version=2).status_code == 303
    notice.refresh_from_db()
    assert (notice.status, notice.sequence) == ("published", 1)

    page = text(neighbour, url)
    assert notice.number is not None
    assert notice.number in page
    assert "情况属实。" not in page, "opinions stay with who asked and who answered"
    assert Reading.objects.get().by == neighbour
    text(neighbour, url)
    assert Reading.objects.count() == 1
    assert post(neighbour, f"{url}acknowledge/").status_code == 303
    assert NoticeCopy.objects.get(acknowledged_by=neighbour).branch == company.sibling
    listed = text(quality, "/notices/")
    assert "1 of 3 acknowledged" in listed
    withdrawn = post(quality, f"{url}withdraw/", version=notice.version, reason="事实有误。")
    assert withdrawn.status_code == 303
    events = text(quality, f"/complaints/{complaint.number}/")
    assert "published the notice" in events
    assert "withdrew the notice" in events
    assert notice.number in events


def test_c11_a_notice_for_nobody_says_what_it_lacks(company: Tree, quality: Person) -> None:
    """Before anybody presses the button that would refuse it."""
    drafts = (
        made(quality),
        made(quality, asked=[company.branch], opinion="", speaker=None),
    )
    for notice in drafts:
        page = text(quality, f"/notices/{notice.pk}/")
        assert '<a href="#change">Name the branches</a>' in page
        assert "Publish the notice" not in page
        assert "It can be published after that" not in page
    assert "Publish the notice" in text(quality, f"/notices/{made(quality, company.branch).pk}/")


def test_what_waits_for_a_branch_stands_in_its_work(
    company: Tree, quality: Person, handler: Person, neighbour: Person
) -> None:
    made(quality, company.branch, until="published")
    asked = [company.branch, company.child]
    made(quality, company.branch, asked=asked, opinion="", speaker=None)
    # One notice, be it that two units of the same person are asked.
    Posting.objects.create(person=handler, branch=company.child, role=Role.HANDLER)
    work = text(handler, "/")
    assert "1 notice to acknowledge" in work
    assert "1 notice asks for our opinion" in work
    other = text(neighbour, "/")
    assert "to acknowledge" not in other
    assert "asks for our opinion" not in other
    assert "1 drafted notice to check" not in work
    made(quality, company.branch)
    assert "1 drafted notice to check" in text(quality, "/")
    for waiting in ("opinion", "acknowledgement", "unread"):
        assert text(handler, f"/notices/?waiting={waiting}").count("r-subject") == 1
        assert text(neighbour, f"/notices/?waiting={waiting}").count("r-subject") == 0


def test_bad_input_is_said_beside_its_field_and_kept(company: Tree, quality: Person) -> None:
    notice = made(quality, company.branch, text="")
    url = f"/notices/{notice.pk}/"
    before = everything()
    unit = company.headquarters.pk
    for address, data, words in (
        ("/notices/new/", {"title": " ", "text": "留下的字", "issuing_branch": unit}, "title"),
        (f"{url}save/", {"title": "", "text": "留下的字"}, "Enter the title."),
        (f"{url}save/", {"title": "x" * 121, "text": "留下的字"}, "at most 120"),
        (f"{url}save/", {"title": "x", "text": "留下的字", "addressees": ["999999"]}, "any more"),
        (f"{url}consult/", {"due_at": "gestern"}, "Enter a date and a time."),
        (f"{url}consult/", {}, "Name the units"),
        (f"{url}consult/", {"branches": [company.branch.pk]}, "Enter the text."),
        (f"{url}publish/", {}, "Enter the text."),
        (f"{url}withdraw/", {"reason": " "}, "Enter the reason."),
    ):
        answer = post(quality, address, **data)
        page = answer.content.decode()
        assert (answer.status_code, words in page) == (422, True), (address, data)
        assert "留下的字" in page or "text" not in data
    assert everything() == before


def test_what_somebody_else_did_first_loses_no_words(
    company: Tree, quality: Person, handler: Person
) -> None:
    notice = made(quality, company.branch)
    url = f"/notices/{notice.pk}/"
    given = {"title": "先到的标题", "text": TEXT, "addressees": [company.branch.pk]}
    assert post(quality, f"{url}save/", version=1, **given).status_code == 303
    answer = post(quality, f"{url}save/", version=1, **given | {"title": "后到的标题"})
    page = answer.content.decode()
    assert (answer.status_code, "先到的标题" in page, "后到的标题" in page) == (409, True, True)
    assert 'name="version" value="2"' in page, "saving again is on what stands now"
    asked = made(quality, company.branch, asked=[company.branch], opinion="", speaker=None)
    opinions.give(notice=asked, text="同意。", by=handler, now=clock.now())
    late = post(handler, f"/notices/{asked.pk}/opinion/", text="我写的话", branch=company.branch.pk)
    assert (late.status_code, "我写的话" in late.content.decode()) == (409, True)
    assert Opinion.objects.get().text == "同意。"


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_takes_as_many_queries_for_many(
    company: Tree, quality: Person, django_assert_num_queries: Any, count: int
) -> None:
    states = ("published", "draft", "withdrawn", "published")
    for place in range(count):
        made(quality, company.branch, company.sibling, until=states[place % 4])
    client = Client()
    client.force_login(quality)
    with django_assert_num_queries(13):
        page = client.get("/notices/")
    assert page.content.decode().count("r-subject") == count


def test_the_list_has_tabs_with_counts_filters_and_files(
    company: Tree, quality: Person, neighbour: Person
) -> None:
    first = made(quality, company.branch, until="published", title="关于无锡的通报")
    made(quality, company.sibling, until="withdrawn", title="=1+1")
    made(quality, company.branch, title="草稿一份")
    page = text(quality, "/notices/")
    assert page.count("r-subject") == 3
    for state, count in (("draft", 1), ("consulting", 0), ("published", 1), ("withdrawn", 1)):
        assert text(quality, f"/notices/?state={state}").count("r-subject") == count
    assert text(quality, "/notices/?branch=WX").count("r-subject") == 2
    assert text(quality, f"/notices/?search={first.number}").count("r-subject") == 1
    assert "Nothing matches these filters" in text(quality, "/notices/?search=nothing")
    assert text(neighbour, "/notices/").count("r-subject") == 1, "its own, withdrawn"
    table = post(quality, "/notices/export/", form="csv", query="state=withdrawn")
    rows = b"".join(table.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert ",'=1+1," in rows[1], "B-12"


# The API.


def test_the_api_has_the_whole_life(company: Tree, quality: Person, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling", quality=quality)
    caller, branch = Caller(quality), Caller(handler)
    body = {
        "title": "关于到货不通知的通报",
        "text": TEXT,
        "addressees": ["WX"],
        "complaint": complaint.number,
    }
    made = caller.post("notices/", body)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert made.json()["allowed"] == ["save", "consult", "publish", "withdraw"]
    assert branch.get(f"notices/{pk}/").status_code == 404
    caller.post(f"notices/{pk}/consult/", {"branches": ["WX"]})
    assert branch.get(f"notices/{pk}/").json()["allowed"] == ["opinion"]
    assert refused(caller.post(f"notices/{pk}/publish/", {}), 409, "refused")
    answer = branch.post(f"notices/{pk}/opinion/", {"text": "情况属实。"})
    assert answer.json()["opinions"][0]["text"] == "情况属实。"
    published = caller.post(f"notices/{pk}/publish/", {}).json()
    assert (published["state"], published["number"]) == ("published", "通字【2026】001号")
    [listed] = branch.get(f"notices/?complaint={complaint.number}").json()["results"]
    assert (listed["id"], listed["state"]) == (pk, "published")
    assert branch.get("notices/?complaint=TS0").json()["results"] == []
    acknowledged = branch.post(f"notices/{pk}/acknowledge/", {}).json()
    assert acknowledged["copies"][0]["acknowledged_by"]["id"] == handler.pk
    again = refused(branch.post(f"notices/{pk}/acknowledge/", {}), 409, "not_open")
    assert again["allowed"] == []
    correction = caller.post(f"notices/{pk}/correct/", {}).json()
    assert (correction["state"], correction["corrects"]["id"]) == ("draft", pk)
    withdrawn = caller.post(f"notices/{pk}/withdraw/", {"reason": "有误。"}).json()
    assert (withdrawn["state"], withdrawn["withdrawal_reason"]) == ("withdrawn", "有误。")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "x"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "x", "addressees": ["WX", "NOBODY"]}, "addressees"),
        ({"title": "x", "addressees": "WX"}, "addressees"),
        ({"title": "x", "complaint": "TS0-1"}, "complaint"),
        ({"title": "x", "work_order": "one"}, "work_order"),
        ({"title": "x", "number": "通字 1"}, "number"),
    ],
)
def test_the_api_refuses_a_draft_that_it_cannot_read(
    company: Tree, quality: Person, body: dict[str, Any], field: str
) -> None:
    assert field in refused(Caller(quality).post("notices/", body), 400, "invalid")["fields"]
    assert not Notice.objects.exists()


@pytest.mark.parametrize("unit", ["%d", "%(a)s", "", "\0", "²"])
def test_b28_a_made_up_unit_is_bad_input(
    unit: str, company: Tree, quality: Person, handler: Person
) -> None:
    """It becomes a part of the names on the page."""
    notice = made(quality, company.branch, asked=[company.branch], opinion="", speaker=None)
    answer = post(handler, f"/notices/{notice.pk}/opinion/", text="同意。", branch=unit)
    assert answer.status_code == 422
    assert notice.opinions.get().given_at is None
