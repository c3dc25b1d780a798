"""Hand-overs (`sla.md` rule 3): transferred, accepted or declined, no deadline moves."""

import pytest

from complaints.actions import hand_overs, handling
from complaints.factories import WorkOrderFactory
from complaints.models import Complaint
from complaints.tests.clockwork import (
    Desk,
    again,
    at,
    clock,
    dues,
    kinds,
    opened_desk,
    owners,
    refused,
    told,
)
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from csm.tests.race import race
from organisation.models import Message, Person

pytestmark = pytest.mark.django_db
DUES = {"apology": 1, "result": 24, "work_order": 48, "callback": 72}


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def to_suzhou(desk: Desk, complaint: Complaint, hour: float) -> None:
    hand_overs.transfer(
        complaint=again(complaint), branch=desk.company.sibling, handler=desk.neighbour,
        reason="由苏州承运", by=desk.quality, now=at(hour),
    )  # fmt: skip


def decline(complaint: Complaint, by: Person, hour: float) -> None:
    hand_overs.decline(complaint=again(complaint), reason="不是我们", by=by, now=at(hour))


def chain(complaint: Complaint) -> list[tuple[str, str, str]]:
    """From, to, and what became of it."""
    rows = complaint.hand_overs.select_related("from_branch", "to_branch")
    return [
        (
            row.from_branch.code,
            row.to_branch.code,
            "accepted" if row.accepted_at else "declined" if row.declined_at else "waits",
        )
        for row in rows
    ]


def test_rule_3_a_transfer_waits_for_acceptance_and_moves_no_deadline(desk: Desk) -> None:
    complaint = desk.complaint()
    to_suzhou(desk, complaint, 5)
    complaint = again(complaint)
    assert (complaint.status, complaint.branch.code, complaint.handler) == (
        "assigned", "SZ", desk.neighbour,
    )  # fmt: skip
    assert dues(complaint) == DUES
    # The apology was due at Wuxi; what lies ahead is Suzhou's, accepted or not.
    assert owners(complaint) == {
        "apology": "WX", "result": "SZ", "work_order": "SZ", "callback": "HQ",
    }  # fmt: skip
    assert clock(complaint, "result").owner == desk.neighbour
    assert chain(complaint) == [("HQ", "WX", "accepted"), ("WX", "SZ", "waits")]
    hand_overs.accept(complaint=complaint, by=desk.neighbour_manager, now=at(6))
    row = complaint.hand_overs.latest("pk")
    assert (row.accepted_at, row.accepted_by, row.reason) == (
        at(6), desk.neighbour_manager, "由苏州承运",
    )  # fmt: skip
    assert (again(complaint).status, again(complaint).handler) == ("handling", desk.neighbour)
    assert kinds(complaint)[-2:] == ["transferred", "accepted"]
    assert dues(complaint) == DUES


@pytest.mark.parametrize(
    ("hour", "said", "verdict"),
    [(5, 4, "WX"), (5, 5, "SZ"), (5, 6, "SZ"), (23.99, 30, "SZ"), (24, 30, "WX"), (25, 24, "WX")],
)
def test_rule_3_the_verdict_is_of_who_owned_it_when_it_was_decided(
    desk: Desk, hour: float, said: float, verdict: str
) -> None:
    """Transferred at `hour`; the result was given when `said`. A transfer at 24 h is too late."""
    complaint = desk.complaint()
    to_suzhou(desk, complaint, hour)
    handling.answer(
        complaint=again(complaint), channel="phone", result="x", by=desk.neighbour,
        at=at(said), now=at(31),
    )  # fmt: skip
    assert owners(complaint)["result"] == verdict


def test_rule_3_declined_it_goes_back_to_whom_it_came_from(desk: Desk) -> None:
    complaint = desk.complaint()
    draft = WorkOrderFactory.create(complaint=again(complaint), filler=desk.handler, now=at(1))
    to_suzhou(desk, complaint, 5)
    Message.objects.all().delete()
    decline(complaint, desk.neighbour, 6)
    complaint = again(complaint)
    assert (complaint.status, complaint.branch.code, complaint.handler) == (
        "assigned", "WX", desk.handler,
    )  # fmt: skip
    assert dues(complaint) == DUES
    assert owners(complaint)["result"] == "WX"
    row = complaint.hand_overs.get(to_branch=desk.company.sibling)
    assert (row.declined_at, row.declined_by, row.accepted_at) == (at(6), desk.neighbour, None)
    assert chain(complaint) == [
        ("HQ", "WX", "accepted"), ("WX", "SZ", "declined"), ("SZ", "WX", "waits"),
    ]  # fmt: skip
    # Who triaged must find the right branch.
    assert told("complaint_assigned") == ["handler", "manager", "quality"]
    draft.refresh_from_db()
    assert (draft.branch.code, draft.owner) == ("WX", desk.handler)


def test_rule_3_what_came_back_declined_goes_on_to_the_unit_that_triaged(desk: Desk) -> None:
    """Wuxi and Suzhou do not play it back and forth for ever."""
    complaint = desk.complaint()
    to_suzhou(desk, complaint, 5)
    decline(complaint, desk.neighbour, 6)
    decline(complaint, desk.manager, 7)
    assert again(complaint).branch.code == "HQ"
    with refused(Refused):
        decline(complaint, desk.quality, 8)


def test_rule_3_declined_after_the_triage_it_goes_to_the_unit(desk: Desk) -> None:
    complaint = desk.complaint("assigned")
    decline(complaint, desk.handler, 2)
    complaint = again(complaint)
    assert (complaint.branch.code, complaint.handler) == ("HQ", None)
    assert owners(complaint)["result"] == "HQ"
    assert chain(complaint) == [("HQ", "WX", "declined"), ("WX", "HQ", "waits")]


def test_bad_input_is_refused_and_changes_nothing(desk: Desk) -> None:
    complaint = desk.complaint()
    with refused(NotOpen):
        decline(complaint, desk.handler, 2)
    with refused(Refused, "branch"):
        hand_overs.transfer(
            complaint=again(complaint), branch=desk.company.branch, reason="x", by=desk.quality,
            now=at(2),
        )  # fmt: skip
    to_suzhou(desk, complaint, 5)
    with refused(Refused, "reason"):
        hand_overs.decline(complaint=again(complaint), reason=" ", by=desk.neighbour, now=at(6))
    for person in (desk.handler, desk.manager, desk.director):
        with refused(Forbidden):
            decline(complaint, person, 6)


def test_doors_transfer_and_decline(desk: Desk) -> None:
    complaint = desk.complaint(now=database_clock.now())
    url = f"complaints/{complaint.number}"
    body = {"branch": "SZ", "reason": "由苏州承运"}
    before = dues(complaint)
    moved = Caller(desk.quality).post(f"{url}/transfer/", body).json()
    assert {row["milestone"]: row["owner_branch"]["code"] for row in moved["timers"]} == {
        "apology": "SZ", "result": "SZ", "work_order": "SZ", "callback": "HQ",
    }  # fmt: skip
    back = Caller(desk.neighbour).post(f"{url}/decline/", {"reason": "不是我们"})
    assert (back.status_code, back.json()["branch"]["code"]) == (200, "WX")
    assert dues(complaint) == before


@pytest.mark.django_db(transaction=True)
def test_accepted_and_declined_at_once_one_is_heard() -> None:
    desk = opened_desk()
    complaint = desk.complaint()
    to_suzhou(desk, complaint, 5)
    one, other = again(complaint), again(complaint)
    answers = race(
        lambda: hand_overs.accept(complaint=one, by=desk.neighbour, now=at(6)),
        lambda: hand_overs.decline(
            complaint=other, reason="x", by=desk.neighbour_manager, now=at(6)
        ),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    place = again(complaint).branch.code
    assert place == ("SZ" if answers[0] is None else "WX")
    assert owners(complaint)["result"] == clock(complaint, "result").owner_branch.code == place
