"""Search over number, subject, description, customer, contact, waybill and phone (U-20)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse

from complaints import checks, search
from complaints.factories import ComplaintFactory
from complaints.models import Complaint, SearchText
from csm.kit import clock
from customers.actions import customers
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


def found(text: str) -> list[str]:
    rows = search.matching(Complaint.objects.all(), text).rows
    return sorted(rows.values_list("number", flat=True))


def logged(company: Tree, **fields: Any) -> Complaint:
    return ComplaintFactory.create(branch=company.branch, **fields)


def listed(person: Person, text: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    response = client.get(reverse("complaints"), {"search": text})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "外包",
        "外包装",
        "外包装箱破损",
        "破损，",
        "Fragile",
        "ＦＲＡＧＩＬＥ",
        "lass",
        "YD6510",
        "yd６５１０　８８２７",
        "6510",
        "百货",
        "王小",
        "外包 破损",
        "破损 百货 glass",
        "破 损外 外包装",
        "O'Neil",
        "50%_",
    ],
)
def test_u20_a_word_of_any_field_finds_the_complaint(text: str, company: Tree) -> None:
    customer = CustomerFactory.create(name="无锡百货", home_branch=company.branch)
    wanted = logged(
        company,
        subject="破损外包装",
        description="外包装箱破损,ＧＬＡＳＳ fragile\nO'Neil 50%_",
        waybill="YD6510 8827",
        customer=customer,
    )
    Complaint.objects.filter(pk=wanted.pk).update(contact_name="王小明")
    logged(company, subject="车辆迟到", description="")
    assert found(text) == [wanted.number]


@pytest.mark.parametrize(
    "text", ["外破", "装外", "外包 车辆", "包外", "破損", "外包装箱漏液", "%%", "__", "\\\\", "''"]
)
def test_u20_nothing_is_found_by_mistake(text: str, company: Tree) -> None:
    # The pairs of the words are all there, the words are not.
    logged(company, subject="外包装箱", description="包装 外包 破损")
    logged(company, subject="车辆迟到", description="")
    assert found(text) == []


def test_u20_traditional_characters_are_others(company: Tree) -> None:
    wanted = logged(company, subject="貨物破損")
    assert found("破損") == [wanted.number]
    assert found("破损") == []


def test_u20_the_number_finds_its_complaint_alone(company: Tree) -> None:
    wanted = logged(company)
    logged(company, description=f"wie {wanted.number}")
    assert found(wanted.number) == found(wanted.number.lower()) == [wanted.number]
    assert len(found(wanted.number[:-1])) == 2


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("13800138000", True),
        ("+86 138 0013 8000", True),
        ("8000", True),
        ("138001", False),
        ("0013", False),
        ("138 0013", False),
    ],
)
def test_a_phone_is_found_whole_or_by_its_last_four(
    text: str, is_found: bool, company: Tree
) -> None:
    wanted = logged(company)
    Complaint.objects.filter(pk=wanted.pk).update(contact_digits="13800138000")
    logged(company)
    assert found(text) == ([wanted.number] if is_found else [])


def test_u20_common_words_are_read_row_by_row(
    company: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other way to the same rows, for words in more texts than can be named."""
    texts = ("外包装破损", "破损严重", "外包延误")
    rows = [logged(company, subject=text, description="").number for text in texts]
    called = logged(company, subject="车辆迟到", description="")
    Complaint.objects.filter(pk=called.pk).update(contact_digits="13800138000")
    for text in ("破损", "破损 外包", "外包装", "8000", "YYYY"):
        few = found(text)
        with monkeypatch.context() as patch:
            patch.setattr(search, "MOST_NAMED", 0)
            assert found(text) == few
    assert found("破损") == sorted(rows[:2])


def test_u20_a_change_is_found_at_once(company: Tree, quality: Person) -> None:
    customer = CustomerFactory.create(name="天山医药", home_branch=company.branch)
    wanted = logged(company, customer=customer)
    Complaint.objects.filter(pk=wanted.pk).update(contact_name="")
    customers.change(customer=customer, by=quality, now=clock.now(), name="昆仑医药")
    assert (found("天山"), found("昆仑")) == ([], [wanted.number])
    Complaint.objects.filter(pk=wanted.pk).update(subject="温度超标", description="")
    assert found("温度超标") == [wanted.number]
    Complaint.objects.filter(pk=wanted.pk).update(customer=None)
    assert found("昆仑") == []
    texts = SearchText.objects.filter(complaint=wanted)
    before = texts.get().text
    Complaint.objects.filter(pk=wanted.pk).update(severity="high")
    assert texts.get().text == before


def test_a_deleted_complaint_takes_its_text_along(company: Tree) -> None:
    copied = Complaint.objects.get(pk=logged(company).pk)
    copied.pk, copied.number, copied.submission = None, "TS1", None
    copied.save(force_insert=True)
    assert found("ts1") == ["TS1"]
    copied.delete()
    assert SearchText.objects.count() == Complaint.objects.count() == 1


@pytest.mark.parametrize("text", ["破", "a", "破 损", "Ａ"])
def test_u20_a_single_character_gets_a_message(text: str, company: Tree, quality: Person) -> None:
    logged(company, subject="破损")
    shown = listed(quality, text)
    assert 'id="search-error" role="alert">Enter at least two characters to search.' in shown
    assert f'value="{text}"' in shown


def test_u20_the_check_asks_for_a_database_that_folds_letters() -> None:
    assert run_checks(tags=["database"], databases=["default"]) == []
    with database_of_ctype_c() as other:
        assert checks.folding_of(other) == [checks.NO_FOLDING]


@contextmanager
def database_of_ctype_c() -> Iterator[BaseDatabaseWrapper]:
    """A new database whose letters are bytes."""
    other = connection.copy("ctype_c")
    name = f"{connection.settings_dict['NAME']}_ctype_c"
    other.settings_dict["NAME"] = name
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
        try:
            yield other
        finally:
            other.close()
            cursor.execute(f"DROP DATABASE {name}")
