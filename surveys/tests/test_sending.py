"""Invitations, reminders, wishes not to be asked, calls: each once, none too many (S-18, S-19)."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.mailbox import Mailbox
from csm.tests.race import race
from customers.actions.customers import change
from customers.factories import CustomerFactory
from customers.models import Customer, TimelineEntry
from organisation.actions.letter_delivery import deliver
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Letter, Person, PublicLink, Role
from surveys import factories
from surveys.actions import (
    after_closing,
    answering,
    calls,
    drawing,
    ending,
    opting_out,
    sending,
    surveys,
)
from surveys.actions.answering import Sender
from surveys.figures import Funnel, funnel
from surveys.models import Invitation, Survey

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def editor(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


def running(places: Tree, editor: Person, now: datetime, number: int = 3, **given: Any) -> Survey:
    """A survey that has drawn all of these customers."""
    for place in range(number):
        CustomerFactory.create(email=f"{place}@example.com", home_branch=places.branch)
    edition = factories.edition(places.headquarters, now=now)
    fields = {"name": "年度满意度", "name_en": "Yearly", "size": number} | given
    survey = surveys.create(
        branch=places.headquarters, edition=edition, by=editor, now=now, **fields
    )
    drawing.draw(survey=survey, by=editor, now=now)
    surveys.open_(survey=survey, by=editor, now=now)
    return survey


def statuses() -> Counter[tuple[str, int]]:
    return Counter(Invitation.objects.values_list("status", "reminders"))


def test_letters_speak_the_language_of_each_customer(
    places: Tree, editor: Person, now: datetime
) -> None:
    running(places, editor, now)
    first, second, third = Customer.objects.order_by("pk")
    change(customer=first, by=editor, now=now, language="en")
    change(customer=second, by=editor, now=now, language="zh-hans")
    sending.send(now=now)
    spoken = dict(Letter.objects.values_list("address", "language"))
    assert [spoken[f"{place}@example.com"] for place in range(3)] == ["en", "zh-hans", "zh-hans"]
    assert third.language == ""


def test_s18_each_is_invited_once_and_reminded_to_the_limit(
    places: Tree, editor: Person, now: datetime, smtp: Mailbox
) -> None:
    survey = running(places, editor, now)
    assert sending.send(now=now) == 3
    assert sending.send(now=now) == 0
    assert statuses() == {("sent", 0): 3}
    assert set(Invitation.objects.values_list("sent_at", "next_message_at")) == {
        (now, now + 3 * DAY)
    }
    first, second, third = Invitation.objects.order_by("pk")
    assert PublicLink.objects.count() == 3
    assert first.link is not None
    assert first.link.expires_at == now + 14 * DAY + 12 * HOUR
    Invitation.objects.filter(pk=second.pk).update(status="complete", next_message_at=None)
    opting_out.decline(customer=third.customer, by=None, now=now + DAY)
    for days in range(1, 14):
        sending.send(now=now + days * DAY)
    assert statuses() == {("sent", 2): 1, ("complete", 0): 1, ("opted_out", 0): 1}
    # That of who declined had not left yet.
    assert set(Letter.objects.values_list("key", flat=True)) == {
        *(f"survey:{first.pk}:{n}" for n in range(3)),
        f"survey:{second.pk}:0",
    }
    assert set(Letter.objects.values_list("is_bulk", "link__invitation__survey")) == {
        (True, survey.pk)
    }
    assert ending.end(now=now + 14 * DAY) == 1
    assert statuses() == {("expired", 2): 1, ("complete", 0): 1, ("opted_out", 0): 1}


def test_s18_nothing_leaves_in_quiet_hours(
    places: Tree, editor: Person, now: datetime, settings: Any
) -> None:
    settings.QUIET_FROM, settings.QUIET_UNTIL = time(22), time(7)
    night = datetime(2026, 11, 19, 15, tzinfo=UTC)  # 23:00 in Shanghai
    running(places, editor, night)
    assert sending.send(now=night) == 0
    assert sending.send(now=night + 7 * HOUR) == 0
    assert sending.send(now=night + 8 * HOUR) == 3


def test_s18_a_draft_or_a_closed_survey_sends_nothing(
    places: Tree, editor: Person, now: datetime
) -> None:
    survey = running(places, editor, now)
    surveys.close(survey=survey, by=editor, now=now)
    assert sending.send(now=now) == 0
    assert not Letter.objects.exists()


def test_s18_who_declines_while_being_drawn_is_not_sent_to(
    places: Tree, editor: Person, now: datetime
) -> None:
    running(places, editor, now)
    Customer.objects.filter(pk=Invitation.objects.earliest("pk").customer_id).update(
        declines_surveys_at=now
    )
    sending.send(now=now)
    assert statuses() == {("opted_out", 0): 1, ("sent", 0): 2}
    assert Letter.objects.count() == 2


def test_s18_a_letter_that_has_not_left_is_taken_back_when_nobody_is_awaited_any_more(
    smtp: Mailbox, places: Tree, editor: Person, now: datetime
) -> None:
    survey = running(places, editor, now, number=4)
    sending.send(now=now)
    declines, answers, late, _left = Invitation.objects.select_related("customer").order_by("pk")
    opting_out.decline(customer=declines.customer, by=None, now=now)
    factories.answered(answers, now, total=9)
    Invitation.objects.filter(pk=late.pk).update(expires_at=now + HOUR)
    ending.end(now=now + HOUR)
    assert Letter.objects.count() == 1
    surveys.close(survey=survey, by=editor, now=now)
    assert not Letter.objects.exists()
    assert deliver(now=now) == 0
    assert smtp.messages == []


def test_f17_a_letter_that_failed_for_good_makes_the_invitation_undeliverable(
    places: Tree, editor: Person, now: datetime
) -> None:
    running(places, editor, now)
    sending.send(now=now)
    first = Invitation.objects.earliest("pk")
    assert ending.end(now=now) == 0
    Letter.objects.filter(link=first.link).update(state="failed")
    assert ending.end(now=now) == 1
    first.refresh_from_db()
    assert (first.status, first.next_message_at) == ("undeliverable", None)
    assert sending.send(now=now + 3 * DAY) == 2


def test_s18_no_reminder_goes_to_an_address_that_does_not_exist(
    places: Tree, editor: Person, now: datetime, smtp: Mailbox
) -> None:
    survey = running(places, editor, now, number=4)
    gone, read, answers, later = Invitation.objects.order_by("address")
    smtp.unknown = {gone.address}
    sending.send(now=now)
    deliver(now=now)
    for row in (read, answers):
        answering.opened(sender=Sender(row), now=now + HOUR)
    fields = {"q-total": ["9"]}
    answering.save(sender=Sender(answers), fields=fields, by=None, now=now + HOUR)
    assert ending.end(now=now + HOUR) == 1
    assert funnel(survey, editor) == Funnel(sent=4, delivered=3, opened=2, begun=1, complete=1)
    # Addresses that go while the survey runs: nobody is told twice that it is gone.
    smtp.unknown = {read.address, later.address}
    assert sending.send(now=now + 3 * DAY) == 2
    deliver(now=now + 3 * DAY)
    assert ending.end(now=now + 3 * DAY) == 1
    assert sending.send(now=now + 6 * DAY) == 0
    rows = Invitation.objects.order_by("address").values_list("status", "reminders")
    assert list(rows) == [
        ("undeliverable", 0),
        ("opened", 1),
        ("complete", 0),
        ("undeliverable", 1),
    ]
    assert funnel(survey, editor) == Funnel(sent=4, delivered=2, opened=2, begun=1, complete=1)


@pytest.mark.django_db(transaction=True)
def test_s18_sweeps_at_once_send_each_message_once(now: datetime) -> None:
    places = tree()
    editor = PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)
    running(places, editor, now, number=12)
    found = race(*[lambda: sending.send(now=now)] * 8)
    assert sum(each for each in found if isinstance(each, int)) == 12
    assert (Letter.objects.count(), PublicLink.objects.count()) == (12, 12)
    race(*[lambda: ending.end(now=now + 15 * DAY)] * 8)
    assert statuses() == {("expired", 0): 12}


def asking(places: Tree, now: datetime, **given: Any) -> Survey:
    return factories.survey(places.region, now=now, after_closing=True, **given)


def closed(places: Tree, at: datetime, **given: Any) -> Complaint:
    """A complaint that was closed at that moment."""
    fields = {"branch": places.branch} | given
    if "customer" not in fields:
        fields["customer"] = CustomerFactory.create(email="li@example.com")
    row = ComplaintFactory.create(until="closed", **fields)
    Complaint.objects.filter(pk=row.pk).update(closed_at=at)
    return row


def test_s19_whoever_complained_is_asked_once_per_cycle_after_the_delay(
    places: Tree, now: datetime
) -> None:
    survey = asking(places, now, cool_down_days=0, delay_hours=24)
    complaint = closed(places, now + HOUR)
    closed(places, now - HOUR)  # before the survey began
    closed(places, now + HOUR, branch=places.other_region)
    closed(places, now + HOUR, customer=CustomerFactory.create(email=""))
    assert after_closing.invite(now=now + DAY) == 0
    assert after_closing.invite(now=now + DAY + HOUR) == 1
    assert after_closing.invite(now=now + DAY + HOUR) == 0
    row = Invitation.objects.get()
    assert (row.survey, row.complaint, row.cycle) == (survey, complaint, 1)
    assert (row.branch, row.address) == (places.branch, "li@example.com")
    assert row.next_message_at == now + DAY + HOUR
    Complaint.objects.filter(pk=complaint.pk).update(cycle=2, closed_at=now + 2 * DAY)
    assert after_closing.invite(now=now + 3 * DAY) == 1
    assert set(Invitation.objects.values_list("cycle", flat=True)) == {1, 2}


def test_s18_after_closing_the_cool_down_and_wishes_hold_and_nobody_is_asked_weeks_later(
    places: Tree, now: datetime
) -> None:
    asking(places, now)
    twice, declined = (CustomerFactory.create(email=f"{n}@example.com") for n in range(2))
    earlier = closed(places, now + HOUR, customer=twice)
    later = closed(places, now + 2 * HOUR, customer=twice)
    closed(places, now + HOUR, customer=declined)
    opting_out.decline(customer=declined, by=None, now=now)
    assert after_closing.invite(now=now + 2 * DAY) == 1
    assert Invitation.objects.get().complaint == later
    assert after_closing.invite(now=now + 8 * DAY) == 0
    assert after_closing.invite(now=now + 40 * DAY) == 0
    assert not earlier.invitations.exists()


def test_s19_what_is_invalid_or_merged_is_not_asked_about(places: Tree, now: datetime) -> None:
    asking(places, now, cool_down_days=0)
    kept = closed(places, now + HOUR)
    for status in ("invalid", "merged"):
        row = closed(places, now + HOUR)
        Complaint.objects.filter(pk=row.pk).update(
            status=status,
            closed_at=None,
            invalid_reason="x",
            merged_into=kept if status == "merged" else None,
        )
    assert after_closing.invite(now=now + 2 * DAY) == 1
    assert Invitation.objects.get().complaint == kept


@pytest.mark.django_db(transaction=True)
def test_s19_sweeps_at_once_ask_about_a_complaint_once(now: datetime) -> None:
    places = tree()
    asking(places, now)
    for number in range(4):
        customer = CustomerFactory.create(email=f"{number}@example.com")
        closed(places, now + HOUR, customer=customer)
    found = race(*[lambda: after_closing.invite(now=now + 2 * DAY)] * 6)
    assert sum(each for each in found if isinstance(each, int)) == 4
    assert Invitation.objects.count() == 4


def test_s18_declining_stops_what_is_on_its_way_and_may_be_taken_back(
    places: Tree, editor: Person, now: datetime
) -> None:
    running(places, editor, now, number=1)
    sending.send(now=now)
    customer = Customer.objects.get()
    stranger = PersonFactory.create(branch=places.sibling, role=Role.HANDLER)
    with pytest.raises(Forbidden):
        opting_out.decline(customer=customer, by=stranger, now=now)
    for _twice in range(2):
        opting_out.decline(customer=customer, by=editor, now=now + HOUR)
    assert statuses() == {("opted_out", 0): 1}
    opting_out.allow(customer=customer, by=editor, now=now + DAY)
    customer.refresh_from_db()
    assert customer.declines_surveys_at is None
    assert statuses() == {("opted_out", 0): 1}
    assert TimelineEntry.objects.filter(kind="survey_wish").count() == 2


def test_s01_by_phone_a_customer_is_called_to_the_limit(
    places: Tree, editor: Person, now: datetime
) -> None:
    survey = running(places, editor, now, number=3, method="phone", remind_at_most=2)
    assert sending.send(now=now) == 0
    silent, busy, unwilling = Invitation.objects.order_by("pk").select_related("survey")
    for number, next_at in enumerate((now + 3 * HOUR, now + 4 * HOUR, None)):
        at = now + number * HOUR
        call = calls.record(invitation=silent, outcome="no_reply", by=editor, now=at)
        assert call.next_at == silent.call_at == next_at
    assert (silent.status, silent.sent_at) == ("sent", now)
    calls.record(
        invitation=busy, outcome="reached", by=editor, now=now, next_at=now + DAY, version=1
    )
    assert busy.call_at == now + DAY
    with pytest.raises(Refused, match="still to come"):
        calls.record(invitation=busy, outcome="reached", by=editor, now=now, next_at=now)
    calls.record(invitation=unwilling, outcome="declines", by=editor, now=now, never_again=True)
    assert unwilling.status == "opted_out"
    assert Customer.objects.filter(declines_surveys_at=now).count() == 1
    with pytest.raises(NotOpen), transaction.atomic():
        calls.record(invitation=unwilling, outcome="reached", by=editor, now=now)
    surveys.close(survey=survey, by=editor, now=now)
    busy = Invitation.objects.select_related("survey").get(pk=busy.pk)
    with pytest.raises(NotOpen), transaction.atomic():
        calls.reveal(invitation=busy, by=editor, now=now)
