"""Finding customers by name, pinyin and number; what is masked stays so (U-18, U-19, B-25)."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.html import escape

from csm.kit import clock
from csm.kit.tests.test_masking import EMAILS, NAMES, PHONES
from csm.tests.api import Caller
from customers import keys, names
from customers.actions import customers as actions
from customers.factories import CustomerFactory
from customers.models import ContactPoint, Customer, SearchName
from organisation.actions import access_records
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def desk(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def found(text: str) -> set[str]:
    return set(Customer.objects.all().named(text).values_list("name", flat=True))


@pytest.mark.parametrize(("name", "kind", "typed"), [
    ("重庆江北百货有限公司", "company", ["重庆", "重慶", "江北百", "chongqing", "cqjb"]),
    ("無錫醫藥（集團）", "company", ["无锡医药", "無錫", "wuxiyiyao", "wxyy", "集团"]),
    ("单雄信", "person", ["shanxiongxin", "sxx", "danxiongxin", "dxx", "單雄信", "雄"]),
    ("仇英", "person", ["qiuying", "chouying", "仇英"]),
    ("UPS物流", "company", ["ups", "ＵＰＳ", "upswuliu", "s物"]),
    ("Müller GmbH", "company", ["müller", "MÜLLER", "gmbh"]),
])  # fmt: skip
def test_u19_a_customer_is_found_by_name_pinyin_and_initials_in_both_scripts(
    company: Tree, name: str, kind: str, typed: list[str]
) -> None:
    CustomerFactory.create(name=name, kind=kind, home_branch=company.branch)
    CustomerFactory.create(name="Other", home_branch=company.branch)
    assert {text: found(text) for text in typed} == {text: {name} for text in typed}


def test_u19_a_name_that_is_read_otherwise_is_spelled_by_hand(company: Tree, desk: Person) -> None:
    customer = CustomerFactory.create(
        name="盖雪贸易", kind="company", home_branch=company.branch, contact_name="单雄信"
    )
    assert (found("hexue"), found("sxx")) == (set(), {"盖雪贸易"})
    card = {"name": customer.name, "kind": "company", "home_branch": company.branch.pk}
    card |= {"own_spelling": "he xue mao yi", "version": "1"}
    answer = signed_in(desk).post(reverse("customer-edit", args=[customer.pk]), card)
    assert answer.status_code == 302
    assert [found(text) for text in ("hexue", "hxmy", "gaixue")] == [{"盖雪贸易"}] * 3
    changed: dict[str, Any] = {"name": "晨光贸易", "own_spelling": ""}
    actions.change(customer=Customer.objects.get(), by=None, now=clock.now(), **changed)
    assert [found(text) for text in ("hexue", "cgmy")] == [set(), {"晨光贸易"}]


def test_k28_numbers_are_found_through_keyed_hashes_and_lie_nowhere_else(company: Tree) -> None:
    CustomerFactory.create(
        name="王", home_branch=company.branch, phone="+86 138 0013 8000", email="Wang@Example.com"
    )
    CustomerFactory.create(name="李", home_branch=company.branch, phone="13900139000")
    for text in ("13800138000", "138-0013-8000", "8000", "wang@example.com"):
        assert found(text) == {"王"}, text
    assert [found(text) for text in ("1380013800", "0013", "ang@example.com")] == [set()] * 3
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(p) - 'value' FROM customers_contactpoint p"
            " UNION ALL SELECT to_jsonb(s) FROM customers_searchname s"
        )
        stored = str(cursor.fetchall())
    assert "8000" not in stored
    assert "xample" not in stored
    phone = ContactPoint.objects.calling("13800138000").get()
    present = settings.SECRET_KEY
    with override_settings(SECRET_KEY="another" * 9):
        assert keys.key_of("phone", "13800138000") != phone.key
        assert found("8000") == set()
        with override_settings(SECRET_KEY_FALLBACKS=[present]):
            assert found("8000") == {"王"}


def test_searches_read_an_index_and_not_the_table(company: Tree) -> None:
    CustomerFactory.create(home_branch=company.branch)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for text in ("无锡百货", "wxbh", "8000", "13800138000"):
            rows = Customer.objects.all().named(text)
            plan = rows.explain()
            assert "Seq Scan" not in plan, plan
    assert SearchName.objects.count() == 1


@pytest.mark.parametrize(("name", "core"), [
    ("无锡百货有限公司", "无锡百货"), ("無錫百貨股份有限公司", "无锡百货"),
    ("无锡百货（集团）有限责任公司", "无锡百货"), ("无锡百货有限公司苏州分公司", "无锡百货"),
    ("有限公司", "有限公司"), ("Acme Co., Ltd.", "acme"), ("ＡＣＭＥ Inc", "acme"), ("！", "!"),
])  # fmt: skip
def test_near_same_names_have_one_core(name: str, core: str) -> None:
    assert names.core(name) == core


def test_u18_pages_suggestions_api_and_file_mask_alike(company: Tree, desk: Person) -> None:
    customer = CustomerFactory.create(
        name="Golden", kind="company", home_branch=company.branch, phone=""
    )
    golden = [("phone", *pair) for pair in PHONES if pair[0].strip() and len(pair[0]) <= 40] + [
        ("email", *pair) for pair in EMAILS if pair[0].strip()
    ]
    people = [pair for pair in NAMES if pair[0].strip()]
    for place, (kind, whole, _masked) in enumerate(golden):
        name = people[place % len(people)][0]
        actions.add_contact(
            customer=customer,
            caller=actions.Caller(name=name, **{kind: whole}),
            by=None,
            now=clock.now(),
        )
    wanted = [
        (people[place % len(people)][1], masked) for place, (_k, _w, masked) in enumerate(golden)
    ]
    shown = Caller(desk).get(f"customers/{customer.pk}/").json()["contacts"]
    by_pk = sorted(shown, key=lambda row: row["id"])
    assert [(row["name"], row["points"][0]["value"]) for row in by_pk] == wanted
    client = signed_in(desk)
    page = client.get(reverse("customer", args=[customer.pk]))
    text = page.content.decode()
    for (_kind, whole, masked), (name, _value) in zip(golden, wanted, strict=True):
        assert escape(masked) in text
        assert escape(name) in text
        assert whole == masked or len(whole) < 7 or whole not in text
    data = {"customer_name": "Golden", "contact_phone": ""}
    suggested = client.post(reverse("complaint-new-customers"), data).content.decode()
    long = [whole for _kind, whole, masked in golden if whole != masked and len(whole) > 6]
    assert not [whole for whole in long if whole in suggested]


def test_b25_who_looked_is_listed_with_the_reason_for_those_who_answer_for_it(
    company: Tree, desk: Person
) -> None:
    auditor = PersonFactory.create(branch=company.region, role=Role.AUDITOR)
    other = PersonFactory.create(name="CANARY", branch=company.other_region, role=Role.FRONT_DESK)
    now = clock.now()
    for by, reference, days in ((desk, "138****8000", 0), (desk, "TS1", 3), (other, "TS2", 0)):
        access_records.write(
            by=by, what="phone", reference=reference, now=now - timedelta(days=days), reason="call"
        )
    client, url = signed_in(auditor), reverse("access-records")
    assert signed_in(desk).get(url).status_code == 403

    def listed(**asked: str) -> list[str]:
        answer = client.get(url, asked)
        assert answer.status_code == 200
        assert "CANARY" not in answer.content.decode()
        return [look.reference for look, _what in answer.context["looks"]]

    assert listed() == ["138****8000", "TS1"]
    assert listed(reference="13800138000") == ["138****8000"]
    assert listed(until=f"{now - timedelta(days=2):%Y-%m-%d}") == ["TS1"]
    assert listed(who=desk.name, reason="request") == []
    assert client.get(url, {"since": "2026-02-02", "until": "2026-02-01"}).status_code == 422
    rows = AccessRecord.objects.filter(person=desk)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"):
        cursor.execute("DELETE FROM organisation_accessrecord WHERE id = %s", [rows[0].pk])
