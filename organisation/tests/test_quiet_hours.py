"""At night only what is critical leaves the house; the rest comes in the morning (sla.md §3)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from complaints.actions import escalation
from complaints.factories import ComplaintFactory
from csm.tests.mailbox import Mailbox
from organisation import letters, outbox
from organisation.actions import delivery, letter_delivery
from organisation.factories import PersonFactory, tree
from organisation.letters import Draft
from organisation.models import Channel, Delivery, Importance, Letter, Message, Person, Role

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 19, 23, 30, tzinfo=SHANGHAI)
MORNING = datetime(2026, 11, 20, 7, 0, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)
LESSER = [each for each in Importance if each < Importance.OVERDUE]


@pytest.fixture(autouse=True)
def nights(settings: Any) -> None:
    settings.QUIET_FROM, settings.QUIET_UNTIL = time(22), time(7)


def told(
    person: Person, at: datetime, importance: Importance = Importance.REMINDER, key: str = "k"
) -> Message:
    """The e-mail row of a message written at that moment."""
    context: dict[str, object] = {"number": "TS1", "subject": "货物滞留"}
    outbox.put(
        key=key,
        to=[person],
        text="complaint_logged",
        context=context,
        importance=importance,
        now=at,
    )
    return Message.objects.get(key=key, recipient=person, channel=Channel.EMAIL)


def waits_until(row: Message) -> datetime | None:
    row.refresh_from_db()
    return row.next_attempt_at


def test_a_mail_of_the_night_waits_for_the_morning(smtp: Mailbox) -> None:
    row = told(PersonFactory.create(), NIGHT)
    assert delivery.deliver(now=NIGHT) == 0
    assert (waits_until(row), row.state, row.attempts) == (MORNING, Delivery.QUEUED, 0)
    assert delivery.deliver(now=MORNING - MINUTE) == 0
    assert smtp.messages == []
    assert delivery.deliver(now=MORNING) == 1
    assert len(smtp.messages) == 1


@pytest.mark.parametrize("worst", [Importance.OVERDUE, Importance.ESCALATED])
def test_what_is_critical_goes_at_once_and_leaves_the_others_waiting(
    smtp: Mailbox, worst: Importance
) -> None:
    person = PersonFactory.create()
    waiting = [told(person, NIGHT, importance, f"k{importance}") for importance in LESSER]
    told(person, NIGHT, worst, "worst")
    assert delivery.deliver(now=NIGHT) == 1
    assert [mail["Subject"] for mail in smtp.messages] == ["New complaint to judge: 货物滞留"]
    assert {waits_until(row) for row in waiting} == {MORNING}
    assert delivery.deliver(now=MORNING) == len(LESSER)
    assert len(smtp.messages) == 2


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("Asia/Shanghai", "2026-11-19T21:59:59", None),
        ("Asia/Shanghai", "2026-11-19T22:00:00", "2026-11-20T07:00:00"),
        ("Asia/Shanghai", "2026-11-20T06:59:59", "2026-11-20T07:00:00"),
        ("Asia/Shanghai", "2026-12-31T23:00:00", "2027-01-01T07:00:00"),
        ("America/New_York", "2026-10-31T23:00:00", "2026-11-01T07:00:00"),
        ("America/New_York", "2026-03-07T23:00:00", "2026-03-08T07:00:00"),
    ],
)
def test_s18_an_invitation_waits_for_the_morning(
    smtp: Mailbox, settings: Any, zone: str, at: str, until: str | None
) -> None:
    settings.TIME_ZONE = zone
    night = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))
    for key in ("queued", "leased"):
        given: dict[str, Any] = {"text": "complaint_received", "context": {"number": "TS1"}}
        letters.put_all([Draft(key, "li@example.com", **given)], now=night, is_bulk=True)
    # A sweep that died had this one in hand.
    Letter.objects.filter(key="leased").update(state="leased", attempts=1)
    assert letter_delivery.deliver(now=night) == (0 if until else 2)
    if until is None:
        return
    morning = datetime.fromisoformat(until).replace(tzinfo=ZoneInfo(zone))
    rows = Letter.objects.values_list("state", "attempts", "next_attempt_at").order_by("pk")
    assert list(rows) == [("queued", 0, morning), ("queued", 1, morning)]
    assert letter_delivery.deliver(now=morning - timedelta(seconds=1)) == 0
    assert smtp.messages == []
    assert letter_delivery.deliver(now=morning) == 2


def test_c01_what_a_customer_is_told_of_the_own_complaint_leaves_at_night(smtp: Mailbox) -> None:
    said = {"number": "TS1"}
    letters.put(Draft("k", "li@example.com", "complaint_received", context=said), now=NIGHT)
    assert letter_delivery.deliver(now=NIGHT) == 1
    assert [mail["To"] for mail in smtp.messages] == ["li@example.com"]


def test_the_inbox_is_never_quiet() -> None:
    person = PersonFactory.create()
    told(person, NIGHT)
    row = Message.objects.get(recipient=person, channel=Channel.INBOX)
    assert (row.state, row.sent_at) == (Delivery.SENT, NIGHT)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-19T21:59:59", None),
        ("2026-11-19T22:00:00", "2026-11-20T07:00:00"),
        ("2026-11-19T23:59:59", "2026-11-20T07:00:00"),
        ("2026-11-20T00:00:00", "2026-11-20T07:00:00"),
        ("2026-11-20T06:59:59", "2026-11-20T07:00:00"),
        ("2026-11-20T07:00:00", None),
        ("2026-12-31T23:00:00", "2027-01-01T07:00:00"),
        ("2028-02-28T23:00:00", "2028-02-29T07:00:00"),
    ],
)
def test_the_hours_of_the_company_run_over_midnight(
    smtp: Mailbox, at: str, until: str | None
) -> None:
    _check(at, until, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("at", "until"),
    [
        # Clocks go forward on 8 March at 02:00 and back on 1 November at 02:00.
        ("2026-03-07T23:00:00-05:00", "2026-03-08T07:00:00-04:00"),
        ("2026-03-08T06:30:00-04:00", "2026-03-08T07:00:00-04:00"),
        ("2026-10-31T23:00:00-04:00", "2026-11-01T07:00:00-05:00"),
        ("2026-11-01T01:30:00-04:00", "2026-11-01T07:00:00-05:00"),
        ("2026-11-01T01:30:00-05:00", "2026-11-01T07:00:00-05:00"),
        ("2026-11-01T07:00:00-05:00", None),
    ],
)
def test_a16_quiet_hours_end_by_the_wall_clock_when_clocks_change(
    smtp: Mailbox, settings: Any, at: str, until: str | None
) -> None:
    settings.TIME_ZONE = "America/New_York"
    _check(at, until, "America/New_York")


@pytest.mark.parametrize(
    ("at", "until"),
    [
        # 02:30 is skipped, then comes twice: nobody is woken early, nobody waits for ever.
        ("2026-03-08T01:50:00-05:00", "2026-03-08T03:30:00-04:00"),
        ("2026-11-01T00:50:00-04:00", "2026-11-01T01:30:00-05:00"),
        ("2026-11-01T01:10:00-05:00", "2026-11-01T01:30:00-05:00"),
    ],
)
def test_a16_quiet_hours_that_end_in_a_clock_change(
    smtp: Mailbox, settings: Any, at: str, until: str
) -> None:
    settings.TIME_ZONE = "America/New_York"
    settings.QUIET_UNTIL = time(2, 30) if "-03-" in at else time(1, 30)
    _check(at, until, "America/New_York")


def _check(at: str, until: str | None, zone: str) -> None:
    moment, expected = (datetime.fromisoformat(text) if text else None for text in (at, until))
    assert moment
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    if expected and expected.tzinfo is None:
        expected = expected.replace(tzinfo=ZoneInfo(zone))
    row = told(PersonFactory.create(), moment)
    assert delivery.deliver(now=moment) == (expected is None)
    assert waits_until(row) == expected


def test_own_hours_and_none_at_all(smtp: Mailbox, settings: Any) -> None:
    noon = datetime(2026, 11, 19, 12, 30, tzinfo=SHANGHAI)
    sleeper = PersonFactory.create(email="a@example.com")
    owl = PersonFactory.create(email="b@example.com")
    usual = PersonFactory.create(email="c@example.com")
    Person.objects.filter(pk=sleeper.pk).update(quiet_from=time(12), quiet_until=time(14))
    Person.objects.filter(pk=owl.pk).update(has_quiet_hours=False)
    for person in (sleeper, owl, usual):
        told(person, noon, key=f"noon{person.pk}")
        told(person, NIGHT, key=f"night{person.pk}")
    delivery.deliver(now=noon)
    assert sorted(mail["To"] for mail in smtp.messages) == ["b@example.com", "c@example.com"]
    assert waits_until(Message.objects.get(key=f"noon{sleeper.pk}", channel="email")) == (
        noon.replace(hour=14, minute=0)
    )
    smtp.messages.clear()
    delivery.deliver(now=NIGHT)
    assert sorted(mail["To"] for mail in smtp.messages) == ["a@example.com", "b@example.com"]
    settings.QUIET_FROM = settings.QUIET_UNTIL = None
    assert delivery.deliver(now=MORNING) == 1


def test_a_mail_that_was_tried_before_is_repeated_whole(smtp: Mailbox) -> None:
    evening = NIGHT.replace(hour=21, minute=59)
    person = PersonFactory.create()
    for importance in (Importance.REMINDER, Importance.OVERDUE):
        told(person, evening, importance, f"k{importance}")
    smtp.reply = "451 later"
    assert delivery.deliver(now=evening) == 0
    smtp.reply = "250 OK"
    assert delivery.deliver(now=NIGHT) == 2
    assert len(smtp.messages) == 1


def test_a_repeat_without_anything_critical_waits_too(smtp: Mailbox) -> None:
    evening = NIGHT.replace(hour=21, minute=59, second=50)
    row = told(PersonFactory.create(), evening)
    smtp.reply = "451 later"
    assert delivery.deliver(now=evening) == 0
    smtp.reply = "250 OK"
    assert delivery.deliver(now=NIGHT) == 0
    assert waits_until(row) == MORNING
    assert delivery.deliver(now=MORNING) == 1
    assert (row.tries.count(), len(smtp.messages)) == (2, 1)


def test_a02_a_night_is_looked_at_once_and_then_costs_one_probe(smtp: Mailbox) -> None:
    for place in range(300):
        told(PersonFactory.create(), NIGHT, key=f"k{place}")
    with CaptureQueriesContext(connection) as first:
        assert delivery.deliver(now=NIGHT) == 0
    with CaptureQueriesContext(connection) as later:
        for minutes in range(1, 6):
            assert delivery.deliver(now=NIGHT + minutes * MINUTE) == 0
    # The probe, and the mark of the sweep; brackets of transactions are not counted.
    assert _statements(later) == 5 * 2
    # Three batches of people with a probe and three statements each, then the probe and the mark.
    assert _statements(first) == 3 * 4 + 2
    assert set(Message.objects.filter(channel="email").values_list("next_attempt_at")) == {
        (MORNING.astimezone(UTC),)
    }


def _statements(queries: CaptureQueriesContext) -> int:
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


@pytest.mark.parametrize(
    "hours",
    [
        {"quiet_from": time(22)},
        {"quiet_until": time(7)},
        {"quiet_from": time(22), "quiet_until": time(22)},
    ],
)
def test_the_database_refuses_half_a_night(hours: dict[str, time]) -> None:
    person = PersonFactory.create()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(**hours)


def test_a_ladder_at_night_wakes_nobody_before_the_promise_breaks(smtp: Mailbox) -> None:
    """A complaint at 22:20: the reminder waits, the breach and what follows do not."""
    company = tree()
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    at = NIGHT - timedelta(minutes=70)
    ComplaintFactory.create(branch=company.branch, until="assigned", handler=handler, now=at)
    Message.objects.all().delete()
    heard = []
    for minutes in (45, 60, 120):
        escalation.fire_due(now=at + minutes * MINUTE)
        delivery.deliver(now=at + minutes * MINUTE)
        heard.append([mail["To"] for mail in smtp.messages])
        smtp.messages.clear()
    assert heard == [[], [manager.email], []]
    delivery.deliver(now=MORNING)
    assert [mail["To"] for mail in smtp.messages] == [handler.email]
