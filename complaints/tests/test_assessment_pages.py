"""The pages, the file and the calls of assessments and their rules (C-10, C-21)."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from complaints.actions import assessments
from complaints.models import Assessment, AssessmentRule
from complaints.tests.clockwork import Desk, opened_desk
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from csm.tests.api import Caller
from organisation.factories import PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
NEW = "/assessments/new/"


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def english(person: Person) -> Client:
    client = signed_in(person)
    client.cookies["django_language"] = "en"
    return client


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def propose(desk: Desk, **more: Any) -> Assessment:
    given: dict[str, Any] = {
        "branch": desk.company.branch,
        "kind": "points",
        "points": 5,
        "reason": "未通知客户",
        "now": clock.now(),
    }
    return assessments.propose(by=desk.quality, **given | more)


def subjects(page: str) -> list[str]:
    return re.findall(r'<a class="r-subject"[^>]*>([^<]+)</a>', page)


def test_c10_c21_what_waits_for_a_person_is_listed_as_it_is_counted(desk: Desk) -> None:
    """A removal is not the director's to decide; what one decided is not one's own to answer."""
    root = desk.company.headquarters
    director, general = (
        PersonFactory.create(branch=root, role=role)
        for role in (Role.SERVICE_DIRECTOR, Role.GENERAL_MANAGER)
    )
    mine = propose(desk, reason="甲")
    propose(desk, reason="乙", kind="removal", points=None, person=desk.handler)
    answered = propose(desk, reason="丙", person=desk.handler)
    assessments.decide(assessment=answered, by=director, now=clock.now())
    assessments.appeal(assessment=answered, by=desk.handler, now=clock.now(), words="不属实")
    # Of two decided ones only the one may still be appealed.
    for reason, days in (("丁", 0), ("戊", 99)):
        then = clock.now() - timedelta(days=days)
        decided = propose(desk, reason=reason, person=desk.handler, now=then)
        assessments.decide(assessment=decided, by=director, now=then)
    wanted = {
        desk.handler: [("1 assessment decided against us", "appeal", ["丁"])],
        director: [("1 assessment to decide", "decision", [mine.reason])],
        general: [
            ("1 assessment to decide", "decision", ["乙"]),
            ("1 appeal to answer", "answer", ["丙"]),
        ],
    }
    for person, links in wanted.items():
        client = english(person)
        page = text(client, "/")
        for words, waiting, rows in links:
            url = f"/assessments/?waiting={waiting}"
            assert f'href="{url}">{words}' in page
            found = text(client, url)
            assert subjects(found) == rows
            assert "Waits for us: " in found
            assert 'href="?"' in found


def counts(page: str) -> list[str]:
    return re.findall(r'<span class="count">(\d+)</span>', page)


def test_c10_a_browser_walks_from_the_proposal_to_the_last_word(desk: Desk) -> None:
    complaint = desk.complaint(now=clock.now())
    rule = AssessmentRule.objects.get(code="late-order")
    quality = english(desk.quality)
    page = text(quality, f"/complaints/{complaint.number}/")
    url = f"{NEW}?complaint={complaint.number}"
    assert f'href="{url}"' in page
    text(quality, url)
    answer = quality.post(url, {"rule": rule.pk, "reason": "到货三天无人联系"})
    made = Assessment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/assessments/{made.pk}/")
    assert (made.kind, made.points, made.rule) == ("points", 5, rule.text)
    assert (made.complaint, made.branch) == (complaint, desk.company.branch)
    one = f"/assessments/{made.pk}/"
    assert "Somebody else decides." in text(quality, one)
    director = english(desk.director)
    assert "1 assessment to decide" in text(director, "/")
    assert 'action="/assessments' in text(director, one)
    refused = director.post(f"{one}reject/", {"words": ""})
    assert refused.status_code == 422
    assert "Say why not." in refused.content.decode()
    director.post(f"{one}decide/", {"points": "3", "words": "属实"})
    manager = english(desk.manager)
    assert "1 assessment decided against us" in text(manager, "/")
    manager.post(f"{one}appeal/", {"words": "客户拒收"})
    general = english(desk.general)
    assert "1 appeal to answer" in text(general, "/")
    text(general, one)
    answer = general.post(f"{one}finish/", {"is_upheld": "no", "words": "有据"})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.status, made.points, made.is_upheld) == ("final", 3, False)
    last = text(manager, one)
    for words in ("Final: nothing counts", "客户拒收", "有据", "decided otherwise than proposed"):
        assert words in last
    assert "Assessments" in text(quality, f"/complaints/{complaint.number}/")


def test_what_was_typed_stays_and_nothing_changes(desk: Desk) -> None:
    url = f"{NEW}?branch={desk.company.branch.code}"
    quality, before = english(desk.quality), everything()
    for data, words in (
        ({"reason": "有词"}, "Choose a kind"),
        ({"kind": "points", "points": "", "reason": "有词"}, "Enter a number above 0."),
        ({"kind": "points", "points": "-3", "reason": "有词"}, "greater than or equal to 1"),
        ({"kind": "removal", "reason": "有词"}, "Choose the person."),
        (
            {"kind": "removal", "person": desk.neighbour.pk, "reason": "有词"},
            "Choose somebody who works",
        ),
    ):
        answer = quality.post(url, data)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert "有词" in page
    assert quality.post(url, {"kind": "points", "points": "5"}).status_code == 422
    assert everything() == before


def test_an_act_that_is_not_open_any_more_keeps_the_words(desk: Desk) -> None:
    made = propose(desk)
    one = f"/assessments/{made.pk}/"
    director, version = english(desk.director), made.version
    text(director, one)
    assessments.decide(assessment=made, points=1, by=desk.director, now=clock.now())
    before = everything()
    data = {"points": "5", "words": "我的话", "version": version}
    assert director.post(f"{one}decide/", data).status_code == 409
    manager = english(desk.manager)
    answer = manager.post(f"{one}appeal/", {"words": "我的申诉", "version": version})
    assert answer.status_code == 409
    assert "我的申诉" in answer.content.decode()
    assert everything() == before


def test_the_branch_is_chosen_where_no_record_says_it(desk: Desk) -> None:
    quality = english(desk.quality)
    assert 'name="branch"' in text(quality, NEW)
    assert 'name="reason"' in text(quality, f"{NEW}?branch={desk.company.branch.code}")
    text(quality, f"{NEW}?branch=nowhere")
    text(quality, f"{NEW}?work_order=99999999999999999999", 404)
    text(quality, f"{NEW}?complaint=TS1", 404)
    text(english(desk.manager), f"{NEW}?branch={desk.company.sibling.code}", 403)
    text(english(desk.handler), NEW, 403)


def test_tabs_filters_and_the_file(desk: Desk) -> None:
    now = clock.now()
    today = timezone.localdate(now)
    propose(desk, reason="甲", now=now - timedelta(days=70))
    propose(desk, reason="=乙", person=desk.handler)
    decided = propose(desk, reason="丙", branch=desk.company.sibling)
    assessments.decide(assessment=decided, by=desk.director, now=now)
    quality = english(desk.quality)
    page = text(quality, "/assessments/")
    assert subjects(page) == ["丙", "=乙", "甲"]
    assert counts(page) == ["3", "2", "1", "0", "0", "0"]
    shown = {
        "state=decided": ["丙"],
        f"branch={desk.company.sibling.code}": ["丙"],
        f"person={desk.handler.pk}": ["=乙"],
        f"month={now - timedelta(days=70):%Y-%m}": ["甲"],
        "state=proposed&month=1999-01": [],
    }
    for query, wanted in shown.items():
        assert subjects(text(quality, f"/assessments/?{query}")) == wanted, query
    chinese = signed_in(desk.quality)
    chinese.cookies["django_language"] = "zh-hans"
    named = f'<option value="{today:%Y-%m}">{today:%Y}年{today.month}月</option>'
    assert named in text(chinese, "/assessments/")
    assert "Enter a month as 2026-11." in text(quality, "/assessments/?month=soon")
    assert "Nothing matches" in text(quality, "/assessments/?month=1999-01")
    assert subjects(text(english(desk.handler), "/assessments/")) == ["=乙", "甲"]
    answer = quality.post("/assessments/export/", {"form": "xlsx", "query": "state=proposed"})
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    assert sheet is not None
    rows = list(sheet.values)
    assert [row[7] for row in rows] == ["Reason", "=乙", "甲"]
    assert {cell.data_type for cell in sheet["H"]} == {"s"}, "no text becomes a formula"
    totals = text(quality, "/assessments/totals/")
    assert re.findall(r'num" role="cell"><span>([^<]+)<', totals) == [
        f"{today:%B %Y}", "1", "5", "0"
    ]  # fmt: skip
    assert "Nothing counts yet" in text(english(desk.handler), "/assessments/totals/")


@pytest.mark.parametrize("count", [1, 20])
def test_lists_ask_the_database_as_often_for_20_rows(desk: Desk, count: int) -> None:
    for _each in range(count):
        propose(desk, person=desk.handler, complaint=desk.complaint(now=clock.now()))
    for client, url, queries in (
        (signed_in(desk.quality), "/assessments/", 11),
        (signed_in(desk.quality), "/api/v1/assessments/", 5),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) == queries, url


def test_the_calls_propose_decide_and_list(desk: Desk) -> None:
    complaint = desk.complaint(now=clock.now())
    body = {
        "branch": desk.company.branch.code,
        "person": desk.handler.pk,
        "kind": "points",
        "points": 2,
        "reason": "未致歉",
        "complaint": complaint.number,
    }
    made = Caller(desk.quality).post("assessments/", body)
    assert made.status_code == 201
    one = made.json()
    assert (one["state"], one["person"]["name"], one["allowed"]) == ("proposed", "handler", [])
    listed = Caller(desk.quality).get(f"assessments/?complaint={complaint.number}").json()
    assert [row["id"] for row in listed["results"]] == [one["id"]]
    assert Caller(desk.neighbour).get("assessments/").json()["results"] == []
    assert Caller(desk.neighbour).get(f"assessments/{one['id']}/").status_code == 404
    director = Caller(desk.director)
    assert director.get(f"assessments/{one['id']}/").json()["allowed"] == ["decide", "reject"]
    before = everything()
    for caller, act, given, status in (
        (desk.quality, "decide", {}, 403),
        (desk.director, "appeal", {"words": "x"}, 403),
        (desk.handler, "appeal", {"words": "x"}, 409),
        (desk.director, "decide", {"version": 9}, 409),
        (desk.director, "reject", {}, 400),
        (desk.director, "decide", {"points": 0}, 400),
    ):
        answer = Caller(caller).post(f"assessments/{one['id']}/{act}/", given)
        assert answer.status_code == status, (act, given)
    assert everything() == before
    assert director.post(f"assessments/{one['id']}/decide/", {}).json()["state"] == "decided"
    appealed = Caller(desk.handler).post(f"assessments/{one['id']}/appeal/", {"words": "已致歉"})
    assert appealed.json()["state"] == "appealed"
    again = Caller(desk.handler).post(f"assessments/{one['id']}/appeal/", {"words": "再诉"})
    assert (again.status_code, again.json()["code"]) == (409, "not_open")
    last = Caller(desk.general).post(
        f"assessments/{one['id']}/finish/", {"upheld": True, "words": "维持"}
    )
    assert (last.json()["state"], last.json()["counts"]) == ("final", True)


def test_rules_are_the_administrators(desk: Desk, client: Client) -> None:

    admin = english(PersonFactory.create(branch=desk.company.headquarters, role=Role.ADMINISTRATOR))
    text(admin, "/settings/assessment-rules/")
    made = {"code": "attitude", "text": "服务态度恶劣", "kind": "amount", "amount": "200"}
    text(admin, "/settings/assessment-rules/new/")
    assert admin.post("/settings/assessment-rules/new/", made).status_code == 302
    rule = AssessmentRule.objects.get(code="attitude")
    for data, words in (
        (made, "of these words"),
        (made | {"text": "别的"}, "of this code"),
        (made | {"code": "b", "text": "别的", "kind": "points"}, "Leave this empty"),
        (made | {"code": "b", "text": ""}, "Enter the rule."),
    ):
        answer = admin.post("/settings/assessment-rules/new/", data)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), words
    url = f"/settings/assessment-rules/{rule.pk}/"
    text(admin, url)
    changed = {"text": "态度恶劣", "kind": "points", "points": "8"}
    assert admin.post(url, changed).status_code == 302
    rule.refresh_from_db()
    assert (rule.text, rule.points, rule.amount, rule.is_active) == ("态度恶劣", 8, None, False)
