"""Pinyin of branches and people: found as typed, sorted as read (U-19)."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from csm.kit import clock
from csm.tests.api import Caller
from organisation import spelling
from organisation.actions import branches, people
from organisation.factories import BranchFactory, PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role, in_tree

MANY = 5_000


@pytest.fixture
def company(db: None) -> Tree:
    return tree()


@pytest.fixture
def admin(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def listed(person: Person, search: str) -> list[str]:
    response = signed_in(person).get(reverse("branches"), {"search": search})
    assert response.status_code == 200
    return [branch.name for branch, _mine in response.context["rows"]]


def asked(person: Person, search: str) -> list[str]:
    response = Caller(person).get(f"branches/?search={search}")
    assert response.status_code == 200, response.content
    return [row["name"] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("name", "sorts", "typed"),
    [
        ("重庆江北分部", "chong qing jiang bei fen bu", "chongqing cqjbfb jiangbei 重庆"),
        ("重庆经分部", "chong qing jing fen bu", "cqjfb chongqing CQJFB chong\u3000qing"),
        ("长春", "chang chun", "changchun cc"),
        ("单县", "dan xian", "shanxian danxian sx dx"),
        ("绿园", "lv yuan", "lvyuan luyuan"),
        ("JD物流-Ａ区", "jd wu liu a qu", "jdwuliu ｊｄ"),
        ("Wuxi East", "wuxi east", "wuxieast we"),
        ("——", "", ""),
    ],
)
def test_u19_a_place_is_typed_in_each_of_its_readings(name: str, sorts: str, typed: str) -> None:
    assert spelling.of_place(name) == sorts
    ways = spelling.all_of_place(name)
    for text in typed.split(" "):
        assert spelling.typed(text) in ways or text in name


@pytest.mark.parametrize(
    ("name", "sorts", "initials"),
    [
        ("单雄信", "shan xiong xin", "sxx"),
        ("仇英", "qiu ying", "qy"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("曾国藩", "zeng guo fan", "zgf"),
        ("Anna Petrova", "anna petrova", "ap"),
        ("单", "shan", "s"),
    ],
)
def test_u19_surnames_are_read_as_surnames(name: str, sorts: str, initials: str) -> None:
    assert spelling.of_person(name) == sorts
    assert initials in spelling.all_of_person(name).split()


@pytest.mark.parametrize("search", ["cqjfb", "chongqing", "重庆", "Chong Qing", "CQ1", "jing fen"])
def test_u19_the_same_branch_is_found_by_pinyin_initials_and_characters(
    search: str, company: Tree, admin: Person
) -> None:
    BranchFactory.create(code="CQ1", name="重庆经分部", parent=company.region)
    assert listed(admin, search) == asked(admin, search) == ["重庆经分部"]


def test_u19_nothing_found_says_so(company: Tree, admin: Person) -> None:
    response = signed_in(admin).get(reverse("branches"), {"search": "chongqing"})
    assert "chongqing" in response.content.decode()
    assert response.context["rows"] == []
    for odd in ("%", "_", "\\", "\0", "'; --", "x" * 500):
        assert signed_in(admin).get(reverse("branches"), {"search": odd}).status_code == 200
    assert Caller(admin).get("branches/?search=" + "x" * 81).status_code == 400


def test_u19_what_is_spelled_by_hand_counts(company: Tree, admin: Person) -> None:
    branch = BranchFactory.create(code="QZ", name="仇庄", parent=company.region)
    assert branch.spelling == "chou zhuang"
    given = {"code": "QZ", "name": "仇庄", "level": "branch", "parent": company.region.pk}
    given |= {"is_active": "on", "own_spelling": "Qiu Zhuang"}
    url = reverse("branch-edit", args=[branch.pk])
    assert signed_in(admin).post(url, given).status_code == 302
    branch.refresh_from_db()
    assert (branch.spelling, branch.own_spelling) == ("qiu zhuang", "Qiu Zhuang")
    assert listed(admin, "qiuzhuang") == listed(admin, "qz") == ["仇庄"]
    branches.change(branch=branch, by=admin, name="仇家庄")
    assert branch.spelling == "qiu zhuang"
    branches.change(branch=branch, by=admin, own_spelling="")
    assert branch.spelling == "chou jia zhuang"


def test_u19_branches_stand_in_the_order_of_their_spelling(company: Tree, admin: Person) -> None:
    made = {
        name: BranchFactory.create(name=name, parent=company.other_region)
        for name in ("重庆", "成都", "北京", "安阳")
    }
    BranchFactory.create(name="渝中", parent=made["重庆"])
    names = [branch.name for branch in in_tree(Branch.objects.all())]
    assert names == [
        *("总部", "甘宁", "安阳", "北京", "成都", "重庆", "渝中"),
        *("江苏", "苏州", "无锡", "新吴"),
    ]
    assert listed(admin, "") == names
    assert asked(admin, "") == names


def test_u19_people_stand_in_the_order_of_their_spelling(company: Tree, admin: Person) -> None:
    people.change(person=admin, by=None, now=clock.now(), name="左宗棠")
    for name in ("周瑜", "单雄信", "安禄山", "Bob"):
        PersonFactory.create(name=name, branch=company.branch)
    response = signed_in(admin).get(reverse("people"))
    names = [person.name for person in response.context["found"].rows]
    assert names == ["安禄山", "Bob", "单雄信", "周瑜", "左宗棠"]
    for search in ("shanxiong", "sxx", "单雄"):
        response = signed_in(admin).get(reverse("people"), {"search": search})
        assert [person.name for person in response.context["found"].rows] == ["单雄信"]


@pytest.mark.parametrize("count", [1, 20])
def test_the_tree_asks_as_often_for_one_branch_as_for_twenty(
    count: int, company: Tree, admin: Person, django_assert_num_queries: Any
) -> None:
    BranchFactory.create_batch(count, parent=company.region)
    client = signed_in(admin)
    client.get(reverse("branches"))
    with django_assert_num_queries(6):
        client.get(reverse("branches"), {"search": "ping"})


def test_u19_a_search_among_5000_branches_takes_a_tenth_of_a_second(company: Tree) -> None:
    Branch.objects.bulk_create(
        Branch(
            code=f"M{i}",
            name=f"成都{i}号分拨中心",
            level="branch",
            parent=company.region,
            path=f"{company.region.path}x{i}/",
            spelling="x",
            spellings=f"chengdu{i}haofenbozhongxin cd{i}hfbzx",
        )
        for i in range(MANY)
    )
    wanted = BranchFactory.create(name="重庆经分部", parent=company.region)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organisation_branch")
    for search in ("cqjfb", "chongqing", "重庆"):
        started = time.perf_counter()
        rows = Branch.objects.filter(spelling.called(search, "name", "name_en", "code"))
        assert list(rows) == [wanted]
        assert time.perf_counter() - started < 0.1
