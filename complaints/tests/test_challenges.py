"""Speaking for the customer (C-22): following, challenging, answering."""

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import (
    challenges,
    escalation,
    following,
    hand_overs,
    handling,
    receipts,
)
from complaints.models import Challenge, Complaint, Timer
from complaints.tests.clockwork import (
    Desk,
    again,
    at,
    hours,
    kinds,
    opened_desk,
    refused,
    told,
)
from complaints.tests.clockwork import clock as timer_of
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from csm.tests.api import refused as api_refused
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def representative(desk: Desk, place: str = "region", name: str = "rep") -> Person:
    branch = getattr(desk.company, place)
    return PersonFactory.create(
        branch=branch, role=Role.CUSTOMER_REPRESENTATIVE, email="", name=name
    )


def doubt(
    complaint: Complaint, by: Person, hour: float = 2, timer: Timer | None = None
) -> Challenge:
    return challenges.challenge(
        complaint=again(complaint), timer=timer, words="客户没有收到货", by=by, now=at(hour)
    )


def fresh(challenge: Challenge) -> Challenge:
    rows = Challenge.objects.select_related("complaint", "branch", "timer", "by")
    return rows.get(pk=challenge.pk)


def settle(
    challenge: Challenge, by: Person, hour: float = 3, outcome: str = "upheld", **more: Any
) -> None:
    given = {"words": "已核实，结果属实"} | more
    challenges.answer(challenge=fresh(challenge), outcome=outcome, by=by, now=at(hour), **given)


def test_c22_a_challenged_result_waits_for_the_issuing_unit(desk: Desk) -> None:
    complaint, rep = desk.complaint("answered", hour=1), representative(desk)
    made = doubt(complaint, rep)
    assert (made.sequence, made.about, made.branch, made.doubted) == (
        1, "result", desk.company.headquarters, desk.handler,
    )  # fmt: skip
    deadline = timer_of(complaint, "challenge")
    assert (hours(deadline.due_at), deadline.owner_branch, deadline.state) == (
        74, desk.company.headquarters, "running",
    )  # fmt: skip
    assert told("challenge_raised") == ["quality"]
    assert again(complaint).open_challenges == 1
    for person in (desk.handler, desk.manager, desk.specialist, desk.executive, rep):
        with refused(Forbidden):
            settle(made, person)
    settle(made, desk.quality)
    assert (fresh(made).outcome, fresh(made).answered_at) == ("upheld", at(3))
    deadline.refresh_from_db()
    assert (deadline.state, deadline.met_at, deadline.met_evidence) == (
        "met", at(3), f"challenge:{made.pk}",
    )  # fmt: skip
    assert again(complaint).open_challenges == 0
    assert again(complaint).status == "answered"
    assert told("challenge_answered") == ["handler", "rep"]
    assert kinds(complaint)[-2:] == ["challenged", "challenge_answered"]
    with refused(NotOpen):
        settle(made, desk.quality)


def test_c22_a_changed_result_opens_the_complaint_again(desk: Desk) -> None:
    complaint = desk.complaint("closed", hour=1)
    made = doubt(complaint, representative(desk))
    settle(made, desk.quality, outcome="changed", words="客户确未收到")
    found = again(complaint)
    assert (found.status, found.cycle, found.open_challenges) == ("handling", 2, 0)
    assert kinds(complaint)[-3:-1] == ["challenge_answered", "reopened"]
    assert told("complaint_reopened") == ["handler", "manager"]


def test_c22_a_verdict_is_challenged_by_its_clock_and_not_answered_by_its_owner(
    desk: Desk,
) -> None:
    """The callback's clock is that of the quality manager who judged the complaint."""
    complaint, rep = desk.complaint("called_back", hour=80, received_at=at(0)), representative(desk)
    late = timer_of(complaint, "callback")
    assert [row.kind for row in challenges.challengeable(complaint, now=at(81))] == [
        "apology", "result", "work_order", "callback",
    ]  # fmt: skip
    made = doubt(complaint, rep, 81, late)
    assert (made.about, made.timer, made.doubted) == ("verdict", late, desk.quality)
    with refused(Refused):
        doubt(complaint, rep, 82, late)
    result = doubt(complaint, rep, 82)
    assert result.sequence == 2
    with refused(Forbidden) as refusal:
        settle(made, desk.quality, 83)
    assert "your own work" in refusal.value.message
    settle(made, desk.director, 83, "explained")
    assert again(complaint).open_challenges == 1
    assert timer_of(complaint, "challenge", 2).state == "running"


def test_c22_closing_is_refused_while_a_challenge_waits(desk: Desk) -> None:
    complaint = desk.complaint("closed", hour=1)
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(2))
    other = desk.complaint("called_back", hour=1)
    made = doubt(other, representative(desk))
    assert "answer the challenge" in handling.missing_to_close(again(other))
    with refused(Refused) as refusal:
        handling.close(complaint=again(other), by=desk.quality, now=at(3))
    assert "answer the challenge" in refusal.value.message
    settle(made, desk.quality)
    assert "answer the challenge" not in handling.missing_to_close(again(other))
    assert Challenge.objects.filter(complaint=other).count() == 1, "the answered one stays"


def test_c22_other_acts_leave_the_deadline_of_the_challenge_alone(desk: Desk) -> None:
    complaint = desk.complaint("answered", hour=5, received_at=at(1), now=at(5))
    doubt(complaint, representative(desk), 6)
    receipts.correct(
        complaint=again(complaint), received_at=at(0), reason="电话记录", by=desk.quality, now=at(7)
    )
    hand_overs_before = timer_of(complaint, "challenge")
    assert hours(hand_overs_before.due_at) == 78
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(8))
    hand_overs.transfer(
        complaint=again(complaint), branch=desk.company.sibling, reason="x", by=desk.quality,
        now=at(9),
    )  # fmt: skip
    timer = timer_of(complaint, "challenge")
    assert (hours(timer.due_at), timer.state, timer.owner_branch) == (
        78, "running", desk.company.headquarters,
    )  # fmt: skip
    assert timer.next_fire_at is not None
    escalation.fire_due(now=at(79))
    fired = timer.events.filter(kind="step_fired")
    assert [row.data["milestone"] for row in fired] == ["challenge"]


def test_c22_what_cannot_be_challenged(desk: Desk) -> None:
    rep, complaint = representative(desk), desk.complaint()
    other, received = desk.complaint("answered"), desk.complaint("received")
    with refused(Refused, "about"):
        doubt(complaint, rep)
    with refused(Refused, "about"):
        doubt(complaint, rep, 0.5, timer_of(complaint, "result"))
    with refused(Refused, "about"):
        doubt(complaint, rep, 2, timer_of(other, "result"))
    with refused(Refused, "words"):
        challenges.challenge(complaint=again(complaint), words=" ", by=rep, now=at(2))
    for person in (desk.handler, desk.quality, desk.executive):
        with refused(Forbidden):
            doubt(complaint, person)
    far = representative(desk, "other_region", "far")
    with refused(Forbidden):
        doubt(complaint, far)
    with refused(NotOpen):
        doubt(received, rep)
    answered = desk.complaint("answered")
    with refused(Stale):
        challenges.challenge(complaint=again(answered), words="x", by=rep, now=at(2), version=1)


def test_c22_following_keeps_a_complaint_in_sight(desk: Desk) -> None:
    complaint, rep = desk.complaint("answered"), representative(desk, "branch")
    following.follow(complaint=again(complaint), by=rep, now=at(2))
    following.follow(complaint=again(complaint), by=rep, now=at(3))
    assert complaint.participants.filter(person=rep).count() == 1
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(4))
    Complaint.objects.filter(pk=complaint.pk).update(
        branch=desk.company.other_region, intake_branch=desk.company.other_region
    )
    client = signed_in(rep)
    url = reverse("complaint", args=(complaint.number,))
    assert client.get(url).status_code == 200
    assert complaint.number in client.get("/").content.decode(), "it is among their work"
    handling.answer(
        complaint=again(complaint), channel="phone", result="x", by=desk.specialist, now=at(5)
    )
    assert doubt(complaint, rep, 6).sequence == 1
    following.unfollow(complaint=again(complaint), by=rep, now=at(7))
    assert client.get(url).status_code == 404
    assert kinds(complaint).count("followed") == 1
    with refused(Forbidden):
        following.follow(complaint=again(complaint), by=desk.handler, now=at(8))


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "upheld"},
        {"about": "verdict"},
        {"outcome": "upheld", "answer": "x", "answered_at": at(3), "answered_by": "by"},
        {"outcome": "upheld", "answer": "x", "answered_at": at(3), "answered_by": "doubted"},
    ],
)
def test_the_database_refuses_what_no_action_would_write(wrong: dict[str, Any], desk: Desk) -> None:
    row = doubt(desk.complaint("answered"), representative(desk))
    people = {"by": row.by, "doubted": row.doubted}
    changed = {name: people.get(str(value), value) for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.filter(pk=row.pk).update(**changed)


@pytest.mark.django_db(transaction=True)
def test_race_challenged_and_closed_at_once_one_is_heard() -> None:
    desk = opened_desk()
    complaint, rep = desk.complaint("closed", hour=1), representative(desk)
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(2))
    Complaint.objects.filter(pk=complaint.pk).update(status="called_back", answered_at=at(3))
    Timer.objects.filter(complaint=complaint).update(state="void", next_fire_at=None)
    one, other = again(complaint), again(complaint)
    answers = race(
        partial(challenges.challenge, complaint=one, words="x", by=rep, now=at(4)),
        partial(handling.close, complaint=other, by=desk.quality, now=at(4)),
    )
    losers = [answer for answer in answers if isinstance(answer, Stale)]
    found = again(complaint)
    assert len(losers) == 1
    is_closed = answers[1] is None
    assert (found.status, found.open_challenges) == (
        ("closed", 0) if is_closed else ("called_back", 1)
    )
    assert Challenge.objects.count() == (0 if is_closed else 1)


@pytest.mark.django_db(transaction=True)
def test_race_two_answering_at_once_one_is_heard() -> None:
    desk = opened_desk()
    made = doubt(desk.complaint("answered"), representative(desk))
    one, other = fresh(made), fresh(made)
    answers = race(
        partial(
            challenges.answer, challenge=one, outcome="upheld", words="x", by=desk.quality,
            now=at(3),
        ),
        partial(
            challenges.answer, challenge=other, outcome="changed", words="y", by=desk.director,
            now=at(3),
        ),
    )  # fmt: skip
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    assert again(made.complaint).open_challenges == 0
    assert kinds(made.complaint).count("challenge_answered") == 1


def test_c22_the_pages_lead_from_the_challenge_to_its_answer(desk: Desk) -> None:
    rep, complaint = representative(desk), desk.complaint("answered", now=clock.now())
    client, quality = signed_in(rep), signed_in(desk.quality)
    page = reverse("complaint", args=(complaint.number,))
    assert "Follow for the customer" in client.get(page).content.decode()
    assert "Follow for the customer" not in quality.get(page).content.decode()
    assert client.post(f"{page}follow/").status_code == 303
    assert "Do not follow any more" in client.get(page).content.decode()
    url = reverse("complaint-challenges", args=(complaint.number,))
    assert "The result" in client.get(url).content.decode()
    before = everything()
    bad = client.post(url, {"about": "", "words": ""})
    assert bad.status_code == 422
    assert "There are 2 things to put right" in bad.content.decode()
    assert quality.post(url, {"about": "result", "words": "x"}).status_code == 403
    assert everything() == before
    words = "客户没有收到货 <b>"
    assert client.post(url, {"about": "result", "words": words}).status_code == 303
    listed = quality.get("/complaints/?challenge=open").content.decode()
    assert complaint.number in listed
    assert "1 challenged complaint to answer" in quality.get("/").content.decode()
    waiting = "/complaints/?waiting=challenge"
    assert [row.complaint for row in quality.get(waiting).context["rows"]] == [complaint]
    assert list(client.get(waiting).context["rows"]) == []
    shown = quality.get(page).content.decode()
    assert "1 challenge waits for its answer" in shown
    assert "客户没有收到货 &lt;b&gt;" in shown
    explained = quality.get(reverse("complaint-clocks", args=(complaint.number,)))
    assert "Challenge" in explained.content.decode()
    own = reverse("challenge", args=(complaint.number, Challenge.objects.get().pk))
    assert "Answer the challenge" not in client.get(own).content.decode()
    bad = quality.post(own, {"outcome": "", "words": "x"})
    assert bad.status_code == 422
    assert "Choose the outcome." in bad.content.decode()
    given = {"outcome": "upheld", "words": "签收单已附", "version": again(complaint).version}
    assert quality.post(own, given | {"version": 1}).status_code == 409
    assert quality.post(own, given).status_code == 303
    assert "签收单已附" in client.get(own).content.decode()
    assert complaint.number not in quality.get("/complaints/?challenge=open").content.decode()
    assert client.post(f"{page}unfollow/").status_code == 303


def test_the_challenges_ask_as_often_for_20_as_for_one(desk: Desk) -> None:
    rep, complaint = representative(desk), desk.complaint("answered")
    client = signed_in(desk.quality)
    url = reverse("complaint-challenges", args=(complaint.number,))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    settle(doubt(complaint, rep), desk.quality)
    first = queries()
    for _number in range(19):
        settle(doubt(complaint, rep), desk.quality)
    assert queries() == first


def test_c22_api_challenges_answers_and_follows(desk: Desk) -> None:
    complaint = desk.complaint("answered", now=clock.now())
    rep, quality = Caller(representative(desk)), Caller(desk.quality)
    url = f"complaints/{complaint.number}/"
    followed = rep.post(f"{url}follow/", {})
    assert [row["reason"] for row in followed.json()["participants"]] == ["customer_representative"]
    api_refused(quality.post(f"{url}follow/", {}), 403, "forbidden")
    api_refused(
        rep.post(f"{url}challenges/", {"milestone": "callback", "words": "x"}), 400, "refused"
    )
    made = rep.post(f"{url}challenges/", {"milestone": "apology", "words": "并未致歉"})
    assert made.status_code == 201
    assert made.json()["timer"] == {"milestone": "apology", "cycle": 1}
    rows = quality.get("complaints/?challenge=open").json()["results"]
    assert [row["number"] for row in rows] == [complaint.number]
    own = f"{url}challenges/{made.json()['id']}/answer/"
    api_refused(rep.post(own, {"outcome": "upheld", "words": "x"}), 403, "forbidden")
    api_refused(quality.post(own, {"outcome": "maybe", "words": "x"}), 400, "invalid")
    answered = quality.post(own, {"outcome": "explained", "words": "有录音"}).json()
    assert (answered["outcome"], answered["answer"]) == ("explained", "有录音")
    assert [row["number"] for row in rep.get(f"{url}challenges/").json()["results"]] == [1]
    assert rep.post(f"{url}unfollow/", {}).json()["participants"] == []
