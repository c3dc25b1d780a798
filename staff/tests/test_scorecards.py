"""Scorecards: what counts, line by line, closing, appeals, who sees them (O-16, O-21, F-12)."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone, translation

from complaints.actions import callbacks
from complaints.models import Timer
from complaints.tests.clockwork import Desk, at, opened_desk, refused
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from customers.factories import CustomerFactory
from organisation import texts
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Role
from staff import audit_factories, learning_factories, outcomes, scoring
from staff import scorecards as reading
from staff.actions import card_schemes, quarter_reminders
from staff.actions import scorecards as actions
from staff.actions.card_corrections import Corrected
from staff.actions.card_schemes import SchemeLine
from staff.agenda import agenda
from staff.factories import earned
from staff.models import (
    AuditKind,
    CardAppeal,
    CardBarrier,
    CardScheme,
    CardSchemeLine,
    CorrectedLine,
    Scorecard,
    ScorecardLine,
)
from staff.outcomes import Figure
from staff.quarter_factories import begin_round

pytestmark = pytest.mark.django_db
QUARTER = "2026-Q4"
# 18 November and 50 days are 7 January.
AFTER = 50 * 24
WEIGHTS = {"customer": 60, "process": 20, "financial": 10, "learning": 10}
LINES = (
    SchemeLine("callback", Decimal(60), Decimal(100), 3),
    SchemeLine("survey", Decimal(60), Decimal(90), 1),
    SchemeLine("on_time", Decimal(70), Decimal(95), 1),
    SchemeLine("delay", Decimal(20), Decimal(1), 1),
    SchemeLine("points", Decimal(0), Decimal(50), 1),
)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def resources(desk: Desk) -> Person:
    role = Role.HUMAN_RESOURCES
    return PersonFactory.create(branch=desk.company.headquarters, role=role, email="")


def satisfied(desk: Desk, number: int, *, of: int) -> None:
    for place in range(of):
        callbacks.record(
            complaint=desk.complaint("answered"), is_reached=True, is_satisfied=place < number,
            score=9, words="", by=desk.quality, now=at(30),
        )  # fmt: skip


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def revised(post: str = "handler", **changed: Any) -> CardScheme:
    seen = CardScheme.objects.filter(post=post).latest("number").number
    said: dict[str, Any] = {"weights": WEIGHTS, "lines": LINES, "seen": seen, "by": None}
    return card_schemes.revise(post=post, now=at(-1), **said | changed)


def closed(desk: Desk) -> Scorecard:
    actions.close(period=reading.quarter(QUARTER), by=resources(desk), now=at(AFTER))
    return Scorecard.objects.get(person=desk.handler)


def test_f12_worked_figures() -> None:
    """Callback 80 of 60 to 100 is 50; on time 95 is full; 4 units of 20 to 1 are 84.2."""
    scheme = CardScheme(post="handler", number=1, **WEIGHTS)
    rows = [CardSchemeLine(scheme=scheme, **vars(line)) for line in LINES]
    figures = {
        "callback": Figure(16, 20),
        "survey": Figure(9, 10),
        "on_time": Figure(97, 100),
        "delay": Figure(40, 10),
        "points": Figure(25, 1),
    }
    card = scoring.scored(scheme, rows, figures)
    assert [line.weight for line in card.lines] == [45, 15, 20, 10, 10]
    assert [round(line.score or 0, 2) for line in card.lines] == [50, 100, 100, 84.21, 50]
    assert round(card.score or 0, 2) == round(0.45 * 50 + 15 + 20 + 8.421 + 5, 2) == 70.92
    assert sum(line.adds or 0 for line in card.lines) == pytest.approx(card.score)
    assert (card.is_complete, card.barrier) == (True, CardBarrier.NONE)


@pytest.mark.parametrize(
    ("missing", "customer", "barrier"),
    [
        (["survey"], 45 / 85, CardBarrier.NONE),
        (["survey", "points"], 45 / 75, CardBarrier.NONE),
        # 15 of 55 is less than half: O-16.
        (["callback"], 15 / 55, CardBarrier.CUSTOMER),
        (["callback", "survey"], 0, CardBarrier.CUSTOMER),
        (["callback", "survey", "on_time", "delay", "points"], 0, CardBarrier.NOTHING),
    ],
)
def test_f12_a_missing_part_hands_its_weight_on(
    missing: list[str], customer: float, barrier: CardBarrier
) -> None:
    scheme = CardScheme(post="handler", number=1, **WEIGHTS)
    rows = [CardSchemeLine(scheme=scheme, **vars(line)) for line in LINES]
    figures = {line.measure: Figure(20, 20) for line in LINES if line.measure not in missing}
    card = scoring.scored(scheme, rows, figures)
    shares = [line.share for line in card.lines if line.measure.is_by_customers]
    assert sum(shares) == pytest.approx(100 * customer)
    assert (card.is_complete, card.barrier) == (False, barrier)


def test_f12_few_answers_of_customers_are_not_ranked() -> None:
    scheme = CardScheme(post="handler", number=1, **WEIGHTS)
    rows = [CardSchemeLine(scheme=scheme, **vars(line)) for line in LINES]
    for answers, barrier in ((9, CardBarrier.FEW), (10, CardBarrier.NONE)):
        card = scoring.scored(scheme, rows, {"callback": Figure(answers, answers)})
        assert (card.barrier, card.score) == (barrier, 100)


def test_o16_weights_make_100_and_customers_half(desk: Desk) -> None:
    for weights, field in (
        (WEIGHTS | {"customer": 49, "process": 31}, "customer"),
        (WEIGHTS | {"learning": 20}, "customer"),
        (WEIGHTS | {"customer": 50, "financial": 0, "process": 40}, "financial"),
    ):
        with refused(Refused, field):
            revised(weights=weights)
    with refused(Refused, "delay_target"):
        revised(lines=[replace(line, target=Decimal(20)) if line.measure == "delay" else line
                       for line in LINES])  # fmt: skip
    with refused(Stale):
        revised(seen=0)
    with refused(Forbidden):
        revised(by=desk.manager)
    for wrong in ({"customer": 49, "process": 31}, {"customer": 61}):
        said = WEIGHTS | wrong
        with pytest.raises(DatabaseError), transaction.atomic():
            CardScheme.objects.create(post="handler", number=9, created_at=at(0), **said)
    assert revised().number == 2


def test_o21_figures_are_those_of_the_rooms_they_come_from(desk: Desk) -> None:
    """By person, by branch with all below it, by role: the same outcomes."""
    satisfied(desk, 3, of=4)
    earned(desk.handler, desk.company.branch, now=at(0))
    period = reading.quarter(QUARTER)
    said: dict[str, Any] = {"period": period, "now": at(AFTER)}
    keys = {"person": desk.handler.pk, "branch": desk.company.region.pk, "role": "handler"}
    found = {
        (kind, source): outcomes.figures(source, kind, [key], **said).get(key)
        for kind, key in keys.items()
        for source in ("callbacks", "on_time", "delay", "points")
    }
    for kind in keys:
        assert found[kind, "callbacks"] == (3, 4)
        # Apologised and answered at the hour of the receipt.
        assert found[kind, "delay"].n == 4  # type: ignore[union-attr]
    assert found["person", "points"] == (50, 1)
    assert found["role", "points"] == (50, 2)
    clocks = Timer.objects.milestones().with_verdict(at(AFTER))
    of_branch = clocks.filter(verdict_branch=desk.company.branch)
    verdicts = [row.verdict for row in of_branch]  # type: ignore[attr-defined]
    met, late = verdicts.count("met"), verdicts.count("breached")
    by_branch = outcomes.figures("on_time", "branch", [desk.company.branch.pk], **said)
    assert by_branch[desk.company.branch.pk] == (met, met + late)
    assert met > 0 < late
    earlier: dict[str, Any] = {"period": period.previous, "now": at(AFTER)}
    assert outcomes.figures("callbacks", "person", [desk.handler.pk], **earlier) == {}


def test_o21_closing_keeps_every_card_once_and_the_database_refuses_changes(desk: Desk) -> None:
    satisfied(desk, 9, of=10)
    period, by = reading.quarter(QUARTER), resources(desk)
    with refused(NotOpen):
        actions.close(period=period, by=by, now=at(0))
    with refused(Forbidden):
        actions.close(period=period, by=desk.general, now=at(AFTER))
    number = actions.close(period=period, by=by, now=at(AFTER))
    # Four handlers and managers, five branches and regions, five departments.
    assert number == Scorecard.objects.count() == 14
    with refused(NotOpen):
        actions.close(period=period, by=by, now=at(AFTER))
    card = Scorecard.objects.get(person=desk.handler)
    assert (card.barrier, card.place, card.of, card.branch) == ("", 1, 1, desk.company.branch)
    lines = card.lines.all()
    total = sum(line.score * line.share / 100 for line in lines if line.score is not None)
    assert float(total) == pytest.approx(float(card.score or 0), abs=0.05)
    neighbour = Scorecard.objects.get(person=desk.neighbour)
    assert (neighbour.barrier, neighbour.place) == ("customer", None)
    told = Message.objects.filter(text="scorecard_closed", channel="inbox")
    assert set(told.values_list("recipient", flat=True)) == {
        desk.handler.pk, desk.manager.pk, desk.neighbour.pk, desk.neighbour_manager.pk,
    }  # fmt: skip
    with translation.override("zh-hans"):
        assert "2026 年第 4 季度" in texts.render(told[0]).title
    for act in (
        lambda: Scorecard.objects.update(score=100),
        lambda: ScorecardLine.objects.update(score=100),
        lambda: CardScheme.objects.update(customer=50, process=30),
        lambda: CardSchemeLine.objects.update(target=1),
        ScorecardLine.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_o21_two_who_close_at_once_close_once(desk: Desk) -> None:
    period, by = reading.quarter(QUARTER), resources(desk)
    results = race(*[lambda: actions.close(period=period, by=by, now=at(AFTER))] * 3)
    assert sum(isinstance(each, NotOpen) for each in results) == 2
    assert Scorecard.objects.count() == 14


def test_o21_an_appeal_is_answered_by_another_and_kept(desk: Desk) -> None:
    card = closed(desk)
    closer = card.closed_by
    assert closer is not None
    said: dict[str, Any] = {"card": card, "text": "Line 1", "now": at(AFTER + 1)}
    with refused(Forbidden):
        actions.appeal(by=desk.manager, **said)
    with refused(Refused, "text"):
        actions.appeal(by=desk.handler, **said | {"text": " "})
    with refused(NotOpen):
        actions.appeal(by=desk.handler, **said | {"now": at(AFTER + 14 * 24 + 1)})
    appeal = actions.appeal(by=desk.handler, **said)
    with refused(NotOpen):
        actions.appeal(by=desk.handler, **said)
    heard = Message.objects.filter(text="scorecard_appealed", channel="inbox")
    assert [row.recipient for row in heard] == [desk.general]
    answer: dict[str, Any] = {
        "of": appeal, "is_granted": True, "words": "82", "now": at(AFTER + 2),
        "lines": [Corrected("callback", Decimal(82), 11)],
    }  # fmt: skip
    for who, kind in ((closer, Refused), (desk.manager, Forbidden)):
        with refused(kind):
            actions.answer(by=who, **answer)
    with refused(Refused, "words"):
        actions.answer(by=desk.general, **answer | {"words": ""})
    with refused(Refused, "lines"):
        actions.answer(by=desk.general, **answer | {"lines": answer["lines"] * 2})
    with pytest.raises(DatabaseError), transaction.atomic():
        CardAppeal.objects.update(
            status="granted", answer="x", answered_by=closer, answered_at=at(AFTER)
        )
    actions.answer(by=desk.general, **answer)
    with refused(NotOpen):
        actions.answer(by=desk.general, **answer | {"of": CardAppeal.objects.get()})
    for act in (lambda: CardAppeal.objects.update(text="x"), CardAppeal.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    page = text_of(client(desk.handler).get(f"/staff/scorecards/{card.pk}/"))
    assert "Appeal: Granted" in page


def appealed(desk: Desk, card: Scorecard) -> tuple[CardAppeal, Client, str]:
    """An appeal, who answers it, and where."""
    appeal = actions.appeal(card=card, text="Line 1", by=desk.handler, now=at(AFTER + 1))
    return appeal, client(desk.general), f"/staff/scorecards/{card.pk}/answer/"


def test_o21_a_granted_appeal_puts_the_figure_right_and_keeps_the_closed_one(desk: Desk) -> None:
    satisfied(desk, 7, of=10)
    revised()
    card = closed(desk)
    _appeal, boss, url = appealed(desk, card)
    form = boss.get(url).context["form"]
    given = {field.name: field.value() for field in form if field.value() is not None}
    granted = given | {"is_granted": "1", "words": "Two calls of a namesake were counted."}
    for wrong, words in (
        ({}, "Put at least one figure right"),
        ({"callback_value": "101"}, "Enter a share from 0 to 100."),
        ({"callback_value": ""}, "or leave the figure empty with 0."),
        ({"callback_value": "90", "is_granted": "0"}, "has no corrected figures."),
    ):
        answer = boss.post(url, granted | wrong)
        assert (answer.status_code, words in text_of(answer)) == (422, True), wrong
    assert Scorecard.objects.get(pk=card.pk).result == card
    right = {"callback_value": "87.5", "callback_n": "12"}
    assert boss.post(url, granted | right).status_code == 302
    row = Scorecard.objects.get(pk=card.pk)
    was, line = card.lines.get(measure="callback"), scoring.lines_of(row)[0]
    assert (line.value, line.n, line.was and (line.was.value, line.was.n)) == (87.5, 12, (70, 10))
    # 27.5 of 40 points between floor and target; the other lines count as they did.
    assert line.score == 68.75
    assert line.share == pytest.approx(float(was.share), abs=0.01)
    gained = (Decimal("68.75") - (was.score or 0)) * was.share / 100
    score = row.result.ranked_score
    assert score is not None
    assert float(score) == pytest.approx(float((card.score or 0) + gained), abs=0.02)
    assert (row.score, row.result.place, row.result.of) == (card.score, 1, 1)
    page = text_of(client(desk.handler).get(f"/staff/scorecards/{card.pk}/"))
    assert "87.5 % n = 12 as closed: 70.0 %, n = 10" in page
    assert f"{score:.1f} place 1 of 1" in page
    assert f"closed with {card.score:.1f}" in page
    told = Message.objects.filter(text="scorecard_answered", channel="inbox").get()
    shown = (told.context["score"], told.context["closed_score"])
    assert shown == (f"{score:.1f}", f"{card.score:.1f}")
    one = client(desk.handler).get(f"/api/v1/scorecards/{card.pk}/").json()
    assert (one["score"], one["closed_score"]) == (float(score), float(card.score or 0))
    assert one["lines"][0]["was"] == {"value": 70.0, "n": 10}
    for act in (lambda: CorrectedLine.objects.update(value=1), row.result.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_o21_a_corrected_card_is_ranked_among_its_peers(desk: Desk) -> None:
    """The other keeps the first place that it was told; the corrected one stands beside it."""
    satisfied(desk, 6, of=10)
    period, role = reading.quarter(QUARTER), "handler"
    card = closed(desk)
    other = Scorecard.objects.get(person=desk.neighbour)
    assert (card.scheme.post, other.scheme.post) == (role, role)
    assert list(reading.peers(card)) == [card, other]
    assert (card.place, other.place, other.score is None or other.ranked_score) == (1, None, None)
    appeal, *_page = appealed(desk, card)
    nothing = [Corrected("callback", None, 0)]
    actions.answer(of=appeal, is_granted=True, words="x", lines=nothing, by=desk.general,
                   now=at(AFTER + 2))  # fmt: skip
    row = Scorecard.objects.get(pk=card.pk)
    assert (row.result.barrier, row.result.place) == ("customer", None)
    listed = text_of(client(desk.handler).get("/staff/scorecards/", {"quarter": period.key}))
    assert "Not ranked Customers weigh less than half of what is known —" in listed
    assert "0.0" not in listed


def test_o05_o06_what_departments_say_counts_sideways_and_not_as_customers(desk: Desk) -> None:
    """Three of four customers, one of two departments of ours."""
    satisfied(desk, 3, of=4)
    department = CustomerFactory.create(kind="internal")
    for is_satisfied in (True, False):
        callbacks.record(
            complaint=desk.complaint("answered", customer=department), is_reached=True,
            is_satisfied=is_satisfied, score=8, words="", by=desk.quality, now=at(30),
        )  # fmt: skip
    said: dict[str, Any] = {"period": reading.quarter(QUARTER), "now": at(AFTER)}
    for kind, key in (("role", "handler"), ("branch", desk.company.branch.pk)):
        found = [
            outcomes.figures(name, kind, [key], **said)[key] for name in ("callbacks", "peers")
        ]
        assert found == [(3, 4), (1, 2)]


def test_o21_audits_and_training_are_lines_of_the_card(desk: Desk) -> None:
    """One of two items met at Wuxi, by headquarters alone; both came, with 80 and 60 of 100."""
    company, now = desk.company, at(0)
    edition = audit_factories.checklist(company.headquarters, now=now)
    for place, kind in (
        (company.branch, AuditKind.EFFECT),
        (company.branch, AuditKind.SELF),
        (company.sibling, AuditKind.SELF),
    ):
        audit_factories.found(place, desk.quality, edition=edition, kind=kind, now=now)
    course = learning_factories.course(desk.manager, company.branch, now=now)
    scores = {desk.handler.pk: 80, desk.manager.pk: 60}
    learning_factories.trained(
        course, company.branch, desk.quality, [desk.handler, desk.manager], scores=scores, now=now
    )
    said: dict[str, Any] = {"period": reading.quarter(QUARTER), "now": at(AFTER)}

    def figure(source: str, kind: str, key: Any) -> Any:
        return outcomes.figures(source, kind, [key], **said).get(key)

    assert figure("audits", "branch", company.region.pk) == (1, 2)
    assert figure("audits", "person", desk.manager.pk) == (1, 2)
    assert figure("audits", "person", desk.handler.pk) is None
    assert figure("courses", "branch", company.branch.pk) == (2, 2)
    assert figure("tests", "branch", company.branch.pk) == (140, 2)
    assert figure("tests", "person", desk.handler.pk) == (80, 1)
    assert figure("tests", "role", "branch_manager") == (60, 1)
    page = text_of(client(desk.manager).get("/staff/scorecards/now/", {"quarter": QUARTER}))
    for words in (
        "Met in audits by headquarters 50.0 % n = 2",
        "Came to the courses that they were to attend 100.0 % n = 1",
        "Mark in the tests of courses, of 100 60.0 n = 1",
        "Not ranked · Customers weigh less than half of what is known",
    ):
        assert words in page


def test_o21_a_card_is_seen_by_its_person_the_manager_and_human_resources(desk: Desk) -> None:
    card = closed(desk)
    assert card.closed_by is not None
    branch = Scorecard.objects.get(kind="branch", branch=desk.company.branch)
    for who, own, of_branch in (
        (desk.handler, 200, 200),
        (desk.manager, 200, 200),
        (card.closed_by, 200, 200),
        (desk.neighbour_manager, 404, 404),
        (desk.quality, 404, 200),
        (desk.executive, 404, 200),
    ):
        browser = client(who)
        for prefix in ("", "/api/v1"):
            root = f"{prefix}/staff/scorecards/" if not prefix else "/api/v1/scorecards/"
            assert browser.get(f"{root}{card.pk}/").status_code == own, who.name
            assert browser.get(f"{root}{branch.pk}/").status_code == of_branch, who.name
    assert client(desk.quality).get(f"/staff/scorecards/{branch.pk}/appeal/").status_code == 403
    listed = client(desk.handler).get("/api/v1/scorecards/?kind=person").json()["results"]
    assert [row["id"] for row in listed] == [card.pk]


def test_o21_pages_now_close_edit_and_list(desk: Desk) -> None:
    satisfied(desk, 2, of=2)
    boss, own = client(resources(desk)), client(desk.handler)
    for address, words in (
        ("/staff/scorecards/now/", "Satisfied at the callback 100.0 % n = 2"),
        ("/staff/scorecards/now/?branch=WX", "Scorecard now: Wuxi"),
        ("/staff/scorecards/schemes/", "Handler 60 % 20 % 10 % 10 %"),
    ):
        assert words in text_of(own.get(address, {"quarter": QUARTER} | _query(address)))
    assert own.get("/staff/scorecards/now/?quarter=2026-11").status_code == 404
    page = boss.get("/staff/scorecards/schemes/handler/")
    form = {field.name: field.value() for field in page.context["form"]}
    given = {name: value for name, value in form.items() if value is not None}
    wrong = boss.post("/staff/scorecards/schemes/handler/", given | {"customer": 40})
    assert (wrong.status_code, "weighs half or more" in text_of(wrong)) == (422, True)
    changed = given | {"customer": 70, "process": 10}
    assert boss.post("/staff/scorecards/schemes/handler/", changed).status_code == 302
    assert boss.post("/staff/scorecards/schemes/handler/", changed).status_code == 409
    assert CardScheme.objects.filter(post="handler").count() == 2
    assert boss.post("/staff/scorecards/close/2099-Q4/").status_code == 409
    assert boss.post("/staff/scorecards/close/2026-11/").status_code == 404
    assert Scorecard.objects.count() == 0


def _query(address: str) -> dict[str, str]:
    return {"branch": "WX"} if "branch" in address else {}


def test_o21_the_programme_says_what_is_to_be_done(desk: Desk) -> None:
    """After the quarter: to close, late after fourteen days; then to read, then to answer."""
    by = resources(desk)
    revised()

    def asked(person: Person, hour: float) -> list[tuple[str, bool]]:
        found = agenda(person, now=at(hour))
        today = timezone.localdate(at(hour))
        return [
            (task.words, task.due_on < today)
            for task in (*found.late, *found.week, *found.quarter)
            if "scorecard" in task.path
        ]

    assert asked(by, AFTER) == [("Close the scorecards of Quarter 4, 2026", False)]
    assert asked(by, AFTER + 10 * 24) == [("Close the scorecards of Quarter 4, 2026", True)]
    actions.close(period=reading.quarter(QUARTER), by=by, now=at(AFTER))
    assert asked(by, AFTER) == []
    card = Scorecard.objects.get(person=desk.handler)
    words = "Read your scorecard of Quarter 4, 2026; you can appeal"
    assert asked(desk.handler, AFTER) == [(words, False)]
    actions.appeal(card=card, text="x", by=desk.handler, now=at(AFTER))
    assert asked(desk.handler, AFTER) == []
    name = desk.handler.name
    assert asked(desk.general, AFTER) == [(f"Answer the appeal of {name}", False)]
    assert asked(by, AFTER) == []


@pytest.mark.parametrize("number", [1, 20])
def test_o21_the_list_asks_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    for _each in range(number):
        PersonFactory.create(branch=desk.company.branch, email="")
    card = closed(desk)
    browser = client(card.closed_by)  # type: ignore[arg-type]
    browser.get("/staff/scorecards/")
    with django_assert_num_queries(7):
        assert browser.get("/staff/scorecards/").status_code == 200
    with django_assert_num_queries(8):
        assert browser.get(f"/staff/scorecards/{card.pk}/").status_code == 200


def test_o21_s20_who_may_is_reminded_once_of_what_the_quarter_lacks(desk: Desk) -> None:
    """7 January is seven days after the quarter, 112 days after the start it is 10 March."""
    by, march = resources(desk), 112 * 24
    revised()
    assert [quarter_reminders.remind(now=at(hour)) for hour in (0, AFTER, AFTER + 1)] == [0, 1, 0]
    actions.close(period=reading.quarter(QUARTER), by=by, now=at(AFTER))
    card = Scorecard.objects.get(person=desk.handler)
    actions.appeal(card=card, text="x", by=desk.handler, now=at(AFTER))
    assert [quarter_reminders.remind(now=at(AFTER + 24 * n)) for n in (6, 7, 8)] == [0, 1, 0]
    assert quarter_reminders.remind(now=at(march)) == 0
    begin_round(now=at(0))
    assert [quarter_reminders.remind(now=at(march + n)) for n in (0, 1)] == [1, 0]
    told = Message.objects.filter(text="quarter_due").order_by("pk")
    assert [(row.context["what"], row.recipient) for row in told] == [
        ("cards", by), ("appeal", desk.general), ("round", by),
    ]  # fmt: skip
