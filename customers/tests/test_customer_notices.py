"""Notices to customers: preview, count, send once each, stop (C-24)."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from csm.kit import clock
from csm.kit.errors import NotOpen, Refused
from csm.tests.mailbox import Mailbox
from csm.tests.race import race
from customers.actions import care, notices, segments
from customers.factories import CustomerFactory
from customers.models import Customer, CustomerNotice, NoticeRecipient
from organisation.actions import letter_delivery
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Letter, Person, Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def manager(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)


@pytest.fixture
def customers(company: Tree, manager: Person, now: datetime) -> list[Customer]:
    """Told in Chinese, told in English; declined, in peace, without an address; elsewhere."""
    rows = [
        CustomerFactory.create(
            home_branch=company.branch,
            email=f"c{n}@example.com" if n < 4 else "",
            language=language,
        )
        for n, language in enumerate(("", "en", "", "", ""))
    ]
    CustomerFactory.create(home_branch=company.sibling, email="x@example.com")
    care.wish(customer=rows[2], no_notices=True, by=manager, now=now)
    care.wish(customer=rows[3], quiet_until=timezone.localdate(now) + DAY, by=manager, now=now)
    return rows


def written(company: Tree, by: Person, now: datetime, cause: str = "change") -> CustomerNotice:
    segment = segments.save(
        name=f"全部{cause}", branch=company.branch, conditions={}, by=by, now=now
    )
    return notices.draft(
        cause=cause,
        segment=segment,
        title="春节期间停运",
        words="二月六日至十日\n暂停收件。",
        title_en="No service at Spring Festival",
        words_en="Closed from 6 to 10 February.",
        by=by,
        now=now,
    )


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_c24_it_is_looked_at_counted_and_sent_once_to_each(
    company: Tree, manager: Person, customers: list[Customer], now: datetime, smtp: Mailbox
) -> None:
    notice = written(company, manager, now)
    reach = notices.reach(notice, now=now)
    assert (reach.told, reach.declined, reach.quiet, reach.unreachable) == (2, 1, 1, 1)
    client, url = signed_in(manager), reverse("customer-notice", args=[notice.pk])
    assert "Send it to 2 customers" in client.get(url).content.decode()
    send = reverse("customer-notice-send", args=[notice.pk])
    assert client.post(send, {}).status_code == 422
    assert client.post(send, {"seen": 3, "version": 1}).status_code == 422
    notice.refresh_from_db()
    assert (notice.status, NoticeRecipient.objects.count()) == ("draft", 0)
    assert client.post(send, {"seen": 2, "version": 1}).status_code == 302
    assert client.post(send, {"seen": 2}).status_code == 409
    assert [notices.deliver(now=now) for _n in range(2)] == [2, 0]
    keys = {f"notice:{notice.pk}:{row.pk}" for row in customers[:2]}
    assert set(Letter.objects.values_list("key", flat=True)) == keys
    assert all(Letter.objects.values_list("is_bulk", flat=True))
    notice.refresh_from_db()
    assert notice.status == "sent"
    assert notices.counts(notice)["waiting"] == 2


def test_c24_letters_speak_the_customer_s_language(
    company: Tree, manager: Person, customers: list[Customer], now: datetime, smtp: Mailbox
) -> None:
    day = timezone.make_aware(datetime(2026, 12, 1, 12))
    notice = written(company, manager, day, "incident")
    # An incident does not wait for peace, and still not for whom no notice is wished.
    assert notices.send(notice=notice, seen=3, by=manager, now=day) == 3
    care.wish(customer=customers[0], no_notices=True, by=manager, now=day)
    assert notices.deliver(now=day) == 2
    assert letter_delivery.deliver(now=day) == 2
    subjects = {mail["To"]: mail["Subject"] for mail in smtp.messages}
    assert subjects == {
        "c1@example.com": "No service at Spring Festival",
        "c3@example.com": "春节期间停运",
    }
    [chinese] = [mail for mail in smtp.messages if mail["To"] == "c3@example.com"]
    assert "暂停收件。" in chinese.get_content()
    with pytest.raises(NotOpen):
        notices.stop(notice=notice, by=manager, now=day)


def test_c24_quiet_hours_hold_it_and_a_stop_takes_back_what_has_not_left(
    company: Tree, manager: Person, customers: list[Customer], smtp: Mailbox, settings: Any
) -> None:
    settings.QUIET_FROM, settings.QUIET_UNTIL = time(22), time(8)
    night = timezone.make_aware(datetime(2026, 12, 1, 23, 30))
    notice = written(company, manager, night, "incident")
    notices.send(notice=notice, seen=3, by=manager, now=night)
    notices.deliver(now=night)
    assert letter_delivery.deliver(now=night) == 0
    client, url = signed_in(manager), reverse("customer-notice-stop", args=[notice.pk])
    assert client.post(url).status_code == 302
    assert (Letter.objects.count(), smtp.messages) == (0, [])
    assert letter_delivery.deliver(now=night + DAY / 2) == 0
    assert client.post(url).status_code == 302
    notice.refresh_from_db()
    assert notice.status == "stopped"
    assert notices.deliver(now=night) == 0
    assert notices.counts(notice) == {"unwritten": 0, "waiting": 0, "sent": 0, "failed": 0}


def test_c24_quiet_hours_over_midnight_end_in_the_morning(
    company: Tree, manager: Person, customers: list[Customer], smtp: Mailbox, settings: Any
) -> None:
    settings.QUIET_FROM, settings.QUIET_UNTIL = time(22), time(8)
    evening = timezone.make_aware(datetime(2026, 12, 31, 22))
    notice = written(company, manager, evening, "incident")
    notices.send(notice=notice, seen=3, by=manager, now=evening)
    notices.deliver(now=evening)
    moments = (evening + timedelta(minutes=minutes) for minutes in (0, 119, 120, 599, 600))
    assert [letter_delivery.deliver(now=moment) for moment in moments] == [0, 0, 0, 0, 3]


def test_c24_a_segment_that_reaches_over_other_branches_by_now_is_not_told(
    company: Tree, manager: Person, customers: list[Customer], now: datetime
) -> None:
    notice = written(company, manager, now)
    boss = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)
    segments.save(
        segment=notice.segment, name="全部", branch=company.headquarters, conditions={},
        by=boss, now=now,
    )  # fmt: skip
    send = reverse("customer-notice-send", args=[notice.pk])
    assert signed_in(manager).post(send, {"seen": 3, "version": 1}).status_code == 403
    notice.refresh_from_db()
    assert (notice.status, NoticeRecipient.objects.count()) == ("draft", 0)
    assert signed_in(boss).post(send, {"seen": 3, "version": 1}).status_code == 302


def test_c24_who_wishes_none_gets_none_of_those_that_wait(
    company: Tree, manager: Person, customers: list[Customer], now: datetime
) -> None:
    notice = written(company, manager, now)
    notices.send(notice=notice, seen=2, by=manager, now=now)
    assert notices.deliver(now=now) == 2
    care.wish(customer=customers[0], no_notices=True, by=manager, now=now)
    assert Letter.objects.get().key == f"notice:{notice.pk}:{customers[1].pk}"


def test_c24_bad_input_changes_nothing(company: Tree, manager: Person, now: datetime) -> None:
    segment = segments.save(name="空", branch=company.branch, conditions={}, by=manager, now=now)
    client, url = signed_in(manager), reverse("customer-notice-new")
    given = {"cause": "change", "segment": segment.pk, "title": "停运", "words": "暂停收件"}
    for field, wrong in (
        ("cause", "x"),
        ("segment", "0"),
        ("title", " "),
        ("words", ""),
        ("title_en", "Only a title"),
    ):
        answer = client.post(url, given | {field: wrong})
        assert answer.status_code == 422, field
    assert not CustomerNotice.objects.exists()
    assert client.post(url, given).status_code == 302
    with pytest.raises(Refused):
        notices.send(notice=CustomerNotice.objects.get(), seen=0, by=manager, now=now)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    assert signed_in(handler).post(url, given).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_c24_of_two_who_send_at_once_one_does(
    company: Tree, manager: Person, customers: list[Customer], now: datetime
) -> None:
    notice = written(company, manager, now)

    def send() -> int:
        row = CustomerNotice.objects.select_related("segment__branch", "branch").get(pk=notice.pk)
        return notices.send(notice=row, seen=2, by=manager, now=now, version=1)

    found = race(send, send)
    assert sorted(isinstance(each, int) for each in found) == [False, True]
    assert race(lambda: notices.deliver(now=now), lambda: notices.deliver(now=now)).count(2) == 1
    assert Letter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_c24_a_stop_while_it_is_being_sent_leaves_no_letter(
    company: Tree, manager: Person, customers: list[Customer], now: datetime
) -> None:
    notice = written(company, manager, now)
    notices.send(notice=notice, seen=2, by=manager, now=now)
    race(lambda: notices.deliver(now=now), lambda: notices.stop(notice=notice, by=manager, now=now))
    notice.refresh_from_db()
    assert (notice.status, Letter.objects.count(), notices.deliver(now=now)) == ("stopped", 0, 0)
