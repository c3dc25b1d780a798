"""Views of the list: kept, shared, put in order, and opened when their conditions are gone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.actions import views
from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Category, SavedView
from complaints.tests.rows import signed_in
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
URL = "/complaints/views/"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, email="")


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")


def page(person: Person, url: str) -> str:
    answer = signed_in(person).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def tabs(text: str) -> list[str]:
    """The names of the saved views above the list."""
    later = re.search(r'<span class="tabs-later".*?</span><a', text, re.S)
    return re.findall(r"<a [^>]*>([^<]+?)(?: <span|</a>)", later[0]) if later else []


def names(person: Person) -> list[str]:
    return list(SavedView.objects.filter(owner=person).values_list("name", flat=True))


def test_save_open_rename_reorder_delete(company: Tree, quality: Person) -> None:
    client = signed_in(quality)
    ComplaintFactory.create(branch=company.branch)
    for name, query in (("早班", "status=received&branch=WX"), ("晚班", "severity=high")):
        answer = client.post(f"{URL}new/?{query}", {"name": name})
        assert answer.status_code == 303
    # It opens as the current one of the tabs, and no other is.
    opened = page(quality, "/complaints/?branch=WX&ordering=due&status=received&through=all")
    assert re.findall(r'<a href="\?[^>]* aria-current="page">([^<]+)<', opened) == ["早班"]
    assert tabs(opened) == ["早班", "晚班"]
    first, second = SavedView.objects.order_by("pk")
    assert client.post(f"{URL}{second.pk}/up/").status_code == 303
    assert names(quality) == ["晚班", "早班"]
    assert client.post(f"{URL}{first.pk}/", {"name": "白班", "role": ""}).status_code == 303
    assert names(quality) == ["晚班", "白班"]
    assert client.post(f"{URL}{second.pk}/delete/").status_code == 303
    assert names(quality) == ["白班"]
    assert SavedView.objects.get().position == 0


@pytest.mark.parametrize("name", ["", " ", "早班", "长" * 41])
def test_a_bad_name_keeps_what_was_typed(name: str, company: Tree, quality: Person) -> None:
    views.save(name="早班", query="status=received", by=quality)
    before = list(SavedView.objects.values())
    answer = signed_in(quality).post(
        f"{URL}new/?status=assigned", {"name": name, "role": "handler"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert 'id="errors"' in text
    assert '<option value="handler" selected>' in text
    assert list(SavedView.objects.values()) == before


def test_b01_shared_with_a_role_below(company: Tree, quality: Person, handler: Person) -> None:
    """Read by the role there and below; each finds their own complaints; changed by who shares."""
    region = PersonFactory.create(branch=company.region, role=Role.QUALITY_MANAGER)
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    elsewhere = PersonFactory.create(branch=company.headquarters, role=Role.HANDLER)
    own = ComplaintFactory.create(branch=company.branch)
    foreign = ComplaintFactory.create(branch=company.sibling)
    data = {"name": "共享", "role": Role.HANDLER}
    assert signed_in(region).post(f"{URL}new/?status=received", data).status_code == 303
    view = SavedView.objects.get()
    assert (view.role, view.branch) == (Role.HANDLER, company.region)
    assert tabs(page(handler, "/complaints/")) == ["共享"]
    for other in (manager, elsewhere, quality):
        assert tabs(page(other, "/complaints/")) == []
    listed = page(handler, f"/complaints/?{view.query}")
    assert own.number in listed
    assert foreign.number not in listed
    # A reader may not touch it; who may share there, may.
    for address in (f"{URL}{view.pk}/", f"{URL}{view.pk}/delete/", f"{URL}{view.pk}/up/"):
        assert signed_in(handler).post(address, data).status_code == 404
    assert signed_in(quality).post(f"{URL}{view.pk}/", data | {"name": "改名"}).status_code == 303
    # What one keeps for oneself is nobody else's, not even of who shares for all.
    private = views.save(name="自用", query="", by=region)
    for address in (f"{URL}{private.pk}/", f"{URL}{private.pk}/delete/"):
        assert signed_in(quality).post(address, data).status_code == 404
    # Who may not share is not asked, and does not by sending it.
    answer = signed_in(handler).post(f"{URL}new/?status=received", data)
    assert answer.status_code == 303
    assert SavedView.objects.get(owner=handler).role == ""


def test_a_view_whose_filter_is_gone_opens_with_the_rest(company: Tree, quality: Person) -> None:
    category = CategoryFactory.create(code="gone")
    wanted = ComplaintFactory.create(branch=company.branch, until="assigned")
    other = ComplaintFactory.create(branch=company.branch)
    query = f"status=assigned&category={category.code}"
    signed_in(quality).post(f"{URL}new/?{query}", {"name": "旧类别"})
    Category.objects.filter(pk=category.pk).delete()
    text = page(quality, f"/complaints/?{SavedView.objects.get().query}&unheard_of=1")
    assert "Not used, because it is not known any more: " in text
    assert "Category: gone" in text
    assert "unheard_of" in text
    assert wanted.number in text
    assert other.number not in text
    # What holds is as it was: one chip, and the list can be kept anew without what is gone.
    assert text.count('class="chip"') == 1
    kept = re.search(r'href="/complaints/views/new/\?([^"]+)"', text)
    assert kept
    assert "gone" not in kept[1]


def test_counts_come_later_and_are_few(company: Tree, quality: Person) -> None:
    ComplaintFactory.create(branch=company.branch)
    for place in range(12):
        views.save(name=f"视图{place}", query="status=received", by=quality)
    views.save(name="搜索", query="search=滞留", by=quality)
    client = signed_in(quality)
    assert 'class="count">1<' not in client.get("/complaints/?status=closed").content.decode()
    with CaptureQueriesContext(connection) as asked:
        text = client.get(f"{URL}counts/", headers={"HX-Request": "true"}).content.decode()
    assert text.count('<span class="count">1</span>') == 8
    assert text.count("<a ") == 13
    assert sum("count(" in query["sql"].lower() for query in asked) == 8


def test_b14_hostile_conditions_are_not_kept(company: Tree, handler: Person) -> None:
    client = signed_in(handler)
    hostile = "status=%00&branch=%27%3BDROP&search=" + "x" * 3000 + "&next=//evil&category=<b>"
    answer = client.post(f"{URL}new/?{hostile}", {"name": "<script>alert(1)</script>"})
    assert answer.status_code == 303
    kept = SavedView.objects.get().query
    assert not {"%00", "DROP", "evil", "<b>"} & set(re.split(r"[=&]", kept))
    for url in ("/complaints/", URL, f"{URL}counts/"):
        assert "<script>alert" not in page(handler, url)


def test_at_most_twenty_views(company: Tree, handler: Person) -> None:
    for place in range(20):
        views.save(name=str(place), query="", by=handler)
    answer = signed_in(handler).post(f"{URL}new/?status=received", {"name": "一个太多"})
    assert answer.status_code == 422
    assert "You have 20 views. Delete one first." in answer.content.decode()
    assert SavedView.objects.count() == 20
