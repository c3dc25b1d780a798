"""Who answers (C-28, W-06), and the suppliers with their history."""

import re
from contextlib import suppress
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from complaints.actions import accountability, suppliers, work_orders
from complaints.actions.accountability import Line, lines_of
from complaints.factories import WorkOrderFactory
from complaints.models import Accountability, Complaint, Supplier, WorkOrder
from complaints.tests.clockwork import Desk, again, at, opened_desk, refused
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from csm.tests.race import race
from organisation.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def carrier() -> Supplier:
    return suppliers.add(name="苏南车队", contact="赵队长", by=None, now=at(0))


def english(person: Person) -> Client:
    client = signed_in(person)
    client.cookies["django_language"] = "en"
    return client


def write(desk: Desk, of: Complaint | WorkOrder, *lines: Line, **more: Any) -> None:
    given: dict[str, Any] = {"by": desk.quality, "now": at(2)}
    accountability.write(of=of, lines=lines, **given | more)


def ours(desk: Desk) -> Line:
    return Line("manager", desk.manager.pk, None, "未安排复核", "扣绩效")


def theirs(carrier: Supplier) -> Line:
    return Line("supplier", None, carrier.pk, "途中破损")


def test_c28_lines_come_stay_and_go(desk: Desk, carrier: Supplier) -> None:
    complaint = desk.complaint()
    write(desk, complaint, ours(desk))
    [kept] = Accountability.objects.all()
    write(desk, again(complaint), ours(desk), theirs(carrier), by=desk.specialist, now=at(3))
    first, second = Accountability.objects.order_by("pk")
    assert (first.pk, first.created_by, first.created_at) == (kept.pk, desk.quality, at(2))
    assert (second.created_by, second.supplier) == (desk.specialist, carrier)
    version = again(complaint).version
    write(desk, again(complaint), ours(desk), theirs(carrier), now=at(4))
    assert again(complaint).version == version, "nothing changed, nothing is written"
    write(desk, again(complaint), theirs(carrier), now=at(5))
    assert lines_of(complaint) == (theirs(carrier),)
    assert complaint.events.filter(kind="accountability_written").count() == 3


def test_c28_what_is_wrong_is_refused_and_changes_nothing(desk: Desk, carrier: Supplier) -> None:
    complaint = desk.complaint()
    for line, field in (
        (Line("person", None, None, "x"), "person"),
        (Line("supplier", None, None, "x"), "supplier"),
        (Line("person", desk.handler.pk, None, " "), "what"),
        (Line("boss", desk.handler.pk, None, "x"), "party"),
    ):
        with refused(Refused, f"accountability.0.{field}"):
            write(desk, complaint, line)
    both = Line("manager", desk.manager.pk, carrier.pk, "x")
    with refused(Refused, "accountability.0.supplier"):
        write(desk, complaint, both)
    with refused(Refused):
        write(desk, complaint, *[ours(desk)] * 51)
    with refused(Stale):
        write(desk, complaint, ours(desk), version=complaint.version + 1)
    for person in (desk.handler, desk.manager, desk.neighbour, desk.executive):
        with refused(Forbidden):
            write(desk, complaint, ours(desk), by=person)
    for wrong in ({"supplier": carrier}, {"person": None}, {"what": ""}, {"complaint": None}):
        good: dict[str, Any] = {
            "complaint": complaint, "party": "person", "person": desk.handler, "what": "x",
        }  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Accountability.objects.create(created_at=at(1), **good | wrong)


def test_w06_of_an_order_while_it_is_written(desk: Desk, carrier: Supplier) -> None:
    order = WorkOrderFactory.create(complaint=desk.complaint(), filler=desk.handler, now=at(1))
    write(desk, order, ours(desk), by=desk.handler)
    with refused(Forbidden):
        write(desk, order, by=desk.neighbour)
    work_orders.submit(order=order, by=desk.handler, now=at(3), accountability=[theirs(carrier)])
    assert lines_of(order) == (theirs(carrier),)
    assert order.versions.get().sections["accountability"] == [
        {"party": "supplier", "who": "苏南车队", "what": "途中破损", "consequence": ""}
    ]
    with refused(NotOpen):
        write(desk, order, ours(desk), by=desk.handler)


@pytest.mark.django_db(transaction=True)
def test_c28_two_writing_at_once_one_is_heard() -> None:
    desk = opened_desk()
    complaint = desk.complaint()
    one, other = again(complaint), again(complaint)
    answers = race(
        lambda: write(desk, one, ours(desk)),
        lambda: write(desk, other, Line("person", desk.handler.pk, None, "未移交")),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    assert Accountability.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_adding_the_same_supplier_at_once_one_is_heard() -> None:
    answers = race(
        *[lambda name=name: suppliers.add(name=name, by=None, now=at(1)) for name in ("Yd", "YD")]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Refused", "Supplier"]
    assert Supplier.objects.count() == 1


def test_b05_names_that_only_some_take_for_alike_are_no_accident(desk: Desk) -> None:
    """A sign of Kelvin is a small k to one, and no capital K to another."""
    suppliers.add(name="Kuehne", by=None, now=at(1))
    for name in ("\u212auehne", "KUEHNE", "STRASSE", "straße", "ıI", "Ii"):
        with suppress(Refused):
            suppliers.add(name=name, by=None, now=at(1))
    assert Supplier.objects.filter(name="STRASSE").exists()


def test_c28_a_browser_writes_the_record_without_script(desk: Desk, carrier: Supplier) -> None:
    complaint = desk.complaint(now=clock.now())
    order = WorkOrderFactory.create(complaint=complaint, filler=desk.handler)
    write(desk, order, theirs(carrier), by=desk.handler)
    quality = english(desk.quality)
    page = quality.get(f"/complaints/{complaint.number}/").content.decode()
    url = f"/complaints/{complaint.number}/accountability/"
    assert f'href="{url}"' in page
    assert "途中破损" in page, "the lines of its order are of its record"
    form = quality.get(url).content.decode()
    assert "途中破损" not in form, "those of the order are written with the order"
    typed = {
        "accountability": "0",
        "accountability-0-party": "manager",
        "accountability-0-person": "",
        "accountability-0-what": "未安排复核",
    }
    grown = quality.post(url, typed | {"add": "accountability"}).content.decode()
    assert 'name="accountability-1-party"' in grown
    assert "未安排复核" in grown
    before = everything()
    answer = quality.post(url, typed)
    assert answer.status_code == 422
    assert "Choose the person." in answer.content.decode()
    stranger = typed | {"accountability-0-person": str(desk.neighbour.pk)}
    assert quality.post(url, stranger).status_code == 422, "only who works near"
    assert everything() == before
    good = typed | {"accountability-0-person": str(desk.manager.pk)}
    assert quality.post(url, good).status_code == 302
    assert lines_of(complaint) == (Line("manager", desk.manager.pk, None, "未安排复核"),)
    assert "未安排复核" in quality.get(f"/complaints/{complaint.number}/").content.decode()


def test_c28_the_call_writes_the_record(desk: Desk, carrier: Supplier) -> None:
    complaint = desk.complaint(now=clock.now())
    url = f"complaints/{complaint.number}/accountability/"
    lines = [
        {"party": "supplier", "supplier": carrier.pk, "what": "途中破损", "consequence": "扣款"},
        {"party": "person", "person": desk.handler.pk, "what": "未移交"},
    ]
    answer = Caller(desk.quality).post(url, {"lines": lines})
    assert answer.status_code == 200
    shown = answer.json()["accountability"]
    assert [(row["party"], row["what"], row["work_order"]) for row in shown] == [
        ("supplier", "途中破损", None), ("person", "未移交", None),
    ]  # fmt: skip
    assert shown[0]["supplier"] == {"id": carrier.pk, "name": "苏南车队"}
    before = everything()
    for bad in ({"party": "person", "what": "x"}, {"party": "supplier", "supplier": 0, "what": "x"},
                {"party": "boss", "what": "x"}):  # fmt: skip
        assert Caller(desk.quality).post(url, {"lines": [bad]}).status_code == 400
    assert Caller(desk.handler).post(url, {"lines": []}).status_code == 403
    assert everything() == before
    order = WorkOrderFactory.create(complaint=complaint, filler=desk.handler)
    patched = Caller(desk.handler).patch(f"work-orders/{order.pk}/", {"accountability": lines[:1]})
    assert patched.status_code == 200
    assert patched.json()["accountability"][0]["supplier"]["name"] == "苏南车队"


def test_suppliers_with_their_history(desk: Desk, carrier: Supplier) -> None:
    now = clock.now()
    complaint, other = desk.complaint(now=now), desk.complaint(now=now)
    write(desk, complaint, theirs(carrier), now=now)
    order = WorkOrderFactory.create(complaint=other, filler=desk.handler)
    write(desk, order, theirs(carrier), by=desk.handler, now=now)
    quality = english(desk.quality)
    page = quality.get("/suppliers/").content.decode()
    assert "2 lines" in page
    assert "2 complaints · 1 order" in page
    one = quality.get(f"/suppliers/{carrier.pk}/").content.decode()
    assert complaint.number in one
    assert other.number in one
    assert re.findall(r'class="num">(\d[^<]*)</t[hd]>', one) == ["2", "2", "1"]
    assert f"{timezone.localtime(now):%B %Y}" in one
    foreign = english(desk.neighbour)
    assert "Never named" in foreign.get("/suppliers/").content.decode()
    assert complaint.number not in foreign.get(f"/suppliers/{carrier.pk}/").content.decode()
    assert "Nothing matches" in quality.get("/suppliers/?search=xyz").content.decode()
    answer = quality.post("/suppliers/export/", {"form": "xlsx", "query": ""})
    sheet = load_workbook(BytesIO(b"".join(answer))).active
    assert sheet is not None
    assert [row[:6] for row in sheet.values][1] == ("苏南车队", "赵队长", "active", 2, 2, 1)
    listed = Caller(desk.neighbour).get("suppliers/").json()["results"]
    assert [(row["name"], row["lines"]) for row in listed] == [("苏南车队", 0)]


def test_a_name_stands_once_and_who_may_change_it(desk: Desk, carrier: Supplier) -> None:
    handler, quality = english(desk.handler), english(desk.quality)
    url = f"/suppliers/{carrier.pk}/edit/"
    assert handler.get(url).status_code == 403
    assert handler.post("/suppliers/new/", {"name": "远达"}).status_code == 302
    before = everything()
    for name in ("", "远达", " 苏南车队 "):
        assert handler.post("/suppliers/new/", {"name": name}).status_code == 422
    assert quality.post(url, {"name": "远达", "is_active": "on"}).status_code == 422
    assert everything() == before
    assert quality.post(url, {"name": "苏南货运"}).status_code == 302
    carrier.refresh_from_db()
    assert (carrier.name, carrier.is_active) == ("苏南货运", False)
    changed = Caller(desk.quality).patch(f"suppliers/{carrier.pk}/", {"active": True})
    assert (changed.status_code, changed.json()["active"]) == (200, True)


@pytest.mark.parametrize("count", [1, 20])
def test_lists_ask_the_database_as_often_for_20_rows(desk: Desk, count: int) -> None:
    complaint = desk.complaint(now=clock.now())
    rows = [suppliers.add(name=f"车队{n}", by=None, now=at(n)) for n in range(count)]
    write(desk, complaint, *map(theirs, rows), now=clock.now())
    client = signed_in(desk.quality)
    for url, queries in (
        ("/suppliers/", 6),
        (f"/suppliers/{rows[0].pk}/", 7),
        (f"/complaints/{complaint.number}/accountability/", 8),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        assert len(asked) == queries, url


def test_w06_the_former_texts_become_lines_that_may_stay(desk: Desk) -> None:
    """The data migration, there and back, on the columns that it needs."""
    migration = import_module("complaints.migrations.0038_keep_accountability_texts")
    order = WorkOrderFactory.create(complaint=desk.complaint(), filler=desk.handler, now=at(1))
    columns = ("accountability_internal", "accountability_supplier")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in columns:
            cursor.execute(f"ALTER TABLE complaints_workorder ADD {name} text DEFAULT ''")
        cursor.execute(
            "UPDATE complaints_workorder SET accountability_internal = %s", ["值班主管\n扣分"]
        )
        cursor.execute(migration.FORWARD)
    former = Line("manager", None, None, "值班主管\n扣分")
    assert lines_of(order) == (former,)
    write(desk, order, former, ours(desk), by=desk.handler)
    with refused(Refused, "accountability.0.person"):
        write(desk, order, Line("manager", None, None, "别人"), by=desk.handler)
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKWARD)
        cursor.execute(f"SELECT {', '.join(columns)} FROM complaints_workorder")
        assert cursor.fetchone() == ("值班主管\n扣分\nmanager：未安排复核；扣绩效", "")
    assert apps.get_model("complaints", "Accountability").objects.count() == 2
