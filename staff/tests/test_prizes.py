"""Prizes that are money come out of the award fund when they are announced (O-17)."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from complaints.tests.clockwork import Desk, at, opened_desk
from csm.kit.errors import Refused
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Role
from staff import factories
from staff.actions import contests, fund, star_elections
from staff.models import (
    AwardShare,
    Contest,
    FundEntry,
    FundQuarter,
    InnovationAward,
    PointEntry,
    StarCandidate,
    StarElection,
)
from staff.tests.test_contest import marks, of_branch, reviewers
from staff.tests.test_stars import OVER, client, counted, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def resources(desk: Desk) -> Person:
    return PersonFactory.create(
        name="resources", branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES, email=""
    )


def everything() -> list[Any]:
    models = (
        StarElection, StarCandidate, Contest, InnovationAward, AwardShare, PointEntry, FundEntry,
        FundQuarter, Message,
    )  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in models]


def refusal(act: Any) -> str:
    """What the refusal says; nothing has changed."""
    before = everything()
    with pytest.raises(Refused) as refused:
        act()
    assert everything() == before
    return str(refused.value)


def budget(amount: int) -> None:
    fund.set_budget(period="2026-Q4", amount=Decimal(amount), by=None, now=at(0))


def charged() -> list[tuple[str, str, int]]:
    rows = FundEntry.objects.exclude(source_kind="budget").order_by("pk")
    return [(row.source_kind, row.words, int(row.amount)) for row in rows]


def test_o17_a_star_is_elected_when_the_fund_reaches_for_the_prize(
    desk: Desk, resources: Person
) -> None:
    star, _other = counted(desk, resources, (24, 40), (12, 40))
    StarElection.objects.update(prize_cost=500)
    election = StarElection.objects.select_related("branch").get()
    decide: dict[str, Any] = {"election": election, "words": "", "by": desk.director, "now": OVER}
    budget(499)
    said = refusal(lambda: star_elections.decide(star=star, **decide))
    assert said.endswith("does not reach: ¥499 left of it, ¥500 asked for.")
    # The page charges the quarter of today, which has less or no budget.
    before, url = everything(), f"/staff/stars/{election.pk}/decide/"
    page = client(desk.director).post(url, {"star": star.pk})
    assert (page.status_code, "does not reach" in text_of(page)) == (422, True)
    assert everything() == before
    budget(500)
    election.refresh_from_db()
    star_elections.decide(star=star, **decide)
    assert charged() == [("star", f"{star.person.name} · 奖金 500 元", -500)]
    assert (FundEntry.objects.latest("pk").source_id, PointEntry.objects.count()) == (star.pk, 1)


def test_o17_who_elects_nobody_needs_no_fund(desk: Desk, resources: Person) -> None:
    star, _other = counted(desk, resources, (24, 40), (12, 40))
    StarElection.objects.update(prize_cost=500)
    star_elections.decide(
        election=star.election, star=None, words="Equal", by=desk.director, now=OVER
    )
    assert charged() == []


def test_o17_winners_are_announced_when_the_fund_reaches_for_all_prizes(desk: Desk) -> None:
    """Two teams with equal marks and one person: 2 × ¥2,000 and ¥500, all of it or nothing."""
    costs: dict[str, Any] = {"team_prize_cost": Decimal(2000), "personal_prize_cost": Decimal(500)}
    for wrong in (Decimal(-1), fund.DEAREST + 1):
        said = refusal(lambda: factories.contest(now=at(0), **costs | {"team_prize_cost": wrong}))  # noqa: B023
        assert said == "Enter an amount from ¥0 to ¥1,000,000."
    running = factories.contest(now=at(0), **costs)
    one = of_branch(desk, running)
    factories.plan(
        running, desk.company.sibling, desk.neighbour, runner=desk.quality, until="reported",
        now=at(1), title="Call before the truck",
    )  # fmt: skip
    for person in reviewers(desk):
        for plan in running.plans.all():
            marks(plan, person, 8, 8)
    member = one.newest.members.get()
    announce: dict[str, Any] = {
        "contest": running, "personal": [member], "reason": "Found it alone", "by": desk.quality,
        "now": at(3),
    }  # fmt: skip
    budget(4499)
    said = refusal(lambda: contests.announce(**announce))
    assert said.endswith("does not reach: ¥4,499 left of it, ¥4,500 asked for.")
    budget(4500)
    awards = contests.announce(**announce)
    assert charged() == [
        ("innovation", "Answer within the hour · 2000 元", -2000),
        ("innovation", "Call before the truck · 2000 元", -2000),
        ("innovation", "Answer within the hour · 500 元", -500),
    ]
    sources = FundEntry.objects.filter(source_kind="innovation").values_list("source_id", flat=True)
    assert set(sources) == {award.pk for award in awards}
    assert FundQuarter.objects.get().remaining == 0
    assert PointEntry.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Contest.objects.update(team_prize_cost=-1)
