"""From an action's words to a mailbox, over a real mail server (A-07, A-13, A-15, B-22)."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import transaction
from django.test import Client
from django.urls import reverse

from csm.kit import clock
from csm.tests.mailbox import Mailbox
from csm.tests.race import Undone, race
from organisation import outbox
from organisation.actions import delivery
from organisation.channels import mail
from organisation.factories import PersonFactory, headquarters
from organisation.models import Attempt, Delivery, Importance, Message, Person, Role

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=24)


def put(to: Sequence[Person | None], now: datetime, **given: Any) -> None:
    defaults: dict[str, Any] = {
        "key": "complaint:1:logged",
        "text": "complaint_logged",
        "context": {"number": "TS20261119-0001", "subject": "货物滞留"},
        "path": "/complaints/TS20261119-0001/",
    }
    outbox.put(to=to, now=now, **defaults | given)


def words(mail: Any) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def mails(recipient: Person) -> Any:
    return Message.objects.filter(recipient=recipient, channel="email")


def test_a15_a_rolled_back_action_tells_nothing(smtp: Mailbox, now: datetime) -> None:
    person = PersonFactory.create()

    @transaction.atomic
    def act() -> None:
        put([person], now)
        raise Undone

    with pytest.raises(Undone):
        act()
    assert delivery.deliver(now=now + LATER) == 0
    assert not Message.objects.exists()
    assert smtp.messages == []


def test_telling_the_same_twice_is_impossible(now: datetime) -> None:
    person, quiet = PersonFactory.create(), PersonFactory.create(email="")
    for _time in range(2):
        put([person, person, quiet, None], now)
    rows = Message.objects.values_list("recipient", "channel")
    expected = [(person.pk, "email"), (person.pk, "inbox"), (quiet.pk, "inbox")]
    assert sorted(rows) == expected


def test_nobody_is_told_of_their_own_act_and_the_inactive_are_left_out(now: datetime) -> None:
    author, gone = PersonFactory.create(), PersonFactory.create(is_active=False)
    put([author, gone], now, apart_from=author)
    assert not Message.objects.exists()


def test_one_message_is_one_mail_with_its_link(smtp: Mailbox, now: datetime) -> None:
    person = PersonFactory.create(name="Li", email="li@example.com")
    put([person], now)
    assert delivery.deliver(now=now) == 1
    [mail] = smtp.messages
    row = mails(person).get()
    assert mail["To"] == "li@example.com"
    assert mail["Subject"] == "New complaint to judge: 货物滞留"
    assert mail["Message-ID"] == f"<{row.envelope}@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    body = words(mail)
    assert "Hello Li," in body
    assert "http://localhost:8000/complaints/TS20261119-0001/" in body
    assert (row.state, row.sent_at, row.attempts) == (Delivery.SENT, now, 1)
    assert delivery.deliver(now=now + LATER) == 0
    assert len(smtp.messages) == 1


def test_u13_a_mail_is_written_in_the_language_of_its_recipient(
    smtp: Mailbox, now: datetime
) -> None:
    english = PersonFactory.create(language="en", email="a@example.com")
    chinese = PersonFactory.create(language="zh-hans", email="b@example.com")
    context = {"number": "TS1", "subject": "x", "milestone": "apology", "due_at": str(now)}
    put([english, chinese], now, text="timer_step", context=context)
    assert delivery.deliver(now=now) == 2
    subjects = {mail["To"]: mail["Subject"] for mail in smtp.messages}
    assert subjects["a@example.com"].startswith("Apology overdue since 2026-11-19 14:30")
    assert "道歉" in subjects["b@example.com"]


def test_waiting_messages_are_folded_into_one_digest_worst_first(
    smtp: Mailbox, now: datetime
) -> None:
    person = PersonFactory.create()
    for place, importance in enumerate(
        (Importance.INFORMATION, Importance.ESCALATED, Importance.REMINDER)
    ):
        context = {"number": f"TS-{place}", "subject": f"subject {place}"}
        put([person], now, key=f"k{place}", context=context, importance=importance)
    assert delivery.deliver(now=now) == 3
    [mail] = smtp.messages
    assert mail["Subject"] == "New complaint to judge: subject 1 (and 2 more)"
    titles = re.findall(r"^\d\. New complaint to judge: (.+)$", words(mail), re.MULTILINE)
    assert titles == ["subject 1", "subject 2", "subject 0"]
    assert mails(person).values("envelope").distinct().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a07_a_thousand_messages_arrive_once_each_with_two_sweeps_at_work(
    smtp: Mailbox, now: datetime
) -> None:
    people = [PersonFactory.create() for _place in range(200)]
    for place in range(5):
        context = {"number": f"TS-{place}", "subject": f"subject {place}"}
        put(people, now, key=f"k{place}", context=context, channels=["email"])
    assert Message.objects.count() == 1000
    sent = race(*[lambda: delivery.deliver(now=now)] * 2)
    assert sum(count for count in sent if isinstance(count, int)) == 1000
    assert set(Message.objects.values_list("state", "attempts")) == {(Delivery.SENT, 1)}
    assert Attempt.objects.filter(error="").count() == Attempt.objects.count() == 1000
    ids = Counter(mail["Message-ID"] for mail in smtp.messages)
    assert set(ids.values()) == {1}
    assert set(ids) == {
        f"<{envelope}@localhost>" for envelope in Message.objects.values_list("envelope", flat=True)
    }
    told = Counter(
        (mail["To"], subject)
        for mail in smtp.messages
        for subject in re.findall(r"judge: (subject \d)$", words(mail), re.MULTILINE)
    )
    assert len(told) == 1000
    assert set(told.values()) == {1}


class Dropping(Mailbox):
    """Takes the first message in, and hangs up before it says so."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = await super().handle_DATA(server, session, envelope)
        if len(self.messages) == 1 and server.transport is not None:
            server.transport.close()
        return reply


def test_a13_a_server_that_hangs_up_gets_the_same_mail_again(settings: Any, now: datetime) -> None:
    person = PersonFactory.create()
    put([person], now)
    with Dropping() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
        assert delivery.deliver(now=now) == 0
        row = mails(person).get()
        assert row.state == Delivery.QUEUED
        assert row.next_attempt_at > now
        # Something new meanwhile does not slip into the repeat.
        put([person], now, key="another")
        again = row.next_attempt_at
        assert delivery.deliver(now=again) == 2
    first, *others = mailbox.messages
    repeats = [mail for mail in others if mail["Message-ID"] == first["Message-ID"]]
    assert first["Message-ID"] == f"<{row.envelope}@localhost>"
    assert (len(others), len(repeats)) == (2, 1)
    assert words(repeats[0]) == words(first)
    tries = [(attempt.at, bool(attempt.error)) for attempt in row.tries.all()]
    assert tries == [(now, True), (again, False)]


def test_a_worker_that_died_while_sending_is_followed_by_another(
    smtp: Mailbox, now: datetime
) -> None:
    person = PersonFactory.create()
    put([person], now)
    [[leased]] = delivery._lease(now) or []
    assert delivery.deliver(now=now + timedelta(seconds=30)) == 0
    assert delivery.deliver(now=now + delivery.LEASE) == 1
    [mail] = smtp.messages
    assert mail["Message-ID"] == f"<{leased.envelope}@localhost>"


def test_a_slow_batch_leaves_to_another_sweep_what_that_one_took_over(
    smtp: Mailbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(3):
        put([PersonFactory.create()], now)
    send = mail.send
    others: list[int] = []

    def slowly(rows: Sequence[Message]) -> None:
        send(rows)
        if not others:
            others.append(0)
            # The first mail took longer than the lease; the next sweep comes in between.
            others[0] = delivery.deliver(now=now + 2 * delivery.LEASE)

    monkeypatch.setattr(mail, "send", slowly)
    delivery.deliver(now=now)
    heard = Counter(message["To"] for message in smtp.messages)
    # Only the mail that was under way is repeated, with the same Message-ID.
    assert sorted(heard.values()) == [1, 1, 2]
    assert len({message["Message-ID"] for message in smtp.messages}) == 3
    assert not Message.objects.exclude(state=Delivery.SENT).exists()


def test_b22_line_breaks_make_no_header(smtp: Mailbox, now: datetime) -> None:
    person = PersonFactory.create(name="Eve\r\nBcc: all@example.com", email="eve@example.com")
    evil = "goods\r\nBcc: all@example.com\nX-Evil: 1\u2028"
    put([person], now, context={"number": "TS1", "subject": evil})
    assert delivery.deliver(now=now) == 1
    [mail] = smtp.messages
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    expected = "New complaint to judge: goods Bcc: all@example.com X-Evil: 1"
    assert mail["Subject"] == expected
    assert mail["To"] == "eve@example.com"


def test_words_that_look_like_a_template_or_markup_stay_words(smtp: Mailbox, now: datetime) -> None:
    person = PersonFactory.create()
    polyglot = "{{ 7|add:7 }}{% now 'Y' %}<b>&\"'"
    put([person], now, context={"number": "TS1", "subject": polyglot})
    delivery.deliver(now=now)
    [mail] = smtp.messages
    assert mail["Subject"] == f"New complaint to judge: {polyglot}"


def test_after_eight_refusals_an_administrator_sends_it_again(smtp: Mailbox, now: datetime) -> None:
    person = PersonFactory.create(name="Unreachable", branch=headquarters())
    admin = PersonFactory.create(branch=headquarters(), role=Role.ADMINISTRATOR)
    put([person], now)
    smtp.reply = "451 later"
    at, row = now, mails(person).get()
    for attempt in range(1, 9):
        assert delivery.deliver(now=at) == 0
        row.refresh_from_db()
        assert row.attempts == attempt
        at = row.next_attempt_at or at
    assert (row.state, row.next_attempt_at, row.tries.count()) == (Delivery.FAILED, None, 8)
    assert delivery.deliver(now=at + LATER) == 0
    client = Client(headers={"accept-language": "en"})
    client.force_login(admin)
    page = client.get(reverse("operations")).content.decode()
    assert "Unreachable" in page
    assert "451" in page
    assert "货物滞留" not in page
    assert client.post(reverse("message-send-again", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Delivery.QUEUED, 0)
    smtp.reply = "250 OK"
    assert delivery.deliver(now=clock.now()) == 1
    assert len(smtp.messages) == 1
    # Not failed any more: nothing to send again.
    assert client.post(reverse("message-send-again", args=[row.pk])).status_code == 404


def test_one_refused_mail_does_not_hold_up_the_others(smtp: Mailbox, now: datetime) -> None:
    broken = PersonFactory.create(email="not\u00e4scii@example.com")
    fine = PersonFactory.create(email="fine@example.com")
    put([broken, fine], now)
    assert delivery.deliver(now=now) >= 1
    assert mails(fine).get().state == Delivery.SENT
    assert "fine@example.com" in [mail["To"] for mail in smtp.messages]
