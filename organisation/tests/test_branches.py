"""The branch tree and its pages (O-01)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from csm.tests.race import race
from organisation.access import visible
from organisation.actions import branches as actions
from organisation.factories import BranchFactory, PersonFactory, Tree, tree
from organisation.models import Branch, Level, Person, Role, in_tree

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


def paths() -> dict[str, str]:
    return dict(Branch.objects.values_list("code", "path"))


def is_tree() -> bool:
    """Every path is the parent's path plus the own key."""
    return all(
        row.path == f"{row.parent.path if row.parent else '/'}{row.pk}/"
        for row in Branch.objects.select_related("parent")
    )


def typed(branch: Branch, **changed: Any) -> dict[str, Any]:
    return {
        "code": branch.code,
        "name": branch.name,
        "name_en": branch.name_en,
        "level": branch.level,
        "parent": branch.parent_id or "",
        "is_active": "on",
    } | changed


def test_o01_three_levels_and_any_depth(company: Tree, admin: Person) -> None:
    assert [level.value for level in Level] == ["headquarters", "region", "branch"]
    client = signed_in(admin)
    given = {"code": "WX11", "name": "站点", "level": "branch", "parent": company.child.pk}
    assert client.post(reverse("branch-new"), given).status_code == 302
    made = Branch.objects.get(code="WX11")
    assert made.depth == 4
    assert is_tree()
    shown = client.get(reverse("branches")).context["rows"]
    assert [row for row, _mine in shown] == in_tree(Branch.objects.all())


def test_o01_moving_a_branch_takes_along_what_lies_below_and_its_rights(
    company: Tree, admin: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.child, until="assigned")
    left = PersonFactory.create(branch=company.region, role=Role.BRANCH_MANAGER)
    right = PersonFactory.create(branch=company.other_region, role=Role.BRANCH_MANAGER)
    assert visible(Complaint, left).filter(pk=complaint.pk).exists()
    url = reverse("branch-edit", args=[company.branch.pk])
    moved = typed(company.branch, parent=company.other_region.pk)
    assert signed_in(admin).post(url, moved).status_code == 302
    assert is_tree()
    company.child.refresh_from_db()
    assert company.child.path.startswith(company.other_region.path)
    assert not visible(Complaint, Person.objects.get(pk=left.pk)).filter(pk=complaint.pk).exists()
    assert visible(Complaint, Person.objects.get(pk=right.pk)).filter(pk=complaint.pk).exists()


@pytest.mark.parametrize("target", ["branch", "child"])
def test_a_branch_cannot_belong_to_itself_or_below(
    company: Tree, admin: Person, target: str
) -> None:
    before = paths()
    url = reverse("branch-edit", args=[company.branch.pk])
    circle = typed(company.branch, parent=getattr(company, target).pk, name="改名")
    response = signed_in(admin).post(url, circle)
    assert response.status_code == 422
    assert "Choose a branch outside this one." in response.content.decode()
    assert "改名" in response.content.decode()
    assert paths() == before
    company.branch.refresh_from_db()
    assert company.branch.name == "无锡"


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_close_no_circle(company: Tree) -> None:
    one, two = company.region, company.other_region
    race(
        lambda: actions.change(branch=one, by=None, parent=two),
        lambda: actions.change(branch=two, by=None, parent=one),
    )
    assert is_tree()
    parents = {one.pk: Branch.objects.get(pk=one.pk).parent_id}
    parents[two.pk] = Branch.objects.get(pk=two.pk).parent_id
    assert sorted(map(bool, (parents[one.pk] == two.pk, parents[two.pk] == one.pk))) == [
        False,
        True,
    ]


def test_the_headquarters_stays_at_the_top_and_open(company: Tree, admin: Person) -> None:
    root = company.headquarters
    url = reverse("branch-edit", args=[root.pk])
    given = typed(root, name="新总部", parent=company.branch.pk, level="branch", is_active="")
    assert signed_in(admin).post(url, given).status_code == 302
    root.refresh_from_db()
    assert (root.name, root.parent_id, root.level, root.is_active) == (
        "新总部", None, Level.HEADQUARTERS, True,
    )  # fmt: skip


@pytest.mark.parametrize(("given", "field"), [
    ({"code": "SZ"}, "code"), ({"code": ""}, "code"), ({"name": ""}, "name"),
    ({"name": "x" * 81}, "name"), ({"level": "headquarters"}, "level"),
    ({"level": "moon"}, "level"), ({"parent": ""}, "parent"), ({"parent": "0"}, "parent"),
])  # fmt: skip
def test_what_cannot_be_is_refused(
    company: Tree, admin: Person, given: dict[str, str], field: str
) -> None:
    before = paths()
    client = signed_in(admin)
    new = {"code": "N", "name": "n", "level": "branch", "parent": company.region.pk} | given
    for url, data in (
        (reverse("branch-new"), new),
        (reverse("branch-edit", args=[company.branch.pk]), typed(company.branch, **given)),
    ):
        response = client.post(url, data)
        assert response.status_code == 422
        assert field in response.context["form"].errors
    assert paths() == before


def test_b04_a_branch_form_sets_nothing_else(company: Tree, admin: Person) -> None:
    url = reverse("branch-edit", args=[company.branch.pk])
    company.branch.refresh_from_db()
    evil = typed(company.branch, path="/9/", id=company.sibling.pk, pk=company.sibling.pk)
    before = paths()
    assert signed_in(admin).post(url, evil).status_code == 302
    assert paths() == before


def test_a_regional_administrator_keeps_to_the_region(company: Tree) -> None:
    regional = PersonFactory.create(branch=company.region, role=Role.ADMINISTRATOR)
    client = signed_in(regional)
    before = paths()
    root = company.headquarters
    foreign = client.post(
        reverse("branch-new"),
        {"code": "X", "name": "x", "level": "branch", "parent": company.other_region.pk},
    )
    away = client.post(
        reverse("branch-edit", args=[company.branch.pk]),
        typed(company.branch, parent=company.other_region.pk),
    )
    above = client.post(reverse("branch-edit", args=[root.pk]), typed(root, name="x"))
    assert [page.status_code for page in (foreign, away, above)] == [422, 422, 404]
    assert paths() == before
    own = client.post(
        reverse("branch-new"),
        {"code": "X", "name": "x", "level": "branch", "parent": company.branch.pk},
    )
    assert own.status_code == 302


@pytest.mark.parametrize(("place", "status"), [
    ("branch", 200), ("child", 200), ("sibling", 404), ("region", 404),
])  # fmt: skip
def test_a_branch_is_edited_at_its_place_and_above(company: Tree, place: str, status: int) -> None:
    local = PersonFactory.create(branch=company.branch, role=Role.ADMINISTRATOR)
    url = reverse("branch-edit", args=[getattr(company, place).pk])
    assert signed_in(local).get(url).status_code == status


@pytest.mark.parametrize("role", [Role.QUALITY_MANAGER, Role.BRANCH_MANAGER, Role.EXECUTIVE])
def test_branches_are_the_administrators(company: Tree, role: str) -> None:
    person = PersonFactory.create(branch=company.headquarters, role=role)
    client = signed_in(person)
    before = paths()
    pages = [
        client.get(reverse("branches")),
        client.get(reverse("branch-new")),
        client.get(reverse("branch-edit", args=[company.branch.pk])),
        client.post(reverse("branch-edit", args=[company.branch.pk]), typed(company.branch)),
    ]
    assert [page.status_code for page in pages] == [403] * 4
    assert paths() == before


@pytest.mark.parametrize("count", [1, 20])
def test_the_tree_asks_as_often_for_one_branch_as_for_twenty(
    company: Tree, admin: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _place in range(count):
        BranchFactory.create(parent=company.region)
    client = signed_in(admin)
    with django_assert_num_queries(6):
        assert len(client.get(reverse("branches")).context["rows"]) == 6 + count
