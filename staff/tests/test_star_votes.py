"""The vote of a customer: one link, one vote, no login (T-11, F-20, B-08, B-16, B-21)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.tests.clockwork import Desk, opened_desk
from csm.kit import clock
from csm.tests.api import Caller, refused
from csm.tests.race import race
from customers.models import Customer
from organisation.actions import tokens
from organisation.factories import PersonFactory
from organisation.models import Role
from staff import star_factories as factories
from staff.actions import star_counting
from staff.models import StarBallot, StarCandidate, StarElection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _by_day(settings: Any) -> None:
    """Letters leave whenever the tests run."""
    settings.QUIET_FROM = settings.QUIET_UNTIL = None


@pytest.fixture
def moment() -> datetime:
    return clock.now()


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def election(desk: Desk, moment: datetime) -> StarElection:
    """Wuxi and Suzhou put somebody up; one customer was served at Wuxi."""
    company = desk.company
    quarter = factories.last_quarter(moment)
    factories.served(company.branch, email="kh@example.com", now=quarter.start)
    people = [(desk.handler, company.branch), (desk.neighbour, company.sibling)]
    return factories.voting(company.region, people, now=moment, story_en="He came at night.")


@pytest.fixture
def ballot(election: StarElection) -> StarBallot:
    return StarBallot.objects.select_related("link", "election").get()


def browser(**options: Any) -> Client:
    return Client(headers={"accept-language": "en"}, **options)


def address(ballot: StarBallot) -> str:
    assert ballot.link is not None
    return tokens.path_of(ballot.link)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def choice(ballot: StarBallot) -> str:
    return str(ballot.candidates[0])


def test_t11_looking_keeps_nothing_and_a_vote_is_given_once(ballot: StarBallot) -> None:
    client, url = browser(), address(ballot)
    page = [text_of(client.get(url)) for _scanner in range(3)][-1]
    assert StarBallot.objects.get().voted_at is None
    # Only whom the customer may have met, with the story in the reader's language.
    assert (page.count('name="choice"'), "He came at night." in page) == (2, True)
    assert "neighbour" not in page
    assert client.post(url, {"choice": choice(ballot)}, follow=True).redirect_chain == [(url, 303)]
    given = StarBallot.objects.get()
    assert (given.choice_id, given.voted_at is None) == (ballot.candidates[0], False)
    assert Customer.objects.get(pk=ballot.customer_id).language == "en"
    again = client.post(url, {"choice": "none"})
    assert (again.status_code, "You have voted already" in text_of(again)) == (410, True)
    assert (
        StarBallot.objects.values().get()
        == StarBallot.objects.filter(voted_at=given.voted_at, choice=given.choice_id).values().get()
    )
    thanks = client.get(url)
    assert (thanks.status_code, "Thank you for your vote" in text_of(thanks)) == (200, True)
    assert thanks["Referrer-Policy"] == "no-referrer"
    assert "no-store" in thanks["Cache-Control"]


@pytest.mark.parametrize("wrong", ["", "0", "99999999", "9" * 40, "x", "suzhou"])
def test_t11_a_wrong_choice_is_refused(ballot: StarBallot, wrong: str) -> None:
    suzhou = StarCandidate.objects.exclude(pk__in=ballot.candidates).get()
    sent = {"choice": str(suzhou.pk) if wrong == "suzhou" else wrong}
    answer = browser().post(address(ballot), sent)
    assert (answer.status_code, "Your vote was not given" in text_of(answer)) == (422, True)
    assert StarBallot.objects.get().voted_at is None


def test_t11_none_of_them_is_an_answer_and_a_repeat_changes_nothing(ballot: StarBallot) -> None:
    url = address(ballot)
    assert browser().post(url, {"choice": "none"}).status_code == 303
    assert browser().post(url, {"choice": choice(ballot)}).status_code == 410
    given = StarBallot.objects.get()
    assert (given.choice_id, given.voted_at is None) == (None, False)


def test_t11_after_the_end_a_vote_is_refused_with_a_clear_word(
    ballot: StarBallot, moment: datetime
) -> None:
    StarElection.objects.update(ends_at=moment, opened_at=moment - timedelta(days=1))
    url = address(ballot)
    for answer in (browser().get(url), browser().post(url, {"choice": choice(ballot)})):
        assert (answer.status_code, "This vote is over" in text_of(answer)) == (410, True)
    star_counting.advance(now=clock.now())
    assert browser().post(url, {"choice": choice(ballot)}).status_code == 410
    assert StarBallot.objects.get().voted_at is None
    assert StarElection.objects.get().status == "counted"


def test_b08_b16_links_that_open_nothing_look_alike(ballot: StarBallot, moment: datetime) -> None:
    life = timedelta(days=1)
    expired = tokens.issue_link(purpose="vote", life=life, now=moment - 2 * life)
    revoked = tokens.issue_link(purpose="vote", life=life, now=moment)
    tokens.revoke_link(link=revoked, now=moment)
    foreign = tokens.issue_link(purpose="sheet", life=life, now=moment)
    wrong = [
        "A" * 43,
        *(tokens.path_of(link).split("/")[2] for link in (expired, revoked)),
        tokens._derived(foreign, settings.SECRET_KEY),
        f"{address(ballot).split('/')[2]}A",
    ]
    answers, asked = [], set()
    for token in wrong:
        with CaptureQueriesContext(connection) as queries:
            answers.append(browser().get(f"/vote/{token}/"))
        asked.add(tuple(re.sub(r"'[^']*'", "?", each["sql"]) for each in queries))
        answers.append(browser().post(f"/vote/{token}/", {"choice": "none"}))
    # The same work for each, so the same time.
    assert len(asked) == 1
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert StarBallot.objects.get().voted_at is None
    mine = tokens._derived(ballot.link, settings.SECRET_KEY)  # type: ignore[arg-type]
    assert browser().get(f"/s/{mine}/").status_code == 404


def test_t11_who_wishes_no_more_questions_is_asked_none(ballot: StarBallot) -> None:
    url = address(ballot)
    assert "will not be asked any more" in text_of(browser().post(url, {"do": "stop"}))
    assert Customer.objects.get(pk=ballot.customer_id).declines_surveys_at is not None
    answer = browser().post(url, {"choice": choice(ballot)})
    assert "will not be asked any more" in text_of(answer)
    assert StarBallot.objects.get().voted_at is None


def test_b08_one_link_takes_so_many_posts(ballot: StarBallot, monkeypatch: Any) -> None:
    monkeypatch.setattr("staff.public.POSTS", 2)
    codes = [browser().post(address(ballot), {"choice": "x"}).status_code for _n in range(3)]
    assert codes == [422, 422, 429]


@pytest.mark.django_db(transaction=True)
def test_b21_fifty_posts_at_once_are_one_vote() -> None:
    desk, now = opened_desk(), clock.now()
    company = desk.company
    factories.served(company.branch, email="kh@example.com", now=factories.last_quarter(now).start)
    second = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    people = [(desk.handler, company.branch), (second, company.branch)]
    factories.voting(company.region, people, now=now)
    ballot = StarBallot.objects.select_related("link").get()
    url, choices = address(ballot), [*map(str, ballot.candidates), "none"]

    def post(number: int) -> int:
        return browser().post(url, {"choice": choices[number % 3]}).status_code

    codes = race(*(lambda number=number: post(number) for number in range(50)))
    assert sorted(map(str, codes)) == ["303"] + ["410"] * 49
    assert StarBallot.objects.exclude(voted_at=None).count() == 1


def test_t11_the_api_holds_an_election(desk: Desk, election: StarElection) -> None:
    resources = PersonFactory.create(branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES)
    hr, boss = Caller(resources), Caller(desk.manager)
    [row] = hr.get("stars/").json()["results"]
    assert (row["id"], row["status"]) == (election.pk, "open")
    one = hr.get(f"stars/{election.pk}/").json()
    assert one["turnout"] == {"asked": 1, "sent": 1, "voted": 0}
    assert [each["figures"] for each in one["candidates"]] == [None, None]
    now = clock.now()
    present = factories.last_quarter(now).following
    prize: dict[str, Any] = {
        "prize": "¥500", "prize_cost": "500", "last_on": str(present.last_on + timedelta(days=20)),
    }  # fmt: skip
    wrong = {"quarter": "2020-Q1", "branch": "JS", **prize}
    assert list(refused(hr.post("stars/", wrong), 400, "invalid")["fields"]) == ["quarter"]
    costly = wrong | {"quarter": present.key, "prize_cost": "-1"}
    assert list(refused(hr.post("stars/", costly), 400, "invalid")["fields"]) == ["prize_cost"]
    made = hr.post("stars/", wrong | {"quarter": present.key})
    assert made.status_code == 201, made.content
    draft = f"stars/{made.json()['id']}/"
    complaint = factories.served(desk.company.branch, email="", now=now)
    put = {
        "person": desk.handler.pk, "branch": "WX", "story": "Came at night",
        "complaint": complaint.number,
    }  # fmt: skip
    refused(boss.post(f"{draft}candidates/", put | {"complaint": "TS0"}), 400, "invalid")
    refused(Caller(desk.handler).post(f"{draft}candidates/", put), 403, "forbidden")
    [candidate] = boss.post(f"{draft}candidates/", put).json()["candidates"]
    own = f"{draft}candidates/{candidate['id']}/"
    told = {"story": "Came at noon", "complaint": complaint.number}
    assert boss.put(own, told).json()["candidates"][0]["story"] == "Came at noon"
    assert Caller(desk.neighbour_manager).put(own, told).status_code == 404
    refused(hr.post(f"{draft}open/", {}), 409, "not_open")
    refused(hr.post(f"{draft}prize/", {"given_on": "2026-01-01"}), 409, "not_open")
    director = Caller(desk.director)
    refused(hr.post(f"{draft}decide/", {"candidate": None, "words": "x"}), 403, "forbidden")
    answer = director.post(f"{draft}decide/", {"candidate": candidate["id"], "words": "x"})
    refused(answer, 409, "not_open")
    assert boss.post(f"{own}withdraw/", {}).json()["candidates"] == []
    changed = {**prize, "prize": "¥600", "version": 1}
    assert hr.patch(draft, changed).json()["prize_cost"] == "500.00"
    refused(hr.patch(draft, changed), 409, "stale")
    assert hr.delete(draft).status_code == 204
    assert StarElection.objects.get() == election
