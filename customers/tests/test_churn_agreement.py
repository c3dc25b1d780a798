"""The statement over all customers and the pure functions give the same (F-10)."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from csm.kit.statistics import churn_level, churn_points
from customers.actions import churn
from customers.factories import CustomerFactory
from customers.models import (
    ChurnRisk,
    CompetitorNote,
    Customer,
    CustomerFacts,
    CustomerVolume,
    Handover,
    VisitCadence,
)
from customers.tests.test_churn import DAY
from organisation.factories import PersonFactory, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db
NOW = timezone.make_aware(datetime(2026, 11, 20, 10))
TODAY = date(2026, 11, 20)
# Shipments a week, the latest last; the branch as a whole is steady.
WEEKS = 21
COURSES: dict[str, Sequence[int]] = {
    "": (10,) * WEEKS,
    "V30": (10,) * 17 + (6,) * 4,
    "V50": (10,) * 17 + (3,) * 4,
    "G": (10,) * 17 + (44, 0, 0, 0),
}


def _ships(customer: Customer, branch: Branch, weeks: Sequence[int]) -> list[CustomerVolume]:
    first = TODAY - timedelta(days=7 * WEEKS)
    starts = [first + timedelta(days=7 * at) for at in range(WEEKS)]
    return [
        CustomerVolume(
            customer=customer, branch=branch, starts_on=start, days=7, shipments=number,
            revenue=number, last_on=start + timedelta(days=6) if number else None,
            source="file", written_at=NOW,
        )
        for start, number in zip(starts, weeks, strict=True)
    ]  # fmt: skip


def _lived(customer: Customer, rules: set[str], person: Person) -> None:
    """Facts of which exactly these rules follow; others stay just below their limits."""
    told: dict[str, Any] = {
        "low_score_at": NOW - (89 if "D" in rules else 91) * DAY,
        "oldest_open_at": NOW - timedelta(hours=73 if "C" in rules else 71),
        "last_callback_satisfied": "B" not in rules,
        "last_visited_on": TODAY - timedelta(days=91 if "T" in rules else 90),
        "unanswered_invitations": 2 if "Q" in rules else 1,
    }
    CustomerFacts.objects.filter(customer=customer).update(**told)
    Handover.objects.create(
        customer=customer, was=person, at=NOW - (59 if "M" in rules else 61) * DAY
    )
    ends_on = TODAY + timedelta(days=60 if "X" in rules else 61)
    Customer.objects.filter(pk=customer.pk).update(contract_ends_on=ends_on, tier="gold")
    CompetitorNote.objects.create(
        customer=customer, competitor="x", words="y", by=person, at=NOW,
        seen_on=TODAY - timedelta(days=180 if "P" in rules else 181),
    )  # fmt: skip


def test_f10_the_statement_gives_what_the_functions_give() -> None:
    branch = tree().branch
    person = PersonFactory.create(branch=branch, role=Role.HANDLER)
    VisitCadence.objects.create(standing="gold", fewest_days=10, most_days=90)
    chance = random.Random(10)
    expected: dict[int, tuple[int, str]] = {}
    steady = CustomerFactory.create(home_branch=branch, now=NOW)
    volumes = _ships(steady, branch, (1_000_000,) * WEEKS)
    for _n in range(60):
        customer = CustomerFactory.create(home_branch=branch, now=NOW, kind="person")
        course = chance.choice(list(COURSES))
        likely = chance.random()
        rules = {rule for rule in "DCBMXTP" if chance.random() < likely} | ({course} - {""})
        if course in ("V30", "V50") and chance.random() < likely:
            rules.add("Q")
        volumes += _ships(customer, branch, COURSES[course])
        _lived(customer, rules, person)
        points = churn_points(rules)
        expected[customer.pk] = points, churn_level(points)
    CustomerVolume.objects.bulk_create(volumes)
    churn.assess(now=NOW)
    rows = ChurnRisk.objects.values_list("customer", "points", "level")
    found = {pk: (points, level) for pk, points, level in rows}
    assert {pk: found.get(pk, (0, "")) for pk in expected} == expected
    assert {level for _points, level in expected.values()} == {"", "yellow", "orange", "red"}
