"""Categories and the operations page (C-25, A-11)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Category, Timer
from csm.kit import clock
from organisation.actions import sweeps
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def admin(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def typed(**changed: Any) -> dict[str, Any]:
    return {"code": "delay", "name": "延误", "name_en": "Delay", "position": "1"} | changed


def tree_of_three() -> tuple[Category, Category, Category]:
    top = CategoryFactory.create(code="top")
    middle = CategoryFactory.create(code="middle", parent=top)
    return top, middle, CategoryFactory.create(code="low", parent=middle)


def shape() -> dict[str, tuple[int | None, str, bool]]:
    rows = Category.objects.all()
    return {row.code: (row.parent_id, row.name, row.is_active) for row in rows}


def test_c25_the_tree_is_built_and_shown_in_order(company: Tree, admin: Person) -> None:
    client = signed_in(admin)
    assert client.post(reverse("category-new"), typed()).status_code == 302
    top = Category.objects.get(code="delay")
    below = typed(code="late", name="迟到", parent=top.pk)
    assert client.post(reverse("category-new"), below).status_code == 302
    ComplaintFactory.create(category=Category.objects.get(code="late"))
    rows = client.get(reverse("categories")).context["rows"]
    assert [(row.code, depth, row.used) for row, depth in rows] == [
        ("delay", 0, 0), ("late", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("target", ["top", "middle", "low"])
def test_c25_a_category_cannot_belong_to_itself_or_below(
    company: Tree, admin: Person, target: str
) -> None:
    top, _middle, _low = tree_of_three()
    before = shape()
    parent = Category.objects.get(code=target)
    url = reverse("category-edit", args=[top.pk])
    given = typed(code="top", name="改名", parent=parent.pk, is_active="on")
    response = signed_in(admin).post(url, given)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"parent"}
    assert shape() == before


def test_c25_a_category_moves_and_goes_out_of_use(company: Tree, admin: Person) -> None:
    top, _middle, low = tree_of_three()
    url = reverse("category-edit", args=[low.pk])
    assert signed_in(admin).post(url, typed(code="low", parent=top.pk)).status_code == 302
    low.refresh_from_db()
    assert (low.parent, low.is_active, low.name) == (top, False, "延误")


@pytest.mark.parametrize(("changed", "field"), [
    ({"code": "top"}, "code"), ({"code": ""}, "code"), ({"name": ""}, "name"),
    ({"position": "-1"}, "position"), ({"position": "first"}, "position"),
    ({"position": "99999999"}, "position"), ({"parent": "0"}, "parent"),
])  # fmt: skip
def test_a_category_that_cannot_be_is_refused(
    company: Tree, admin: Person, changed: dict[str, str], field: str
) -> None:
    _top, _middle, low = tree_of_three()
    before = shape()
    client = signed_in(admin)
    for url in (reverse("category-new"), reverse("category-edit", args=[low.pk])):
        response = client.post(url, typed(is_active="on") | changed)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {field}
    assert shape() == before


@pytest.mark.parametrize(("place", "role"), [
    ("headquarters", Role.QUALITY_MANAGER), ("region", Role.ADMINISTRATOR),
])  # fmt: skip
def test_categories_are_the_headquarters_administrators(
    company: Tree, place: str, role: str
) -> None:
    top, _middle, _low = tree_of_three()
    before = shape()
    client = signed_in(PersonFactory.create(branch=getattr(company, place), role=role))
    answers = [
        client.get(reverse("categories")),
        client.get(reverse("category-new")),
        client.post(reverse("category-new"), typed()),
        client.post(reverse("category-edit", args=[top.pk]), typed()),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert shape() == before


def set_aside(company: Tree, place: str = "branch") -> Timer:
    complaint = ComplaintFactory.create(branch=getattr(company, place))
    Timer.objects.filter(complaint=complaint, kind="apology").update(
        quarantined_at=clock.now(), fire_failures=8, next_fire_at=None
    )
    return Timer.objects.get(complaint=complaint, kind="apology")


def test_a11_a_clock_that_was_set_aside_is_shown_and_let_go(company: Tree, admin: Person) -> None:
    timer = set_aside(company)
    sweeps.mark("escalation", now=clock.now())
    client = signed_in(admin)
    page = client.get(reverse("operations"))
    assert [row.pk for row in page.context["stuck"]] == [timer.pk]
    ran = [row["label"] for row in page.context["sweeps"] if row["ran_at"]]
    assert ran == ["Reminders and escalation"]
    assert client.post(reverse("clock-release", args=[timer.pk])).status_code == 302
    timer.refresh_from_db()
    assert (timer.quarantined_at, timer.fire_failures) == (None, 0)
    assert timer.next_fire_at is not None
    assert client.post(reverse("clock-release", args=[timer.pk])).status_code == 404


def test_a_finished_clock_stays_silent_when_let_go(company: Tree, admin: Person) -> None:
    timer = set_aside(company)
    Timer.objects.filter(pk=timer.pk).update(state="met", met_at=timer.started_at)
    assert signed_in(admin).post(reverse("clock-release", args=[timer.pk])).status_code == 302
    timer.refresh_from_db()
    assert (timer.quarantined_at, timer.next_fire_at) == (None, None)


@pytest.mark.parametrize(("place", "is_seen"), [
    ("branch", True), ("child", True), ("sibling", False), ("region", False),
])  # fmt: skip
def test_operations_keep_to_the_branches_of_their_person(
    company: Tree, place: str, is_seen: bool
) -> None:
    timer = set_aside(company, place)
    local = PersonFactory.create(branch=company.branch, role=Role.QUALITY_MANAGER)
    client = signed_in(local)
    stuck = client.get(reverse("operations")).context["stuck"]
    assert [row.pk for row in stuck] == ([timer.pk] if is_seen else [])
    answer = client.post(reverse("clock-release", args=[timer.pk]))
    assert answer.status_code == (302 if is_seen else 404)


def test_operations_need_their_right(company: Tree) -> None:
    timer = set_aside(company)
    client = signed_in(PersonFactory.create(branch=company.branch, role=Role.HANDLER))
    assert client.get(reverse("operations")).status_code == 403
    assert client.post(reverse("clock-release", args=[timer.pk])).status_code == 403
    timer.refresh_from_db()
    assert timer.quarantined_at is not None


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_ask_as_often_for_one_row_as_for_twenty(
    company: Tree, admin: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _place in range(count):
        set_aside(company)
        CategoryFactory.create()
    client = signed_in(admin)
    with django_assert_num_queries(16):
        assert len(client.get(reverse("operations")).context["stuck"]) == count
    with django_assert_num_queries(5):
        assert len(client.get(reverse("categories")).context["rows"]) == count
