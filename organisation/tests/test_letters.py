"""Mail to customers: told once, delivered as promised, and no token at rest (B-08, A-13)."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from csm.tests.mailbox import Mailbox
from csm.tests.race import race
from organisation import letters
from organisation.actions import letter_delivery, tokens
from organisation.actions.letter_delivery import deliver
from organisation.letters import Draft
from organisation.models import Delivery, Letter, PublicLink

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Undone(Exception):
    pass


def opened(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(token)


urlpatterns = [path("example/<str:token>/", opened, name="example")]


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def link(now: datetime) -> PublicLink:
    return tokens.issue_link(purpose="example", life=DAY, now=now)


def draft(key: str = "a", **given: Any) -> Draft:
    defaults = {"address": "li@example.com", "text": "complaint_received", "language": "en"}
    return Draft(key, **defaults | {"context": {"number": "TS1"}} | given)


def words(mail: Any) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def everything() -> str:
    """All that the database holds of links and letters."""
    found = []
    with connection.cursor() as cursor:
        for table in ("organisation_publiclink", "organisation_letter"):
            cursor.execute(f"SELECT json_agg(t)::text FROM {table} t")
            found.append(cursor.fetchone()[0])
    return json.dumps(found)


def test_b08_a_letter_brings_the_link_whose_token_lies_nowhere(
    smtp: Mailbox, link: PublicLink, now: datetime
) -> None:
    letters.put(draft(link=link, name="Li Na"), now=now)
    address = tokens.path_of(link)
    token = address.split("/")[2]
    assert len(token) == 43  # 256 bits
    assert token not in everything()
    assert deliver(now=now) == 1
    [mail] = smtp.messages
    row = Letter.objects.get()
    assert (mail["To"], mail["Subject"]) == ("li@example.com", "We have your complaint TS1")
    assert mail["Message-ID"] == f"<letter-{row.pk}@localhost>"
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", None)
    assert f"http://localhost:8000{address}\n" in words(mail)
    assert "Hello Li Na," in words(mail)
    assert (row.state, row.sent_at, row.attempts) == (Delivery.SENT, now, 1)
    assert token not in everything()
    assert tokens.find_link(token, purpose="example", now=now) == link
    assert deliver(now=now + DAY) == 0


def test_b08_a_link_opens_one_purpose_until_it_ends(link: PublicLink, now: datetime) -> None:
    token = tokens.path_of(link).split("/")[2]

    def found(token: str = token, purpose: str = "example", at: datetime = now) -> bool:
        return tokens.find_link(token, purpose=purpose, now=at) is not None

    assert found()
    assert not found(purpose="track")
    assert not found(token=token[:-1])
    assert not found(token=token + "\0")
    assert not found(at=now + DAY)
    fresh = tokens.renew_link(link=link, life=DAY, now=now)
    assert not found()
    assert found(token=tokens.path_of(fresh).split("/")[2])


def test_a_renewed_link_is_the_one_that_a_waiting_letter_brings(
    smtp: Mailbox, link: PublicLink, now: datetime
) -> None:
    letters.put(draft(link=link), now=now)
    fresh = tokens.renew_link(link=link, life=DAY, now=now)
    deliver(now=now)
    assert tokens.path_of(fresh) in words(smtp.messages[0])


def test_another_secret_key_keeps_links_open_and_writes_none(
    smtp: Mailbox, link: PublicLink, now: datetime, settings: Any
) -> None:
    token = tokens.path_of(link).split("/")[2]
    former, settings.SECRET_KEY = settings.SECRET_KEY, "x" * 50
    assert tokens.find_link(token, purpose="example", now=now) == link
    letters.put(draft(link=link), now=now)
    assert deliver(now=now) == 0
    assert (Letter.objects.get().error, smtp.messages) == ("NoToken", [])
    settings.SECRET_KEY_FALLBACKS = [former]
    assert deliver(now=now + DAY) == 1


def test_a15_a_letter_is_told_once_and_not_at_all_when_the_act_fails(now: datetime) -> None:
    @transaction.atomic
    def act() -> None:
        letters.put(draft(), now=now)
        raise Undone

    with pytest.raises(Undone):
        act()
    assert not Letter.objects.exists()
    assert letters.put_all([draft(), draft(), draft("b", address="")], now=now) == 1
    assert letters.put_all([draft(address="other@example.com")], now=now) == 0
    assert Letter.objects.get().address == "li@example.com"


def test_u13_b22_a_letter_speaks_the_language_of_its_reader_and_makes_no_header(
    smtp: Mailbox, now: datetime
) -> None:
    evil = "TS1\r\nBcc: all@example.com"
    letters.put(draft(language="zh-hans", name="李娜{{ 7 }}", context={"number": evil}), now=now)
    deliver(now=now)
    [mail] = smtp.messages
    assert mail["Bcc"] is None
    assert "TS1 Bcc: all@example.com" in mail["Subject"]
    assert "投诉" in mail["Subject"]
    assert "李娜{{ 7 }}" in words(mail)


class Dropping(Mailbox):
    """Takes the first letter in, and hangs up before it says so."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        reply = await super().handle_DATA(server, session, envelope)
        if len(self.messages) == 1 and server.transport is not None:
            server.transport.close()
        return reply


def test_a13_what_was_lost_goes_again_and_the_others_meanwhile(
    settings: Any, now: datetime
) -> None:
    letters.put_all([draft("a"), draft("b")], now=now)
    with Dropping() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
        assert deliver(now=now) == 1
        first = Letter.objects.get(key="a")
        assert (first.state, first.error) == (Delivery.QUEUED, "SMTPServerDisconnected")
        assert first.next_attempt_at is not None
        assert deliver(now=first.next_attempt_at) == 1
    ids = [mail["Message-ID"] for mail in mailbox.messages]
    assert [ids.count(each) for each in ids] == [2, 1, 2]


def test_after_eight_refusals_it_waits_for_somebody(smtp: Mailbox, now: datetime) -> None:
    letters.put(draft(), now=now)
    smtp.reply = "451 li@example.com later"
    for attempt in range(1, 9):
        assert deliver(now=now + attempt * DAY) == 0
    row = Letter.objects.get()
    assert (row.state, row.attempts, row.next_attempt_at) == (Delivery.FAILED, 8, None)
    assert row.error == "SMTPDataError 451"  # without the address
    assert row.masked_address == "l***@example.com"


def test_an_address_that_its_server_refuses_for_good_is_tried_once(
    smtp: Mailbox, now: datetime
) -> None:
    letters.put_all([draft("a", address="gone@example.com"), draft("b")], now=now)
    smtp.unknown = {"gone@example.com"}
    assert deliver(now=now) == 1
    row = Letter.objects.get(key="a")
    assert (row.state, row.attempts, row.next_attempt_at) == (Delivery.FAILED, 1, None)
    assert row.error == "SMTPRecipientsRefused 550"  # without the address


def test_bulk_leaves_when_nothing_else_waits(
    smtp: Mailbox, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_delivery, "BATCH", 1)
    many = [draft(f"i{place}", address=f"{place}@example.com") for place in range(3)]
    assert letters.put_all(many, now=now - DAY, is_bulk=True) == 3
    letters.put(draft(), now=now)
    assert deliver(now=now) == 4
    assert [mail["Precedence"] for mail in smtp.messages] == [None, "bulk", "bulk", "bulk"]


@pytest.mark.django_db(transaction=True)
def test_a07_two_sweeps_at_once_send_each_letter_once(smtp: Mailbox, now: datetime) -> None:
    drafts = [draft(f"k{place}", address=f"{place}@example.com") for place in range(100)]
    assert letters.put_all(drafts, now=now) == 100
    sent = race(*[lambda: deliver(now=now)] * 2)
    assert sum(count for count in sent if isinstance(count, int)) == 100
    assert len({mail["To"] for mail in smtp.messages}) == len(smtp.messages) == 100


def test_the_sweep_of_the_command_delivers_them_too(smtp: Mailbox, now: datetime) -> None:
    letters.put(draft(), now=now)
    call_command("sweep", at=now)
    assert len(smtp.messages) == 1


def test_thousands_of_links_and_letters_take_a_few_statements(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        links = tokens.issue_links(4000, purpose="example", life=DAY, now=now)
        drafts = [draft(f"k{link.pk}", link=link) for link in links]
        assert letters.put_all(drafts, now=now, is_bulk=True) == 4000
    assert len({link.token_hash for link in links}) == 4000
