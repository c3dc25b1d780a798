"""Account managers: figures of a quarter, and what HR decides on them (T-20)."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from complaints.actions import callbacks
from complaints.factories import ComplaintFactory
from complaints.tests.clockwork import Desk, at, opened_desk, refused, told
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory
from organisation.models import Person, Role
from staff import accounts as reading
from staff.actions import accounts
from staff.models import AccountReview
from surveys import factories as surveys
from surveys.models import Response

pytestmark = pytest.mark.django_db
LATER = 60 * 24  # hours: in January


@pytest.fixture
def desk() -> Desk:
    found = opened_desk()
    branch, root = found.company.branch, found.company.headquarters
    for name, place, role in (
        ("account", branch, Role.ACCOUNT_MANAGER),
        ("second", branch, Role.ACCOUNT_MANAGER),
        ("elsewhere", found.company.sibling, Role.ACCOUNT_MANAGER),
        ("resources", root, Role.HUMAN_RESOURCES),
    ):
        found.people[name] = PersonFactory.create(name=name, branch=place, role=role, email="")
    return found


def rated(desk: Desk, manager: Person, scores: list[int]) -> None:
    """Customers of an account manager answer the total question, one each."""
    branch = desk.company.branch
    survey = surveys.survey(branch, edition=surveys.edition(branch, name=manager.name))
    customers = [
        CustomerFactory.create(home_branch=branch, account_manager=manager) for _each in scores
    ]
    rows = surveys.responses(survey, branch, at(0), [{"total": Decimal(n)} for n in scores])
    for row, customer in zip(rows, customers, strict=True):
        Response.objects.filter(pk=row.pk).update(customer=customer)


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def quarter(key: str = "2026-Q4") -> Any:
    return reading.of_key(key)


def test_t20_the_figures_are_those_of_their_customers(desk: Desk) -> None:
    """Nine and eight of ten satisfied by mean: 8.0 against 6.0, each one from the common 7.0."""
    rated(desk, desk.account, [9, 9, 8, 8, 6])
    rated(desk, desk.second, [6, 6, 6, 6, 6])
    rated(desk, desk.elsewhere, [1, 1, 1, 1])
    customer = desk.account.accounts.earliest("pk")
    complaint = ComplaintFactory.create(
        branch=desk.company.branch, handler=desk.handler, quality=desk.quality, until="answered",
        customer=customer, now=at(0),
    )  # fmt: skip
    callbacks.record(
        complaint=complaint, is_reached=True, is_satisfied=True, score=9, words="",
        by=desk.quality, now=at(30),
    )  # fmt: skip
    mine, second = reading.lines(desk.manager, quarter())
    assert (mine.name, mine.figures.customers, mine.figures.answers) == ("account", 5, 5)
    assert (mine.figures.satisfied, mine.figures.score, mine.gap) == (4, 8.0, 1.0)
    assert (mine.figures.complaints, mine.figures.callbacks) == (1, 1)
    assert (second.figures.score, second.gap) == (6.0, -1.0)
    low, high = mine.figures.interval
    assert (round(low or 0, 3), round(high or 0, 3)) == (0.376, 0.964)
    # Four answers say nothing yet; another quarter has none.
    [elsewhere] = reading.lines(desk.neighbour_manager, quarter())
    assert (elsewhere.figures.answers, elsewhere.figures.share, elsewhere.gap) == (4, None, None)
    assert [line.figures.answers for line in reading.lines(desk.manager, quarter("2026-Q3"))] == [
        0,
        0,
    ]
    assert len(reading.lines(desk.resources, quarter())) == 3


def test_t20_hr_decides_once_after_the_quarter_with_grounds(desk: Desk) -> None:
    given: dict[str, Any] = {
        "person": desk.account, "branch": desk.company.branch, "period": quarter(),
        "figures": reading.Figures(5, 5, 4, 8.0, 1, 1, 1).data(),
        "outcome": "elected", "grounds": "Well rated",
        "by": desk.resources, "now": at(LATER),
    }  # fmt: skip
    with refused(NotOpen):
        accounts.decide(**given | {"now": at(0)})
    with refused(Forbidden):
        accounts.decide(**given | {"by": desk.manager})
    for field, wrong in (
        ("person", {"person": desk.handler}),
        ("outcome", {"outcome": "king"}),
        ("grounds", {"grounds": " "}),
        ("development", {"outcome": "developed"}),
    ):
        with refused(Refused, field):
            accounts.decide(**given | wrong)
    made = accounts.decide(**given)
    with refused(NotOpen):
        accounts.decide(**given)
    assert told("account_reviewed") == ["account", "manager"]
    rows = AccountReview.objects.filter(pk=made.pk)
    for act in (lambda: rows.update(grounds="Other"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    page = f"/staff/account-managers/reviews/{made.pk}/"
    for person, status in (
        (desk.account, 200),
        (desk.manager, 200),
        (desk.resources, 200),
        (desk.second, 404),
        (desk.quality, 404),
        (desk.neighbour_manager, 404),
    ):
        assert client(person).get(page).status_code == status, person
    own = "/staff/account-managers/reviews/"
    assert [
        page in client(each).get(own).content.decode() for each in (desk.account, desk.second)
    ] == [True, False]


def test_t20_pages_and_api_decide(desk: Desk) -> None:
    rated(desk, desk.account, [9, 9, 8, 8, 6])
    boss, resources = client(desk.manager), client(desk.resources)
    page = f"/staff/account-managers/{desk.account.pk}/2025-Q4/"
    assert boss.get("/staff/account-managers/?period=2026-Q5").status_code == 404
    assert boss.get(page).status_code == 200
    assert boss.post(page, {"outcome": "elected", "grounds": "x"}).status_code == 403
    wrong = resources.post(page, {"outcome": "developed", "grounds": "Late replies"})
    assert (wrong.status_code, "Late replies" in wrong.content.decode()) == (422, True)
    assert resources.post(page, {"outcome": "elected", "grounds": "Good"}).status_code == 302
    [review] = AccountReview.objects.all()
    assert (
        client(desk.account).get(f"/staff/account-managers/reviews/{review.pk}/").status_code == 200
    )
    caller = Caller(desk.resources)
    again = {"person": desk.account.pk, "outcome": "elected", "grounds": "Good"}
    assert caller.post("account-reviews/", again | {"period": "2025-Q4"}).status_code == 409
    assert caller.post("account-reviews/", again | {"period": "2025"}).status_code == 400
    made = caller.post("account-reviews/", again | {"period": "2025-Q3"})
    assert made.status_code == 201, made.content
    assert len(Caller(desk.account).get("account-reviews/").json()["results"]) == 2
    assert Caller(desk.manager).get("account-managers/").json()["results"][0]["name"] == "account"
