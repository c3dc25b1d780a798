"""What a person was told: the list, opening, marking read, and the words of every message."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from csm.kit import clock
from organisation import outbox
from organisation.factories import PersonFactory, tree
from organisation.models import Importance, Message, Person
from organisation.texts import render

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ABOUT: dict[str, object] = {"number": "TS20261119-0001", "subject": "货物 <b>滞留</b> & 无人"}
BY = ABOUT | {"by": "林静怡"}
ORDER: dict[str, object] = {"number": "问字【2026】001号", "title": "专线迟缓", "by": "孙伟"}
CHECK = ORDER | {"days": 30, "words": "无再发"}
COURSE = ORDER | {"kind": "course", "owner": "李宁", "words": "再次发生"}
CALL = BY | {"is_reached": True, "is_satisfied": False, "score": 4, "words": "没人道歉"}
# Every text with what its action gives, and words that must be read in English.
TEXTS: list[tuple[str, dict[str, object], list[str]]] = [
    ("complaint_logged", ABOUT, ["New complaint to judge"]),
    ("complaint_assigned", BY | {"reason": "误派"}, ["Assigned", "from 林静怡", "误派"]),
    ("complaint_reopened", BY | {"reason": "不满意"}, ["Reopened", "counted anew", "不满意"]),
    ("event_report", BY | {"words": "已致歉\n并补发"}, ["apologised", "已致歉\n并补发"]),
    ("mentioned", BY | {"words": "@你 看一下"}, ["林静怡 mentioned you", "“@你 看一下”"]),
    (
        "morning",
        ABOUT
        | {"branch": {"name": "无锡", "name_en": "Wuxi"}, "open": 2, "fresh": 0, "fresh_by": []}
        | {"open_by": [{"milestone": "apology", "count": 2}], "since": "2026-11-18"}
        | {"worst": [ABOUT | {"milestone": "apology", "due_at": "2026-11-18T03:00:00Z"}]}
        | {"repeats": [{"of": "category", "name": "延误", "milestone": "result", "count": 3}]},
        ["Wuxi this morning: 2 clocks", "Apology 2", "since 2026-11-18 11:00", "延误 · Result"],
    ),
    ("invalid_proposed", BY, ["second person"]),
    ("invalid_confirmed", BY, ["Confirmed as invalid"]),
    ("invalid_rejected", BY, ["Not invalid"]),
    ("work_order_submitted", ORDER, ["to confirm: 问字【2026】001号", "专线迟缓"]),
    ("work_order_returned", ORDER | {"reason": "缺证据"}, ["returned", "缺证据"]),
    ("work_order_confirmed", ORDER, ["confirmed by 孙伟"]),
    (
        "measures_given",
        ORDER | {"count": 2, "first_on": "2026-12-01"},
        ["2 long-term measures are yours", "due on 2026-12-01"],
    ),
    ("measures_finished", ORDER, ["All measures are finished", "专线迟缓"]),
    ("measure_dropped", ORDER | {"measure": "双人复核", "reason": "重复"}, ["双人复核", "重复"]),
    ("effect_reported", ORDER, ["reported by 孙伟"]),
    (
        "effectiveness_decided",
        CHECK | {"is_effective": True},
        ["Effective after 30 days", "无再发"],
    ),
    ("effectiveness_decided", CHECK | {"is_effective": False}, ["Not effective after 30 days"]),
    (
        "lessons_offered",
        ORDER | {"origin": {"name": "无锡", "name_en": "Wuxi"}, "count": 1},
        ["1 lesson from another branch", "Wuxi solved “专线迟缓”"],
    ),
    ("improvement_requested", COURSE, ["Training course requested", "孙伟 asks", "再次发生"]),
    ("improvement_started", COURSE | {"kind": "qc_topic"}, ["QC topic taken on", "李宁 answers"]),
    ("improvement_ended", COURSE | {"is_done": True}, ["Done: 专线迟缓", "再次发生"]),
    ("improvement_ended", COURSE | {"is_done": False}, ["Declined: 专线迟缓"]),
    ("callback_result", CALL, ["not satisfied", "Score 4 of 10", "open again", "没人道歉"]),
    ("callback_result", CALL | {"is_satisfied": True, "score": 0}, ["satisfied", "Score 0 of 10"]),
    (
        "callback_result",
        CALL | {"is_reached": False, "is_satisfied": None, "score": None, "words": ""},
        ["no reply"],
    ),
]


def steps(now: datetime) -> list[tuple[dict[str, object], str]]:
    """Each promise before and after its deadline, with what the reminder must say."""
    acts = {
        "apology": "apologise",
        "result": "give the customer the result",
        "work_order": "submit the rectification work order",
        "callback": "The number to call, the script and the history are one click away.",
    }
    return [
        (ABOUT | {"milestone": milestone, "due_at": (now + away).isoformat()}, act)
        for milestone, act in acts.items()
        for away in (HOUR, -HOUR)
    ]


@pytest.fixture
def reader() -> Person:
    return PersonFactory.create(branch=tree().branch, email="")


def tell(reader: Person, count: int = 1, **given: Any) -> list[Message]:
    now = clock.now()
    keys = [f"message:{place}" for place in range(count)]
    for key in keys:
        defaults: dict[str, Any] = {"text": "complaint_logged", "context": ABOUT, "now": now}
        outbox.put(**defaults | {"key": key, "to": [reader]} | given)
    return list(Message.objects.inbox(reader).filter(key__in=keys).order_by("pk"))


def signed_in(person: Person, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_message_has_words_in_both_languages(
    reader: Person, now: datetime, language: str
) -> None:
    for text, context, _expected in TEXTS:
        message = Message(text=text, context=context, created_at=now, path="/x/")
        with translation.override(language):
            words = render(message)
        assert words.title
        assert "\n" not in words.title
        assert words.body
        assert str(context["number"]) in words.title + words.body
        assert "&amp;" not in words.title + words.body
        assert "{" not in words.title + words.body


def test_a_message_says_what_happened_and_what_to_do(now: datetime) -> None:
    for text, context, expected in TEXTS:
        with translation.override("en"):
            words = render(Message(text=text, context=context, created_at=now, path=""))
        for part in expected:
            assert part in f"{words.title}\n{words.body}", text


def test_a_reminder_names_promise_complaint_deadline_and_act(now: datetime) -> None:
    titles = []
    for context, act in steps(now):
        with translation.override("en"):
            words = render(Message(text="timer_step", context=context, created_at=now, path=""))
        assert str(ABOUT["number"]) in words.body
        assert act in words.body
        assert str(ABOUT["subject"]) in words.title
        titles.append(words.title.partition(":")[0])
    assert titles == [
        "Apology due 2026-11-19 15",
        "Apology overdue since 2026-11-19 13",
        "Result due 2026-11-19 15",
        "Result overdue since 2026-11-19 13",
        "Work order due 2026-11-19 15",
        "Work order overdue since 2026-11-19 13",
        "Callback due 2026-11-19 15",
        "Callback overdue since 2026-11-19 13",
    ]


def test_newest_first_the_worst_marked_and_markup_escaped_once(reader: Person) -> None:
    old, new = tell(reader, 2)
    Message.objects.filter(pk=old.pk).update(created_at=clock.now() - timedelta(days=1))
    context = ABOUT | {"milestone": "apology", "due_at": clock.now().isoformat()}
    tell(reader, key="step", text="timer_step", context=context, importance=Importance.OVERDUE)
    response = signed_in(reader).get(reverse("inbox"))
    rows = response.context["rows"]
    assert [row.message.key for row in rows] == ["step", new.key, old.key]
    assert [row.icon for row in rows] == ["s-over", "inbox", "inbox"]
    assert [row.day for row in rows] == ["Today", "Today", "Yesterday"]
    text = response.content.decode()
    assert "货物 &lt;b&gt;滞留&lt;/b&gt; &amp; 无人" in text
    assert "&amp;lt;" not in text


def test_b20_looking_reads_nothing_and_opening_does(reader: Person) -> None:
    [message] = tell(reader, path="/complaints/TS20261119-0001/")
    client = signed_in(reader)
    for _time in range(2):
        assert client.get(reverse("inbox")).context["unread"] == 1
    url = reverse("inbox-open", args=[message.pk])
    assert client.get(url).status_code == 405
    response = client.post(url)
    assert response["Location"] == "/complaints/TS20261119-0001/"
    message.refresh_from_db()
    first = message.read_at
    assert first is not None
    client.post(url)
    message.refresh_from_db()
    assert message.read_at == first


def test_all_are_marked_read_but_nobody_elses(reader: Person) -> None:
    other = PersonFactory.create(email="")
    tell(reader, 3)
    tell(other)
    response = signed_in(reader).post(reverse("inbox-read-all"), follow=True)
    assert "3 messages marked read." in response.content.decode()
    assert Message.objects.inbox(reader).unread().count() == 0
    assert Message.objects.inbox(other).unread().count() == 1


def test_the_inbox_shows_its_owner_only_and_no_mails(reader: Person) -> None:
    other = PersonFactory.create()
    [foreign] = tell(other, text="mentioned", context=BY | {"words": "SECRET"})
    client = signed_in(reader)
    assert "SECRET" not in client.get(reverse("inbox")).content.decode()
    assert client.post(reverse("inbox-open", args=[foreign.pk])).status_code == 404
    mail = Message.objects.get(recipient=other, channel="email")
    assert signed_in(other).post(reverse("inbox-open", args=[mail.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_views_of_the_inbox(reader: Person) -> None:
    client = signed_in(reader)
    tell(reader)
    tell(reader, key="m", text="mentioned", context=BY | {"words": "x"})
    context = ABOUT | {"milestone": "result", "due_at": clock.now().isoformat()}
    tell(reader, key="t", text="timer_step", context=context)
    views = {"": 3, "clocks": 1, "mentions": 1, "decisions": 1, "nonsense": 3}
    for view, count in views.items():
        response = client.get(reverse("inbox"), {"view": view})
        assert len(response.context["rows"]) == count, view
    Message.objects.filter(text="mentioned").update(read_at=clock.now())
    unread = client.get(reverse("inbox"), {"unread": "1"})
    assert len(unread.context["rows"]) == 2
    empty = client.get(reverse("inbox"), {"view": "mentions", "unread": "1"})
    assert "No message here" in empty.content.decode()


def test_fifty_on_a_page(reader: Person) -> None:
    tell(reader, 51)
    client = signed_in(reader)
    first = client.get(reverse("inbox"))
    assert len(first.context["rows"]) == 50
    second = client.get(reverse("inbox"), {"after": first.context["found"].next})
    assert len(second.context["rows"]) == 1


@pytest.mark.parametrize("count", [1, 20])
def test_the_inbox_asks_as_often_for_one_message_as_for_twenty(
    reader: Person, django_assert_num_queries: Any, count: int
) -> None:
    tell(reader, count)
    client = signed_in(reader)
    with django_assert_num_queries(7):
        assert len(client.get(reverse("inbox")).context["rows"]) == count
