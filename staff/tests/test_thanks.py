"""Thanks by name, evidence of managers, the leaderboard and its file (F-21, T-11, U-01)."""

import csv
from io import StringIO
from typing import Any

import pytest

from complaints.models import CallbackAttempt
from complaints.tests.clockwork import Desk, at, opened_desk
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.race import race
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory
from organisation.models import Role
from staff.actions import earning, point_rules, points, thanks
from staff.factories import earned
from staff.models import PointEntry, PointRule, PointRuleRevision, Thanks, Trigger
from staff.tests.test_points import balance, client, giving, rule, text_of
from surveys import factories as surveys
from surveys.models import Answer, Response, Survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    PointRuleRevision.objects.all().delete()
    PointRule.objects.all().delete()
    return opened_desk()


def call(desk: Desk, score: int | None = 10, **more: Any) -> CallbackAttempt:
    given = {"is_reached": True, "is_satisfied": True, "by": desk.quality, "at": at(2)} | more
    complaint = desk.complaint("answered")
    return CallbackAttempt.objects.create(complaint=complaint, score=score, **given)


def answer(desk: Desk, total: int, **more: Any) -> Answer:
    """What a customer wrote, beside the overall mark."""
    edition = surveys.edition(desk.company.branch, name=f"{total} {more}")
    survey = surveys.survey(desk.company.branch, edition=edition, now=at(0), **more)
    said = [{"wish": "张师傅帮了大忙", "total": total}]
    rows = surveys.responses(survey, desk.company.branch, at(1), said)
    return rows[0].answers.exclude(text="").get()


def note(desk: Desk, of: CallbackAttempt | Answer, **more: Any) -> Thanks:
    given: dict[str, Any] = {
        "person": desk.handler,
        "words": "多亏了他",
        "by": desk.quality,
        "now": at(3),
    }
    if isinstance(of, Answer):
        return thanks.of_answer(answer=of, **given | more)
    return thanks.of_callback(callback=of, **given | more)


def test_f21_thanks_with_the_best_score_earn_once_and_are_taken_back(desk: Desk) -> None:
    """5-star mention: by the answer's own scale, or 10 at the callback."""
    rule("thanks", Trigger.THANKS, 10)
    made = [note(desk, of) for of in (answer(desk, 10), answer(desk, 9), call(desk), call(desk, 9))]
    assert [each.is_best for each in made] == [True, False, True, False]
    assert [each.branch for each in made] == [desk.company.branch] * 4
    assert [earning.settle(now=at(4 + n)) for n in range(2)] == [2, 0]
    assert balance(desk.handler) == 20
    thanks.withdraw(thanks=made[0], by=desk.quality, now=at(8))
    with pytest.raises(NotOpen):
        thanks.withdraw(thanks=made[0], by=desk.manager, now=at(9))
    assert [earning.settle(now=at(10 + n)) for n in range(2)] == [1, 0]
    assert balance(desk.handler) == 10


@pytest.mark.django_db(transaction=True)
def test_f21_a_ledger_settled_twice_at_once_doubles_nothing(desk: Desk) -> None:
    """A full sweep: what is earned, and what is taken back, in the same moment."""
    rule("thanks", Trigger.THANKS, 10)
    rule("callback", Trigger.CALLBACK, 5)
    made = [note(desk, call(desk)) for _each in range(5)]
    assert race(*[lambda: earning.settle(now=at(4))] * 2).count(0) == 1
    assert (PointEntry.objects.count(), balance(desk.handler)) == (5, 50)
    for each in made[:2]:
        thanks.withdraw(thanks=each, by=desk.manager, now=at(5))
    note(desk, call(desk), now=at(5))
    assert race(*[lambda: earning.settle(now=at(6))] * 3).count(0) == 2
    assert (PointEntry.objects.count(), balance(desk.handler)) == (8, 40)


def test_f21_who_may_note_whom(desk: Desk) -> None:
    """Never for oneself, nor by one's own record, nor for who works elsewhere or has left."""
    reached, said = call(desk), answer(desk, 10)
    caller = PersonFactory.create(branch=desk.company.branch, role=Role.QUALITY_SPECIALIST)
    gone = PersonFactory.create(branch=desk.company.branch, role=Role.HANDLER, is_active=False)
    own = call(desk, by=caller)
    for field, of, wrong in (
        ("person", reached, {"person": desk.quality}),
        ("person", own, {"person": caller}),
        ("person", said, {"person": desk.neighbour}),
        ("person", said, {"person": gone}),
        ("words", said, {"words": " "}),
    ):
        with pytest.raises(Refused) as refusal:
            note(desk, of, **wrong)
        assert list(refusal.value.fields) == [field]
    for kind, of, wrong in (
        (Forbidden, said, {"by": desk.neighbour_manager}),
        (Forbidden, reached, {"by": desk.executive}),
        (NotOpen, call(desk, None, is_reached=False, is_satisfied=None), {}),
        (NotOpen, answer(desk, 10, is_anonymous=True), {}),
    ):
        with pytest.raises(kind):
            note(desk, of, **wrong)
    assert not Thanks.objects.exists()
    made = note(desk, said)
    with pytest.raises(Refused):
        note(desk, said)
    with pytest.raises(Forbidden):
        thanks.withdraw(thanks=made, by=desk.neighbour_manager, now=at(4))
    assert Thanks.objects.filter(withdrawn_at=None).count() == 1


def test_f21_the_page_of_thanks_masks_customers_and_leaves_out_who_wishes_it(desk: Desk) -> None:
    reached = call(desk)
    reached.complaint.customer = CustomerFactory.create(name="王小明")
    reached.complaint.save()
    quality, own = client(desk.quality), client(desk.handler)
    url = f"/staff/thanks/callbacks/{reached.pk}/"
    assert own.get(url).status_code == 403
    assert client(desk.neighbour_manager).get(url).status_code == 404
    said = {"person": str(desk.handler.pk), "words": "多亏了他"}
    empty = quality.post(url, said | {"person": ""})
    assert (empty.status_code, "多亏了他" in text_of(empty)) == (422, True)
    assert quality.post(url, said).status_code == 302
    assert quality.post(url, said).status_code == 422
    listed = text_of(client(desk.neighbour).get("/staff/thanks/"))
    assert ("handler" in listed, "王**" in listed, "王小明" in listed) == (True, True, False)
    assert "多亏了他" in text_of(own.get("/staff/points/"))
    points.show_on_boards(is_shown=False, by=desk.handler)
    assert "多亏了他" not in text_of(client(desk.neighbour).get("/staff/thanks/"))
    assert "多亏了他" in text_of(own.get("/staff/thanks/"))
    link = f"/staff/thanks/{Thanks.objects.get().pk}/withdraw/"
    assert own.post(link).status_code == 403
    assert quality.post(link).status_code == 302
    assert "多亏了他" not in text_of(own.get("/staff/thanks/"))


def test_f21_comments_and_responses_lead_to_the_thanks(desk: Desk) -> None:
    said = answer(desk, 10)
    survey = Survey.objects.get()
    link = f"/staff/thanks/answers/{said.pk}/"
    for page in (f"/surveys/{survey.pk}/comments/", f"/surveys/responses/{said.response_id}/"):
        assert link in client(desk.quality).get(page).content.decode()
        assert link not in client(desk.handler).get(page).content.decode()
    assert "张师傅帮了大忙" in text_of(client(desk.quality).get(link))
    assert Response.objects.count() == 1


def test_f21_a_rule_that_needs_evidence_takes_a_number_that_the_giver_sees(desk: Desk) -> None:
    found = rule("manager", Trigger.BY_HAND, 5)
    revision: dict[str, Any] = {"name": "x", "cap": None, "needs_evidence": True, "points": 5}
    point_rules.revise(rule=found, seen=1, by=None, now=at(0), **revision)
    own = desk.complaint()
    foreign = desk.complaint(branch=desk.company.sibling, handler=desk.neighbour)
    for wrong in ("", "TS20201122-9999", foreign.number, "a\0b"):
        with pytest.raises(Refused) as refusal:
            points.give(**giving(desk, evidence=wrong))
        assert list(refusal.value.fields) == ["evidence"]
    assert not PointEntry.objects.exists()
    entry = points.give(**giving(desk, evidence=f" {own.number} "))
    assert entry.evidence == own.number
    assert own.number in text_of(client(desk.handler).get("/staff/points/"))
    form = {
        "branch": desk.company.branch.pk,
        "person": desk.handler.pk,
        "revision": PointRuleRevision.objects.newest().get().pk,
        "reason": "Stayed",
        "nonce": 9,
        "evidence": foreign.number,
    }
    refused = client(desk.manager).post("/staff/points/give/", form)
    assert (refused.status_code, "that you see" in text_of(refused)) == (422, True)


def test_f21_the_board_by_month_quarter_year_and_branch_and_its_file(desk: Desk) -> None:
    """Strings stay strings; whoever prefers not to be named is in no file either."""
    rule("star", Trigger.STAR, 50)
    formula = PersonFactory.create(name="=1+1", branch=desk.company.child, role=Role.HANDLER)
    earned(formula, desk.company.child, now=at(0))
    earned(desk.handler, desk.company.branch, now=at(-24 * 40))
    earned(desk.neighbour, desk.company.sibling, now=at(0))
    boss = client(desk.director)
    for query, wanted in (
        ("period=2026-11", (True, False, True)),
        ("period=2026-Q4", (True, True, True)),
        ("period=2026&branch=WX", (True, True, False)),
    ):
        found = text_of(boss.get(f"/staff/board/?{query}"))
        places = ("=1+1 Xinwu 50", "handler Wuxi 50", "neighbour Suzhou 50")
        assert tuple(each in found for each in places) == wanted
    for wrong in ("period=2026-W40", "period=x", "branch=nowhere"):
        assert boss.get(f"/staff/board/?{wrong}").status_code == 404
    points.show_on_boards(is_shown=False, by=desk.neighbour)
    file = boss.post("/staff/board/export/", {"form": "csv", "query": "period=2026-Q4"})
    lines = list(csv.reader(StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [line[2] for line in lines[1:]] == ["'=1+1", "handler"]
    own = client(desk.handler).post("/staff/points/export/", {"form": "csv"})
    lines = list(csv.reader(StringIO(b"".join(own).decode("utf-8-sig"))))
    assert [line[1:3] for line in lines[1:]] == [["star", "50"]]


@pytest.mark.parametrize("number", [1, 20])
def test_f21_thanks_ask_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    for _each in range(number):
        note(desk, call(desk))
    browser = client(desk.neighbour)
    browser.get("/staff/thanks/")
    with django_assert_num_queries(5):
        assert browser.get("/staff/thanks/").status_code == 200
