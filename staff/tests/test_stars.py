"""The service star: who is put up, who is asked, what is counted, who decides (T-11, F-20)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from complaints.tests.clockwork import Desk, opened_desk, refused
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.statistics import shrink_proportions
from csm.tests.race import race
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.actions import people
from organisation.factories import PersonFactory
from organisation.models import Branch, Letter, Message, Person, Posting, Role
from staff import star_factories as factories
from staff import star_reading
from staff.actions import star_ballots, star_candidates, star_counting, star_elections
from staff.models import (
    Barrier,
    PointEntry,
    StarBallot,
    StarCandidate,
    StarElection,
    StarStatus,
)
from surveys import factories as surveys

pytestmark = pytest.mark.django_db
# The third quarter of 2026; noon in Shanghai, so that no quiet hours hold a letter back.
SERVED = datetime(2026, 8, 12, 4, tzinfo=UTC)
AFTER = datetime(2026, 10, 8, 4, tzinfo=UTC)
LAST_ON = date(2026, 10, 20)
OVER = datetime(2026, 10, 21, 4, tzinfo=UTC)
NUMBERS = count(1)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def resources(desk: Desk) -> Person:
    """Who prepares elections and opens them."""
    return PersonFactory.create(
        name="resources", branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES, email=""
    )


def prepared(desk: Desk, by: Person | None = None, branch: Branch | None = None) -> StarElection:
    return factories.election(branch or desk.company.region, last_on=LAST_ON, by=by, now=SERVED)


def served(branch: Branch, *, email: str | None = None, now: datetime = SERVED) -> Complaint:
    """A complaint of a new customer that was closed there."""
    email = f"kh{next(NUMBERS)}@example.com" if email is None else email
    return factories.served(branch, email=email, now=now)


def candidates(desk: Desk, election: StarElection) -> tuple[StarCandidate, StarCandidate]:
    """The handlers of Wuxi and of Suzhou."""
    return (
        factories.candidate(election, desk.handler, desk.company.branch, now=SERVED),
        factories.candidate(election, desk.neighbour, desk.company.sibling, now=SERVED),
    )


def given(election: StarElection, tallies: Sequence[tuple[StarCandidate, int, int]]) -> None:
    """So many votes of so many who could choose a candidate."""
    for row, votes, answered in tallies:
        factories.votes(election, [row], votes=votes, answered=answered, now=AFTER)


def counted(desk: Desk, by: Person, *tallies: tuple[int, int]) -> list[StarCandidate]:
    """An election of one candidate for each pair (votes, answered), counted."""
    election, company = prepared(desk, by), desk.company
    places = (company.branch, company.sibling, company.child, company.region)
    rows = [
        factories.candidate(
            election, PersonFactory.create(name=f"candidate {n}", branch=place), place, now=SERVED
        )
        for n, (place, _tally) in enumerate(zip(places, tallies, strict=False))
    ]
    factories.opened(election, by=by, now=AFTER)
    given(election, [(row, *tally) for row, tally in zip(rows, tallies, strict=True)])
    star_counting.advance(now=OVER)
    return list(election.candidates.select_related("person", "election__branch").order_by("pk"))


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def text_of(response: Any) -> str:
    return factories.words(response.content.decode())


def test_f20_worked_figures(desk: Desk, resources: Person) -> None:
    """18/40, 5/6, 55/150, 9/30: 5/6 leads by 0.01 only, so ten answers are needed; 18/40 wins."""
    rows = counted(desk, resources, (18, 40), (5, 6), (55, 150), (9, 30))
    assert [round(row.raw or 0, 4) for row in rows] == [0.45, 0.8333, 0.3667, 0.3]
    assert [round(row.score or 0, 4) for row in rows] == [0.4072, 0.4174, 0.3729, 0.3611]
    election = rows[0].election
    assert election.status == StarStatus.COUNTED
    assert Message.objects.filter(text="star_counted").count() == 2
    sight = star_reading.sight_of(election, desk.director)
    assert [each.row.pk for each in sight.standings] == [rows[n].pk for n in (1, 0, 2, 3)]
    assert [each.barrier for each in sight.standings] == [Barrier.FEW, "", "lower", "lower"]
    assert sight.leaders == [rows[0]]
    decision: dict[str, Any] = {"election": election, "words": "", "by": desk.director}
    with refused(Refused, "star"):
        star_elections.decide(star=rows[1], now=OVER, **decision)
    star_elections.decide(star=rows[0], now=OVER, **decision)
    entry = PointEntry.objects.get()
    assert (entry.person, entry.points, entry.source_kind) == (rows[0].person, 50, "star")
    assert entry.source_id == rows[0].pk
    rows = list(election.candidates.order_by("pk"))
    assert [row.is_elected for row in rows] == [True, False, False, False]
    assert [row.barrier for row in rows] == ["", "few", "lower", "lower"]


def test_t11_somebody_else_decides_and_who_has_left_is_not_elected(
    desk: Desk, resources: Person
) -> None:
    rows = counted(desk, resources, (24, 40), (12, 40))
    election = rows[0].election
    common: dict[str, Any] = {"election": election, "now": OVER}
    for person, kind in ((resources, Forbidden), (desk.manager, Forbidden)):
        with refused(kind):
            star_elections.decide(star=rows[0], words="", by=person, **common)
    with refused(Refused, "words"):
        star_elections.decide(star=None, words=" ", by=desk.director, **common)
    people.change(person=rows[0].person, by=None, now=OVER, is_active=False)
    with refused(Refused, "star"):
        star_elections.decide(star=rows[0], words="", by=desk.director, **common)
    star_elections.decide(star=rows[1], words="", by=desk.director, **common)
    assert list(election.candidates.values_list("barrier", flat=True)) == ["left", ""]
    assert PointEntry.objects.get().person == rows[1].person
    with refused(NotOpen):
        star_elections.decide(star=rows[1], words="", by=desk.general, **common)


def test_t11_without_a_difference_one_is_chosen_with_a_reason(
    desk: Desk, resources: Person
) -> None:
    rows = counted(desk, resources, (9, 10), (8, 10), (9, 10), (8, 10))
    assert {row.score for row in rows} == {0.85}
    common: dict[str, Any] = {"election": rows[0].election, "by": desk.director, "now": OVER}
    with refused(Refused, "words"):
        star_elections.decide(star=rows[2], words="", **common)
    star_elections.decide(star=rows[2], words="Never elected so far", **common)
    assert {row.barrier for row in rows[0].election.candidates.all()} == {"", "tied"}


def test_t11_nobody_answered_nobody_is_elected(desk: Desk, resources: Person) -> None:
    rows = counted(desk, resources, (0, 0), (0, 0))
    assert [(row.votes, row.answered, row.score) for row in rows] == [(0, 0, None)] * 2
    election = rows[0].election
    star_elections.decide(
        election=election, star=None, words="Nobody voted", by=desk.director, now=OVER
    )
    assert (election.status, PointEntry.objects.exists()) == (StarStatus.NOBODY, False)
    assert "Nobody voted" in text_of(client(desk.handler).get(f"/staff/stars/{election.pk}/"))


def test_t11_who_was_served_in_the_quarter_is_asked_once(desk: Desk, resources: Person) -> None:
    company = desk.company
    election = prepared(desk, resources)
    wuxi, suzhou = candidates(desk, election)
    both = served(company.branch, email="both@example.com").customer
    assert both is not None
    ComplaintFactory.create(branch=company.sibling, customer=both, until="received", now=SERVED)
    surveys.responses(
        surveys.survey(company.sibling), company.sibling, SERVED, [{"total": 9}], customer=both
    )
    below = served(company.child, email="below@example.com")
    # Out of the quarter, of another region, without an address, of our own, declined, bounced.
    served(company.branch, now=AFTER)
    served(company.other_region)
    served(company.branch, email="")
    served(company.branch, email=PersonFactory.create(email="own@example.com").email.upper())
    declined = served(company.branch, email="declined@example.com").customer
    Customer.objects.filter(pk=getattr(declined, "pk", 0)).update(declines_surveys_at=SERVED)
    bounced = served(company.branch, email="bounced@example.com").customer
    surveys.invitation(
        surveys.survey(company.branch), company.branch, SERVED, customer=bounced,
        address="bounced@example.com", status="undeliverable",
    )  # fmt: skip
    assert star_elections.open_(election=election, by=resources, now=AFTER) == 2
    ballots = StarBallot.objects.order_by("pk")
    assert [(row.customer_id, row.candidates) for row in ballots] == [
        (both.pk, [wuxi.pk, suzhou.pk]),
        (below.customer_id, [wuxi.pk]),
    ]
    for _time in range(2):
        star_counting.advance(now=AFTER)
    letters = Letter.objects.filter(text="star_ballot").order_by("pk")
    assert [row.address for row in letters] == ["both@example.com", "below@example.com"]
    assert ballots.filter(link__isnull=False, sent_at=AFTER).count() == 2


def test_b08_an_address_of_many_customers_votes_once(desk: Desk, resources: Person) -> None:
    """Nobody fills the urn by entering customers with a mailbox of their own."""
    election = prepared(desk, resources)
    candidates(desk, election)
    for email in ("mine@example.com", "Mine@example.com", "mine@EXAMPLE.com"):
        served(desk.company.branch, email=email)
    assert star_elections.open_(election=election, by=resources, now=AFTER) == 1
    ballot, other = StarBallot.objects.get(), CustomerFactory.create()
    with pytest.raises(DatabaseError), transaction.atomic():
        StarBallot.objects.create(
            election=election,
            quarter=election.quarter,
            customer=other,
            candidates=ballot.candidates,
            address=ballot.address.upper(),
        )


def test_t11_nothing_leaves_in_quiet_hours_and_who_declines_meanwhile_is_left_out(
    desk: Desk, resources: Person, settings: Any
) -> None:
    election = prepared(desk, resources)
    candidates(desk, election)
    first, second = served(desk.company.branch), served(desk.company.branch)
    star_elections.open_(election=election, by=resources, now=AFTER)
    settings.QUIET_FROM, settings.QUIET_UNTIL = time(11), time(13)
    star_counting.advance(now=AFTER)
    assert not Letter.objects.filter(text="star_ballot").exists()
    Customer.objects.filter(complaints=first).update(declines_surveys_at=AFTER)
    settings.QUIET_FROM = settings.QUIET_UNTIL = None
    star_counting.advance(now=AFTER)
    ballot = StarBallot.objects.get()
    assert (ballot.customer_id, ballot.sent_at) == (second.customer_id, AFTER)


def test_t11_one_customer_is_asked_by_one_election_of_a_quarter(desk: Desk) -> None:
    prepared(desk)
    for branch in (desk.company.headquarters, desk.company.branch, desk.company.region):
        with refused(Refused, "branch"):
            prepared(desk, branch=branch)
    prepared(desk, branch=desk.company.other_region)
    assert StarElection.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_t11_two_elections_at_once_do_not_overlap() -> None:
    desk = opened_desk()
    places = (desk.company.headquarters, desk.company.region, desk.company.branch)
    results = race(*(lambda place=place: prepared(desk, branch=place) for place in places))
    assert sum(isinstance(result, StarElection) for result in results) == 1
    assert StarElection.objects.count() == 1


def test_t11_an_election_that_cannot_begin(desk: Desk, resources: Person) -> None:
    election = prepared(desk, resources)
    opening: dict[str, Any] = {"election": election, "by": resources}
    with refused(NotOpen):
        star_elections.open_(now=SERVED, **opening)  # the quarter is not over
    with refused(NotOpen):
        star_elections.open_(now=AFTER, **opening)  # no candidates
    _wuxi, suzhou = candidates(desk, election)
    for now, kind, fields in ((AFTER, NotOpen, ()), (OVER, Refused, ("last_on",))):
        election.refresh_from_db()
        with refused(kind, *fields):
            star_elections.open_(now=now, **opening)  # nobody was served; the last day is over
    served(desk.company.branch)
    people.change(person=suzhou.person, by=None, now=AFTER, is_active=False)
    election.refresh_from_db()
    with refused(NotOpen) as refusal:
        star_elections.open_(now=AFTER, **opening)
    assert "neighbour" in refusal.value.message
    assert not StarBallot.objects.exists()


def nomination(desk: Desk, election: StarElection, **more: Any) -> dict[str, Any]:
    complaint = served(desk.company.branch)
    return {
        "election": election, "person": desk.handler, "branch": desk.company.branch,
        "story": "x", "complaint": complaint, "by": desk.manager, "now": SERVED,
    } | more  # fmt: skip


def test_t11_a_story_is_borne_out_and_masked(desk: Desk) -> None:
    election = prepared(desk)
    customer = CustomerFactory.create(
        name="无锡远航贸易有限公司",
        kind="company",
        contact_name="王小明",
        home_branch=desk.company.branch,
    )
    complaint = ComplaintFactory.create(
        customer=customer, branch=desk.company.branch,
        until="handling", handler=desk.handler, quality=desk.quality, now=SERVED,
    )  # fmt: skip
    story = "王小明（13812348000，wang@example.com）来电，无锡远航贸易有限公司的货当晚送达。"
    for fields, wrong in (
        ("story", {"story": " "}),
        ("complaint", {"complaint": None}),
        ("complaint", {"complaint": served(desk.company.sibling)}),
        ("person", {"person": desk.manager}),
        ("person", {"person": desk.neighbour}),
    ):
        call = nomination(desk, election, **wrong)
        with refused(Refused, fields):
            star_candidates.nominate(**call)
    made = star_candidates.nominate(**nomination(desk, election, story=story, complaint=complaint))
    assert made.story == "王**（138****8000，w***@example.com）来电，某客户的货当晚送达。"
    call = nomination(desk, election)
    with refused(Refused, "person"):
        star_candidates.nominate(**call)
    other = {"person": desk.neighbour, "branch": desk.company.sibling}
    for by in (desk.manager, desk.handler):
        call = nomination(desk, election, by=by, **other)
        with refused(Forbidden):
            star_candidates.nominate(**call)
    assert list(StarCandidate.objects.all()) == [made]


def test_t11_a_branch_puts_three_up_at_most(desk: Desk) -> None:
    election = prepared(desk)
    for _each in range(3):
        person = PersonFactory.create(branch=desk.company.branch)
        star_candidates.nominate(**nomination(desk, election, person=person))
    call = nomination(desk, election)
    with refused(Refused, "branch"):
        star_candidates.nominate(**call)


def test_t11_the_database_keeps_stories_and_votes(desk: Desk, resources: Person) -> None:
    election = prepared(desk, resources)
    wuxi, suzhou = candidates(desk, election)
    served(desk.company.branch)
    star_elections.open_(election=election, by=resources, now=AFTER)
    star_ballots.send(election=election, now=AFTER)
    ballot = StarBallot.objects.select_related("election").get()
    rows, ballots = StarCandidate.objects.all(), StarBallot.objects.all()
    for act in (
        lambda: ballots.update(voted_at=AFTER, choice=suzhou),  # was not offered
        lambda: ballots.update(quarter="2026-Q2"),
        lambda: rows.update(story="y"),
        rows.delete,
        lambda: StarCandidate.objects.create(
            election=election,
            person=desk.manager,
            branch=desk.company.branch,
            story="y",
            complaint=wuxi.complaint,
            nominated_at=AFTER,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    star_ballots.vote(ballot=ballot, choice=wuxi.pk, now=AFTER)
    for act in (lambda: ballots.update(choice=None), ballots.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    call: dict[str, Any] = {"candidate": wuxi, "by": desk.manager, "now": AFTER}
    with refused(NotOpen):
        star_candidates.retell(story="y", complaint=wuxi.complaint, **call)
    with refused(Refused, "reason"):
        star_candidates.withdraw(reason="", **call)
    star_candidates.withdraw(reason="On parental leave", **call)
    assert star_ballots.offered(ballot) == []
    star_counting.advance(now=OVER)
    wuxi.refresh_from_db()
    assert (wuxi.votes, wuxi.answered) == (1, 1)
    with refused(Forbidden):
        star_candidates.withdraw(reason="x", **(call | {"candidate": suzhou}))


def test_t11_a_candidate_leaves_the_others_as_they_are(desk: Desk, resources: Person) -> None:
    """Neither a rival's story nor the leader of the count goes by whoever gains by it."""
    election = prepared(desk, resources)
    wuxi, _suzhou = candidates(desk, election)
    boss = factories.candidate(election, desk.manager, desk.company.branch, now=SERVED)
    call: dict[str, Any] = {"candidate": wuxi, "by": desk.manager, "now": AFTER}
    with refused(Forbidden):
        star_candidates.retell(story="Did little", complaint=wuxi.complaint, **call)
    one = f"/staff/stars/{election.pk}/candidates/{wuxi.pk}/withdraw/"
    assert client(desk.manager).post(one, {"reason": "x"}).status_code == 403
    served(desk.company.branch)
    star_elections.open_(election=election, by=resources, now=AFTER)
    with refused(Forbidden):
        star_candidates.withdraw(reason="x", **call)
    star_counting.advance(now=OVER)
    # Who decides at the headquarters, too: neither as a candidate nor having opened it.
    for person in (desk.manager, resources):
        Posting.objects.create(
            person=person, branch=desk.company.headquarters, role=Role.SERVICE_DIRECTOR
        )
        decider = Person.objects.get(pk=person.pk)
        with refused(Forbidden):
            star_candidates.withdraw(reason="x", **call | {"by": decider, "now": OVER})
    wuxi.refresh_from_db()
    assert wuxi.withdrawn_at is None
    own = Person.objects.get(pk=desk.manager.pk)
    star_candidates.withdraw(candidate=boss, reason="For the others", by=own, now=OVER)


def test_t11_pages_of_an_election(desk: Desk, resources: Person) -> None:
    hr, boss = client(resources), client(desk.manager)
    region = desk.company.region
    present = factories.last_quarter(clock.now()).following
    last_on, later = (present.last_on + timedelta(days=days) for days in (20, 25))
    new = {"quarter": present.key, "branch": region.pk, "last_on": last_on, "prize": "¥500"}
    new["prize_cost"] = "500"
    assert hr.post("/staff/stars/new/", new | {"last_on": present.last_on}).status_code == 422
    for wrong in (
        {"last_on": "9999-12-31"},
        {"prize": ""},
        {"prize_cost": ""},
        {"prize_cost": "-1"},
    ):
        assert hr.post("/staff/stars/new/", new | wrong).status_code == 422
    assert boss.get("/staff/stars/new/").status_code == 403
    assert not StarElection.objects.exists()
    hr.post("/staff/stars/new/", new)
    election = StarElection.objects.get()
    one = f"/staff/stars/{election.pk}/"
    assert "Prize: ¥500" in text_of(hr.get("/staff/stars/"))
    changed = new | {"last_on": later, "prize": "¥600", "prize_cost": "600", "version": "1"}
    hr.post(f"{one}edit/", changed)
    assert hr.post(f"{one}edit/", {**new, "version": "1"}).status_code == 409
    election.refresh_from_db()
    assert (election.prize, election.prize_cost, election.last_on) == ("¥600", Decimal(600), later)
    assert "Cost for the award fund ¥600" in text_of(hr.get(one))
    assert "Cost for the award fund" not in text_of(client(desk.handler).get(one))
    complaint = served(desk.company.branch)
    put = {"branch": desk.company.branch.pk, "candidate": desk.handler.pk, "story": "Came at night"}
    assert boss.post(f"{one}candidates/new/", put).status_code == 422
    assert boss.post(f"{one}candidates/new/", put | {"complaint": "TS0"}).status_code == 422
    boss.post(f"{one}candidates/new/", put | {"complaint": complaint.number})
    candidate = StarCandidate.objects.get()
    assert "Came at night" in text_of(boss.get(one))
    # Before the voting a story is for those who may write it.
    for person in (desk.neighbour_manager, desk.handler, desk.executive):
        assert "Came at night" not in text_of(client(person).get(one))
    edit = f"{one}candidates/{candidate.pk}/"
    assert client(desk.neighbour_manager).get(edit).status_code == 404
    boss.post(edit, {"story": "Came at noon", "complaint": complaint.number})
    assert StarCandidate.objects.get().story == "Came at noon"
    assert hr.post(f"{one}open/", {"version": "2"}).status_code == 409
    boss.post(f"{edit}withdraw/", {})
    assert not StarCandidate.objects.exists()
    assert boss.post(f"{one}delete/").status_code == 403
    hr.post(f"{one}delete/")
    assert not StarElection.objects.exists()


def test_t11_results_are_seen_when_they_are_published(desk: Desk, resources: Person) -> None:
    rows = counted(desk, resources, (24, 40), (12, 40))
    election = rows[0].election
    one = f"/staff/stars/{election.pk}/"
    assert "60.0%" not in text_of(client(desk.handler).get(one))
    assert "24 of 40" in text_of(client(desk.director).get(one))
    wrong = client(desk.director).post(f"{one}decide/", {"version": "3"})
    assert (wrong.status_code, "Choose who is elected" in text_of(wrong)) == (422, True)
    chosen = {"star": str(rows[0].pk), "version": str(election.version)}
    assert client(desk.handler).post(f"{one}decide/", chosen).status_code == 403
    assert client(desk.director).post(f"{one}decide/", chosen).status_code == 302
    page = text_of(client(desk.handler).get(one))
    assert "candidate 0 · Wuxi" in page
    assert "60.0% 24 of 40" in page
    hr = client(resources)
    assert hr.post(f"{one}prize/", {"given_on": "2020-01-01"}).status_code == 422
    today = timezone.localdate(StarElection.objects.get().decided_at).isoformat()
    assert hr.post(f"{one}prize/", {"given_on": today}).status_code == 302
    assert hr.post(f"{one}prize/", {"given_on": today}).status_code == 409
    assert "Prize handed over" in text_of(client(desk.handler).get(one))


@pytest.mark.parametrize("number", [1, 20])
def test_t11_the_list_asks_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    for year in range(2000, 2000 + number):
        factories.election(
            desk.company.region, quarter=f"{year}-Q3", last_on=date(year, 10, 20), now=SERVED
        )
    browser = client(desk.handler)
    browser.get("/staff/stars/")
    with django_assert_num_queries(7):
        assert browser.get("/staff/stars/").status_code == 200


def test_f20_the_score_is_that_of_f13() -> None:
    tallies = [(18, 40), (5, 6), (55, 150), (9, 30)]
    assert [each.value for each in shrink_proportions(tallies)] == pytest.approx(
        [0.4072, 0.4174, 0.3729, 0.3611], abs=5e-5
    )
