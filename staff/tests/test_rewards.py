"""Rewards and the award fund: who asks, decides, hands over; what is given back (F-21, O-17)."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Sum

from complaints.tests.clockwork import Desk, at, opened_desk, told
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Role
from staff.actions import fund, redemptions, rewards
from staff.factories import earned
from staff.models import (
    FundEntry,
    FundQuarter,
    FundSource,
    PointEntry,
    PointRule,
    PointRuleRevision,
    Redemption,
    Reward,
    Trigger,
)
from staff.tests.test_points import balance, client, rule, text_of

pytestmark = pytest.mark.django_db
QUARTER = "2026-Q4"


@pytest.fixture
def desk() -> Desk:
    """The handler has 50 points; human resources decide."""
    PointRuleRevision.objects.all().delete()
    PointRule.objects.all().delete()
    desk = opened_desk()
    desk.people["resources"] = PersonFactory.create(
        name="resources", branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES, email=""
    )
    rule("star", Trigger.STAR, 50)
    earned(desk.handler, desk.company.branch, now=at(0))
    return desk


def reward(points: int = 30, *, pieces: int = 3, cost: int = 80, **more: Any) -> Reward:
    given = {"name": "保温杯", "name_en": "Thermos cup", "cost": Decimal(cost)} | more
    return rewards.create(points=points, pieces=pieces, by=None, **given)


def budget(amount: int, period: str = QUARTER) -> FundQuarter:
    return fund.set_budget(period=period, amount=Decimal(amount), by=None, now=at(0))


def ask(what: Reward, by: Person, nonce: int = 1) -> Redemption:
    return redemptions.ask(reward=what, nonce=nonce, by=by, now=at(1))


def fresh(made: Redemption) -> Redemption:
    return Redemption.objects.select_related("person", "branch", "reward").get(pk=made.pk)


def stock(what: Reward) -> int:
    return Reward.objects.get(pk=what.pk).stock


def remaining() -> int:
    """As it is kept; the sum of the entries must say the same."""
    kept = FundQuarter.objects.get(period=QUARTER).remaining
    assert kept == FundEntry.objects.filter(quarter=QUARTER).aggregate(n=Sum("amount"))["n"]
    return int(kept)


def everything() -> list[Any]:
    models = (Reward, Redemption, PointEntry, FundQuarter, FundEntry, Message)
    return [list(model.objects.order_by("pk").values()) for model in models]


@contextmanager
def refused(kind: type[Refused] = Refused, *fields: str) -> Iterator[None]:
    """The act is refused, names these fields, and nothing has changed."""
    before = everything()
    with pytest.raises(kind) as refusal:
        yield
    assert (type(refusal.value), set(refusal.value.fields)) == (kind, set(fields))
    assert everything() == before


def test_f21_from_asking_to_the_hand_over(desk: Desk) -> None:
    """Points and piece are taken when it is asked for, the cost when it is approved."""
    budget(200)
    cup = reward()
    made = ask(cup, desk.handler)
    assert ask(cup, desk.handler) == made, "the same form counts once"
    assert (balance(desk.handler), stock(cup), remaining()) == (20, 2, 200)
    assert told("redemption_asked") == ["director", "resources"]
    redemptions.approve(redemption=fresh(made), by=desk.resources, now=at(2))
    assert (remaining(), told("redemption_approved")) == (120, ["handler", "manager"])
    redemptions.hand_over(redemption=fresh(made), by=desk.manager, now=at(3))
    found = fresh(made)
    assert (found.status, found.handed_over_by) == ("handed-over", desk.manager)
    assert told("redemption_handed_over") == ["handler"]
    assert (balance(desk.handler), stock(cup), remaining()) == (20, 2, 120)
    for act in (redemptions.hand_over, redemptions.approve):
        with refused(NotOpen):
            act(redemption=fresh(made), by=desk.resources, now=at(4))


@pytest.mark.parametrize("end", ["refused", "refused after all", "withdrawn"])
def test_f21_what_comes_to_nothing_is_given_back(desk: Desk, end: str) -> None:
    budget(100)
    cup = reward()
    made = ask(cup, desk.handler)
    if end == "refused after all":
        redemptions.approve(redemption=fresh(made), by=desk.resources, now=at(2))
        assert remaining() == 20
    if end == "withdrawn":
        redemptions.withdraw(redemption=fresh(made), by=desk.handler, now=at(3))
    else:
        with refused(Refused, "reason"):
            redemptions.refuse(redemption=fresh(made), reason=" ", by=desk.resources, now=at(3))
        redemptions.refuse(
            redemption=fresh(made), reason="Out of production", by=desk.resources, now=at(3)
        )
        assert told("redemption_refused") == ["handler"]
    assert (balance(desk.handler), stock(cup), remaining()) == (50, 3, 100)
    assert fresh(made).status == end.split(maxsplit=1)[0]
    taken, given_back = PointEntry.objects.filter(source_kind="redemption").order_by("pk")
    assert (taken.points, given_back.points, given_back.reverses) == (-30, 30, taken)
    with refused(NotOpen):
        redemptions.withdraw(redemption=fresh(made), by=desk.handler, now=at(4))


def test_f21_what_cannot_be_asked_for_is_refused(desk: Desk) -> None:
    cup = reward()
    for kind, other in (
        (Refused, reward(51)),
        (Refused, reward(pieces=0)),
        (NotOpen, reward(is_active=False)),
    ):
        with refused(kind):
            ask(other, desk.handler)
    with refused(Refused):
        ask(cup, desk.neighbour)
    with refused(Stale):
        redemptions.ask(reward=cup, nonce=1, price=29, by=desk.handler, now=at(1))
    with refused(Refused, "pieces"):
        rewards.change(reward=cup, pieces=-4, name="x", points=30, cost=Decimal(0), by=None)
    said: dict[str, Any] = {"name": "x", "points": 30, "cost": Decimal(0)}
    for wrong in ({"points": 0}, {"cost": Decimal(-1)}, {"name": " "}):
        with refused(Refused, *wrong):
            rewards.change(reward=cup, by=None, **said | wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reward.objects.filter(pk=cup.pk).update(stock=-1)


def test_f21_nobody_decides_about_their_own(desk: Desk) -> None:
    """Nor somebody without the right, nor one of another branch; the database neither."""
    budget(500)
    cup = reward()
    earned(desk.resources, desk.company.headquarters, now=at(0))
    own, other = ask(cup, desk.resources), ask(cup, desk.handler)
    for act, by in (
        (redemptions.approve, desk.resources),
        (redemptions.hand_over, desk.resources),
        (redemptions.approve, desk.manager),
    ):
        with refused(Forbidden):
            act(redemption=fresh(own), by=by, now=at(2))
    with refused(Forbidden):
        redemptions.withdraw(redemption=fresh(other), by=desk.resources, now=at(2))
    with refused(Forbidden):
        redemptions.hand_over(redemption=fresh(other), by=desk.neighbour_manager, now=at(2))
    rows = Redemption.objects.filter(pk=own.pk)
    for said in ("decided_by", "handed_over_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(status="approved", decided_at=at(2), **{said: desk.resources})


@pytest.mark.django_db(transaction=True)
def test_f21_two_tabs_at_once_and_one_wins(desk: Desk) -> None:
    """50 points are enough for one; the last piece goes to one of two people."""
    cup = reward()
    answers = race(*(lambda nonce=nonce: ask(cup, desk.handler, nonce) for nonce in range(4)))
    assert sorted(isinstance(each, Redemption) for each in answers) == [False] * 3 + [True]
    assert (balance(desk.handler), stock(cup), Redemption.objects.count()) == (20, 2, 1)
    earned(desk.manager, desk.company.branch, now=at(0))
    earned(desk.neighbour, desk.company.sibling, now=at(0))
    last = reward(10, pieces=1)
    people = (desk.manager, desk.neighbour, desk.handler)
    answers = race(*(lambda by=by: ask(last, by, 9) for by in people))
    assert sum(isinstance(each, Redemption) for each in answers) == 1
    assert stock(last) == 0
    same = race(*[lambda: ask(cup, desk.manager, 5)] * 3)
    assert len({each.pk for each in same if isinstance(each, Redemption)}) == 1
    assert (balance(desk.manager) + 30) in (50, 40)


@pytest.mark.django_db(transaction=True)
def test_o17_the_fund_is_never_passed(desk: Desk) -> None:
    """Two approvals at once with a budget for one; a source is charged once."""
    budget(100)
    cup = reward()
    earned(desk.manager, desk.company.branch, now=at(0))
    made = [ask(cup, by) for by in (desk.handler, desk.manager)]
    answers = race(
        *(
            lambda row=row: redemptions.approve(redemption=fresh(row), by=desk.resources, now=at(2))
            for row in made
        )
    )
    assert sum(isinstance(each, Refused) for each in answers) == 1
    assert (remaining(), FundEntry.objects.count()) == (20, 2)
    assert sorted(fresh(row).status for row in made) == ["approved", "asked"]
    with refused(Refused):
        waiting = next(row for row in made if fresh(row).status == "asked")
        redemptions.approve(redemption=fresh(waiting), by=desk.resources, now=at(3))
    prize: dict[str, Any] = {"source_kind": FundSource.STAR, "source_id": 1, "now": at(4)}
    race(*[lambda: fund.charge(amount=Decimal(15), words="Star", **prize)] * 3)
    assert remaining() == 5


def test_o17_a_budget_is_of_a_quarter_and_stays_written(desk: Desk) -> None:
    prize: dict[str, Any] = {"source_kind": "star", "source_id": 1, "words": "Star"}
    with refused(Refused):
        fund.charge(amount=Decimal(1), now=at(1), **prize)
    budget(100)
    budget(100)
    fund.charge(amount=Decimal(60), now=at(1), **prize)
    with refused(Refused, "amount"):
        budget(59)
    budget(60)
    assert [int(row.amount) for row in FundEntry.objects.order_by("pk")] == [100, -60, -40]
    for wrong in ("2026-11", "2026-Q5", "x"):
        with refused(Refused, "period"):
            budget(10, wrong)
    with refused(Refused, "period"):
        budget(10, "2026-Q3")
    rows, quarters = FundEntry.objects.all(), FundQuarter.objects.all()
    for act in (
        lambda: rows.update(amount=5),
        rows.delete,
        lambda: quarters.update(remaining=500),
        lambda: FundQuarter.objects.create(period="2027-Q1", remaining=5),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert remaining() == 0


def test_f21_o17_pages_of_rewards_and_fund(desk: Desk) -> None:
    """In the browser's order, without a script; what was typed stays."""
    own, resources = client(desk.handler), client(desk.resources)
    said = {"name": "保温杯", "points": "30", "cost": "80", "pieces": "2", "is_active": "on"}
    wrong = resources.post("/staff/rewards/new/", said | {"points": "0"})
    assert (wrong.status_code, 'value="80"' in wrong.content.decode()) == (422, True)
    assert not Reward.objects.exists()
    assert resources.post("/staff/rewards/new/", said).status_code == 302
    cup = Reward.objects.get()
    assert own.get("/staff/rewards/new/").status_code == 403
    url = f"/staff/rewards/{cup.pk}/redeem/"
    assert "Left afterwards 20" in text_of(own.get(url))
    for _twice in range(2):
        assert own.post(url, {"price": "30", "nonce": "7"}).status_code == 302
    made = Redemption.objects.get()
    page = f"/staff/redemptions/{made.pk}/"
    assert own.post(url, {"price": "31", "nonce": "8"}).status_code == 409
    assert "this reward takes 30" in text_of(own.post(url, {"price": "30", "nonce": "9"}))
    assert client(desk.neighbour_manager).get(page).status_code == 404
    assert own.post(f"{page}approve/").status_code == 403
    assert "Refuse" not in text_of(own.get(page))
    no_budget = resources.post(f"{page}approve/", {"version": "1"})
    assert (no_budget.status_code, "does not reach" in text_of(no_budget)) == (422, True)
    assert resources.post("/staff/fund/budget/?period=2020-Q1", {"amount": "5"}).status_code == 422
    assert client(desk.manager).get("/staff/fund/budget/").status_code == 403
    now = fund.quarter_at(made.asked_at).key
    assert resources.post(f"/staff/fund/budget/?period={now}", {"amount": "x"}).status_code == 422
    assert resources.post(f"/staff/fund/budget/?period={now}", {"amount": "100"}).status_code == 302
    assert resources.post(f"{page}approve/", {"version": "9"}).status_code == 409
    assert resources.post(f"{page}approve/", {"version": "1"}).status_code == 302
    assert "Left ¥20" in text_of(client(desk.executive).get(f"/staff/fund/?period={now}"))
    assert own.get("/staff/fund/").status_code == 403
    assert "保温杯" in text_of(own.get("/staff/points/"))
    assert "approved" in text_of(client(desk.manager).get("/staff/redemptions/")).lower()


@pytest.mark.parametrize("number", [1, 20])
def test_f21_lists_ask_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    cup = reward(1, pieces=30)
    for nonce in range(number):
        ask(cup, desk.handler, nonce)
    browser = client(desk.manager)
    browser.get("/staff/redemptions/")
    with django_assert_num_queries(6):
        assert browser.get("/staff/redemptions/").status_code == 200
    with django_assert_num_queries(7):
        assert browser.get("/staff/rewards/").status_code == 200
