"""The page of operations: what stands still, why, what to do; and the badge of every page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from csm.embedded.servers import free_port
from csm.kit import clock
from csm.tests.crawler import text_of
from organisation import outbox
from organisation.actions import sweeps
from organisation.factories import PersonFactory, Tree, exported_by, given_up_by, tree
from organisation.models import Job, Message, Person, Role

pytestmark = pytest.mark.django_db
URL = "/settings/operations/"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def admin(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR, email="")


def signed_in(person: Person, language: str = "en") -> Client:
    person.language = language
    person.save(update_fields=["language"])
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def checked(ago: timedelta) -> None:
    sweeps.mark("escalation", now=clock.now() - ago)


def bar(client: Client) -> str:
    """What the bar of a page says of the clocks, with its tags."""
    text = client.get("/settings/me/").content.decode()
    [found] = re.findall(r"<(?:a|span)[^>]* title=[^>]*>.*?(?:时钟|Clock).*?</(?:a|span)>", text)
    return str(found)


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Clock lagging", "Checked 3 min ago"]), ("zh-hans", ["时钟滞后", "3 分钟前"]),
])  # fmt: skip
def test_a25_the_badge_says_that_and_why_the_clocks_lag(
    admin: Person, company: Tree, language: str, words: list[str]
) -> None:
    checked(timedelta(seconds=200))
    manager, handler = signed_in(admin, language), PersonFactory.create(branch=company.branch)
    said = bar(manager)
    assert 'class="small over strong"' in said
    assert f'href="{URL}"' in said
    assert all(word in said for word in words)
    assert URL not in bar(signed_in(handler, language))
    checked(timedelta(seconds=5))
    assert "over" not in bar(manager)
    assert ("Clock OK" if language == "en" else "时钟正常") in bar(manager)


def test_a25_before_the_first_sweep_the_badge_is_red(admin: Person) -> None:
    assert "Never checked" in bar(signed_in(admin))


def signs(client: Client) -> dict[str, str]:
    """Label -> advice, of all that is bad."""
    found = client.get(URL).context["signs"]
    return {str(sign.label): str(sign.advice) for sign in found if sign.is_bad}


def test_a25_the_page_leads_from_the_symptom_to_the_part(admin: Person, settings: Any) -> None:
    client = signed_in(admin)
    checked(timedelta(seconds=5))
    assert signs(client) == {}
    assert "All is well" in text_of(client.get(URL))
    checked(timedelta(minutes=5))
    found = signs(client)
    assert set(found) == {"Clocks", "Beat"}
    assert "The bell does not ring" in found["Clocks"]
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    found = signs(client)
    assert set(found) == {"Clocks", "Beat", "Redis"}
    assert "Redis does not answer" in found["Clocks"]
    assert "3 things need you" in text_of(client.get(URL))


def test_a25_an_open_page_asks_for_its_state_alone(admin: Person) -> None:
    client = signed_in(admin)
    assert f'data-news="{URL}"' in client.get(URL).content.decode()
    part = client.get(URL, headers={"HX-Request": "true"})
    text = part.content.decode()
    assert "HX-Request" in part["Vary"]
    assert 'id="state-title"' in text
    assert "<form" not in text
    assert "<html" not in text


def test_the_page_reads_as_chinese(admin: Person) -> None:
    client = signed_in(admin, "zh-hans")
    given_up_by(admin)
    text = text_of(client.get(URL))
    for words in ("项需要处理", "请重新启动 beat 进程", "7 天内放弃 1 项", "重新开始", "晨间汇总"):
        assert words in text
    assert text.count("不设") == 0
    assert not re.findall(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"<[^>]*>", "", text))


def failed_mails(people: list[Person]) -> None:
    for person in people:
        context = {"number": "TS1", "subject": "x"}
        now = clock.now()
        outbox.put(key="k", to=[person], text="complaint_logged", context=context, now=now)
    mails = Message.objects.filter(channel="email")
    mails.update(state="failed", attempts=8, next_attempt_at=None)


def test_all_failed_messages_of_ones_own_people_are_sent_again(company: Tree) -> None:
    places = (company.branch, company.child, company.sibling, company.region)
    people = [PersonFactory.create(branch=place) for place in places]
    failed_mails(people)
    local = PersonFactory.create(branch=company.branch, role=Role.QUALITY_MANAGER)
    handler = signed_in(people[0])
    assert handler.post(reverse("messages-send-again")).status_code == 403
    assert Message.objects.filter(state="failed").count() == 4
    client = signed_in(local)
    answer = client.post(reverse("messages-send-again"), follow=True)
    assert "2 messages are sent with the next sweep." in text_of(answer)
    again = Message.objects.filter(state="queued", attempts=0)
    assert set(again.values_list("recipient", flat=True)) == {people[0].pk, people[1].pk}


@pytest.mark.parametrize(("place", "status"), [("branch", 302), ("child", 302), ("sibling", 404)])
def test_a_job_that_was_given_up_is_started_again(company: Tree, place: str, status: int) -> None:
    job = given_up_by(PersonFactory.create(branch=getattr(company, place)))
    local = PersonFactory.create(branch=company.branch, role=Role.QUALITY_MANAGER)
    client = signed_in(local)
    assert len(client.get(URL).context["jobs"]) == (status == 302)
    assert client.post(reverse("job-again", args=[job.pk])).status_code == status
    state = Job.objects.values_list("state", "attempts").get(pk=job.pk)
    assert state == (("queued", 0) if status == 302 else ("failed", 3))


def test_a_job_that_is_done_is_not_started_again(admin: Person) -> None:
    job = exported_by(admin).job
    assert signed_in(admin).post(reverse("job-again", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == "done"
