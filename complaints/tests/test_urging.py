"""催办 (`sla.md` §3): the owner is urged at most once in ten minutes; counted and shown."""

import pytest
from django.urls import reverse

from complaints.actions import handling, notes, urging
from complaints.models import Complaint
from complaints.tests.clockwork import (
    Desk,
    again,
    at,
    dues,
    kinds,
    opened_desk,
    refused,
    told,
)
from complaints.tests.rows import signed_in
from csm.kit import clock as database_clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from csm.tests.race import race
from organisation.actions import people
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Posting, Role

pytestmark = pytest.mark.django_db
TEN_MINUTES = 1 / 6


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def urge(complaint: Complaint, by: Person, hour: float) -> None:
    urging.urge(complaint=again(complaint), by=by, now=at(hour))


def test_the_owner_hears_and_it_is_counted(desk: Desk) -> None:
    complaint = desk.complaint()
    before = (dues(complaint), complaint.version)
    urge(complaint, desk.director, 2)
    with refused(Refused):
        urge(complaint, desk.director, 2 + TEN_MINUTES - 0.001)
    with refused(Refused):
        urge(complaint, desk.quality, 2.1)
    urge(complaint, desk.quality, 2 + TEN_MINUTES)
    complaint = again(complaint)
    assert (complaint.urge_count, complaint.urged_at) == (2, at(2 + TEN_MINUTES))
    # No deadline moves, and no page that somebody has open grows stale.
    assert (dues(complaint), complaint.version) == before
    assert told("complaint_urged") == ["handler", "handler"]
    events = complaint.events.filter(kind="urged").order_by("pk")
    assert [(event.by, event.data) for event in events] == [
        (desk.director, {"count": 1}), (desk.quality, {"count": 2}),
    ]  # fmt: skip
    message = Message.objects.filter(text="complaint_urged").latest("pk")
    assert (message.context["by"], message.context["count"]) == ("quality", 2)


def test_who_is_urged_is_who_owns_the_next_clock(desk: Desk) -> None:
    """Before the triage quality; nobody named: the branch manager; the callback: who triaged."""
    received = desk.complaint("received")
    urge(received, desk.director, 1)
    unnamed = desk.complaint("assigned", handler=None)
    urge(unnamed, desk.director, 1)
    answered = desk.complaint("answered")
    order = answered.timers.get(kind="work_order")
    order.state, order.met_at, order.next_fire_at = "met", at(1), None
    order.save()
    urge(answered, desk.director, 1)
    disabled = desk.complaint()
    people.change(person=desk.handler, by=None, now=at(1), is_active=False)
    urge(disabled, desk.director, 1)
    heard = Message.objects.filter(text="complaint_urged").order_by("pk")
    assert list(heard.values_list("recipient__name", flat=True)) == [
        "quality", "manager", "quality", "manager",
    ]  # fmt: skip
    Posting.objects.filter(role=Role.BRANCH_MANAGER).delete()
    urge(disabled, desk.director, 2)
    # Nobody manages the branch: that is no empty room either.
    assert heard.latest("pk").recipient == desk.quality


def test_whoever_takes_part_may_urge_and_the_owner_not_themselves(desk: Desk) -> None:
    complaint = desk.complaint()
    desk_clerk = PersonFactory.create(name="clerk", branch=desk.company.sibling)
    with refused(Forbidden):
        urge(complaint, desk_clerk, 2)
    notes.write(complaint=again(complaint), text="@clerk 请看", by=desk.handler, now=at(2))
    urge(complaint, desk_clerk, 2)
    with refused(Forbidden):
        urge(complaint, desk.handler, 3)
    with refused(Forbidden):
        urge(complaint, desk.executive, 3)
    invalid = desk.complaint()
    Complaint.objects.filter(pk=invalid.pk).update(
        status="invalid_proposed", invalid_reason="x", invalid_proposed_by=desk.quality
    )
    with refused(NotOpen):
        urge(invalid, desk.quality, 3)
    # What is over may still be urged while a clock of it runs, as the callback's.
    handling.answer(
        complaint=again(complaint), channel="phone", result="x", by=desk.handler, now=at(3)
    )
    urge(complaint, desk.manager, 4)
    assert kinds(complaint)[-1] == "urged"


def test_doors_urge_and_show_the_count(desk: Desk) -> None:
    complaint = desk.complaint(now=database_clock.now())
    url = f"complaints/{complaint.number}/urge/"
    assert Caller(desk.quality).post(url, {}).status_code == 200
    again_at_once = Caller(desk.director).post(url, {})
    assert (again_at_once.status_code, again_at_once.json()["code"]) == (409, "refused")
    client = signed_in(desk.quality)
    page = client.post(reverse("complaint-urge", args=(complaint.number,)))
    assert page.status_code == 422
    assert "urged less than 10 minutes ago" in page.content.decode()
    assert "This was not done</h2>" in page.content.decode(), "nothing typed is to be put right"
    shown = client.get(reverse("complaint", args=(complaint.number,))).content.decode()
    assert "urged the owner (urge no. 1)" in shown
    assert again(complaint).urge_count == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_urging_at_once_one_is_heard() -> None:
    desk = opened_desk()
    complaint = desk.complaint()
    urgers = [desk.quality, desk.director, desk.general, desk.manager]
    pages = [(again(complaint), person) for person in urgers]
    answers = race(*(
        lambda page=page, person=person: urging.urge(complaint=page, by=person, now=at(2))
        for page, person in pages
    ))  # fmt: skip
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType"] + ["Refused"] * 3
    assert again(complaint).urge_count == 1
    assert told("complaint_urged") == ["handler"]
    assert kinds(complaint).count("urged") == 1
