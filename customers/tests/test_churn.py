"""Warning before a customer leaves (F-10), and what is done about it (K-10, K-12, K-20)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from csm.kit.statistics import churn_level, churn_points, relative_drop
from customers.actions import churn, handovers, retention
from customers.actions import customers as actions
from customers.actions.touched import SWEEP
from customers.factories import CustomerFactory
from customers.models import (
    ChurnChange,
    ChurnRisk,
    CompetitorNote,
    Customer,
    CustomerFacts,
    CustomerVolume,
    Handover,
    RetentionCase,
    VisitCadence,
)
from organisation.actions import sweeps
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Message, Person, Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.make_aware(datetime(2026, 11, 20, 10))


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def branch(company: Tree) -> Branch:
    return company.branch


@pytest.fixture
def other_branch(company: Tree) -> Branch:
    return company.sibling


@pytest.fixture
def person(branch: Branch) -> Person:
    return PersonFactory.create(branch=branch, role=Role.HANDLER)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def ships(customer: Customer, branch: Branch, today: date, before: int, latest: int) -> None:
    """`before` shipments in each of four times 30 days, then `latest` in the last."""
    for month in range(5):
        start = today - timedelta(days=150 - 30 * month)
        number = latest if month == 4 else before
        CustomerVolume.objects.create(
            customer=customer,
            branch=branch,
            starts_on=start,
            days=30,
            shipments=number,
            revenue=number,
            last_on=start + timedelta(days=29) if number else None,
            source="file",
            written_at=timezone.now(),
        )


def facts(customer: Customer, **told: Any) -> None:
    CustomerFacts.objects.filter(customer=customer).update(**told)


def signs(customer: Customer) -> dict[str, int]:
    return {hit["sign"]: hit["points"] for hit in ChurnRisk.objects.get(customer=customer).hits}


def test_f10_worked_figures() -> None:
    drop = relative_drop(620, 1000, 8500, 10000)
    assert drop is not None
    assert round(100 * drop, 2) == 27.06
    assert churn_points(["C", "D", "M"]) == 55
    assert churn_level(55) == "orange"
    assert churn_level(churn_points(["V30", "C", "D", "M"])) == "red"


@given(st.lists(st.sampled_from(["V50", "G", "D", "C", "B", "M", "X", "T", "Q", "P"])))
def test_f10_points_stay_within_a_hundred_and_grow(rules: list[str]) -> None:
    assert 0 <= churn_points(rules) <= 100
    assert churn_points(rules) <= churn_points([*rules, "V50"])


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(0.1, 3))
def test_f10_a_season_of_the_whole_branch_is_no_drop(
    before: float, branch: float, season: float
) -> None:
    drop = relative_drop(before * season, before, branch * season, branch)
    assert drop == pytest.approx(0, abs=1e-9)
    assert relative_drop(1, 0, 1, 1) is None


def test_f10_the_fixture_comes_out_of_the_rows(
    branch: Branch, person: Person, now: datetime
) -> None:
    """620 against 1,000 while the branch fell to 8,500 of 10,000: no V; C, D and M make orange."""
    today = timezone.localdate(now)
    customer = CustomerFactory.create(home_branch=branch, account_manager=person)
    other = CustomerFactory.create(home_branch=branch)
    ships(customer, branch, today, 1000, 620)
    ships(other, branch, today, 9000, 7880)
    facts(customer, third_valid_at=now - 50 * DAY, low_score_at=now - 20 * DAY)
    Handover.objects.create(customer=customer, was=person, to=None, at=now - 41 * DAY)
    assert churn.assess(now=now) == 1
    assert signs(customer) == {"C": 20, "D": 20, "M": 15}
    assert (customer.risk.points, customer.risk.level) == (55, "orange")
    change = ChurnChange.objects.get()
    assert (change.was, change.level, change.points) == ("", "orange", 55)
    assert [hit["sign"] for hit in change.hits] == ["D", "C", "M"]
    assert not ChurnRisk.objects.filter(customer=other).exists()
    # Nothing changed: nothing is written again, and nobody told twice.
    assert churn.assess(now=now + DAY / 24) == 0
    assert RetentionCase.objects.get().owner == person
    assert Message.objects.filter(text="churn_warning", recipient=person).count() == 2


def test_f10_each_rule_alone(branch: Branch, person: Person, now: datetime) -> None:
    today = timezone.localdate(now)
    VisitCadence.objects.create(standing="gold", fewest_days=10, most_days=90)
    gone = PersonFactory.create(branch=branch, is_active=False)
    cases: dict[str, dict[str, Any]] = {
        "D": {"low_score_at": now - 89 * DAY},
        "C": {"oldest_open_at": now - timedelta(hours=73)},
        "B": {"last_callback_satisfied": False},
        "T": {"last_visited_on": today - timedelta(days=91)},
    }
    made = {}
    for sign, told in cases.items():
        made[sign] = CustomerFactory.create(home_branch=branch, now=now)
        facts(made[sign], **told)
    made["M"] = CustomerFactory.create(home_branch=branch, account_manager=gone, now=now)
    made["X"] = CustomerFactory.create(
        home_branch=branch, contract_ends_on=today + timedelta(days=60), now=now
    )
    made["P"] = CustomerFactory.create(home_branch=branch, now=now)
    CompetitorNote.objects.create(
        customer=made["P"], competitor="x", words="y", seen_on=today, by=person, at=now
    )
    near = CustomerFactory.create(home_branch=branch, now=now)
    facts(
        near,
        low_score_at=now - 91 * DAY,
        oldest_open_at=now - timedelta(hours=71),
        last_callback_satisfied=True,
        last_visited_on=today - timedelta(days=90),
        unanswered_invitations=5,
    )
    churn.assess(now=now)
    points = {"D": 20, "C": 20, "B": 15, "T": 10, "M": 15, "X": 10, "P": 10}
    for sign, customer in made.items():
        assert signs(customer) == {sign: points[sign]}, sign
    assert not ChurnRisk.objects.filter(customer=near).exists()


def test_f10_volume_silence_and_the_silent_protester(
    branch: Branch, person: Person, now: datetime
) -> None:
    today = timezone.localdate(now)
    stay, half, third, silent = (CustomerFactory.create(home_branch=branch) for _n in range(4))
    ships(stay, branch, today, 10_000, 10_000)
    ships(half, branch, today, 100, 40)
    ships(third, branch, today, 100, 65)
    ships(silent, branch, today, 100, 85)
    facts(silent, unanswered_invitations=2)
    late = CustomerFactory.create(home_branch=branch)
    ships(late, branch, today - timedelta(days=90), 100, 100)
    churn.assess(now=now)
    assert not ChurnRisk.objects.filter(customer=stay).exists()
    assert signs(half) == {"V": 30}
    assert signs(third) == {"V": 15}
    assert signs(silent) == {"Q": 10}
    assert signs(late)["G"] == 20


def test_f10_figures_not_delivered_yet_are_no_drop(branch: Branch, now: datetime) -> None:
    """The last month of the branch is not in yet: its customers did not fall silent."""
    customer = CustomerFactory.create(home_branch=branch)
    ships(customer, branch, timezone.localdate(now) - timedelta(days=25), 100, 100)
    churn.assess(now=now)
    assert not ChurnRisk.objects.exists()


def test_k10_a_risk_that_passes_is_taken_back(
    branch: Branch, person: Person, now: datetime
) -> None:
    customer = CustomerFactory.create(home_branch=branch, account_manager=person)
    facts(customer, low_score_at=now, last_callback_satisfied=False, oldest_open_at=now - 4 * DAY)
    churn.assess(now=now)
    assert customer.risk.level == "orange"
    facts(customer, low_score_at=None, last_callback_satisfied=True, oldest_open_at=None)
    CustomerFacts.objects.filter(customer=customer).update(refreshed_at=now + DAY / 24)
    sweeps.mark(SWEEP, now=now + DAY / 48)
    churn.refresh(now=now + DAY / 12)
    risk = ChurnRisk.objects.get(customer=customer)
    assert (risk.points, risk.level, risk.hits) == (0, "", [])
    assert list(ChurnChange.objects.values_list("was", "level")) == [
        ("orange", ""),
        ("", "orange"),
    ]
    # The case stays until somebody says what came of it.
    assert RetentionCase.objects.get().is_open


def test_the_history_of_warnings_is_append_only(branch: Branch, now: datetime) -> None:
    customer = CustomerFactory.create(home_branch=branch)
    facts(customer, low_score_at=now)
    churn.assess(now=now)
    rows = ChurnChange.objects.all()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(points=1)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.delete()


def test_k10_owner_actions_outcome(branch: Branch, now: datetime) -> None:
    manager = PersonFactory.create(branch=branch, role=Role.BRANCH_MANAGER)
    handler = PersonFactory.create(branch=branch, role=Role.HANDLER)
    customer = CustomerFactory.create(home_branch=branch)
    facts(customer, low_score_at=now, last_callback_satisfied=False, oldest_open_at=now - 4 * DAY)
    churn.assess(now=now)
    case = RetentionCase.objects.get()
    assert case.owner is None
    assert Message.objects.filter(text="churn_warning", recipient=manager).exists()
    client = signed_in(manager)
    listed = client.get(reverse("customer-risks"))
    assert listed.status_code == 200
    assert customer.name in listed.content.decode()
    page = reverse("retention-case", args=[case.pk])
    assert client.get(page).status_code == 200
    client.post(reverse("retention-give", args=[case.pk]), {"owner": handler.pk})
    case.refresh_from_db()
    assert case.owner == handler
    mine = signed_in(handler)
    step = reverse("retention-step", args=[case.pk])
    assert mine.post(step, {"text": " "}).status_code == 422
    assert mine.post(step, {"text": "电话道歉", "due_on": "2020-01-01"}).status_code == 422
    assert mine.post(step, {"text": "电话道歉", "due_on": "2099-01-01"}).status_code == 302
    done = case.steps.get()
    mine.post(reverse("retention-step-done", args=[case.pk, done.pk]))
    done.refresh_from_db()
    assert done.done_at is not None
    close = reverse("retention-close", args=[case.pk])
    assert mine.post(close, {"outcome": "left"}).status_code == 422
    case.refresh_from_db()
    assert case.is_open
    given = {"outcome": "left", "reason": "indifference", "words": "没人管"}
    assert mine.post(close, given).status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.reason, case.words) == ("left", "indifference", "没人管")
    assert mine.post(close, given).status_code == 409


def test_k20_customers_of_a_person_who_left_are_handed_over(
    branch: Branch, other_branch: Branch, now: datetime
) -> None:
    manager = PersonFactory.create(branch=branch, role=Role.BRANCH_MANAGER)
    was = PersonFactory.create(branch=branch, role=Role.ACCOUNT_MANAGER)
    to = PersonFactory.create(branch=branch, role=Role.ACCOUNT_MANAGER)
    far = PersonFactory.create(branch=other_branch, role=Role.ACCOUNT_MANAGER)
    mine = [CustomerFactory.create(home_branch=branch, account_manager=was) for _n in range(3)]
    theirs = CustomerFactory.create(home_branch=other_branch, account_manager=was)
    Person.objects.filter(pk=was.pk).update(is_active=False)
    assert handovers.warn_of_left(now=now) > 0
    assert handovers.warn_of_left(now=now + DAY) == 0
    assert Message.objects.filter(text="customers_left_alone", recipient=manager).exists()
    client = signed_in(manager)
    assert was.name in client.get(reverse("handover-new")).content.decode()
    page = f"{reverse('handover-new')}?was={was.pk}"
    shown = client.get(page).content.decode()
    assert mine[0].name in shown
    assert theirs.name not in shown
    chosen = [mine[0].pk, mine[1].pk]
    assert client.post(page, {"to": far.pk, "customers": chosen}).status_code == 422
    assert client.post(page, {"to": to.pk, "customers": [theirs.pk]}).status_code == 422
    assert not Handover.objects.exists()
    answer = client.post(page, {"to": to.pk, "customers": chosen, "words": "每周五对账"})
    assert answer.status_code == 302
    assert Customer.objects.filter(account_manager=to).count() == 2
    assert Handover.objects.filter(was=was, to=to, by=manager).count() == 2
    assert Message.objects.filter(text="customers_handed_over", recipient=to).exists()


def test_k20_a_changed_card_leaves_its_trace(branch: Branch, now: datetime) -> None:
    one, two = (PersonFactory.create(branch=branch, role=Role.HANDLER) for _n in range(2))
    customer = CustomerFactory.create(home_branch=branch, account_manager=one)
    actions.change(customer=customer, by=None, now=now, account_manager=two)
    actions.change(customer=customer, by=None, now=now, note="x")
    row = Handover.objects.get()
    assert (row.was, row.to) == (one, two)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_warn_once(branch: Branch, person: Person, now: datetime) -> None:
    customer = CustomerFactory.create(home_branch=branch, account_manager=person)
    facts(customer, low_score_at=now, last_callback_satisfied=False, oldest_open_at=now - 4 * DAY)

    def run(_turn: int) -> None:
        try:
            churn.assess(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert ChurnChange.objects.count() == 1
    assert RetentionCase.objects.count() == 1
    assert Message.objects.filter(text="churn_warning").count() == 2


def test_k10_the_list_asks_the_same_number_of_questions(
    branch: Branch, now: datetime, django_assert_max_num_queries: Any
) -> None:
    manager = PersonFactory.create(branch=branch, role=Role.BRANCH_MANAGER)
    client = signed_in(manager)
    for number in (1, 19):
        for _n in range(number):
            facts(CustomerFactory.create(home_branch=branch), low_score_at=now)
        churn.assess(now=now)
        with django_assert_max_num_queries(10):
            assert client.get(reverse("customer-risks")).status_code == 200
    retention.open_case(customer=Customer.objects.first(), by=manager, now=now)  # type: ignore[arg-type]
    assert RetentionCase.objects.count() == 1
