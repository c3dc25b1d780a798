"""Answers: in range, once, resumable, changeable for twelve hours; low ones become work (S-05)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from complaints.models import DissatisfiedItem
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.race import race
from customers.factories import CustomerFactory
from customers.models import TimelineEntry
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Role
from surveys import factories
from surveys.actions import answering
from surveys.actions.answering import Sender
from surveys.given import from_program
from surveys.models import Answer, Invitation, Question, Response, Source, Survey, SurveyStatus

pytestmark = pytest.mark.django_db
GOOD = {"q-total": ["9"], "q-recommend": ["10"], "q-wish": ["快一点"]}


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def invitation(places: Tree, now: datetime) -> Invitation:
    return factories.invitation(factories.survey(places.headquarters, now=now), places.branch, now)


def send(via: Any, fields: Any, now: datetime, **given: Any) -> Response:
    sender = Sender(via, session_hash=given.pop("session", ""), device_hash=given.pop("device", ""))
    return answering.save(sender=sender, fields=fields, by=given.pop("by", None), now=now, **given)[
        0
    ]


def values(response: Response) -> dict[str, Any]:
    rows = response.answers.select_related("question")
    return {row.question.key + row.item: row.value or row.text for row in rows}


def test_s04_a_sheet_is_kept_on_its_way_resumed_and_complete_once(
    invitation: Invitation, now: datetime
) -> None:
    first = send(invitation, {"q-total": ["9"]}, now, is_complete=False)
    invitation.refresh_from_db()
    assert (invitation.status, first.completed_at) == ("partial", None)
    response = send(invitation, GOOD, now + timedelta(hours=1))
    invitation.refresh_from_db()
    assert response == first
    assert (invitation.status, invitation.next_message_at) == ("complete", None)
    assert values(response) == {"total": 9, "recommend": 10, "wish": "快一点"}
    assert TimelineEntry.objects.filter(customer=invitation.customer).count() == 1

    changed = send(invitation, {"q-total": ["8"]}, now + timedelta(hours=12.9))
    assert values(changed) == {"total": 8}
    assert changed.changed_at == now + timedelta(hours=12.9)
    with pytest.raises(NotOpen):
        send(invitation, GOOD, now + timedelta(hours=13.1))
    assert Response.objects.count() == 1
    assert TimelineEntry.objects.filter(customer=invitation.customer).count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"q-total"}),
        ({"q-total": ["11"]}, {"q-total"}),
        ({"q-total": ["-1"]}, {"q-total"}),
        ({"q-total": ["7.5"]}, {"q-total"}),
        ({"q-total": ["NaN"]}, {"q-total"}),
        ({"q-total": ["1e400"]}, {"q-total"}),
        ({"q-total": ["9"], "q-recommend": ["zehn"]}, {"q-recommend"}),
        ({"q-total": ["9"], "q-wish": ["字" * 1_000_000]}, {"q-wish"}),
        ({"q-total": ["3"], "why-total": ["字" * 5001]}, {"why-total"}),
    ],
)
def test_what_is_out_of_range_is_refused_and_changes_nothing(
    invitation: Invitation, now: datetime, fields: Any, wrong: set[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        send(invitation, fields, now)
    assert set(refusal.value.fields) >= wrong
    assert (Response.objects.count(), Answer.objects.count()) == (0, 0)
    invitation.refresh_from_db()
    assert invitation.status == "sent"


def test_s05_a_low_answer_opens_one_item_with_the_customers_words(
    invitation: Invitation, now: datetime
) -> None:
    low = GOOD | {"q-total": ["6"], "why-total": ["异常响应速度较慢"]}
    response = send(invitation, low, now)
    send(invitation, low | {"q-wish": ["x"]}, now + timedelta(hours=1))
    [item] = DissatisfiedItem.objects.all()
    assert (item.customer, item.branch) == (invitation.customer, invitation.branch)
    assert (item.score, item.threshold) == (Decimal("6.00"), Decimal("7.00"))
    assert (item.opinion, item.origin, item.recorded_by) == ("异常响应速度较慢", "survey", None)
    assert item.survey_answer.response == response
    # Who changes the mind later changes the figure; the work stays, and shows both.
    send(invitation, GOOD, now + timedelta(hours=2))
    assert DissatisfiedItem.objects.get().survey_answer.value == 9
    send(invitation, {"q-total": ["9"]}, now + timedelta(hours=3))
    assert values(response) == {"total": 9}


def test_b21_fifty_posts_at_once_are_one_answer(
    transactional_db: None, places: Tree, now: datetime
) -> None:
    row = factories.invitation(factories.survey(places.headquarters, now=now), places.branch, now)
    results = race(
        *(lambda n=n: send(row, GOOD | {"q-total": [str(n % 7)]}, now) for n in range(12))
    )
    assert len({result.pk for result in results if isinstance(result, Response)}) == 1
    assert (Response.objects.count(), Answer.objects.count()) == (1, 3)
    assert DissatisfiedItem.objects.count() == 1


def test_s02_staff_type_in_what_is_said_on_the_phone_and_it_is_counted_apart(
    places: Tree, invitation: Invitation, now: datetime
) -> None:
    desk = PersonFactory.create(branch=places.branch, role=Role.FRONT_DESK)
    neighbour = PersonFactory.create(branch=places.sibling, role=Role.FRONT_DESK)
    with pytest.raises(Forbidden):
        send(invitation, GOOD, now, by=neighbour, source=Source.PHONE)
    response = send(invitation, GOOD, now, by=desk, source=Source.PHONE)
    assert (response.source, response.entered_by) == ("phone", desk)
    with pytest.raises(NotOpen):
        send(invitation, GOOD, now + timedelta(hours=1), by=desk, source=Source.PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(entered_by=None)


def test_f22_an_anonymous_answer_names_nobody_and_no_hour(places: Tree, now: datetime) -> None:
    survey = factories.survey(places.headquarters, now=now, is_anonymous=True)
    row = factories.invitation(survey, places.branch, now)
    with pytest.raises(NotOpen):
        send(row, GOOD, now, is_complete=False)
    response = send(row, GOOD | {"q-total": ["1"]}, now, device="d" * 64)
    row.refresh_from_db()
    assert row.status == "complete"
    assert (response.customer, response.invitation, response.device_hash) == (None, None, "")
    assert {response.started_at, response.completed_at} == {
        datetime.fromisoformat("2026-11-19T00:00+08:00")
    }
    assert DissatisfiedItem.objects.count() == 0
    with pytest.raises(NotOpen):
        send(row, GOOD, now)
    assert Response.objects.count() == 1


def test_an_expired_closed_or_declined_survey_takes_nothing(
    places: Tree, invitation: Invitation, now: datetime
) -> None:
    with pytest.raises(NotOpen):
        send(invitation, GOOD, invitation.expires_at)
    Invitation.objects.filter(pk=invitation.pk).update(status="opted_out", next_message_at=None)
    with pytest.raises(NotOpen):
        send(invitation, GOOD, now)
    other = factories.invitation(
        invitation.survey, places.branch, now, customer=CustomerFactory.create()
    )
    Survey.objects.update(status=SurveyStatus.CLOSED, closed_at=now)
    other.refresh_from_db()
    with pytest.raises(NotOpen):
        send(Invitation.objects.get(pk=other.pk), GOOD, now)
    assert Response.objects.count() == 0


def test_s01_at_a_counter_a_browser_answers_once_and_a_burst_is_flagged(
    places: Tree, now: datetime
) -> None:
    counter = factories.counter(factories.survey(places.headquarters, now=now), places.branch, now)
    first = send(counter, GOOD, now, session="a" * 64, device="d" * 64)
    assert send(counter, GOOD, now, session="a" * 64, device="d" * 64) == first
    assert (first.source, first.branch, first.customer) == ("intercept", places.branch, None)
    marks = [send(counter, GOOD, now, session=s * 64, device="d" * 64).suspicion for s in "bcd"]
    assert (first.suspicion, marks) == ("", ["", "burst", "burst"])
    assert Response.objects.count() == 4


def test_programs_and_forms_are_read_alike() -> None:
    rows: list[dict[str, Any]] = [
        {"question": "total", "value": 6, "text": "慢", "importance": 7},
        {"question": "ways", "choices": ["late", "broken"]},
        {"question": "grid", "item": "speed", "value": 3},
        {"question": "wish", "text": "快"},
    ]
    questions = [Question(key=key) for key in ("total", "ways", "wish")]
    questions.append(Question(key="grid", items=[{"key": "speed"}]))
    assert from_program(rows, questions) == {
        "q-total": ["6"],
        "why-total": ["慢"],
        "importance-total": ["7"],
        "q-ways": ["late", "broken"],
        "q-grid--speed": ["3"],
        "q-wish": ["快"],
    }
