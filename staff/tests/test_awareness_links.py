"""Three questions by a link, without login (T-05, B-08, B-16)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from complaints.tests.clockwork import Desk, opened_desk
from csm.kit import clock
from csm.tests.race import race
from organisation.actions import tokens
from organisation.factories import PersonFactory
from organisation.models import Importance, Letter, Message, Person
from staff import factories as staff
from staff.actions import awareness, micro_reports
from staff.models import AskedPerson, SpotCheck
from staff.tests.test_awareness import RIGHT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _by_day(settings: Any) -> None:
    """Letters leave whenever the tests run."""
    settings.QUIET_FROM = settings.QUIET_UNTIL = None


def drawn(desk: Desk, now: datetime) -> AskedPerson:
    """The one at Suzhou who has e-mail; one has none there, one wants none that only reminds."""
    place = desk.company.sibling
    Person.objects.update(email="")
    quiet = PersonFactory.create(branch=place, email="q@example.com")
    Person.objects.filter(pk=quiet.pk).update(email_from=Importance.OVERDUE)
    person = PersonFactory.create(branch=place, email="w@example.com", language="en")
    report = staff.report(
        desk.company.branch, by=desk.handler, reviewer=desk.quality, now=now, until="published"
    )
    awareness.draw(report=report, by=desk.quality, now=now)
    return AskedPerson.objects.select_related("link").get(person=person)


def address(asked: AskedPerson) -> str:
    assert asked.link is not None
    return tokens.path_of(asked.link)


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def sent(*answers: str) -> dict[str, str]:
    return {f"question_{place}": each for place, each in enumerate(answers, 1)}


def test_t05_by_link_looking_keeps_nothing_and_three_answers_count_once() -> None:
    desk, now = opened_desk(), clock.now()
    mine = drawn(desk, now)
    # One mail: the letter; everybody has the message in the inbox.
    assert list(Letter.objects.values_list("address", "text")) == [
        ("w@example.com", "awareness_asked")
    ]
    told = Message.objects.filter(text="awareness_asked")
    assert set(told.values_list("channel", flat=True)) == {"inbox"}
    assert told.count() == AskedPerson.objects.count()
    client, url = Client(headers={"accept-language": "en"}), address(mine)
    page = client.get(url)
    assert (page.status_code, text_of(page).count('type="radio"')) == (200, 9)
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "private, no-store")
    short = client.post(url, sent(*RIGHT[:2]))
    assert (short.status_code, "Choose an answer." in text_of(short)) == (422, True)
    assert f'value="{RIGHT[0]}"' in text_of(short).split(" checked")[0]
    foreign = client.post(url, sent(*RIGHT[:2], "nobody offered this"))
    assert foreign.status_code == 422
    assert not AskedPerson.objects.exclude(answered_at=None).exists()
    assert client.post(url, sent(*RIGHT), follow=True).redirect_chain == [(url, 303)]
    mine.refresh_from_db()
    assert (mine.marks, mine.is_aware, mine.typed_by) == ([True] * 3, True, None)
    assert client.post(url, sent(*RIGHT)).status_code == 410
    assert client.post(url, {}).status_code == 410
    assert AskedPerson.objects.exclude(answered_at=None).count() == 1


def test_t03_a_link_to_a_story_that_was_withdrawn_shows_nothing_of_it() -> None:
    desk, now = opened_desk(), clock.now()
    mine = drawn(desk, now)
    report = mine.spot_check.report
    micro_reports.withdraw(report=report, reason="Not true", by=desk.quality, now=now)
    client, url = Client(headers={"accept-language": "en"}), address(mine)
    for answer in (client.get(url), client.post(url, sent(*RIGHT))):
        assert (answer.status_code, "The story was withdrawn" in text_of(answer)) == (410, True)
        assert report.title not in text_of(answer)
    assert not AskedPerson.objects.exclude(answered_at=None).exists()


def test_b08_b16_links_of_questions_that_open_nothing_look_alike(monkeypatch: Any) -> None:
    desk, now = opened_desk(), clock.now()
    mine = drawn(desk, now - 7 * DAY)
    late = address(mine)
    revoked = tokens.issue_link(purpose="aware", life=DAY, now=now)
    tokens.revoke_link(link=revoked, now=now)
    vote = tokens.path_of(tokens.issue_link(purpose="vote", life=DAY, now=now)).split("/")[2]
    gone = tokens.issue_link(purpose="aware", life=DAY, now=now)
    Person.objects.filter(pk=desk.neighbour.pk).update(is_active=False)
    AskedPerson.objects.filter(person=desk.neighbour).update(link=gone)
    paths = [late, f"/aware/{'A' * 43}/", f"/aware/{vote}/"]
    paths += [tokens.path_of(revoked), tokens.path_of(gone)]
    answers = [each for path in paths for each in (Client().get(path), Client().post(path, {}))]
    assert {each.status_code for each in answers} == {404}
    assert len({each.content for each in answers}) == 1
    assert mine.link is not None
    assert SpotCheck.objects.get().closes_at == mine.link.expires_at
    fresh = tokens.issue_link(purpose="aware", life=DAY, now=now)
    AskedPerson.objects.filter(pk=mine.pk).update(link=fresh)
    monkeypatch.setattr("staff.awareness_public.POSTS", 2)
    codes = [Client().post(tokens.path_of(fresh), {}).status_code for _each in range(3)]
    assert codes == [422, 422, 429]
    assert not AskedPerson.objects.exclude(answered_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_t05_of_ten_posts_on_a_link_and_one_on_the_phone_one_counts() -> None:
    desk, now = opened_desk(), clock.now()
    mine = drawn(desk, now)
    url = address(mine)

    def post() -> int:
        return Client().post(url, sent(*RIGHT)).status_code

    def phone() -> int:
        awareness.type_in(asked=mine, marks=[False] * 3, by=desk.quality, now=clock.now())
        return 303

    results = race(*(post for _each in range(10)), phone)
    assert [result for result in results if result == 303] == [303]
    assert AskedPerson.objects.exclude(answered_at=None).count() == 1
