"""The ledger of points: what earns, caps, what is taken back, who sees it (F-21, B-24)."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import Client

from complaints.actions import assessments, callbacks, handling
from complaints.models import CallbackAttempt
from complaints.tests.clockwork import Desk, again, at, opened_desk
from complaints.tests.test_assessments import appealed
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Person, Role
from staff.actions import earning, point_rules, points
from staff.factories import earned
from staff.models import (
    PointAccount,
    PointEntry,
    PointRule,
    PointRuleRevision,
    SourceKind,
    Trigger,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    PointRuleRevision.objects.all().delete()
    PointRule.objects.all().delete()
    return opened_desk()


def rule(code: str, trigger: Trigger, number: int, **more: Any) -> PointRule:
    given = {"name": code, "points": number, "cap": None} | more
    return point_rules.create(code=code, trigger=trigger, by=None, now=at(-24), **given)


def balance(person: Person) -> int:
    """As it is kept; the sum of the entries must say the same."""
    kept = PointAccount.objects.filter(person=person).values_list("balance", flat=True).first()
    total = PointEntry.objects.filter(person=person).aggregate(total=Sum("points"))["total"]
    assert (kept or 0) == (total or 0)
    return kept or 0


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def test_f21_worked_figures(desk: Desk) -> None:
    """+50 star, +30 innovation, −20 attitude, +20 appeal reversal: 80."""
    rule("star", Trigger.STAR, 50)
    rule("innovation", Trigger.INNOVATION, 30)
    off = rule("assessment", Trigger.ASSESSMENT, -20)
    place = desk.company.branch
    for trigger in (Trigger.STAR, Trigger.INNOVATION, Trigger.ASSESSMENT):
        earned(desk.handler, place, trigger=trigger, now=at(0))
    assert balance(desk.handler) == 60
    points.reverse(entry=PointEntry.objects.get(rule=off), reason="", by=None, now=at(1))
    assert balance(desk.handler) == 80
    with pytest.raises(NotOpen):
        points.reverse(
            entry=PointEntry.objects.get(rule=off, reverses=None), reason="", by=None, now=at(2)
        )
    assert PointEntry.objects.count() == 4


def test_b24_the_database_refuses_to_change_the_ledger(desk: Desk) -> None:
    rule("star", Trigger.STAR, 50)
    entry = earned(desk.handler, desk.company.branch, now=at(0))
    rows, revisions = PointEntry.objects.filter(pk=entry.pk), PointRuleRevision.objects.all()
    accounts = PointAccount.objects.filter(person=desk.handler)
    for act in (
        lambda: rows.update(points=500),
        rows.delete,
        lambda: revisions.update(points=500),
        revisions.delete,
        lambda: accounts.update(balance=500),
        lambda: PointAccount.objects.create(person=desk.neighbour, balance=500),
        accounts.delete,
        lambda: accounts.update(person=desk.neighbour),
        lambda: _emptied("staff_pointentry"),
        lambda: _emptied("staff_pointaccount"),
        lambda: _emptied("staff_fundentry"),
        lambda: _emptied("staff_starballot"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert balance(desk.handler) == 50
    assert not PointAccount.objects.filter(person=desk.neighbour).exists()


def _emptied(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_f21_the_database_takes_a_source_once_per_rule_and_its_opposite_once(desk: Desk) -> None:
    rule("star", Trigger.STAR, 50)
    entry = earned(desk.handler, desk.company.branch, now=at(0))
    opposite = points.reverse(entry=entry, reason="", by=None, now=at(1))
    for row in (entry, opposite):
        again = PointEntry.objects.get(pk=row.pk)
        again.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)
    assert (PointEntry.objects.count(), balance(desk.handler)) == (2, 0)


def test_f21_a_satisfied_callback_earns_once_and_a_reopening_takes_it_back(desk: Desk) -> None:
    rule("callback", Trigger.CALLBACK, 5)
    complaint = desk.complaint("answered")
    callbacks.record(
        complaint=complaint,
        is_reached=True,
        is_satisfied=True,
        score=9,
        words="",
        by=desk.quality,
        now=at(30),
    )
    assert [earning.settle(now=at(30 + n)) for n in range(3)] == [1, 0, 0]
    entry = PointEntry.objects.get()
    assert (entry.person, entry.points, entry.by) == (desk.handler, 5, None)
    handling.reopen(complaint=again(complaint), reason="Not so", by=desk.quality, now=at(40))
    assert [earning.settle(now=at(40 + n)) for n in range(3)] == [1, 0, 0]
    assert balance(desk.handler) == 0
    assert PointEntry.objects.get(reverses=entry).points == -5


def test_f21_whoever_asks_the_customer_earns_nothing_by_it(desk: Desk) -> None:
    rule("callback", Trigger.CALLBACK, 5)
    complaint = desk.complaint("answered")
    CallbackAttempt.objects.create(
        complaint=complaint, at=at(30), by=desk.handler, is_reached=True, is_satisfied=True
    )
    assert earning.settle(now=at(31)) == 0


def test_f21_a_deduction_waits_for_its_appeal_however_long_and_is_no_managers_to_undo(
    desk: Desk,
) -> None:
    rule("assessment", Trigger.ASSESSMENT, -2)
    row = appealed(desk, by=desk.handler, person=desk.handler, points=3)
    upheld = 24 * 40
    assessments.finish(
        assessment=row, is_upheld=True, words="属实", by=desk.general, now=at(upheld)
    )
    assert (earning.settle(now=at(upheld + 1)), balance(desk.handler)) == (1, -6)
    entry = PointEntry.objects.get()
    for by in (desk.director, desk.manager):
        with pytest.raises(NotOpen):
            points.reverse(entry=entry, reason="算了", by=by, now=at(upheld + 2))
    url = f"/staff/points/{entry.pk}/take-back/"
    page = client(desk.manager).get(f"/staff/points/people/{desk.handler.pk}/")
    assert "Take back" not in text_of(page)
    assert client(desk.manager).post(url, {"reason": "算了"}).status_code == 409
    assert balance(desk.handler) == -6


def satisfied(desk: Desk, hours: float) -> None:
    callbacks.record(
        complaint=desk.complaint("answered"),
        is_reached=True,
        is_satisfied=True,
        score=9,
        words="",
        by=desk.quality,
        now=at(hours),
    )


def test_f21_a_cap_holds_for_its_period(desk: Desk) -> None:
    rule("callback", Trigger.CALLBACK, 5, cap=10)
    for hour in (30, 31, 32):
        satisfied(desk, hour)
    assert earning.settle(now=at(33)) == 2
    assert (earning.settle(now=at(34)), balance(desk.handler)) == (0, 10)
    # The next month has room again: 18 November and 336 hours are 2 December.
    satisfied(desk, 24 * 14)
    assert (earning.settle(now=at(24 * 14 + 1)), balance(desk.handler)) == (1, 15)


def test_f21_a_rule_holds_from_its_revision_on_and_can_be_switched_off(desk: Desk) -> None:
    found = rule("callback", Trigger.CALLBACK, 5)
    satisfied(desk, 30)
    said: dict[str, Any] = {"name": "x", "cap": None, "by": None}
    point_rules.revise(rule=found, seen=1, points=8, now=at(31), **said)
    satisfied(desk, 32)
    point_rules.revise(rule=found, seen=2, points=8, is_on=False, now=at(33), **said)
    satisfied(desk, 34)
    assert earning.settle(now=at(35)) == 2
    assert sorted(PointEntry.objects.values_list("points", flat=True)) == [5, 8]


def test_f21_who_has_left_earns_nothing(desk: Desk) -> None:
    rule("star", Trigger.STAR, 50)
    Person.objects.filter(pk=desk.handler.pk).update(is_active=False)
    gone = Person.objects.get(pk=desk.handler.pk)
    award: dict[str, Any] = {
        "branch": desk.company.branch,
        "trigger": Trigger.STAR,
        "source_kind": SourceKind.STAR,
        "source_id": 1,
        "earned_on": date(2026, 11, 18),
        "now": at(0),
    }
    assert points.award(person=gone, **award) == []
    assert not PointEntry.objects.exists()


def giving(desk: Desk, **more: Any) -> dict[str, Any]:
    revision = PointRuleRevision.objects.newest().get(rule__trigger=Trigger.BY_HAND)
    return {
        "person": desk.handler,
        "branch": desk.company.branch,
        "revision": revision,
        "reason": "Stayed until the goods were there",
        "nonce": 7,
        "by": desk.manager,
        "now": at(1),
    } | more


def test_f21_t15_a_manager_gives_with_a_reason_and_a_form_counts_once(
    desk: Desk,
) -> None:
    rule("manager", Trigger.BY_HAND, 5, cap=10, cites="Staff rules, article 12")
    first, second = (points.give(**giving(desk)) for _time in range(2))
    assert (first, balance(desk.handler)) == (second, 5)
    for refused, wrong in (
        ("reason", {"reason": " "}),
        ("person", {"person": desk.manager}),
        ("person", {"person": desk.neighbour}),
    ):
        with pytest.raises(Refused) as refusal:
            points.give(**giving(desk, nonce=8, **wrong))
        assert list(refusal.value.fields) == [refused]
    with pytest.raises(Forbidden):
        points.give(**giving(desk, nonce=8, branch=desk.company.sibling))
    points.give(**giving(desk, nonce=9))
    # The company's rule stands where it is given and where it is read (T-15).
    assert "Staff rules, article 12" in text_of(client(desk.manager).get("/staff/points/give/"))
    assert "by Staff rules, article 12" in text_of(client(desk.handler).get("/staff/points/"))
    with pytest.raises(Refused) as refusal:
        points.give(**giving(desk, nonce=10))
    assert list(refusal.value.fields) == ["person"]
    assert balance(desk.handler) == 10


@pytest.mark.django_db(transaction=True)
def test_f21_two_managers_at_once_do_not_pass_the_cap() -> None:
    PointRuleRevision.objects.all().delete()
    PointRule.objects.all().delete()
    desk = opened_desk()
    rule("manager", Trigger.BY_HAND, 5, cap=5)
    jobs = [lambda nonce=nonce: points.give(**giving(desk, nonce=nonce)) for nonce in range(20, 24)]
    results = race(*jobs)
    assert sum(isinstance(result, PointEntry) for result in results) == 1
    assert balance(desk.handler) == 5


def test_f21_a_used_rule_stays(desk: Desk) -> None:
    used, unused = rule("star", Trigger.STAR, 50), rule("by-hand", Trigger.BY_HAND, 5)
    earned(desk.handler, desk.company.branch, now=at(0))
    point_rules.delete(rule=unused, by=None, now=at(1))
    with pytest.raises(NotOpen):
        point_rules.delete(rule=used, by=None, now=at(1))
    assert list(PointRule.objects.all()) == [used]
    for wrong in (
        {"points": 0},
        {"points": -5},
        {"points": 5, "cap": 4},
        {"points": 5, "cap": 10**30},
    ):
        with pytest.raises(Refused):
            rule("wrong", Trigger.STAR, **({"number": wrong.pop("points")} | wrong))
    assert PointRule.objects.count() == 1


def test_f21_pages_statement_board_and_taking_back(desk: Desk) -> None:
    rule("manager", Trigger.BY_HAND, 5)
    entry = points.give(**giving(desk))
    own, boss = client(desk.handler), client(desk.manager)
    assert "Stayed until the goods" in text_of(own.get("/staff/points/"))
    board = "/staff/board/?period=2026-11"
    assert "1 handler (me) Wuxi 5" in text_of(own.get(board))
    assert own.get(f"/staff/points/people/{desk.handler.pk}/").status_code == 403
    assert (
        client(desk.neighbour_manager).get(f"/staff/points/people/{desk.handler.pk}/").status_code
        == 404
    )
    own.post("/staff/points/shown/", {"is_shown": "0"})
    assert "Nobody earned points" in text_of(boss.get(board))
    url = f"/staff/points/{entry.pk}/take-back/"
    assert boss.post(url, {"reason": ""}).status_code == 422
    assert boss.post(url, {"reason": "It was somebody else"}).status_code == 302
    assert boss.post(url, {"reason": "Again"}).status_code == 409
    assert balance(desk.handler) == 0
    assert "Taken back: manager" in text_of(own.get("/staff/points/"))


@pytest.mark.parametrize("number", [1, 20])
def test_f21_the_statement_asks_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    rule("star", Trigger.STAR, 50)
    for _each in range(number):
        earned(desk.handler, desk.company.branch, now=at(0))
    browser = client(desk.handler)
    browser.get("/staff/points/")
    with django_assert_num_queries(7):
        assert browser.get("/staff/points/").status_code == 200
    with django_assert_num_queries(7):
        assert browser.get("/staff/board/?period=2026-11").status_code == 200


def test_f21_rules_are_edited_at_headquarters_only(desk: Desk) -> None:
    found = rule("star", Trigger.STAR, 50)
    resources = PersonFactory.create(branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES)
    browser = client(resources)
    given = {"name": "Star", "points": "60", "cap": "", "cap_period": "month", "is_on": "on"}
    assert browser.post(f"/staff/rules/{found.pk}/", given | {"seen": "1"}).status_code == 302
    assert browser.post(f"/staff/rules/{found.pk}/", given | {"seen": "1"}).status_code == 409
    wrong = browser.post("/staff/rules/new/", given | {"code": "star", "trigger": "star"})
    assert (wrong.status_code, "this code already" in text_of(wrong)) == (422, True)
    assert "+60" in text_of(browser.get("/staff/rules/"))
    assert "Add a rule" not in text_of(client(desk.manager).get("/staff/rules/"))
    assert client(desk.manager).get(f"/staff/rules/{found.pk}/").status_code == 403
    assert found.revisions.count() == 2
