"""Results, comments and responses as pages, file and API; every figure opens its answers."""

import csv
import io
import itertools
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import DissatisfiedItem
from csm.tests.api import Caller, refused
from customers.factories import CustomerFactory
from organisation.factories import BranchFactory, PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.actions import answering
from surveys.actions.answering import Sender
from surveys.models import AnswerTag, Response, Survey
from surveys.results.themes import themes

pytestmark = pytest.mark.django_db
MARKS = (10, 10, 9, 9, 8, 8, 7, 6, 3, 2)


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def person(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.SERVICE_FUNCTION)


@pytest.fixture
def survey(places: Tree, now: datetime) -> Survey:
    return factories.survey(places.headquarters, now=now)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def text(client: Client, name: str, *keys: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=keys), query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def answered(survey: Survey, branch: Any, now: datetime, **about: Any) -> list[Response]:
    sheets = [{"total": mark, "recommend": mark} for mark in MARKS]
    return factories.responses(survey, branch, now, sheets, **about)


def test_the_figures_with_interval_and_n_open_their_answers(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    answered(survey, places.branch, now, tier="gold")
    answered(survey, places.sibling, now - timedelta(days=31), tier="basic")
    client = signed_in(person)
    page = text(client, "survey-results", survey.pk)
    assert "Satisfied 60.0% interval 38.7% to 78.1% · n = 20" in page
    assert "Net promoter score +10.0 interval" in page
    month = text(client, "survey-results", survey.pk, period="2026-11")
    assert "n = 10" in month
    assert "Before 60.0%: no detectable change" in month
    # The list behind a figure holds as many as the figure counts.
    listed = "{} responses"
    for query, number in (
        ({}, 20),
        ({"period": "2026-11"}, 10),
        ({"branch": places.sibling.pk}, 10),
        ({"region": places.region.pk}, 20),
        ({"rank": "gold"}, 10),
        ({"answer": "total:3"}, 2),
        ({"answer": "recommend:"}, 20),
    ):
        assert listed.format(number) in text(client, "survey-responses", survey.pk, **query)
    for wrong in ({"branch": "x"}, {"rank": "lead"}, {"answer": "none:1"}):
        url = reverse("survey-responses", args=[survey.pk])
        assert client.get(url, wrong).status_code == 404


def test_a_period_is_a_week_a_quarter_a_year_or_certain_days(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    answered(survey, places.branch, now)  # Thursday, 19 November 2026
    answered(survey, places.branch, now - timedelta(days=60))
    client, url = signed_in(person), reverse("survey-results", args=[survey.pk])
    for period, number in (
        ("2026-W47", 10),
        ("2026-Q4", 10),
        ("2026-Q3", 10),
        ("2026", 20),
        ("2026-09-20/2026-11-19", 20),
        ("2026-09-21/2026-11-18", 0),
    ):
        page = text(client, "survey-results", survey.pk, period=period)
        assert f"n = {number} " in page if number else "No answers in this period" in page
        got = Caller(person).get(f"surveys/{survey.pk}/results/?period={period}").json()
        assert got["responses"] == number
        file = client.post(f"{url}export/", {"form": "csv", "query": f"period={period}"})
        lines = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
        assert len(lines.splitlines()) > (30 if number else 0)
    assert "Before 60.0%: no detectable change" in text(
        client, "survey-results", survey.pk, period="2026-Q4"
    )
    days = {"from": "2026-11-19", "to": "2026-11-30", "rank": "gold"}
    led = client.get(url, days)
    assert (led.status_code, led["Location"]) == (
        302,
        f"{url}?rank=gold&period=2026-11-19%2F2026-11-30",
    )
    for wrong, words in (
        ({"from": "2026-11-19"}, "Write a day such as 2026-11-03."),
        ({"from": "2026-11-19", "to": "x"}, "Write a day such as"),
        ({"from": "2026-11-19", "to": "2026-11-18"}, "The last day is before the first one"),
        ({"from": "0001-01-01", "to": "2026-11-18"}, "too far away"),
        ({"period": "2026-13"}, "Name a period such as"),
        ({"period": "2026-11-31/2026-12-01"}, "Name a period such as"),
    ):
        for name in ("survey-results", "survey-responses", "survey-drivers", "survey-comments"):
            answer = client.get(reverse(name, args=[survey.pk]), wrong)
            assert answer.status_code == 422
            assert words in answer.content.decode()
            assert wrong.get("from", "") in answer.content.decode()
        answer = client.get(reverse("survey-journey"), wrong)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    refused(Caller(person).get(f"surveys/{survey.pk}/results/?from=x&to=y"), 400, "refused")


def test_b14_a_span_as_long_as_any_has_figures(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    """What it is compared with lies before all calendars of ours."""
    factories.responses(survey, places.branch, now, [{"total": 9}] * 6)
    page = text(signed_in(person), "survey-results", survey.pk, period="1970-01-01/2199-12-31")
    assert "n = 6" in page


EVERY_KIND = (
    {"key": "total", "kind": "total", "text": "总分"},
    {
        "key": "needs", "kind": "matrix", "text": "各项",
        "items": [{"key": "c1", "text": "准时"}, {"key": "c2", "text": "态度"}],
    },
    {
        "key": "why", "kind": "multiple", "text": "原因",
        "options": [{"key": "c1", "text": "价格"}, {"key": "c2", "text": "速度"}],
    },
    {"key": "again", "kind": "yes_no", "text": "再次选择"},
)  # fmt: skip


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_every_bar_opens_its_answers(
    places: Tree, person: Person, now: datetime, is_anonymous: bool
) -> None:
    edition = factories.edition(places.headquarters, now=now, questions=EVERY_KIND)
    survey = factories.survey(
        places.headquarters, now=now, edition=edition, is_anonymous=is_anonymous
    )
    sheets = [
        {
            "total": 4 + n % 2, "needs.c1": 1 + n % 2, "needs.c2": 5, "again": n % 2,
            "why": ["c1", "c2"][: 1 + n % 2],
        }
        for n in range(9)
    ]  # fmt: skip
    factories.responses(survey, places.branch, now, sheets)
    client = signed_in(person)
    page = client.get(reverse("survey-results", args=[survey.pk])).content.decode()
    bars = re.findall(r'href="([^"]+/responses/\?answer=[^"]+%3A\w+)">(\d+)</a>', page)
    # Five said the one, four the other: nobody opens the four of an anonymous survey (F-22).
    numbers = sorted(int(number) for _address, number in bars)
    assert numbers == ([5, 5, 5, 9, 9] if is_anonymous else [4, 4, 4, 4, 5, 5, 5, 9, 9])
    for address, number in bars:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert f"{number} responses" in listed
    url = reverse("survey-responses", args=[survey.pk])
    for wrong in ("needs.c9:1", "why:c9", "total.c1:4", "again:x"):
        assert client.get(url, {"answer": wrong}).status_code == 404


def test_f22_lines_with_few_answers_are_named_not_shown(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    answered(survey, places.branch, now, tier="gold")
    factories.responses(survey, places.branch, now, [{"total": 9}] * 2, tier="silver")
    factories.responses(survey, places.branch, now, [{"total": 9}] * 6, tier="basic")
    page = text(signed_in(person), "survey-results", survey.pk)
    assert "Not shown apart, since some have too few answers: Silver, Basic" in page


def test_u14_page_file_and_api_say_the_same(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    answered(survey, places.branch, now)
    factories.responses(survey, places.sibling, now, [{"total": 9}] * 3)
    client = signed_in(person)
    url = reverse("survey-results-export", args=[survey.pk])
    response = client.post(url, {"form": "csv", "query": ""})
    file = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = list(csv.DictReader(io.StringIO(file)))
    whole = [row for row in lines if not row["Broken down"] and row["Figure"]]
    answer = Caller(person).get(f"surveys/{survey.pk}/results/").json()
    page = text(client, "survey-results", survey.pk)
    for row, line in zip(whole, answer["headlines"], strict=False):
        assert float(row["Value"]) == line["figure"]["value"]
        assert int(row["Answers"]) == line["figure"]["n"]
    assert f"{float(whole[0]['Value']) * 100:.1f}%" in page
    # F-22: three of the sibling are nowhere, nor is the one that would give them away.
    [branches] = [row for row in answer["tables"] if row["name"] == "branch"]
    assert [row["responses"] for row in branches["lines"]] == [None, None]
    by_branch = [row for row in lines if row["Broken down"] == "By branch"]
    assert {(row["Value"], row["Answers"]) for row in by_branch} == {("", "")}
    assert "n = 3" not in page
    refused(Caller(person).get(f"surveys/{survey.pk}/results/?period=May"), 400, "refused")


def test_an_anonymous_survey_shows_nobody(places: Tree, person: Person, now: datetime) -> None:
    survey = factories.survey(places.headquarters, is_anonymous=True, now=now)
    day = datetime(2026, 11, 18, 16, tzinfo=UTC)
    rows = factories.responses(
        survey, places.branch, day, [{"total": 2, "wish": "别认出我"}] * 4, stage="growth"
    )
    client = signed_in(person)
    for name in ("survey-results", "survey-drivers", "survey-responses"):
        assert "Fewer than five answers" in text(client, name, survey.pk)
    assert "别认出我" not in text(client, "survey-comments", survey.pk)
    assert client.get(reverse("survey-response", args=[rows[0].pk])).status_code == 404
    answer = Caller(person).get(f"surveys/{survey.pk}/results/").json()
    assert (answer["responses"], answer["details"]) == (None, [])
    assert answer["headlines"][0]["figure"]["n"] == 0

    factories.responses(survey, places.branch, day, [{"total": 9}] * 2, stage="decline")
    assert "6 responses" in text(client, "survey-responses", survey.pk)
    assert "Fewer than five" in text(client, "survey-responses", survey.pk, stage="growth")
    # Nor by what they are, however many: the others would be those left over.
    factories.responses(survey, places.branch, day, [{"total": 9}] * 9, stage="decline")
    assert "Fewer than five" in text(client, "survey-responses", survey.pk, stage="decline")
    page = text(client, "survey-response", rows[0].pk)
    assert "Anonymous response" in page
    assert "2026-11-19 " in page
    assert "00:00" not in page
    # Nor where, or at which stage: few may be there.
    for told in (page, text(client, "survey-responses", survey.pk)):
        assert "Wuxi" not in told
        assert "Growth" not in told


def test_s05_one_response_with_what_became_of_it(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    customer = CustomerFactory.create(name="捷达", home_branch=places.branch)
    invited = factories.invitation(survey, places.branch, now, customer=customer)
    fields = {"q-total": ["4"], "why-total": ["<script>alert(1)</script>"]}
    first, _sheet = answering.save(sender=Sender(invited), fields=fields, by=None, now=now)
    answer = first.answers.get(question__key="total")
    again = factories.invitation(survey, places.branch, now, customer=customer, again=answer)
    second, _sheet = answering.save(
        sender=Sender(again), fields={"q-total": ["9"]}, by=None, now=now + timedelta(days=3)
    )
    assert second.is_repeat
    client = signed_in(person)
    raw = client.get(reverse("survey-response", args=[first.pk])).content.decode()
    assert "<script>alert" not in raw
    assert "&lt;script&gt;alert(1)" in raw
    page = text(client, "survey-response", first.pk)
    assert "捷达" in page
    assert "Asked again: 4 before, 9 now better" in page
    item = DissatisfiedItem.objects.get()
    assert reverse("dissatisfied-item", args=[item.pk]) in raw
    assert item.score == Decimal(4)
    assert "to the first response" in text(client, "survey-response", second.pk)
    # Whoever may see the response, but not the customer, reads no name.
    Response.objects.filter(pk=first.pk).update(branch=places.sibling)
    factories.invitation(survey, places.sibling, now)
    neighbour = PersonFactory.create(branch=places.sibling, role=Role.HANDLER)
    page = text(signed_in(neighbour), "survey-response", first.pk)
    assert "捷达" not in page
    assert "Another branch’s customer" in page
    assert "捷达" not in text(signed_in(neighbour), "survey-responses", survey.pk)


def test_comments_are_searched_tagged_and_counted(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    words = ("包装破损，客服态度不好", "包装太差", "送货很快", "Late delivery again")
    rows = factories.responses(survey, places.branch, now, [{"wish": each} for each in words])
    client = signed_in(person)
    page = text(client, "survey-comments", survey.pk)
    assert "4 comments" in page
    assert "包装 2" in page
    assert "1 comment " in text(client, "survey-comments", survey.pk, search="态度")
    assert "No comment matches" in text(client, "survey-comments", survey.pk, search="%_")
    answer = rows[0].answers.get()
    url = reverse("survey-comment-tag", args=[survey.pk, answer.pk])
    for _again in range(2):
        assert client.post(url, {"act": "add", "name": " 包装 "}).status_code == 302
    assert [(row.name, row.created_by) for row in AnswerTag.objects.filter(answer=answer)] == [
        ("包装", person)
    ]
    assert "1 comment " in text(client, "survey-comments", survey.pk, tag="包装")
    for wrong in ("", "   ", "字" * 31):
        assert client.post(url, {"act": "add", "name": wrong}).status_code == 422
    factories.invitation(survey, places.branch, now)
    handler = PersonFactory.create(branch=places.branch, role=Role.HANDLER)
    assert signed_in(handler).post(url, {"act": "add", "name": "x"}).status_code == 403
    assert AnswerTag.objects.count() == 1
    assert client.post(url, {"act": "remove", "name": "包装"}).status_code == 302
    assert AnswerTag.objects.count() == 0
    # A number is no comment.
    marks = factories.responses(survey, places.branch, now, [{"total": 9}])
    other = reverse("survey-comment-tag", args=[survey.pk, marks[0].answers.get().pk])
    assert client.post(other, {"act": "add", "name": "x"}).status_code == 404


def test_b29_however_much_is_written_no_more_is_read_for_themes() -> None:
    texts = itertools.repeat("包裹破损了，客服没有回应。" * 40, 10_000)
    assert ("破损", 193) in themes(texts)
    # The others are left unread.
    assert len(list(texts)) == 10_000 - 193


def test_as_many_queries_for_twenty_branches_and_responses(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    names = ("survey-results", "survey-responses", "survey-comments", "survey-drivers")

    def queries() -> list[int]:
        found = []
        for name in names:
            client = signed_in(person)
            with CaptureQueriesContext(connection) as seen:
                client.get(reverse(name, args=[survey.pk]))
            found.append(len(seen))
        return found

    factories.responses(survey, places.branch, now, [{"total": 9, "wish": "好"}])
    queries()
    few = queries()
    for branch in (BranchFactory.create(parent=places.region) for _ in range(19)):
        factories.responses(survey, branch, now, [{"total": 9, "wish": "好"}])
    assert queries() == few
