"""Merging duplicates (`sla.md` rule 8): the earliest receipt, the worst verdict, both answered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from complaints.actions import (
    hand_overs,
    handling,
    merging,
    pauses,
    receipts,
    triage,
    waivers,
    work_orders,
)
from complaints.factories import SECTIONS, WorkOrderFactory
from complaints.models import Complaint, OrderStatus, Pause, Timer
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
    states,
    told,
    verdicts,
)
from complaints.tests.rows import signed_in
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from csm.tests.race import race
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def customer(desk: Desk) -> Customer:
    return CustomerFactory.create(home_branch=desk.company.branch)


def merge(desk: Desk, one: Complaint, into: Complaint, hour: float, **more: Any) -> None:
    given: dict[str, Any] = {"by": desk.quality, "now": at(hour)} | more
    merging.merge(complaint=again(one), into=again(into), **given)


def apologise(desk: Desk, complaint: Complaint, hour: float, by: Person | None = None) -> None:
    handling.apologise(
        complaint=again(complaint), channel="phone", words="抱歉", by=by or desk.quality,
        now=at(hour),
    )  # fmt: skip


def elsewhere(desk: Desk) -> dict[str, Any]:
    """At Suzhou, the sibling of Wuxi."""
    return {"branch": desk.company.sibling, "handler": desk.neighbour}


def test_rule_8_the_survivor_keeps_the_earliest_receipt_and_deadlines(desk: Desk) -> None:
    survivor = desk.complaint(hour=5)
    duplicate = desk.complaint(**elsewhere(desk))
    merge(desk, duplicate, survivor, 6)
    survivor, duplicate = again(survivor), again(duplicate)
    assert (duplicate.status, duplicate.merged_into) == ("merged", survivor)
    assert (survivor.received_at, survivor.logged_at) == (at(0), at(5))
    assert dues(survivor) == {"apology": 1, "result": 24, "work_order": 48, "callback": 72}
    assert {row.started_at for row in survivor.timers.all()} == {at(0)}
    assert survivor.next_due_at == at(1)
    assert set(states(duplicate).values()) == {"void"}
    assert (duplicate.next_due_at, set(verdicts(duplicate, 99).values())) == (None, {"void"})
    assert not duplicate.timers.exclude(next_fire_at=None).exists()
    # What was overdue at Suzhou is Suzhou's; what is still ahead is of who goes on.
    assert owners(survivor) == {
        "apology": "SZ", "result": "WX", "work_order": "WX", "callback": "HQ",
    }  # fmt: skip
    assert kinds(duplicate)[-1] == "merged"
    here = survivor.events.get(kind="merged_here")
    assert here.data["duplicate"] == duplicate.pk
    assert {one["timer"] for one in here.data["clocks"]} == {
        row.pk for row in survivor.timers.all()
    }
    assert told("complaint_merged") == ["handler", "neighbour"]


def test_rule_8_the_duplicates_customer_is_answered_too(desk: Desk) -> None:
    survivor, duplicate = desk.complaint(), desk.complaint()
    merge(desk, duplicate, survivor, 1)
    handling.answer(
        complaint=again(survivor), channel="phone", result="x", by=desk.handler, now=at(2)
    )
    answered = duplicate.events.get(kind="answered_with")
    assert (answered.at, answered.by, answered.data) == (
        at(2), desk.handler, {"into": survivor.pk},
    )  # fmt: skip
    page = signed_in(desk.quality).get(reverse("complaint", args=(duplicate.number,)))
    assert "recorded the result with the complaint that goes on:" in page.content.decode()


def test_rule_8_the_page_that_goes_on_names_the_customer_who_waits_too(
    desk: Desk, customer: Customer
) -> None:
    """The reminder stands where the apology and the result are recorded; the way to the number."""
    survivor, other = desk.complaint(), desk.complaint(customer=customer)
    url = reverse("complaint", args=(survivor.number,))
    before = signed_in(desk.quality).get(url).content.decode()
    assert "merged into this one" not in before
    merge(desk, other, survivor, 0.5)
    text = signed_in(desk.quality).get(url).content.decode()
    words = "1 complaint was merged into this one: tell its customer, too."
    assert text.count(words) == 2
    facts = text.partition("Merged into it")[2].partition("</div>")[0]
    assert f'href="/complaints/{other.number}/"' in facts
    assert customer.name in facts


def test_rule_8_a_later_duplicate_makes_nothing_later(desk: Desk) -> None:
    survivor, duplicate = desk.complaint(), desk.complaint(hour=5)
    before = dues(survivor)
    merge(desk, duplicate, survivor, 6)
    assert dues(survivor) == before
    assert again(survivor).received_at == at(0)


# Hours at which either was received and its customer had the apology; when they are merged;
# deadline, verdict and whose it is.
WORST = {
    "both running": ((0.5, None), (0, None), 0.9, (1, "running", "WX")),
    "the duplicate is late": ((0.5, None), (0, None), 1.2, (1, "breached", "SZ")),
    "the survivor is late": ((0, None), (1.5, None), 2, (1, "breached", "WX")),
    "both kept, the duplicate due first": ((0.5, 0.9), (0, 0.7), 2, (1, "met", "SZ")),
    "both kept, the duplicate later": ((0, 0.9), (0.5, 1.4), 2, (1, "met", "WX")),
    "kept here, late there": ((0.5, 0.9), (0, 1.5), 2, (1, "breached", "SZ")),
    "kept here, overdue there": ((1.5, 1.6), (0, None), 2, (1, "breached", "SZ")),
    "late here, kept there": ((0, 1.5), (0.5, 1.2), 2, (1, "breached", "WX")),
    "open here, kept there": ((1.5, None), (0, 0.7), 2, (2.5, "running", "WX")),
    "kept here, open there": ((0, 0.7), (1.5, None), 2, (1, "met", "WX")),
}


@pytest.mark.parametrize("case", WORST)
def test_rule_8_the_worst_verdict_of_the_two_stays(
    desk: Desk, customer: Customer, case: str
) -> None:
    mine, other, hour, expected = WORST[case]
    survivor = desk.complaint(hour=mine[0], customer=customer)
    duplicate = desk.complaint(hour=other[0], customer=customer, **elsewhere(desk))
    for complaint, apologised in ((survivor, mine[1]), (duplicate, other[1])):
        if apologised is not None:
            apologise(desk, complaint, apologised)
    merge(desk, duplicate, survivor, hour)
    found = clock(survivor, "apology")
    verdict = verdicts(survivor, hour)["apology"]
    assert (dues(survivor)["apology"], verdict, found.verdict_branch.code) == expected
    assert verdicts(survivor, 999)["apology"] == ("met" if verdict == "met" else "breached")


def test_rule_8_no_later_pause_or_correction_softens_the_harder_clock(desk: Desk) -> None:
    """The survivor had waited five hours; the duplicate, received an hour later, had not."""
    survivor, duplicate = desk.complaint(), desk.complaint(hour=1)
    pauses.pause(complaint=again(survivor), reason="x", by=desk.handler, now=at(2))
    pauses.resume(complaint=again(survivor), by=desk.handler, now=at(7))
    merge(desk, duplicate, survivor, 8)
    assert dues(survivor) == {"apology": 1, "result": 25, "work_order": 49, "callback": 73}
    pauses.pause(complaint=again(survivor), reason="x", by=desk.handler, now=at(9))
    pauses.resume(complaint=again(survivor), by=desk.handler, now=at(10))
    assert dues(survivor) == {"apology": 1, "result": 26, "work_order": 50, "callback": 74}
    assert clock(survivor, "result").paused_seconds == 3600
    merged_late = desk.complaint(received_at=at(-4), hour=10)
    merge(desk, survivor, merged_late, 11)
    with refused(Refused, "received_at"):
        receipts.correct(
            complaint=again(merged_late), received_at=at(0.5), reason="x", by=desk.quality,
            now=at(12),
        )  # fmt: skip


def test_rule_8_pauses_end_with_the_merge(desk: Desk) -> None:
    survivor, duplicate = desk.complaint(), desk.complaint()
    for complaint in (survivor, duplicate):
        pauses.pause(complaint=again(complaint), reason="x", by=desk.handler, now=at(2))
    merge(desk, duplicate, survivor, 4)
    assert dues(survivor) == {"apology": 1, "result": 26, "work_order": 50, "callback": 74}
    assert set(states(survivor).values()) == {"running"}
    assert not Pause.objects.filter(ended_at=None).exists()
    assert again(duplicate).paused_at is None


def test_rule_8_a_duplicate_hurries_the_cycle_that_runs(desk: Desk, customer: Customer) -> None:
    survivor = desk.complaint("answered", customer=customer)
    duplicate = desk.complaint(hour=1, customer=customer)
    handling.reopen(complaint=again(survivor), reason="x", by=desk.quality, now=at(10))
    assert dues(survivor)["result 2"] == 34
    merge(desk, duplicate, survivor, 11)
    assert dues(survivor)["result 2"] == 25
    assert (dues(survivor)["result"], verdicts(survivor, 99)["result"]) == (24, "met")


def test_rule_8_the_duplicates_draft_goes_along_or_is_annulled(desk: Desk) -> None:
    survivor, duplicate = desk.complaint(), desk.complaint(**elsewhere(desk))
    draft = WorkOrderFactory.create(complaint=again(duplicate), filler=desk.neighbour, now=at(1))
    merge(desk, duplicate, survivor, 2)
    draft.refresh_from_db()
    assert (draft.status, draft.branch, draft.owner) == ("draft", survivor.branch, desk.handler)
    work_orders.submit(order=draft, by=desk.handler, now=at(3))
    assert clock(survivor, "work_order").met_at == at(3)
    third = desk.complaint()
    second = WorkOrderFactory.create(complaint=again(third), filler=desk.handler, now=at(3))
    merge(desk, third, survivor, 4)
    second.refresh_from_db()
    assert second.status == OrderStatus.ANNULLED


def test_rule_8_an_order_submitted_for_the_duplicate_was_submitted_for_both(
    desk: Desk, customer: Customer
) -> None:
    """At two o'clock, when the survivor was still at Wuxi."""
    survivor, duplicate = desk.complaint(), desk.complaint(**elsewhere(desk))
    order = WorkOrderFactory.create(
        complaint=again(duplicate), filler=desk.neighbour, now=at(2), until="submitted"
    )
    hand_overs.transfer(
        complaint=again(survivor), branch=desk.company.child, reason="x", by=desk.quality, now=at(3)
    )
    merge(desk, duplicate, survivor, 4)
    mine = clock(survivor, "work_order")
    assert (mine.state, mine.met_at, mine.met_evidence) == ("met", at(2), f"order:{order.pk}")
    assert (mine.owner_branch.code, mine.verdict_branch.code) == ("WX1", "WX")
    reopened = desk.complaint("answered", customer=customer)
    handling.reopen(complaint=again(reopened), reason="x", by=desk.quality, now=at(5))
    another = desk.complaint(customer=customer, **elsewhere(desk))
    work_orders.submit(
        order=WorkOrderFactory.create(complaint=again(another), filler=desk.neighbour, now=at(3)),
        by=desk.neighbour, now=at(4), **SECTIONS,
    )  # fmt: skip
    merge(desk, another, reopened, 6)
    assert clock(reopened, "work_order", 2).state == "running", "of before it was opened again"


def test_rule_8_who_was_merged_before_points_to_the_one_that_goes_on(desk: Desk) -> None:
    first, second, third = (desk.complaint() for _ in range(3))
    merge(desk, first, second, 1)
    merge(desk, second, third, 2)
    assert again(first).merged_into == again(second).merged_into == third


def _itself(desk: Desk, one: Complaint, two: Complaint) -> tuple[Complaint, Complaint]:
    return one, one


def _circle(desk: Desk, one: Complaint, two: Complaint) -> tuple[Complaint, Complaint]:
    merge(desk, one, two, 1)
    return desk.complaint(), one


def _answered(desk: Desk, one: Complaint, two: Complaint) -> tuple[Complaint, Complaint]:
    return one, desk.complaint("answered")


def _not_apologised(desk: Desk, one: Complaint, two: Complaint) -> tuple[Complaint, Complaint]:
    apologise(desk, two, 0.5)
    return one, two


def _reopened(desk: Desk, one: Complaint, two: Complaint) -> tuple[Complaint, Complaint]:
    one = desk.complaint("answered")
    handling.reopen(complaint=again(one), reason="x", by=desk.quality, now=at(1))
    return one, two


def _asked(desk: Desk, one: Complaint, two: Complaint) -> tuple[Complaint, Complaint]:
    waivers.ask(
        complaint=again(one), milestone="result", code="authority", words="x",
        by=desk.handler, now=at(1),
    )  # fmt: skip
    return one, two


def _waived(desk: Desk, one: Complaint, two: Complaint) -> tuple[Complaint, Complaint]:
    """The duplicate's apology is overdue; here it is waived."""
    waivers.ask(
        complaint=again(two), milestone="apology", code="authority", words="x",
        by=desk.handler, now=at(1),
    )  # fmt: skip
    waivers.grant(complaint=again(two), by=desk.director, now=at(1))
    return one, two


Prepare = Callable[[Desk, Complaint, Complaint], tuple[Complaint, Complaint]]


@pytest.mark.parametrize(
    ("prepare", "fields"),
    [
        (_itself, ["into"]),
        (_circle, ["into"]),
        (_answered, ["into"]),
        (_not_apologised, []),
        (_reopened, []),
        (_asked, []),
        (_waived, ["into"]),
    ],
)
def test_rule_8_what_would_lose_something_is_refused(
    desk: Desk, prepare: Prepare, fields: list[str]
) -> None:
    one, two = prepare(desk, desk.complaint(), desk.complaint())
    with refused(Refused, *fields):
        merge(desk, one, two, 2)


def test_only_who_may_merge_both_and_only_while_it_is_open(desk: Desk) -> None:
    one, two = desk.complaint(), desk.complaint()
    with refused(Forbidden):
        merge(desk, one, two, 2, by=desk.handler)
    with refused(Stale):
        merge(desk, one, two, 2, version=1)
    merge(desk, one, two, 2)
    with refused(NotOpen):
        merge(desk, one, two, 3)
    answered = desk.complaint("answered")
    with refused(NotOpen):
        merge(desk, answered, two, 3)
    received = desk.complaint("received")
    triage.propose_invalid(complaint=received, reason="x", by=desk.quality, now=at(1))
    with refused(Refused, "into"):
        merge(desk, two, received, 3)


def test_doors_merge_by_number(desk: Desk) -> None:
    now = database_clock.now()
    one, two = (desk.complaint(now=now) for _ in range(2))
    caller = Caller(desk.quality)
    url = f"complaints/{one.number}/merge/"
    unknown = caller.post(url, {"into": "TS-1"})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (400, ["into"])
    merged = caller.post(url, {"into": two.number}).json()
    assert (merged["status"], merged["merged_into"]) == ("merged", two.number)
    assert again(one).merged_into == two
    circle = caller.post(f"complaints/{two.number}/merge/", {"into": one.number})
    assert (circle.status_code, list(circle.json()["fields"])) == (400, ["into"])


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_close_no_circle_and_split_no_complaint() -> None:
    desk = opened_desk()
    one, two, three = (desk.complaint() for _ in range(3))
    circle = race(lambda: merge(desk, one, two, 1), lambda: merge(desk, two, one, 1))
    assert sum(answer is None for answer in circle) == 1
    merged = Complaint.objects.get(status="merged")
    left = again(two if merged == one else one)
    assert (left.status, left.merged_into, merged.merged_into) == ("handling", None, left)
    fourth = desk.complaint()
    pages = [again(three), again(three)]
    split = race(
        lambda: merging.merge(complaint=pages[0], into=left, by=desk.quality, now=at(2)),
        lambda: merging.merge(complaint=pages[1], into=fourth, by=desk.quality, now=at(2)),
    )
    assert sorted(type(answer).__name__ for answer in split) == ["NoneType", "Stale"]
    assert again(three).merged_into == (left if split[0] is None else fourth)
    counted = Timer.objects.exclude(state="void").values_list("complaint", flat=True)
    assert set(counted) == {left.pk, fourth.pk}
