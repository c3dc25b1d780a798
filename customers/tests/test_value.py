"""Value, life cycle and their labels: rules, nights, people (K-04 … K-07, F-09, U-21)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from csm.kit.statistics import rfm, tier, value_index
from csm.tests.race import race
from customers.actions import refreshing, value
from customers.factories import CustomerFactory
from customers.models import (
    ChurnChange,
    Customer,
    CustomerValue,
    CustomerVolume,
    Kind,
    Label,
    Stage,
    Tier,
    ValueRule,
)
from customers.tests.test_customers import signed_in
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db
# A year, month by month: shipments, and revenue in thousands.
GROWN = [(4, 12)] * 3 + [(14, 30), (20, 45), (24, 60), (24, 70)] + [(24, 75)] * 2 + [(8, 20)] * 3
STEADY = [(22, 60)] * 12
GONE = [(12, 20)] * 4 + [(0, 0)] * 8


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)


def person(branch: Branch, **more: Any) -> Customer:
    return CustomerFactory.create(home_branch=branch, tier="", **more)


def ships(customer: Customer, month: int, shipments: int, thousands: int) -> None:
    """The whole of a month of 2026."""
    first = date(2026, month, 1)
    days = ((first + timedelta(days=31)).replace(day=1) - first).days
    CustomerVolume.objects.create(
        customer=customer,
        branch=customer.home_branch,
        starts_on=first,
        days=days,
        shipments=shipments,
        revenue=1000 * thousands,
        last_on=first + timedelta(days=days - 1) if shipments else None,
        source="file",
        written_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def night(on: date) -> int:
    """The sweep at two in the morning of that day, in the company's zone."""
    return refreshing.run(now=datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=6))


def labels(customer: Customer, kind: str) -> list[tuple[str, str, date]]:
    rows = Label.objects.filter(customer=customer, kind=kind).order_by("pk")
    return list(rows.values_list("previous", "value", "since"))


def warnings(customer: Customer) -> list[tuple[str, int, int]]:
    """Level, points, month of each change."""
    rows = ChurnChange.objects.filter(customer=customer).order_by("pk")
    return [(row.level, row.points, localdate(row.at).month) for row in rows]


def test_k04_k06_f09_f10_a_year_is_replayed_month_by_month(company: Tree) -> None:
    """Up at the end of a month, down after two in a row; stages with their days."""
    grown, gone, steady, *others = (person(company.branch) for _ in range(12))
    courses = {grown: GROWN, gone: GONE, steady: STEADY} | dict.fromkeys(others, STEADY)
    for month in range(1, 13):
        for customer, course in courses.items():
            ships(customer, month, *course[month - 1])
        following = date(2026 + month // 12, month % 12 + 1, 7)
        assert night(following) >= 1
        assert night(following) == 0
    # Nothing shipped since May: a drop, then silence too, then nothing left to drop from.
    assert warnings(gone) == [("yellow", 30, 6), ("orange", 50, 7), ("yellow", 20, 9)]
    assert warnings(grown) == [("yellow", 30, 11), ("", 15, 1)]
    assert ChurnChange.objects.count() == 5
    assert labels(steady, "tier") == [
        ("", "silver", date(2026, 2, 7)),
        ("silver", "gold", date(2026, 3, 7)),
        ("gold", "diamond", date(2026, 4, 7)),
    ]
    assert [value for _was, value, _on in labels(steady, "stage")] == ["acquisition", "maturity"]
    assert [(value, on.month) for _was, value, on in labels(grown, "tier")] == [
        *(("silver", 2), ("gold", 6), ("diamond", 8), ("gold", 12))
    ]
    assert [(value, on.month) for _was, value, on in labels(grown, "stage")] == [
        *(("acquisition", 2), ("maturity", 4), ("growth", 5), ("maturity", 11), ("decline", 12))
    ]
    assert labels(gone, "stage")[-2:] == [
        ("maturity", "decline", date(2026, 6, 7)),
        ("decline", "left", date(2026, 11, 7)),
    ]
    for customer in (grown, steady, gone):
        customer.refresh_from_db()
        now = {row.kind: row.value for row in customer.labels.in_force()}
        assert {"tier": customer.tier, "stage": customer.stage} == now


def test_f09_the_statement_and_the_formula_agree(company: Tree) -> None:
    """U-21: what the database counts is what the pure functions say."""
    for n in range(24):
        customer = person(company.branch)
        for month in range(6 + n % 5, 12):
            ships(customer, month, n * n % 40, n * n * 7 % 230 if n * n % 40 else 0)
    value.refresh_now(on=date(2026, 12, 3))
    rows = list(CustomerValue.objects.all())
    assert len(rows) >= 15
    for row in rows:
        ago = (date(2026, 12, 3) - row.last_on).days
        scores = rfm(ago, float(row.orders), float(row.revenue))
        assert (scores.recency, scores.frequency, scores.money) == (
            *(row.recency, row.frequency, row.money),
        )
        assert float(row.index) == value_index(scores)
        assert row.proposed == tier(value_index(scores))


def test_f09_a_fall_waits_for_a_second_month_and_a_rise_does_not(company: Tree) -> None:
    customer = person(company.branch)
    for month in (6, 7, 8):
        ships(customer, month, 24, 40)
    night(date(2026, 9, 7))
    assert customer.labels.in_force().get(kind="tier").value == "gold"
    for month in (9, 10):
        ships(customer, month, 1, 1)
        night(date(2026, month + 1, 7))
    row = CustomerValue.objects.get()
    first = [row.rule_tier, row.lower]
    ships(customer, 11, 1, 1)
    night(date(2026, 12, 7))
    row.refresh_from_db()
    assert [first, [row.rule_tier, row.lower]] == [["gold", 1], ["silver", 0]]


def test_a_branch_of_which_nothing_is_known_yet_lets_nobody_fall(company: Tree) -> None:
    customer = person(company.branch)
    for month in (6, 7, 8):
        ships(customer, month, 24, 40)
    other = person(company.sibling)
    for month in range(6, 12):
        ships(other, month, 24, 40)
    for month in (9, 10, 11, 12):
        night(date(2026, month, 7))
    assert CustomerValue.objects.get(customer=customer).settled_on == date(2026, 8, 31)
    assert labels(customer, "tier") == [("", "gold", date(2026, 9, 7))]


def test_u21_a_person_overrides_with_a_reason_until_a_day(company: Tree, manager: Person) -> None:
    customer = person(company.branch)
    for month in (6, 7, 8):
        ships(customer, month, 24, 40)
    night(date(2026, 9, 7))
    url = reverse("customer-label-override", args=[customer.pk])
    client = signed_in(manager)
    today = date.today()  # noqa: DTZ011  the page stands at the real day
    given = {"value": "tier:diamond", "reason": "", "expires_on": today + timedelta(days=30)}
    before = list(Label.objects.values_list())
    for wrong, words in (
        ({"reason": " "}, "Say why."),
        ({"reason": "x", "expires_on": today}, "within a year"),
        ({"reason": "x", "expires_on": today + timedelta(days=400)}, "within a year"),
        ({"reason": "x", "value": "tier:platinum"}, "Select a valid choice"),
    ):
        answer = client.post(url, given | wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert list(Label.objects.values_list()) == before
    assert client.post(url, given | {"reason": "Founder of the largest account"}).status_code == 302
    customer.refresh_from_db()
    assert customer.tier == Tier.DIAMOND
    page = client.get(reverse("customer-value", args=[customer.pk])).content.decode()
    assert "Founder of the largest account" in page
    assert "before: Gold" in page
    assert "rule F-09, version 1" in page
    value.refresh_now(on=today + timedelta(days=31))
    customer.refresh_from_db()
    assert customer.tier != Tier.DIAMOND
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    assert signed_in(desk).post(url, given | {"reason": "x"}).status_code == 403


def test_a_company_has_no_tier_by_hand(company: Tree, manager: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, kind=Kind.COMPANY)
    url = reverse("customer-label-override", args=[customer.pk])
    today = date.today()  # noqa: DTZ011
    given = {"value": "tier:gold", "reason": "x", "expires_on": today + timedelta(days=9)}
    answer = signed_in(manager).post(url, given)
    assert (answer.status_code, Label.objects.count()) == (422, 0)
    given["value"] = "stage:growth"
    assert signed_in(manager).post(url, given).status_code == 302
    customer.refresh_from_db()
    assert (customer.stage, customer.tier) == (Stage.GROWTH, "")


def test_k02_a_company_keeps_its_grade_and_its_tier_by_value_stands_beside(
    company: Tree, manager: Person
) -> None:
    firm = CustomerFactory.create(home_branch=company.branch, kind=Kind.COMPANY, grade="3B")
    for month in (6, 7, 8):
        ships(firm, month, 24, 40)
    night(date(2026, 9, 7))
    firm.refresh_from_db()
    assert (firm.tier, firm.grade) == ("", "3B")
    client = signed_in(manager)
    assert "Tier by value" in client.get(reverse("customer-value", args=[firm.pk])).content.decode()
    assert "by value: Gold" in client.get(reverse("customer", args=[firm.pk])).content.decode()


def test_u21_who_refuses_rules_is_judged_by_none(company: Tree, manager: Person) -> None:
    customer = person(company.branch)
    for month in (6, 7, 8):
        ships(customer, month, 24, 40)
    night(date(2026, 9, 7))
    client = signed_in(manager)
    client.post(reverse("customer-labels-decline", args=[customer.pk]))
    customer.refresh_from_db()
    assert (customer.stage, customer.tier) == (
        "",
        Tier.GOLD,
    )  # as it was given, until somebody acts
    night(date(2026, 9, 8))
    assert not customer.labels.filter(ended_on=None).exists()
    page = client.get(reverse("customer-value", args=[customer.pk])).content.decode()
    assert "Does not wish to be judged by rules" in page
    client.post(reverse("customer-labels-allow", args=[customer.pk]))
    night(date(2026, 9, 9))
    assert customer.labels.filter(ended_on=None).count() == 2


def test_f09_cuts_with_a_gap_or_out_of_order_are_refused(company: Tree) -> None:
    director = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
    client, url = signed_in(director), reverse("value-rules")
    assert client.get(url).status_code == 200
    rule = ValueRule.objects.get()
    names = ["growth", "decline", "silent_days", "left_days", "valid_days", "young_days"]
    names += ["satisfied_from", "expressive_days"]
    good = {name: getattr(rule, name) for name in names}
    good |= {"seen": 1, "settle_after": 5, "recency": "7 14 30 60", "frequency": "60, 30, 12, 4"}
    good |= {"money": "600000 150000 50000 10000", "weights": "20 30 50", "tiers": "4.5 3.5 2.5"}
    for wrong, words in (
        ({"recency": "7 30 14 60"}, "have to rise"),
        ({"money": "1 2 3 4"}, "have to fall"),
        ({"frequency": "60 30 4"}, "There is a gap: 4 limits"),
        ({"tiers": "4.5 4.5 2.5"}, "have to fall"),
        ({"tiers": "6 3 2"}, "goes from 1 to 5"),
        ({"weights": "20 30 40"}, "make 100"),
        ({"left_days": 50}, "longer silence"),
        ({"money": "many"}, "whole number"),
        ({"grades": "6A 1"}, "Write each grade once"),
        ({"grades": "1A 5\n2A 5"}, "begin at the same revenue"),
    ):
        answer = client.post(url, good | wrong)
        assert answer.status_code == 422, wrong
        assert words in answer.content.decode()
    assert ValueRule.objects.count() == 1
    assert client.post(url, good).status_code == 302
    assert client.post(url, good).status_code == 409  # somebody saved a newer one meanwhile
    assert [row.number for row in ValueRule.objects.all()] == [2, 1]
    fields = {"weights": [20, 30, 50], "frequency": [4, 3, 2, 1], "tiers": [4, 3, 2]}
    for cuts in ([7, 7, 30, 60], [7, 14, 30]):
        with pytest.raises(IntegrityError), transaction.atomic():
            ValueRule.objects.create(
                number=3, money=[4, 3, 2, 1], recency=cuts, created_at=rule.created_at, **fields
            )


def test_k04_moves_are_listed_for_those_who_see_the_customer(
    company: Tree, manager: Person
) -> None:
    customer = person(company.branch, name="王大力")
    for month, (shipments, thousands) in enumerate(GONE[:5], start=1):
        ships(customer, month, shipments, thousands)
    for month in (5, 8):
        value.refresh_now(on=date(2026, month, 7))
    page = signed_in(manager).get(reverse("customer-moves") + "?kind=stage").content.decode()
    assert "王大力" in page
    assert "Maturity → Decline" in page
    neighbour = PersonFactory.create(branch=company.sibling, role=Role.FRONT_DESK)
    assert "王大力" not in signed_in(neighbour).get(reverse("customer-moves")).content.decode()


def test_a_card_on_which_somebody_wrote_another_tier_begins_from_there(company: Tree) -> None:
    customer = person(company.branch)
    for month in (6, 7, 8):
        ships(customer, month, 24, 40)
    night(date(2026, 9, 7))
    Customer.objects.filter(pk=customer.pk).update(tier=Tier.DIAMOND)
    night(date(2026, 9, 8))
    customer.refresh_from_db()
    assert customer.tier == Tier.DIAMOND
    assert customer.labels.in_force().get(kind="tier").value == Tier.DIAMOND
    assert Decimal(CustomerValue.objects.get().index) < Decimal("4.5")


@pytest.mark.django_db(transaction=True)
def test_a09_two_nights_at_once_are_one(company: Tree) -> None:
    customer = person(company.branch)
    ships(customer, 8, 24, 40)
    race(*[lambda: night(date(2026, 9, 7))] * 4)
    assert Label.objects.filter(customer=customer).count() == 2
