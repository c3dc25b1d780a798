"""Who is told at once: the event report (C-07) and the result of the callback (C-13)."""

from typing import Any

import pytest

from complaints.actions import handling, triage
from complaints.factories import CategoryFactory
from complaints.tests.clockwork import Desk, again, at, opened_desk, refused, told
from csm.kit import clock as database_clock
from csm.kit.errors import Refused
from csm.tests.api import Caller
from organisation.factories import PersonFactory
from organisation.models import Message, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def test_c07_the_apology_goes_to_the_specialist_with_copies_to_director_and_manager(
    desk: Desk,
) -> None:
    complaint = desk.complaint(now=database_clock.now())
    body = {"channel": "phone", "words": "抱歉，今天送到。"}
    assert Caller(desk.handler).post(f"complaints/{complaint.number}/apologise/", body).status_code
    rows = Message.objects.filter(text="event_report")
    assert told("event_report") == ["director", "general", "specialist"]
    assert {(row.channel, row.state, row.path) for row in rows} == {
        ("inbox", "sent", f"/complaints/{complaint.number}/")
    }
    assert rows[0].context == {
        "number": complaint.number, "subject": complaint.subject,
        "by": "handler", "words": "抱歉，今天送到。",
    }  # fmt: skip
    # Nobody hears of their own act, a refused apology reports nothing.
    other = desk.complaint()
    with refused(Refused, "words"):
        handling.apologise(
            complaint=again(other), channel="phone", words=" ", by=desk.specialist, now=at(1)
        )
    handling.apologise(
        complaint=again(other), channel="phone", words="x", by=desk.specialist, now=at(1)
    )
    assert told("event_report")[-3:] == ["general", "general", "specialist"]
    assert len(told("event_report")) == 5


def test_c07_before_the_triage_the_specialist_nearest_to_the_intake_hears(desk: Desk) -> None:
    PersonFactory.create(
        name="near", branch=desk.company.region, role=Role.QUALITY_SPECIALIST, email=""
    )
    complaint = desk.complaint("received")
    handling.apologise(
        complaint=complaint, channel="phone", words="x", by=desk.quality, now=at(0.5)
    )
    assert told("event_report") == ["director", "general", "near"]
    triage.judge_valid(
        complaint=again(complaint), branch=desk.company.other_region, severity="normal",
        category=CategoryFactory.create(), by=desk.quality, now=at(1),
    )  # fmt: skip
    assert Message.objects.filter(text="event_report").count() == 3, "once"


CALLS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "satisfied": (
        {"reached": True, "satisfied": True, "score": 9, "words": "很快"},
        {"is_reached": True, "is_satisfied": True, "score": 9, "words": "很快"},
    ),
    "not satisfied": (
        {"reached": True, "satisfied": False, "score": 2, "words": "没人提损失"},
        {"is_reached": True, "is_satisfied": False, "score": 2, "words": "没人提损失"},
    ),
    "no answer": (
        {"reached": False, "next_at": "2099-01-05T09:30:00Z"},
        {"is_reached": False, "is_satisfied": None, "score": None, "words": ""},
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_c13_every_result_of_a_callback_goes_to_the_specialist_at_once(
    desk: Desk, call: str
) -> None:
    body, said = CALLS[call]
    complaint = desk.complaint("answered", now=database_clock.now())
    answer = Caller(desk.quality).post(f"complaints/{complaint.number}/callback/", body)
    assert answer.status_code == 200
    # Written by the act itself: nothing has swept.
    [row] = Message.objects.filter(text="callback_result")
    assert row.recipient == desk.specialist
    assert row.context == said | {
        "number": complaint.number, "subject": complaint.subject, "by": "quality",
    }  # fmt: skip
