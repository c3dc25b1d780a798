"""The report line: who reported something stays with two roles (T-17)."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from complaints.tests.clockwork import Desk, at, opened_desk, told
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from organisation.access import ROLE_VERBS
from organisation.actions import absences
from organisation.factories import PersonFactory
from organisation.models import AccessRecord, Person, Role
from staff.actions import tips, waiting_reminders
from staff.models import Tip, TipFile, TipSource, TypicalCase
from staff.tests.test_points import client, text_of

pytestmark = pytest.mark.django_db
RECEIPT = "ABCD-EFGH-JKLM-NPQR"


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def auditor(desk: Desk) -> Person:
    return _at_headquarters(desk, "稽查", Role.AUDITOR)


@pytest.fixture
def resources(desk: Desk) -> Person:
    return _at_headquarters(desk, "人力", Role.HUMAN_RESOURCES)


def _at_headquarters(desk: Desk, name: str, role: str) -> Person:
    return PersonFactory.create(name=name, branch=desk.company.headquarters, role=role, email="")


@pytest.fixture
def reporter(desk: Desk) -> Person:
    return PersonFactory.create(
        name="欧阳举报", username="whistle", branch=desk.company.branch, role=Role.HANDLER, email=""
    )


def reported(browser: Client, desk: Desk, **more: Any) -> Any:
    given = {
        "branch": desk.company.branch.pk,
        "subject": "私收客户费用",
        "text": "仓库夜班另收装卸费，未开票。",
        "is_named": "on",
        "contact": "13800138000",
        "receipt": RECEIPT,
        "files": SimpleUploadedFile("清单.txt", b"a list"),
    }
    return browser.post("/staff/report-line/", given | more)


def test_t17_nothing_but_its_own_table_leads_to_the_reporter(
    desk: Desk,
    auditor: Person,
    resources: Person,
    reporter: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert {role for role, verbs in ROLE_VERBS.items() if "tip.identity" in verbs} == {
        Role.AUDITOR,
        Role.HUMAN_RESOURCES,
    }
    browser = client(reporter)
    browser.get("/staff/report-line/")
    before = _rows_naming(reporter)
    with caplog.at_level(logging.DEBUG):
        answer = reported(browser, desk)
    assert answer.status_code == 200
    assert RECEIPT in text_of(answer)
    assert answer["Cache-Control"] == "private, no-store"
    # Of all rows of all tables that name the person, one is new.
    assert _rows_naming(reporter) - before == {("TipSource", TipSource.objects.get().pk)}
    logged = caplog.text
    assert not any(word in logged for word in ("欧阳举报", "whistle", "13800138000", RECEIPT))
    assert told("tip_received") == ["人力", "稽查"]
    # Sent again it is the same, from whoever has the receipt.
    assert reported(browser, desk).status_code == 200
    tip = Tip.objects.get()
    secrets = ("欧阳举报", "whistle", "13800138000", "私收客户费用")
    for person in (desk.manager, desk.quality, desk.general, desk.executive, desk.handler):
        other = client(person)
        for url in ("/staff/tips/", f"/staff/tips/{tip.pk}/", f"/api/v1/tips/{tip.pk}/"):
            page = other.get(url)
            assert page.status_code == 403
            assert not any(word in page.content.decode() for word in secrets)
        assert other.post(f"/staff/tips/{tip.pk}/identity/").status_code == 403
    # Who handles it reads what happened, and neither page nor call names anybody.
    for person in (auditor, resources):
        mine = client(person)
        file = f"/staff/tips/{tip.pk}/files/{TipFile.objects.get().file_id}/"
        for url in ("/staff/tips/", f"/staff/tips/{tip.pk}/", "/api/v1/tips/", "/inbox/", file):
            page = mine.get(url)
            assert page.status_code == 200
            assert not any(word in _content(page) for word in secrets[:3])
    assert not AccessRecord.objects.filter(what="tip-identity").exists()


def _content(page: Any) -> str:
    return b"".join(page.streaming_content).decode() if page.streaming else page.content.decode()


def _rows_naming(person: Person) -> set[tuple[str, int]]:
    """Every row of every table with a key to the person."""
    return {
        (model.__name__, pk)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Person
        for pk in model._default_manager.filter(**{field.name: person}).values_list("pk", flat=True)
    }


PNG_WITH_AUTHOR = (
    b"\x89PNG\r\n\x1a\n"
    + bytes.fromhex("0000000d49484452000000010000000108060000001f15c489")
    + b"\0\0\0\x11tEXtAuthor\0ouyang-jub" + bytes(4)
    + bytes.fromhex("0000000049454e44ae426082")
    + b"trailer of ouyang"
)  # fmt: skip
JPEG_WITH_OWNER = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    b"\xff\xe1\0\x14Exif\0\0owner ouyang"
    b"\xff\xfe\0\x08ouyang"
    b"\xff\xdb\0\x04\0\x01\xff\xda\0\x04\0\x01data\xff\0more\xff\xd9"
    b"\xff\xd8\xff\xe1\0\x0couyang too\xff\xd9"
)


def test_t17_a_file_tells_nothing_of_who_sent_it(
    desk: Desk, auditor: Person, reporter: Person
) -> None:
    """Neither its name nor what a camera or a program wrote into it; what may tell is refused."""
    for name, content in (("a.pdf", b"%PDF-1.7 /Author (ouyang)"), ("a.png", PNG_WITH_AUTHOR[:40])):
        wrong = reported(client(reporter), desk, files=SimpleUploadedFile(name, content))
        assert (wrong.status_code, Tip.objects.exists()) == (422, False)
        assert "may carry your name." in text_of(wrong)
    sent = [
        SimpleUploadedFile("欧阳举报.png", PNG_WITH_AUTHOR),
        SimpleUploadedFile("ouyang.jpg", JPEG_WITH_OWNER),
    ]
    assert reported(client(reporter), desk, files=sent).status_code == 200
    links = TipFile.objects.select_related("file").order_by("pk")
    assert [link.file.name for link in links] == ["1.png", "2.jpg"]
    mine = client(auditor)
    for link in links:
        answer: Any = mine.get(f"/staff/tips/{link.tip_id}/files/{link.file_id}/")
        content = b"".join(answer.streaming_content)
        assert b"ouyang" not in content
        assert content.endswith((b"data\xff\0more\xff\xd9", b"IEND\xaeB`\x82"))


def test_t17_no_deputy_hears_of_a_tip_that_is_kept_from_them(
    desk: Desk, auditor: Person, resources: Person, reporter: Person
) -> None:
    today = timezone.localdate(clock.now())
    absences.announce(
        person=resources,
        deputy=auditor,
        from_on=today,
        until_on=today,
        by=None,
        now=clock.now(),
    )
    assert reported(client(reporter), desk, kept_from=[auditor.pk]).status_code == 200
    assert told("tip_received") == ["人力"]
    absences.end(person=resources, by=None, now=clock.now())
    absences.announce(
        person=resources,
        deputy=auditor,
        from_on=today + timedelta(days=1),
        until_on=today + timedelta(days=9),
        by=None,
        now=clock.now(),
    )
    waiting_reminders.remind(now=clock.now() + timedelta(days=8))
    assert told("tip_waiting") == ["人力"]


def test_t17_each_look_at_the_identity_is_written_down(
    desk: Desk, auditor: Person, resources: Person, reporter: Person
) -> None:
    reported(client(reporter), desk)
    reported(client(reporter), desk, receipt="2222-EFGH-JKLM-NPQR", is_named="", contact="")
    anonymous, named = Tip.objects.all()
    assert TipSource.objects.get().tip == named
    looked = client(auditor).post(f"/staff/tips/{named.pk}/identity/")
    assert "欧阳举报" in text_of(looked)
    assert looked["Cache-Control"] == "private, no-store"
    assert client(auditor).get(f"/staff/tips/{named.pk}/identity/").status_code == 405
    nothing = client(resources).post(f"/staff/tips/{anonymous.pk}/identity/")
    assert "nobody can look it up" in text_of(nothing)
    looks = AccessRecord.objects.filter(what="tip-identity").order_by("pk")
    assert list(looks.values_list("person__name", "reference")) == [
        ("稽查", str(named.pk)),
        ("人力", str(anonymous.pk)),
    ]
    sources = TipSource.objects.all()
    for act in (lambda: sources.update(contact="x"), sources.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_t17_whom_it_concerns_neither_reads_nor_hears(
    desk: Desk, auditor: Person, resources: Person, reporter: Person
) -> None:
    everybody = [auditor.pk, resources.pk]
    refused = reported(client(reporter), desk, kept_from=everybody)
    assert refused.status_code == 422
    assert "Somebody must be left who may read it." in text_of(refused)
    assert not Tip.objects.exists()
    assert reported(client(reporter), desk, kept_from=[auditor.pk]).status_code == 200
    tip = Tip.objects.get()
    assert told("tip_received") == ["人力"]
    assert client(auditor).get(f"/staff/tips/{tip.pk}/").status_code == 404
    assert client(auditor).post(f"/staff/tips/{tip.pk}/identity/").status_code == 404
    with pytest.raises(Forbidden):
        tips.look(tip=tip, by=auditor, now=at(1))
    assert client(resources).get(f"/staff/tips/{tip.pk}/").status_code == 200


def test_t17_the_reward_is_paid_by_another_to_whoever_shows_the_receipt(
    desk: Desk, auditor: Person, resources: Person, reporter: Person
) -> None:
    reported(client(reporter), desk)
    tip = Tip.objects.get()
    upheld = {"is_upheld": "yes", "result": "情况属实，已退费。", "reward": "500", "version": 1}
    url = f"/staff/tips/{tip.pk}/"
    for wrong in ({"reward": "-1"}, {"result": ""}, {"is_upheld": "no"}, {"reward": "1000000"}):
        assert client(auditor).post(f"{url}decide/", upheld | wrong).status_code == 422
    assert client(auditor).post(f"{url}pay/", {"receipt": RECEIPT}).status_code == 409
    assert Tip.objects.get().status == "received"
    assert client(auditor).post(f"{url}decide/", upheld).status_code == 302
    followed = client(desk.handler).post(
        "/staff/report-line/follow/", {"receipt": "abcdefghjklmnpqr"}
    )
    assert "情况属实，已退费。" in text_of(followed)
    guessed = client(desk.handler).post("/staff/report-line/follow/", {"receipt": "ABCD"})
    assert guessed.status_code == 422
    assert client(auditor).post(f"{url}pay/", {"receipt": RECEIPT}).status_code == 403
    assert client(resources).post(f"{url}pay/", {"receipt": "ABCD"}).status_code == 422
    assert Tip.objects.get().paid_at is None
    assert client(resources).post(f"{url}pay/", {"receipt": RECEIPT}).status_code == 302
    paid = Tip.objects.get()
    assert (paid.reward, paid.paid_by, paid.decided_by) == (Decimal(500), resources, auditor)
    with pytest.raises(NotOpen):
        tips.pay(tip=paid, receipt=RECEIPT, by=resources, now=at(2))
    row = Tip.objects.filter(pk=tip.pk)
    for act in (
        lambda: row.update(reward=900),
        lambda: row.update(text="没有这回事"),
        row.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_t17_nobody_decides_about_their_own_tip(desk: Desk, auditor: Person) -> None:
    reported(client(auditor), desk)
    with pytest.raises(Forbidden):
        tips.decide(tip=Tip.objects.get(), is_upheld=True, result="真", by=auditor, now=at(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Tip.objects.update(
            status="upheld", result="真", reward=5, decided_at=at(1), decided_by=auditor,
            paid_at=at(1), paid_by=auditor,
        )  # fmt: skip
    assert Tip.objects.get().status == "received"


def test_t17_a_case_is_told_to_all_without_names(
    desk: Desk, auditor: Person, reporter: Person
) -> None:
    reported(client(reporter), desk)
    tip = Tip.objects.get()
    words = {"title": "私自收费", "text": "欧阳举报反映，电话 13800138000，仓库另收装卸费。"}
    assert client(auditor).post(f"/staff/tips/{tip.pk}/publish/", words).status_code == 409
    tips.decide(tip=tip, is_upheld=True, result="属实", by=auditor, now=at(1))
    assert client(auditor).post(f"/staff/tips/{tip.pk}/publish/", words).status_code == 302
    case = TypicalCase.objects.get()
    for person in (desk.neighbour, desk.executive):
        for url in ("/staff/cases/", "/api/v1/typical-cases/"):
            page = client(person).get(url).content.decode()
            assert "仓库另收装卸费" in page
            assert not any(word in page for word in ("欧阳举报", "13800138000"))
    with pytest.raises(DatabaseError), transaction.atomic():
        TypicalCase.objects.update(text="别的")
    assert tips.publish(tip=tip, title="又", text="又", by=auditor, now=at(2)) == case
    with pytest.raises(Refused):
        tips.report(
            branch=desk.company.branch, subject="x", text="y", receipt="123", by=reporter, now=at(1)
        )
