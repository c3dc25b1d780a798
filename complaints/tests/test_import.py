"""Importing complaints of the past (`contract.md`, "Import"): what becomes of good rows."""

import csv
import threading
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.db.models import Count

from complaints.actions import escalation
from complaints.models import Category, Channel, Complaint, Event, Status, Timer, verdict_at
from complaints.tests.desk import (
    GOOD,
    HEADER,
    NOTHING_YET,
    PROFILE,
    Desk,
    opened_desk,
    packed,
    stored,
)
from csm.kit import clock
from customers.models import Customer, CustomerFacts, TimelineEntry
from organisation.models import Branch, Message, SweepRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return opened_desk(tmp_path, monkeypatch)


def verdicts() -> dict[str, str]:
    rows = Timer.objects.annotate(verdict=verdict_at(clock.now()))
    found = rows.values_list("complaint__reference", "kind", "verdict")
    return {f"{reference} {kind}": verdict for reference, kind, verdict in found}


def test_a_row_becomes_a_complaint_of_the_past(desk: Desk) -> None:
    answer = desk.take(
        '7,Goods  broken,02.03.2026 10:00,03.03.2026 09:00,WX,late,Telephone,"It fell.\n'
        'Twice.",王小明,13800138000,03.03.2026 10:00,'
    )
    assert answer.line == "imported 1 / unchanged 0 / rejected 0"
    complaint = Complaint.objects.get()
    received = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    wuxi = Branch.objects.get(code="WX")
    assert complaint.number == "TS20260302-0001"
    assert (complaint.source, complaint.reference) == ("old system", "7")
    assert (complaint.subject, complaint.description) == ("Goods broken", "It fell.\nTwice.")
    assert (complaint.branch, complaint.intake_branch) == (wuxi, wuxi)
    assert complaint.category == Category.objects.get(code="late")
    assert (complaint.channel, complaint.severity) == (Channel.PHONE, "normal")
    assert (complaint.received_at, complaint.logged_at) == (received, received)
    assert complaint.status == Status.CLOSED
    assert complaint.closed_at == complaint.answered_at == received + timedelta(hours=23)
    assert complaint.is_history
    assert (complaint.contact_name, complaint.contact_digits) == ("王小明", "13800138000")
    event = Event.objects.get()
    assert (event.kind, event.complaint, event.data) == (
        "imported",
        complaint,
        {"source": "old system"},
    )
    customer = Customer.objects.get()
    assert (customer.name, customer.home_branch) == ("王小明", Branch.objects.get(code="WX"))
    assert TimelineEntry.objects.get().reference == complaint.number
    assert CustomerFacts.objects.get().complaints == 1


def test_a_milestone_without_a_deadline_in_the_row_has_no_clock(desk: Desk) -> None:
    """With its own column for the deadline a blank cell means none; without, the policy says it."""
    desk.take(
        "1,met,02.03.2026 10:00,03.03.2026 09:00,,,web,,,,03.03.2026 09:00,05.03.2026 10:00",
        "2,late,02.03.2026 10:00,03.03.2026 09:00,,,web,,,,03.03.2026 08:59,05.03.2026 10:01",
        "3,no deadline,02.03.2026 10:00,03.03.2026 09:00,,,web,,,,,",
        "4,open,02.03.2026 10:00,,,,web,,,,01.01.2126,",
    )
    assert verdicts() == {
        "1 result": "met",
        "1 callback": "met",
        "2 result": "breached",
        "2 callback": "breached",
        "3 callback": "breached",
        "4 result": "running",
        "4 callback": "breached",
    }
    assert set(Complaint.objects.values_list("reference", "status")) == {
        ("1", "closed"),
        ("2", "closed"),
        ("3", "closed"),
        ("4", "handling"),
    }
    callback_due = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
    assert Complaint.objects.get(reference="4").next_due_at == callback_due
    assert Complaint.objects.get(reference="1").next_due_at is None


def test_history_wakes_nobody(desk: Desk) -> None:
    desk.take("1,open,02.03.2026 10:00,,,,web,,,,03.03.2026,")
    timers = Timer.objects.values_list("next_fire_at", "fire_at")
    assert list(timers) == [(None, []), (None, [])]
    assert escalation.fire_due(now=clock.now()).steps == 0
    assert Message.objects.count() == 0
    assert SweepRun.objects.count() == 1


def test_a_second_import_adds_nothing(desk: Desk) -> None:
    rows = (GOOD, "8,other,02.03.2026,,,,web,,张三,13900139000,,")
    assert desk.take(*rows).line == "imported 2 / unchanged 0 / rejected 0"
    before = stored()
    assert desk.take(*rows).line == "imported 0 / unchanged 2 / rejected 0"
    assert desk.take(*rows, "9,new,02.03.2026,,,,web,,张三,13900139000,,").line == (
        "imported 1 / unchanged 2 / rejected 0"
    )
    assert stored() == before | {"complaints": 3}
    assert Complaint.objects.values("customer").annotate(n=Count("pk")).get(n=2)


def test_a_dry_run_counts_the_same_and_writes_nothing(desk: Desk) -> None:
    desk.profile = f'create_missing = ["branch", "category"]{PROFILE}'
    file = desk.write(GOOD, "8,x,02.03.2026,,New,New,web,,Li,1,,", "9,x,never,,,,web,,,,,")
    dry = desk.run(file, dry_run=True)
    assert stored() == NOTHING_YET
    real = desk.run(file)
    assert dry == real
    assert real.line == "imported 2 / unchanged 0 / rejected 1"


def test_missing_places_are_made_under_the_root_when_the_profile_says_so(desk: Desk) -> None:
    desk.profile = f'create_missing = ["branch", "category"]{PROFILE}'.replace(
        'category = "sort"', 'category = ["what", "sort"]'
    )
    desk.take(
        "1,Road,02.03.2026,,Moon,Hole,web,,,,,",
        "2,Road,02.03.2026,,Moon,Ice,web,,,,,",
        "3,Road,02.03.2026,,无锡,延误,web,,,,,",
    )
    top = Branch.objects.get(parent=None)
    moon = Branch.objects.get(code="Moon")
    assert (moon.name, moon.level, moon.parent) == ("Moon", "branch", top)
    assert moon.path == f"{top.path}{moon.pk}/"
    road = Category.objects.get(code="Road")
    assert set(road.children.values_list("code", flat=True)) == {"Hole", "Ice"}
    third = Complaint.objects.select_related("category").get(reference="3")
    assert third.branch == Branch.objects.get(code="WX")
    assert third.category == Category.objects.get(code="late")


@pytest.mark.parametrize(
    ("local", "moment"),
    [
        # The hour that comes twice, and the one that is left out.
        ("01.11.2015 01:30", datetime(2015, 11, 1, 5, 30, tzinfo=UTC)),
        ("08.03.2015 02:30", datetime(2015, 3, 8, 7, 30, tzinfo=UTC)),
        ("08.03.2015", datetime(2015, 3, 8, 5, 0, tzinfo=UTC)),
        ("2015-07-01T12:00:00+02:00", datetime(2015, 7, 1, 10, 0, tzinfo=UTC)),
    ],
)
def test_local_times_of_the_source(desk: Desk, local: str, moment: datetime) -> None:
    desk.profile = PROFILE.replace("Asia/Shanghai", "America/New_York")
    assert desk.take(f"1,x,{local},,,,web,,,,,").line == "imported 1 / unchanged 0 / rejected 0"
    assert Complaint.objects.get().received_at == moment


def test_numbers_follow_the_day_of_receipt_in_the_company_zone(desk: Desk) -> None:
    rows = [f"{n},x,{day}.03.2026 23:00,,,,web,,,,," for n, day in enumerate("112121")]
    desk.take(*(row.replace(",x,", ",x,0", 1) for row in rows))
    assert list(Complaint.objects.order_by("pk").values_list("number", flat=True)) == [
        "TS20260301-0001",
        "TS20260301-0002",
        "TS20260302-0001",
        "TS20260301-0003",
        "TS20260302-0002",
        "TS20260301-0004",
    ]


def test_customers_are_found_again_by_number_or_by_name(desk: Desk) -> None:
    desk.take(
        "1,x,02.03.2026,,WX,,web,,王小明,138 0013 8000,,",
        "2,x,02.03.2026,,WX,,web,,小明,+86 13800138000,,",
        "3,x,02.03.2026,,WX,,web,,王小明,,,",
        "4,x,02.03.2026,,SZ,,web,,王小明,,,",
        "5,x,02.03.2026,,WX,,web,,,,,",
    )
    by_customer = Complaint.objects.values("customer__home_branch__code", "customer__name")
    assert {
        (row["customer__home_branch__code"], row["customer__name"]): row["n"]
        for row in by_customer.annotate(n=Count("pk"))
    } == {("WX", "王小明"): 3, ("SZ", "王小明"): 1, (None, None): 1}


def test_packed_and_marked_files_and_workbooks_give_the_same(desk: Desk, tmp_path: Path) -> None:
    plain = desk.write(GOOD)
    text = plain.read_text()
    marked, zipped, book = (tmp_path / name for name in ("marked.csv", "rows.gz", "rows.xlsx"))
    marked.write_text(text, encoding="utf-8-sig")
    zipped.write_bytes(packed(text))
    workbook(book, text)
    assert desk.run(plain).line == "imported 1 / unchanged 0 / rejected 0"
    for file in (marked, zipped, book):
        assert desk.run(file).line == "imported 0 / unchanged 1 / rejected 0"


def workbook(path: Path, text: str) -> None:
    """The table as a person would keep it in Excel: numbers and times as such."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(StringIO(text)):
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save(path)


def test_a_workbook_with_real_times_empty_rows_and_a_bad_one(desk: Desk, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append([1.0, "Goods broken", datetime(2026, 3, 2, 10, 0), None, "WX", None, "web"])
    sheet.append([None] * 12)
    sheet.append([2, None, datetime(2026, 3, 2), None, "WX", None, "web"])
    book.save(tmp_path / "rows.xlsx")
    answer = desk.run(tmp_path / "rows.xlsx")
    assert answer.line == "imported 1 / unchanged 0 / rejected 1"
    assert answer.errors == [("4", "what", "A value is missing.", "2")]
    complaint = Complaint.objects.get()
    assert complaint.received_at == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert complaint.reference == "1"


def test_a_new_installation_gets_its_root_from_the_import(tmp_path: Path) -> None:
    desk = Desk(tmp_path, f'create_missing = ["branch"]{PROFILE}'.replace('category = "sort"', ""))
    desk.take("1,x,02.03.2026,,Moon,,web,,,,,", "2,x,02.03.2026,,,,web,,,,,")
    root = Branch.objects.get(parent=None)
    assert set(Complaint.objects.values_list("reference", "branch__parent")) == {
        ("1", root.pk),
        ("2", None),
    }


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_add_each_row_once(desk: Desk) -> None:
    desk.profile = f'create_missing = ["branch", "category"]{PROFILE}'
    file = desk.write(
        *(f"{n},x,02.03.2026,,New {n % 5},Sort {n % 7},web,,Li {n % 49},,," for n in range(4500))
    )
    lines: list[str] = []
    gate = threading.Barrier(2)

    def once(number: int) -> None:
        other = Desk(desk.folder / f"{number}", desk.profile)
        other.folder.mkdir()
        gate.wait(10)
        try:
            lines.append(other.run(file).line)
        finally:
            connection.close()

    threads = [threading.Thread(target=once, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = [[int(word) for word in line.split() if word.isdigit()] for line in lines]
    assert [sum(column) for column in zip(*counts, strict=True)] == [4500, 4500, 0]
    assert stored() == {
        "complaints": 4500,
        "branches": 11,
        "categories": 8,
        "counters": 1,
        "customers": 245,
    }
    assert Event.objects.count() == 4500
