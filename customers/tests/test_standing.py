"""Ladders, files of key accounts, competitors, what to say (K-13, K-16, K-18, K-19, K-23, K-26)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from csm.kit import clock
from csm.kit.errors import Stale
from csm.tests.race import race
from customers import label_words
from customers.actions import account_files, ladders, talks
from customers.factories import CustomerFactory
from customers.models import (
    AccountFile,
    CompetitorNote,
    Customer,
    CustomerFacts,
    Rung,
    Stage,
    TalkText,
    TimelineEntry,
    ValueRule,
)
from customers.tests.test_customers import signed_in
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)


@pytest.fixture
def desk(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)


@pytest.fixture
def customer(company: Tree) -> Customer:
    return CustomerFactory.create(home_branch=company.branch, kind="company")


def step(value: str, **seen: str) -> dict[str, str]:
    return {"value": value, "reason": "签了三年合同", **{f"seen_{k}": v for k, v in seen.items()}}


def test_k18_k19_k07_people_put_a_customer_on_ladders_with_its_history(
    customer: Customer, manager: Person, desk: Person
) -> None:
    url, client = reverse("customer-ladders", args=[customer.pk]), signed_in(manager)
    assert signed_in(desk).post(url, step("relation:partner")).status_code == 403
    for wrong in ({"reason": " "}, {"value": ""}, {"value": "relation:low"}, {"value": "x"}):
        answer = client.post(url, step("relation:client") | wrong)
        assert answer.status_code == 422, wrong
    assert not Rung.objects.exists()
    assert client.post(url, step("relation:client")).status_code == 302
    assert client.post(url, step("relation:partner")).status_code == 409  # read before the first
    assert client.post(url, step("relation:client", relation="client")).status_code == 422
    assert client.post(url, step("relation:supporter", relation="client")).status_code == 302
    for value in ("service:adviser", "potential:high", "influence:low"):
        assert client.post(url, step(value)).status_code == 302
    rows = Rung.objects.order_by("pk").values_list("ladder", "was", "value")
    assert list(rows) == [
        ("relation", "", "client"),
        ("relation", "client", "supporter"),
        ("service", "", "adviser"),
        ("potential", "", "high"),
        ("influence", "", "low"),
    ]
    page = client.get(url).content.decode()
    assert "Client → " in page
    card = client.get(reverse("customer", args=[customer.pk])).content.decode()
    for words in ("Supporter", "Professional adviser", "High", "Low"):
        assert words in card
    rung = Rung.objects.all()[0]
    for change in (rung.delete, lambda: Rung.objects.update(value="low")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_k18_of_two_who_move_a_customer_at_once_one_is_told() -> None:
    places = tree()
    by = PersonFactory.create(branch=places.branch, role=Role.BRANCH_MANAGER)
    row = CustomerFactory.create(home_branch=places.branch)

    def act(value: str) -> None:
        ladders.place(
            customer=row, ladder="relation", value=value, reason="电话", seen="", by=by,
            now=clock.now(),
        )  # fmt: skip

    outcomes = race(lambda: act("client"), lambda: act("partner"))
    assert sorted(type(found).__name__ for found in outcomes) == ["NoneType", "Stale"]
    assert Rung.objects.count() == 1


def given(**changed: Any) -> dict[str, Any]:
    return {
        "business": "矿山设备",
        "people": "采购经理：价格",
        "needs": "夜间提货",
        "preferences": "微信联系",
        "aims": "拿下西北线路",
        "dates": "5-12 厂庆\n02-29 采购经理生日",
        "secrecy": "internal",
        "seen": "",
    } | changed


def test_k13_k23_a_file_is_kept_in_versions_and_who_reads_it_stays_on_record(
    customer: Customer, manager: Person, desk: Person
) -> None:
    url = reverse("customer-file", args=[customer.pk])
    edit = reverse("customer-file-edit", args=[customer.pk])
    client, other = signed_in(manager), signed_in(desk)
    assert "No file yet" in client.get(url).content.decode()
    assert not AccessRecord.objects.exists()
    assert other.get(edit).status_code == 403
    assert other.post(edit, given()).status_code == 403
    for wrong in ({"dates": "02-30 x"}, {"dates": "厂庆"}, {"secrecy": "top"},
                  {"needs": "x" * 4001}):  # fmt: skip
        answer = client.post(edit, given(**wrong))
        assert answer.status_code == 422, wrong
        assert "矿山设备" in answer.content.decode()
    empty = dict.fromkeys(("business", "people", "needs", "preferences", "aims", "dates"), "")
    assert client.post(edit, given(**empty)).status_code == 422
    assert not AccountFile.objects.exists()
    assert client.post(edit, given()).status_code == 302
    first = AccountFile.objects.get()
    assert first.days == [("02-29", "采购经理生日"), ("05-12", "厂庆")]
    assert client.post(edit, given(needs="别的")).status_code == 409
    assert AccountFile.objects.count() == 1
    page = other.get(url).content.decode()
    assert "夜间提货" in page
    assert "Who read it" not in page
    kept = client.post(edit, given(needs="周末提货", secrecy="confidential", seen=first.pk))
    assert kept.status_code == 302
    assert other.get(url).status_code == 403
    assert other.get(f"{url}?version={first.pk}").status_code == 403
    assert "周末提货" in client.get(url).content.decode()
    earlier = client.get(f"{url}?version={first.pk}").content.decode()
    assert "夜间提货" in earlier
    assert desk.name in earlier  # among those who read it
    assert client.get(f"{url}?version=9999999").status_code == 404
    records = AccessRecord.objects.order_by("pk").values_list("person", "what", "reference")
    reference = f"customer:{customer.pk}"
    assert list(records) == [
        (manager.pk, "account-file", reference),  # beside what was typed too late
        (desk.pk, "account-file", reference),
        (manager.pk, "account-file", reference),
        (manager.pk, "account-file", reference),
    ]
    for change in (first.delete, lambda: AccountFile.objects.update(needs="anders")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_k13_u09_of_two_who_write_a_file_neither_loses_what_was_typed(
    customer: Customer, manager: Person
) -> None:
    edit = reverse("customer-file-edit", args=[customer.pk])
    quick, slow = signed_in(manager), signed_in(manager)
    quick.post(edit, given())
    first = AccountFile.objects.get().pk
    quick.post(edit, given(seen=first, needs="夜间提货\n需叉车", secrecy="confidential"))
    second = AccountFile.objects.latest("pk")
    answer = slow.post(edit, given(seen=first, aims="先做西南", dates="05-12 厂庆"))
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("拿下西北线路", "先做西南", "采购经理生日", f"{manager.name} saved at"):
        assert words in page
    assert "需叉车</dd>" not in page  # the slower one left it as it was
    again = {field.name: field.value() for field in answer.context["hidden"]}
    again["dates"] = "05-12 厂庆"
    assert AccountFile.objects.count() == 2
    assert slow.post(edit, again).status_code == 302
    third = AccountFile.objects.latest("pk")
    assert third.previous_id == second.pk
    assert (third.needs, third.secrecy) == (second.needs, "confidential")
    assert (third.aims, third.days) == ("先做西南", [("05-12", "厂庆")])
    shown = quick.get(reverse("customer-file", args=[customer.pk])).context
    assert [changed for _row, changed in shown["versions"]] == [
        "Our aims, and the next steps · Dates for care",
        "Needs · Who reads it",
        "",
    ]
    assert [(row.name, row.times) for row in shown["readers"]] == [(manager.name, 2)]


def test_k23_the_account_manager_reads_and_writes_wherever_the_account_is(company: Tree) -> None:
    theirs = PersonFactory.create(branch=company.branch, role=Role.ACCOUNT_MANAGER)
    colleague = PersonFactory.create(branch=company.branch, role=Role.ACCOUNT_MANAGER)
    account = CustomerFactory.create(home_branch=company.sibling, account_manager=theirs)
    edit = reverse("customer-file-edit", args=[account.pk])
    assert signed_in(theirs).post(edit, given(secrecy="confidential")).status_code == 302
    assert signed_in(theirs).get(reverse("customer-file", args=[account.pk])).status_code == 200
    assert signed_in(colleague).get(edit).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_k13_of_two_who_write_the_next_version_at_once_one_is_told() -> None:
    places = tree()
    by = PersonFactory.create(branch=places.branch, role=Role.BRANCH_MANAGER)
    row = CustomerFactory.create(home_branch=places.branch)

    def act() -> None:
        account_files.write(
            customer=row, seen=None, secrecy="internal", dates=[], needs="夜间提货", by=by,
            now=clock.now(),
        )  # fmt: skip

    outcomes = race(act, act)
    assert sorted(type(found).__name__ for found in outcomes) == ["NoneType", "Stale"]
    assert AccountFile.objects.count() == 1
    with pytest.raises(Stale):
        act()


def test_k16_a_competitor_is_noted_and_weighed_at_the_next_round(
    customer: Customer, desk: Person
) -> None:
    url, client = reverse("customer-competitors", args=[customer.pk]), signed_in(desk)
    today = timezone.localdate(clock.now())
    good = {"competitor": "顺达", "words": "每票便宜两元", "seen_on": today}
    for wrong in ({"competitor": " "}, {"words": ""}, {"seen_on": today + timedelta(days=1)},
                  {"seen_on": today - timedelta(days=367)}):  # fmt: skip
        assert client.post(url, good | wrong).status_code == 422, wrong
    assert not CompetitorNote.objects.exists()
    asked_at = clock.now()
    assert client.post(url, good).status_code == 302
    assert "每票便宜两元" in client.get(url).content.decode()
    assert CustomerFacts.objects.filter(customer=customer, refreshed_at__gte=asked_at).exists()
    assert TimelineEntry.objects.get().kind == "competitor"


def test_k25_k26_the_closest_words_count(company: Tree, customer: Customer) -> None:
    admin = PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR)
    url, client = reverse("talk-texts"), signed_in(admin)
    Customer.objects.filter(pk=customer.pk).update(stage=Stage.DECLINE, grade="3A")
    customer.refresh_from_db()
    assert talks.for_customer(customer) == label_words.strategy(Stage.DECLINE)
    assert client.post(url, {"stage": "decline", "words": ""}).status_code == 422
    for stage, standing, words in (
        ("", "", "先听"), ("", "3A", "三级甲"), ("decline", "", "问原因"), ("growth", "3A", "不是"),
        ("decline", "3A", "请经理回电"), ("decline", "3A", "请总监回电"),
    ):  # fmt: skip
        answer = client.post(
            url, {"stage": stage, "standing": standing, "words": words, "words_en": "Call back"}
        )
        assert answer.status_code == 302
    assert TalkText.objects.count() == 5
    said = []
    for _turn in range(4):
        with translation.override("zh-hans"):
            said.append(talks.for_customer(customer))
        text = TalkText.objects.get(words=said[-1])
        assert client.post(reverse("talk-text-remove", args=[text.pk])).status_code == 302
    assert said == ["请总监回电", "问原因", "三级甲", "先听"]


def test_k02_a_grade_is_proposed_only_once_somebody_has_filled_the_table() -> None:
    rule = ValueRule.objects.get()
    assert rule.grades == {}
    assert label_words.proposed_grade(rule, Decimal(900_000)) == ""
    rule.grades = {"1A": 500_000, "3A": 100_000}
    for revenue, grade in ((99_999, ""), (100_000, "3A"), (499_999, "3A"), (500_000, "1A")):
        assert label_words.proposed_grade(rule, Decimal(revenue)) == grade
