"""One person, one mail: whatever waits, however many sweeps are at work (sla.md §3, A-03)."""

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from csm.tests.mailbox import Mailbox
from csm.tests.race import race
from organisation import outbox
from organisation.actions import delivery
from organisation.factories import PersonFactory
from organisation.models import Delivery, Importance, Message, Person
from organisation.outbox import Notice

pytestmark = pytest.mark.django_db


def clocks(
    people: list[Person], count: int, milestone: str, importance: Importance, now: datetime
) -> None:
    """So many messages of a ladder for each of the people."""
    outbox.put_all(
        [
            Notice(
                key=f"timer:{milestone}:{importance}:{place}",
                people=[person.pk for person in people],
                text="timer_step",
                context={
                    "number": f"TS-{place}",
                    "subject": f"subject {place}",
                    "milestone": milestone,
                    "due_at": now.isoformat(),
                },
                importance=importance,
                path=f"/complaints/TS-{place}/",
            )
            for place in range(count)
        ],
        now=now,
    )


def words(mail: object) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")  # type: ignore[attr-defined]


def test_a_long_digest_is_grouped_and_ends_after_the_worst_fifty(
    smtp: Mailbox, now: datetime
) -> None:
    person = PersonFactory.create()
    clocks([person], 1500, "result", Importance.REMINDER, now)
    clocks([person], 1440, "callback", Importance.OVERDUE, now)
    clocks([person], 20, "work_order", Importance.ESCALATED, now)
    clocks([person], 40, "apology", Importance.ESCALATED, now)
    assert delivery.deliver(now=now) == 3000
    [mail] = smtp.messages
    body = words(mail)
    assert mail["Subject"].startswith("Apology overdue since")
    assert mail["Subject"].endswith("(and 2999 more)")
    assert re.findall(r"^== (.+) ==$", body, re.MULTILINE) == [
        "Escalated · Apology: 40",
        "Escalated · Work order: 20",
        "Overdue · Callback: 1440",
        "Reminder · Result: 1500",
    ]
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", body, re.MULTILINE)]
    assert numbers == list(range(1, 51))
    assert "And 2950 more: http://localhost:8000/inbox/" in body
    assert len(body) < 20_000


def test_other_messages_stand_after_those_of_the_clocks(smtp: Mailbox, now: datetime) -> None:
    person = PersonFactory.create()
    context = {"number": "TS1", "subject": "x", "by": "y", "words": "z"}
    outbox.put(key="k", to=[person], text="complaint_logged", context=context, now=now)
    clocks([person], 1, "result", Importance.INFORMATION, now)
    assert delivery.deliver(now=now) == 2
    [mail] = smtp.messages
    assert re.findall(r"^== (.+) ==$", words(mail), re.MULTILINE) == [
        "Information · Result: 1",
        "Information · Other messages: 1",
    ]
    assert "more:" not in words(mail)


@pytest.mark.django_db(transaction=True)
def test_a03_sweeps_at_once_tear_no_digest_apart(smtp: Mailbox, now: datetime) -> None:
    people = [PersonFactory.create() for _place in range(12)]
    clocks(people, 700, "result", Importance.OVERDUE, now)
    sent = race(*[lambda: delivery.deliver(now=now)] * 4)
    assert sum(count for count in sent if isinstance(count, int)) == 8400
    assert Counter(mail["To"] for mail in smtp.messages) == {person.email: 1 for person in people}
    assert set(Message.objects.values_list("state", "attempts").filter(channel="email")) == {
        (Delivery.SENT, 1)
    }


def test_the_worst_off_are_told_first(smtp: Mailbox, now: datetime) -> None:
    people = [PersonFactory.create() for _place in range(150)]
    earlier = now - timedelta(minutes=5)
    clocks(people, 1, "result", Importance.REMINDER, earlier)
    clocks(people[-1:], 1, "result", Importance.ESCALATED, now)
    assert delivery.deliver(now=now) == 151
    assert smtp.messages[0]["To"] == people[-1].email
    assert len(smtp.messages) == 150


def test_claiming_is_few_statements_whatever_the_number_of_messages(
    smtp: Mailbox, now: datetime
) -> None:
    counts = []
    for each in (1, 20):
        person = PersonFactory.create()
        clocks([person], each, "result", Importance.OVERDUE, now)
        with CaptureQueriesContext(connection) as queries:
            assert delivery.deliver(now=now) == each
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[0] == counts[1]


def test_a_message_sent_again_goes_as_a_mail_of_its_own(smtp: Mailbox, now: datetime) -> None:
    person = PersonFactory.create()
    clocks([person], 2, "result", Importance.OVERDUE, now)
    smtp.reply = "451 later"
    at = now
    for _attempt in range(8):
        delivery.deliver(now=at)
        at += timedelta(hours=12)
    rows = Message.objects.filter(channel="email")
    assert set(rows.values_list("state", flat=True)) == {Delivery.FAILED}
    smtp.reply = "250 OK"
    for row in rows:
        delivery.send_again(message=row, by=None, now=at)
        assert delivery.deliver(now=at) == 1
    assert len({mail["Message-ID"] for mail in smtp.messages}) == 2
