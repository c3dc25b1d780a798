"""What a customer does without a login: report, look, add, object (C-01, C-30, N-02, N-03)."""

import gzip
import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.actions import handling, tracking, triage
from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Attachment, Complaint, CustomerMessage, Status, TrackingLink
from complaints.tests.clockwork import Desk, opened_desk
from csm.embedded import BASE_DIR
from csm.kit import clock
from csm.tests import broker
from csm.tests.mailbox import Mailbox
from csm.tests.race import race
from customers.actions.customers import Caller
from organisation.actions import files, letter_delivery, limits, tokens
from organisation.models import Letter, Message, PublicLink, StoredFile, Tally

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000000000200015e27c1e90000000049454e44ae426082"
)
WORDS = "周二说好下午送到，等到晚上八点没人来。打网点电话一直没人接。"


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def sheet(**given: Any) -> dict[str, Any]:
    return {
        "description": WORDS,
        "name": "王小明",
        "contact": "13800138000, wang@example.com",
        "submission": str(uuid.uuid4()),
    } | given


def english(**options: Any) -> Client:
    return Client(headers={"accept-language": "en"}, **options)


def report(client: Client | None = None, **given: Any) -> Any:
    return (client or english()).post("/report/", sheet(**given))


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def reported(desk: Desk) -> Complaint:
    assert report().status_code == 303
    return Complaint.objects.get()


def way(complaint: Complaint) -> str:
    row = tracking.current(complaint, now=clock.now())
    assert row is not None
    return tokens.path_of(row.link)


def test_c01_n03_a_customer_reports_and_follows(desk: Desk, smtp: Mailbox) -> None:
    page = text_of(english().get("/report/"))
    for promise in ("Within 1 hour We contact you", "Within 24 hours", "Within 48", "Within 72"):
        assert promise in page
    photo = SimpleUploadedFile("door.png", PNG)
    answer = report(photos=photo)
    found = Complaint.objects.get()
    assert (found.channel, found.logged_by, found.status) == ("web", None, Status.RECEIVED)
    assert found.subject == "周二说好下午送到，等到晚上八点没人来"
    assert (found.contact_phone, found.contact_email) == ("13800138000", "wang@example.com")
    assert found.attachments.count() == 1
    assert answer["Location"] == f"{way(found)}?new=1"
    welcome = english().get(answer["Location"])
    shown = text_of(welcome)
    assert (welcome.status_code, found.number in shown) == (200, True)
    for words in ("We contact you and apologise By", "Keep this link", "w***@example.com"):
        assert words in shown
    assert found.customer is not None
    assert found.customer.language == "en"
    # One letter with number and link; the typed name is not repeated to the address.
    assert letter_delivery.deliver(now=clock.now()) == 1
    [mail] = smtp.messages
    assert (mail["To"], found.number in mail["Subject"]) == ("wang@example.com", True)
    assert way(found) in mail.get_content()
    assert "王小明" not in mail.get_content()
    told = Message.objects.filter(text="complaint_logged", channel="inbox")
    assert told.get().recipient == desk.quality


def test_u05_the_same_sheet_twice_is_one_complaint(desk: Desk) -> None:
    given = sheet()
    first, second = (english().post("/report/", given) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert (Complaint.objects.count(), Letter.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_u05_the_same_sheet_at_once_is_one_complaint(desk: Desk) -> None:
    given = sheet()

    def send() -> str:
        return str(english().post("/report/", given)["Location"])

    assert len(set(race(*[send] * 4))) == 1
    assert (Complaint.objects.count(), TrackingLink.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"description": ""}, "Write what happened."),
        ({"description": "x" * 5001}, "at most 5000 characters"),
        ({"name": ""}, "Enter your name."),
        ({"contact": "123"}, "Enter a phone number of 7 digits or more"),
        ({"contact": "call me maybe"}, "Enter a phone number of 7 digits or more"),
        ({"contact": "a@b"}, "Enter a valid email address."),
        ({"website": "https://spam.example"}, "Leave the last field empty"),
        ({"submission": "x"}, "Enter a valid UUID."),
        ({"photos": SimpleUploadedFile("a.svg", b"<svg/>")}, "“a.svg” was not added"),
        ({"photos": SimpleUploadedFile("a.txt", b"words")}, "photos are possible here"),
        ({"description": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_u05_what_is_wrong_is_said_and_nothing_is_lost(
    desk: Desk,
    given: dict[str, Any],
    words: str,
) -> None:
    answer = report(waybill="YD-77", **given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "<title>Error: Make a complaint" in page
    assert 'value="YD-77"' in page
    assert not Complaint.objects.exists()
    assert not StoredFile.objects.exists()
    assert not PublicLink.objects.exists()
    assert not Letter.objects.exists()


def kept_words(answer: Any) -> list[str]:
    """The words that name the photos that wait for the sheet."""
    return re.findall(r'name="waiting" value="([^"]+)"', answer.content.decode())


def test_u05_photos_wait_for_a_sheet_that_came_back(desk: Desk) -> None:
    given = sheet(name="")
    photos = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(2)]
    refused = english().post("/report/", given | {"photos": photos})
    first, second = kept_words(refused)
    page = text_of(refused)
    assert (refused.status_code, "Photos already chosen" in page) == (422, True)
    assert "Choose these files again" not in page
    assert not Complaint.objects.exists()
    assert StoredFile.objects.filter(expires_at__isnull=False, uploaded_by=None).count() == 2
    # It comes back once more, with a third photo and a file that is none; one was unticked.
    more = [SimpleUploadedFile("more.png", PNG), SimpleUploadedFile("a.txt", b"words")]
    again = english().post("/report/", given | {"waiting": [second], "photos": more})
    assert "“a.txt” was not added" in text_of(again)
    kept = kept_words(again)
    assert (len(kept), kept[0]) == (2, second)
    sent = english().post("/report/", given | {"name": "王小明", "waiting": kept})
    names = Attachment.objects.order_by("pk").values_list("file__name", "file__expires_at")
    assert list(names) == [("1.png", None), ("more.png", None)]
    # The same sheet again, and nothing is attached twice; what was unticked goes with the sweep.
    twice = english().post("/report/", given | {"name": "王小明", "waiting": kept})
    assert sent["Location"] == twice["Location"]
    assert (Complaint.objects.count(), Attachment.objects.count()) == (1, 2)
    assert files.purge(now=clock.now() + timedelta(hours=2)) == 1
    assert StoredFile.objects.count() == 2
    assert first not in kept


def test_u05_photos_wait_for_an_addition(reported: Complaint) -> None:
    given = {"text": "x" * 5001, "submission": uuid.uuid4()}
    url = f"{way(reported)}add/"
    refused = english().post(url, given | {"photos": SimpleUploadedFile("box.png", PNG)})
    [word] = kept_words(refused)
    assert english().post(url, given | {"text": "", "waiting": word}).status_code == 303
    assert Attachment.objects.get().file.expires_at is None


@pytest.mark.parametrize("trouble", ["foreign", "forged", "late"])
def test_b08_nobody_sends_a_photo_that_does_not_wait_for_this_sheet(
    desk: Desk, trouble: str
) -> None:
    given = sheet(name="")
    photo = SimpleUploadedFile("door.png", PNG)
    [word] = kept_words(english().post("/report/", given | {"photos": photo}))
    if trouble == "foreign":
        given["submission"] = str(uuid.uuid4())
    elif trouble == "forged":
        word = f"{StoredFile.objects.get().pk.hex}:{'A' * 43}"
    else:
        StoredFile.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    answer = english().post("/report/", given | {"name": "王小明", "waiting": word})
    assert (answer.status_code, kept_words(answer)) == (422, [])
    assert "Choose it again" in text_of(answer)
    assert not Complaint.objects.exists()


def test_b08_few_photos_wait_and_the_rest_are_asked_for_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(count: int = 1, **given: Any) -> Any:
        photos = [SimpleUploadedFile(f"door{n}.png", PNG) for n in range(count)]
        return report(name="", photos=photos, **given)

    surplus = refused(6)
    assert len(kept_words(surplus)) == 5
    assert "“door5.png” was left out" in text_of(surplus)
    # None for programs, none beyond what one network may, none beyond what all may together.
    refused(website="x")
    monkeypatch.setattr("complaints.public.WAITING", 1)
    asked = refused()
    assert "Choose these files again: door0.png" in text_of(asked)
    monkeypatch.setattr("complaints.public.WAITING", 20)
    monkeypatch.setattr("organisation.actions.waiting.MOST_BYTES", 5 * len(PNG))
    assert "Choose these files again: door0.png" in text_of(refused())
    assert StoredFile.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_u05_a_waiting_photo_goes_with_one_sheet_only(desk: Desk) -> None:
    given = sheet(name="")
    photo = SimpleUploadedFile("door.png", PNG)
    [word] = kept_words(english().post("/report/", given | {"photos": photo}))

    def send() -> int:
        again = given | {"name": "王小明", "waiting": word}
        return english().post("/report/", again).status_code

    assert race(*[send] * 3) == [303] * 3
    assert (Complaint.objects.count(), Attachment.objects.count()) == (1, 1)


def test_b05_what_is_typed_runs_nowhere(desk: Desk) -> None:
    evil = "<script>alert(1)</script>{{ 7|add:7 }}"
    report(description=evil, name=evil, waybill=evil[:60])
    found = Complaint.objects.get()
    english().post(f"{way(found)}add/", {"text": evil, "submission": uuid.uuid4()})
    client = english()
    client.force_login(desk.quality)
    for page in (english().get(way(found)), client.get(f"/complaints/{found.number}/")):
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in text


def test_the_customer_adds_words_and_photos(reported: Complaint, desk: Desk) -> None:
    given = {"text": "门口还有一箱", "submission": uuid.uuid4()}
    url = way(reported)
    photo = SimpleUploadedFile("box.png", PNG)
    for photos in ({"photos": photo}, {}):
        answer = english().post(f"{url}add/", given | photos)
        assert (answer.status_code, answer["Location"]) == (303, f"{url}?said=addition")
    assert "门口还有一箱" in text_of(english().get(url))
    assert CustomerMessage.objects.get().text == "门口还有一箱"
    assert Attachment.objects.get().file.uploaded_by is None
    told = Message.objects.filter(text="customer_addition", channel="inbox")
    assert told.get().recipient == desk.quality
    client = english()
    client.force_login(desk.quality)
    page = text_of(client.get(f"/complaints/{reported.number}/"))
    assert "The customer added by the link: 门口还有一箱" in page
    empty = english().post(f"{url}add/", {"submission": uuid.uuid4()})
    assert empty.status_code == 422
    assert "Write what you would like to add" in text_of(empty)
    assert CustomerMessage.objects.count() == 1


def answered(complaint: Complaint, desk: Desk) -> None:
    now = clock.now()
    triage.judge_valid(
        complaint=complaint, branch=desk.company.branch, handler=desk.handler,
        category=CategoryFactory.create(), severity="normal", by=desk.quality, now=now,
    )  # fmt: skip
    handling.answer(
        complaint=complaint, channel="phone", result="已补送，运费退回。", by=desk.handler, now=now
    )


def test_c30_not_solved_after_the_result_opens_the_next_cycle_once(
    reported: Complaint,
    desk: Desk,
    smtp: Mailbox,
) -> None:
    url = way(reported)
    answered(reported, desk)
    assert "Our answer" in (page := text_of(english().get(url)))
    assert "已补送，运费退回。" in page
    letter_delivery.deliver(now=clock.now())
    written = [mail for mail in smtp.messages if "answer" in mail["Subject"]]
    assert [("已补送" in mail.get_content(), url in mail.get_content()) for mail in written] == [
        (True, True)
    ]
    missing = english().post(f"{url}not-solved/", {"submission": uuid.uuid4()})
    assert missing.status_code == 422
    reported.refresh_from_db()
    assert (reported.status, reported.cycle) == (Status.ANSWERED, 1)
    for _time in range(2):
        given = {"text": "箱子还是坏的", "submission": uuid.uuid4()}
        assert english().post(f"{url}not-solved/", given).status_code == 303
        # The second is said in the next cycle, before its result: it opens nothing.
    reported.refresh_from_db()
    assert (reported.status, reported.cycle) == (Status.HANDLING, 2)
    assert reported.events.filter(kind="reopened").count() == 1
    again = {"text": "再说一次", "submission": uuid.uuid4()}
    assert english().post(f"{url}not-solved/", again).status_code == 303
    assert CustomerMessage.objects.filter(kind="not_solved").count() == 2
    heard = Message.objects.filter(text="customer_not_solved", channel="inbox")
    assert {row.recipient for row in heard} >= {desk.quality, desk.handler}


@pytest.mark.django_db(transaction=True)
def test_c30_objecting_at_once_opens_one_cycle(desk: Desk) -> None:
    report()
    found = Complaint.objects.get()
    url = way(found)
    answered(found, desk)
    given = {"text": "没解决"}

    def send() -> int:
        one = given | {"submission": uuid.uuid4()}
        return english().post(f"{url}not-solved/", one).status_code

    assert race(*[send] * 4) == [303] * 4
    found.refresh_from_db()
    assert (found.cycle, found.events.filter(kind="reopened").count()) == (2, 1)


def test_b08_b16_what_opens_nothing_looks_alike(reported: Complaint) -> None:
    now = clock.now()
    life = timedelta(days=1)
    expired = tokens.issue_link(purpose="track", life=life, now=now - 2 * life)
    revoked = tokens.issue_link(purpose="track", life=life, now=now)
    tokens.revoke_link(link=revoked, now=now)
    foreign = tokens.issue_link(purpose="login", life=life, now=now)
    live = way(reported).split("/")[2]
    wrong = {
        "unknown": "A" * 43,
        "expired": tokens.path_of(expired).split("/")[2],
        "revoked": tokens.path_of(revoked).split("/")[2],
        "purpose": tokens._derived(foreign, settings.SECRET_KEY),
        "longer": f"{live}A",
        "cut": live[:-1],
        "long": "x" * 4000,
    }
    answers, asked = {}, set()
    for name, token in wrong.items():
        with CaptureQueriesContext(connection) as queries:
            answers[name] = english().get(f"/track/{token}/")
        asked.add(tuple(re.sub(r"'[^']*'", "?", each["sql"]) for each in queries))
    # The same work for each, so the same time.
    assert len(asked) == 1
    assert {answer.status_code for answer in answers.values()} == {404}
    assert len({answer.content for answer in answers.values()}) == 1
    assert english().get(f"/track/{live}/").status_code == 200
    for name in ("add", "not-solved"):
        answer = english().post(f"/track/{wrong['expired']}/{name}/", {"text": "x"})
        assert (answer.status_code, answer.content) == (404, answers["unknown"].content)


def test_b08_of_ten_thousand_guesses_few_are_looked_at(reported: Complaint) -> None:
    client, live = english(), way(reported)
    codes = [client.get(f"/track/{place:043d}/").status_code for place in range(100)]
    assert (codes.count(404), codes.count(429)) == (60, 40)
    refused = client.get(live)
    assert (refused.status_code, 0 < int(refused["Retry-After"]) <= 600) == (429, True)
    assert "Try again in" in text_of(refused)
    # Elsewhere nothing is limited, whatever a header says.
    assert english(REMOTE_ADDR="10.1.1.1").get(live).status_code == 200
    assert client.get(live, HTTP_X_FORWARDED_FOR="10.2.2.2").status_code == 429


def test_b08_reports_are_limited_by_network_and_what_was_typed_stays(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("complaints.public.REPORTS", 2)
    codes = [report(contact=f"1380013800{place}").status_code for place in range(3)]
    assert codes == [303, 303, 429]
    refused = report()
    assert WORDS in refused.content.decode()
    assert int(refused["Retry-After"]) <= 600
    assert Complaint.objects.count() == 2
    # Nobody's mailbox is filled from here.
    codes = [report(english(REMOTE_ADDR=f"10.0.0.{n}")).status_code for n in range(6)]
    assert codes == [303] * 5 + [429]


def test_a_form_larger_than_any_is_refused_unread(desk: Desk, settings: Any) -> None:
    settings.PUBLIC_MAX_BYTES = 300
    answer = report()
    assert (answer.status_code, "This is too large" in text_of(answer)) == (413, True)
    assert not Complaint.objects.exists()


def test_one_link_takes_so_many_sheets(reported: Complaint, monkeypatch: Any) -> None:
    monkeypatch.setattr("complaints.public.SHEETS", 1)
    url = f"{way(reported)}add/"
    first, second = (
        english().post(url, {"text": f"no. {n}", "submission": uuid.uuid4()}) for n in range(2)
    )
    assert (first.status_code, second.status_code) == (303, 429)
    assert "no. 1" in second.content.decode()
    assert CustomerMessage.objects.get().text == "no. 0"


def test_from_one_network_so_many_photos_are_kept(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("complaints.public.KILOBYTES", 2)

    def send(**client: str) -> Any:
        photos = [SimpleUploadedFile("box.png", PNG + bytes(1500))]
        return report(english(**client), photos=photos, contact="13800138001")

    assert [send().status_code for _time in range(3)] == [303, 429, 429]
    link = f"{way(Complaint.objects.get())}add/"
    added = {"submission": uuid.uuid4(), "photos": [SimpleUploadedFile("box.png", PNG)]}
    assert english().post(link, added).status_code == 429
    assert (Complaint.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert WORDS in send().content.decode()
    assert report().status_code == 303  # without any
    assert send(REMOTE_ADDR="10.9.9.9").status_code == 303


def test_without_redis_the_database_counts(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker.use(monkeypatch, "redis://127.0.0.1:1/0")
    codes = [english().get(f"/track/{place:043d}/").status_code for place in range(62)]
    assert (codes.count(404), codes.count(429)) == (60, 2)
    assert Tally.objects.get().count == 60
    assert report().status_code == 303


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_away", [False, True])
def test_of_a_hundred_at_once_the_limit_pass(
    is_away: bool, monkeypatch: pytest.MonkeyPatch, now: Any
) -> None:
    if is_away:
        broker.use(monkeypatch, "redis://127.0.0.1:1/0")

    def spend() -> int:
        passed = 0
        for _time in range(10):
            try:
                limits.spend("k", limit=30, seconds=60, now=now)
                passed += 1
            except limits.TooOften:
                continue
        return passed

    passed = race(*[spend] * 10)
    assert sum(count for count in passed if isinstance(count, int)) == 30
    limits.spend("k", limit=30, seconds=60, now=now + timedelta(seconds=60))


def test_staff_end_a_link_and_send_another(
    reported: Complaint,
    desk: Desk,
    smtp: Mailbox,
) -> None:
    old = way(reported)
    client = english()
    client.force_login(desk.quality)
    page = client.get(f"/complaints/{reported.number}/").content.decode()
    assert "The customer&#x27;s link" in page or "The customer's link" in page
    assert old.split("/")[2] not in page
    client.post(f"/complaints/{reported.number}/link/renew/")
    fresh = way(reported)
    assert english().get(old).status_code == 404
    assert english().get(fresh).status_code == 200
    letter_delivery.deliver(now=clock.now())
    assert [fresh in mail.get_content() for mail in smtp.messages] == [True, True]
    client.post(f"/complaints/{reported.number}/link/revoke/")
    assert english().get(fresh).status_code == 404
    assert client.post(f"/complaints/{reported.number}/link/revoke/").status_code == 409
    kinds = reported.events.filter(kind__startswith="link_").values_list("kind", flat=True)
    assert sorted(kinds) == ["link_renewed", "link_revoked"]


def test_n02_who_left_an_address_with_us_gets_a_letter_too(desk: Desk) -> None:
    ComplaintFactory.create(caller=Caller(name="Li", phone="13900139000"))
    assert not TrackingLink.objects.exists()
    ComplaintFactory.create(caller=Caller(name="Li", email="li@example.com"))
    letter = Letter.objects.get()
    told = (letter.address, letter.name, letter.text)
    assert told == ("li@example.com", "Li", "complaint_received")


def test_the_language_is_chosen_without_a_login_and_kept(reported: Complaint) -> None:
    client = Client()
    url = way(reported)
    assert "您的投诉" in text_of(client.get(url))
    assert "Your complaint" in text_of(client.get(f"{url}?language=en"))
    assert "Your complaint" in text_of(client.get(url))
    assert "我要投诉" in text_of(client.get("/report/?language=zh-hans"))
    assert client.get("/report/?language=xx").status_code == 200


def test_b20_a_page_that_tells_nobody_where_it_is_still_needs_its_token(
    reported: Complaint,
) -> None:
    """Browsers send "Origin: null" from it."""
    strict = english(enforce_csrf_checks=True)
    url = way(reported)
    page = strict.get(url).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    given = {"text": "x", "submission": str(uuid.uuid4())}
    signed = given | {"csrfmiddlewaretoken": found[1]}

    def sent(data: dict[str, str], origin: str, path: str = f"{url}add/") -> int:
        return strict.post(path, data, headers={"origin": origin}).status_code

    assert sent(given, "null") == 403
    assert sent(signed, "https://evil.example") == 403
    assert sent(signed, "null", "/login/") == 403
    assert not CustomerMessage.objects.exists()
    assert sent(signed, "null") == 303


def test_a_page_weighs_less_than_100_kb(reported: Complaint) -> None:
    dist: Path = BASE_DIR / "static" / "dist"
    page = english().get(way(reported)).content
    names = ("tabler.min.css", "csm.css", "public.js", "icons.svg", "favicon.svg")
    assert b"htmx" not in page
    weight = sum(len(gzip.compress((dist / name).read_bytes())) for name in names)
    assert weight + len(gzip.compress(page)) < 100_000
