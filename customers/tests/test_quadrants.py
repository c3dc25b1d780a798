"""Quadrants by rule, on change and each night, and by hand (K-09, F-11)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from customers.actions import labels, quadrants, refreshing
from customers.factories import CustomerFactory
from customers.models import Customer, CustomerFacts, Kind, Label, Quadrant
from customers.tests.test_customers import signed_in
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories as surveys
from surveys.actions import answering
from surveys.actions.answering import Sender

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)


def felt(company: Tree, index: int | None, spoke: datetime | None = None, **more: Any) -> Customer:
    customer = CustomerFactory.create(home_branch=company.branch, now=NOW - 400 * DAY, **more)
    CustomerFacts.objects.filter(pk=customer.pk).update(
        satisfaction_index=index,
        satisfaction_at=NOW - DAY if index is not None else None,
        last_complaint_at=spoke,
        refreshed_at=NOW,
    )
    return customer


@pytest.mark.parametrize(
    ("index", "days", "quadrant"),
    [
        (75, None, Quadrant.LOYAL),
        (75, 180, Quadrant.PRAISER),
        (40, None, Quadrant.SILENT),
        (40, 0, Quadrant.COMPLAINER),
        (60, 181, Quadrant.LOYAL),
        (59, 181, Quadrant.SILENT),
        (None, 0, ""),
    ],
)
def test_f11_k09_the_quadrants_of_the_fixture(
    company: Tree, index: int | None, days: int | None, quadrant: str
) -> None:
    customer = felt(company, index, None if days is None else NOW - days * DAY)
    felt(company, 75, kind=Kind.INTERNAL, tier="")
    assert quadrants.judge(now=NOW) == (1 if quadrant else 0)
    customer.refresh_from_db()
    assert customer.quadrant == quadrant
    assert quadrants.judge(now=NOW) == 0


def test_f11_silence_and_a_complaint_move_a_customer_and_each_label_says_why(
    company: Tree, manager: Person
) -> None:
    """Expression grows old by itself, at night; what changes counts at the next round."""
    customer = felt(company, 40, NOW - 180 * DAY)
    refreshing.run(now=NOW)
    refreshing.run(now=NOW + DAY)
    found = Label.objects.filter(customer=customer, kind="quadrant").order_by("pk")
    assert [(row.previous, row.value, row.ended_on) for row in found] == [
        ("", "complainer", TODAY + DAY),
        ("complainer", "silent", None),
    ]
    later = NOW + DAY + timedelta(hours=1)
    CustomerFacts.objects.filter(pk=customer.pk).update(
        satisfaction_index=90, refreshed_at=later, satisfaction_at=later
    )
    refreshing.run(now=later)
    customer.refresh_from_db()
    assert customer.quadrant == Quadrant.LOYAL
    page = signed_in(manager).get(reverse("customer-value", args=[customer.pk])).content.decode()
    assert "Index of satisfaction 90 of 100 on 2026-11-21; rule F-11, version 1." in page
    assert "Last complaint or comment on 2026-05-24." in page


def test_f11_a_persons_word_stands_until_its_day(company: Tree, manager: Person) -> None:
    customer = felt(company, 75)
    quadrants.judge(now=NOW)
    url = reverse("customer-label-override", args=[customer.pk])
    given = {"value": "quadrant:silent", "reason": "", "expires_on": TODAY + 400 * DAY}
    client = signed_in(manager)
    assert client.post(url, given).status_code == 422
    customer.refresh_from_db()
    assert customer.quadrant == Quadrant.LOYAL
    labels.override(
        customer=customer,
        kind="quadrant",
        value_=Quadrant.SILENT,
        reason="在电话里抱怨过",
        expires_on=TODAY + 3 * DAY,
        by=manager,
        now=NOW,
    )
    assert Customer.objects.get(pk=customer.pk).quadrant == Quadrant.SILENT
    refreshing.run(now=NOW + 2 * DAY)
    assert Customer.objects.get(pk=customer.pk).quadrant == Quadrant.SILENT
    refreshing.run(now=NOW + 3 * DAY)
    assert Customer.objects.get(pk=customer.pk).quadrant == Quadrant.LOYAL
    labels.decline(customer=customer, by=manager, now=NOW + 3 * DAY)
    refreshing.run(now=NOW + 4 * DAY)
    assert Customer.objects.get(pk=customer.pk).quadrant == ""


@pytest.mark.parametrize("count", [1, 20])
def test_f11_is_set_based(company: Tree, django_assert_num_queries: Any, count: int) -> None:
    for _n in range(count):
        felt(company, 75)
    with django_assert_num_queries(8):
        assert quadrants.judge(now=NOW) == count


def test_f11_surveys_write_how_content_an_answer_was_and_that_somebody_spoke(
    company: Tree,
) -> None:
    """On its own scale, of the last answer without a doubt."""
    survey = surveys.survey(company.headquarters, now=NOW)
    invitation = surveys.invitation(survey, company.branch, NOW)
    answering.save(
        sender=Sender(invitation, session_hash="", device_hash=""),
        fields={"q-total": ["9"], "q-recommend": ["10"], "q-wish": ["司机很热情"]},
        by=None,
        now=NOW,
    )
    facts = CustomerFacts.objects.get(pk=invitation.customer_id)
    assert (facts.satisfaction_index, facts.satisfaction_at) == (90, NOW)
    assert facts.expressed_at == NOW
    quadrants.judge(now=NOW)
    assert Customer.objects.get(pk=facts.pk).quadrant == Quadrant.PRAISER
