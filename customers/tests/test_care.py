"""Care by rule and by hand: occasions, wishes, cool-down (K-21, K-25, S-18)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from csm.kit.errors import Refused
from customers import segments
from customers.actions import care, care_rules, merging, visits
from customers.factories import CustomerFactory
from customers.models import (
    AddedService,
    CareAct,
    CareDate,
    CareWish,
    Customer,
    CustomerFacts,
    Festival,
    Segment,
)
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Message, Person, Role
from surveys.frames import frame_of
from surveys.models import Survey

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def now() -> datetime:
    return timezone.make_aware(datetime(2026, 12, 20, 10))


@pytest.fixture
def boss(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.ACCOUNT_MANAGER)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def rule(boss: Person, now: datetime, **given: Any) -> None:
    care_rules.add_rule(**{"occasion": "festival", "words": "贺信", **given}, by=boss, now=now)


def test_k21_k25_rules_plan_once_by_tier_stage_and_wish(
    company: Tree, boss: Person, manager: Person, now: datetime
) -> None:
    day = timezone.localdate(now) + 12 * DAY
    care_rules.add_festival(name="元旦", on=day, by=boss, now=now)
    rule(boss, now)
    rule(boss, now, standing="gold", words="上门", channel="visit")
    rule(boss, now, occasion="date", words="生日电话", channel="phone")
    kinds: dict[str, dict[str, Any]] = {
        "gold": {"tier": "gold", "account_manager": manager},
        "silver": {"tier": "silver"},
        "birthday": {"tier": "gold", "account_manager": manager},
        "asked": {"tier": "gold"},
        "none": {"tier": "gold"},
        "quiet": {"tier": "gold"},
        "left": {"tier": "gold"},
        "inner": {"kind": "internal", "tier": ""},
    }
    made: dict[str, Customer] = {
        name: CustomerFactory.create(name=name, home_branch=company.branch, **given)
        for name, given in kinds.items()
    }
    Customer.objects.filter(name="left").update(stage="left")
    care.add_date(customer=made["birthday"], kind="birthday", month=12, day=25, by=manager, now=now)
    care.wish(customer=made["none"], no_care=True, by=manager, now=now)
    care.wish(customer=made["quiet"], quiet_until=day, by=manager, now=now)
    care.wish(customer=made["silver"], channel="email", by=manager, now=now)
    CustomerFacts.objects.filter(customer=made["asked"]).update(last_asked_at=now - 13 * DAY)
    assert care.plan_by_rule(now=now) == 3
    found = CareAct.objects.order_by("pk").values_list(
        "customer__name", "occasion", "words", "channel", "owner"
    )
    assert list(found) == [
        ("gold", "元旦", "上门", "visit", manager.pk),
        ("silver", "元旦", "贺信", "email", None),
        ("birthday", "birthday", "生日电话", "phone", manager.pk),
    ]
    [told] = Message.objects.filter(text="care_to_do", channel="inbox")
    assert (told.recipient, told.context["count"]) == (manager, 2)
    assert care.plan_by_rule(now=now) == 0
    # A day later the one who was asked has had their peace.
    assert care.plan_by_rule(now=now + DAY) == 1
    assert CareAct.objects.latest("pk").customer == made["asked"]


def test_s18_care_and_surveys_leave_each_other_s_customers_in_peace(
    company: Tree, manager: Person, now: datetime
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, email="a@example.com")
    survey = Survey(branch=company.headquarters, method="online", cool_down_days=30)
    assert frame_of(survey, now=now).size == 1
    act = care.plan(
        customer=customer, on=timezone.localdate(now), words="电话", by=manager, now=now
    )
    client, url = signed_in(manager), reverse("care-close", args=[act.pk])
    assert client.post(url, {"done": "1"}).status_code == 302
    assert client.post(url, {"done": "1"}).status_code == 409
    told = CustomerFacts.objects.get(customer=customer).last_cared_at
    assert told is not None
    assert frame_of(survey, now=told + DAY).excluded["cooled"] == 1
    assert frame_of(survey, now=told + 31 * DAY).size == 1


def test_k25_wishes_drop_what_is_planned_against_them(
    company: Tree, manager: Person, now: datetime
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    today = timezone.localdate(now)
    for days in (1, 5):
        care.plan(customer=customer, on=today + days * DAY, words="电话", by=manager, now=now)
    care.wish(customer=customer, quiet_until=today + 2 * DAY, by=manager, now=now)
    assert list(CareAct.objects.order_by("on").values_list("status", flat=True)) == [
        "dropped",
        "planned",
    ]
    with pytest.raises(Refused):
        care.plan(customer=customer, on=today + 2 * DAY, words="信", by=manager, now=now)
    care.wish(customer=customer, no_care=True, by=manager, now=now)
    with pytest.raises(Refused):
        care.plan(customer=customer, on=today + 9 * DAY, words="信", by=manager, now=now)
    assert CareAct.objects.filter(status="planned").count() == 0
    into = CustomerFactory.create(home_branch=company.branch)
    care.wish(customer=into, channel="phone", by=manager, now=now)
    CustomerFacts.objects.filter(customer=customer).update(last_cared_at=now, last_visited_on=today)
    CustomerFacts.objects.filter(customer=into).update(last_visited_on=today - DAY)
    merging.merge(customer=customer, into=into, by=None, now=now)
    kept = CareWish.objects.get(customer=into)
    assert (kept.no_care, kept.channel) == (True, "phone")
    facts = CustomerFacts.objects.get(customer=into)
    assert (facts.last_cared_at, facts.last_visited_on) == (now, today)


def test_k21_k27_k29_the_pages_take_days_wishes_rules_and_services(
    company: Tree, boss: Person, manager: Person
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    client = signed_in(manager)
    url = reverse("customer-care", args=[customer.pk])
    date = reverse("care-date", args=[customer.pk])
    for month, day in ((2, 30), (4, 31), (13, 1), ("", 1)):
        given = {"kind": "birthday", "month": month, "day": day}
        assert client.post(date, given).status_code == 422
    assert not CareDate.objects.exists()
    given = {"kind": "birthday", "month": 2, "day": 29, "words": "李总"}
    assert [client.post(date, given).status_code for _n in range(2)] == [302, 302]
    assert (CareDate.objects.get().month, CareDate.objects.get().day) == (2, 28)
    wish = reverse("care-wish", args=[customer.pk])
    assert client.post(wish, {"channel": "x"}).status_code == 422
    assert client.post(wish, {"channel": "phone", "words": "下午"}).status_code == 302
    page = client.get(url).content.decode()
    assert ("李总" in page, 'value="下午"' in page, "Comparison of before and after" in page) == (
        True,
        True,
        True,
    )
    assert AddedService.objects.count() == 8
    rules = signed_in(boss)
    added = {"lever": "training", "name": "试用一周"}
    assert rules.post(reverse("care-service"), added).status_code == 302
    assert rules.post(reverse("care-service"), added).status_code == 422
    assert rules.post(reverse("care-festival"), {"name": "春节", "on": "x"}).status_code == 422
    assert (
        rules.post(reverse("care-festival"), {"name": "春节", "on": "2027-02-06"}).status_code
        == 302
    )
    assert (
        rules.post(reverse("care-rule"), {"occasion": "festival", "words": ""}).status_code == 422
    )
    assert (
        rules.post(reverse("care-rule"), {"occasion": "festival", "words": "信"}).status_code == 302
    )
    assert (
        rules.post(reverse("care-rule"), {"occasion": "festival", "words": "信"}).status_code == 422
    )
    assert Festival.objects.count() == 1
    assert client.post(reverse("care-service"), added).status_code == 403


def test_b26_who_was_anonymised_is_neither_greeted_nor_visited_nor_told(
    company: Tree, boss: Person, manager: Person, now: datetime
) -> None:
    today = timezone.localdate(now)
    customer = CustomerFactory.create(home_branch=company.branch, tier="gold")
    care_rules.add_festival(name="元旦", on=today + DAY, by=boss, now=now)
    rule(boss, now)
    Customer.objects.filter(pk=customer.pk).update(erased_at=now, code="")
    customer.refresh_from_db()
    assert care.plan_by_rule(now=now) == 0
    with pytest.raises(Refused):
        care.wish(customer=customer, words="电话", by=manager, now=now)
    with pytest.raises(Refused):
        visits.plan(
            customer=customer, kind="visit", on=today, owner=manager, purpose="regular",
            by=manager, now=now,
        )  # fmt: skip
    assert not segments.members(Segment(branch=company.branch), today=today).exists()
