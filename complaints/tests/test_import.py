"""Importing complaints of the past (`contract.md`, "Import"): what becomes of each row."""

import csv
import gzip
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from complaints.actions import escalation
from complaints.factories import CategoryFactory
from complaints.models import Category, Channel, Complaint, Event, Status, Timer, verdict_at
from csm.kit import clock
from customers.models import Customer, CustomerFacts, TimelineEntry
from organisation.factories import Tree, tree
from organisation.models import Branch, Counter, Message, SweepRun

pytestmark = pytest.mark.django_db
PROFILE = """
source = "old system"
timezone = "Asia/Shanghai"
dates = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]
[columns]
reference = "id"
subject = "what"
received_at = "when"
closed_at = "done"
branch = "place"
category = "sort"
channel = "by"
description = "story"
customer_name = "who"
customer_phone = "phone"
[maps.channel]
Telephone = "phone"
[milestones.result]
met_at = "done"
due_at = "promised"
[milestones.callback]
met_at = "called"
"""
HEADER = "id,what,when,done,place,sort,by,story,who,phone,promised,called"
GOOD = "7,Goods broken,02.03.2026 10:00,03.03.2026 09:00,WX,late,Telephone,,,,03.03.2026 10:00,"
NOTHING_YET = {"complaints": 0, "branches": 6, "categories": 1, "counters": 0, "customers": 0}


@dataclass
class Answer:
    """What the command said, and its table of errors: (row, column, reason, reference)."""

    line: str
    errors: list[tuple[str, ...]]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return [(column, reason) for _row, column, reason, _reference in self.errors]


@dataclass
class Desk:
    """A folder with a profile and a file to import."""

    folder: Path
    profile: str = PROFILE

    def write(self, *rows: str, header: str = HEADER) -> Path:
        path = self.folder / "complaints.csv"
        path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return path

    def run(self, file: Path, *, dry_run: bool = False) -> Answer:
        profile, errors = self.folder / "profile.toml", self.folder / "errors.csv"
        profile.write_text(self.profile, encoding="utf-8")
        out = StringIO()
        call_command(
            "import_complaints",
            file,
            profile=str(profile),
            errors=errors,
            dry_run=dry_run,
            stdout=out,
            skip_checks=True,
        )
        with errors.open(encoding="utf-8-sig", newline="") as table:
            header, *lines = csv.reader(table)
        assert header == ["row", "column", "reason", "reference"]
        return Answer(out.getvalue().strip(), [tuple(line) for line in lines])

    def take(self, *rows: str) -> Answer:
        return self.run(self.write(*rows))


@pytest.fixture
def company() -> Tree:
    CategoryFactory.create(code="late", name="延误", name_en="Late")
    return tree()


@pytest.fixture
def desk(company: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return Desk(tmp_path)


def stored() -> dict[str, int]:
    models = {
        "complaints": Complaint,
        "branches": Branch,
        "categories": Category,
        "counters": Counter,
        "customers": Customer,
    }
    return {name: model._default_manager.count() for name, model in models.items()}


def verdicts() -> dict[str, str]:
    rows = Timer.objects.annotate(verdict=verdict_at(clock.now()))
    found = rows.values_list("complaint__reference", "kind", "verdict")
    return {f"{reference} {kind}": verdict for reference, kind, verdict in found}


def test_a_row_becomes_a_complaint_of_the_past(desk: Desk, company: Tree) -> None:
    answer = desk.take(
        '7,Goods  broken,02.03.2026 10:00,03.03.2026 09:00,WX,late,Telephone,"It fell.\n'
        'Twice.",王小明,13800138000,03.03.2026 10:00,'
    )
    assert answer.line == "imported 1 / unchanged 0 / rejected 0"
    complaint = Complaint.objects.get()
    received = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert complaint.number == "TS20260302-0001"
    assert (complaint.source, complaint.reference) == ("old system", "7")
    assert (complaint.subject, complaint.description) == ("Goods broken", "It fell.\nTwice.")
    assert (complaint.branch, complaint.intake_branch) == (company.branch, company.branch)
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
    assert (customer.name, customer.home_branch) == ("王小明", company.branch)
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


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",x,02.03.2026,,,,web,,,,,", "id", "A value is missing."),
        ("1,,02.03.2026,,,,web,,,,,", "what", "A value is missing."),
        ("1,x,,,,,web,,,,,", "when", "A value is missing."),
        ("1,x,31.02.2026,,,,web,,,,,", "when", "“31.02.2026” is not a time."),
        ("1,x,02.03.2126,,,,web,,,,,", "when", "This lies in the future."),
        ("1,x,02.03.2026,03.03.2126,,,web,,,,,", "done", "This lies in the future."),
        ("1,x,02.03.2026,,,,web,,,,,03.03.2126", "called", "This lies in the future."),
        (
            "1,x,02.03.2026,01.03.2026,,,web,,,,,",
            "done",
            "This lies before the complaint was received.",
        ),
        ("1,x,02.03.2026,,Moon,,web,,,,,", "place", "There is no branch “Moon”."),
        ("1,x,02.03.2026,,,Odd,web,,,,,", "sort", "There is no category “Odd”."),
        ("1,x,02.03.2026,,,,pigeon,,,,,", "by", "“pigeon” is not known."),
        ("1,x,02.03.2026,,,,,,,,,", "by", "A value is missing."),
        (
            f"1,{'x' * 201},02.03.2026,,,,web,,,,,",
            "what",
            "The text is too long: more than 200 characters.",
        ),
        ("1,a\0b,02.03.2026,,,,web,,,,,", "what", "A NUL character cannot be stored."),
        ("1,x,02.03.2026,,,,web", "by", "The row has 7 columns, the header has 12."),
        (
            '1,x,02.03.2026,,,,web,"never closed,,,,',
            "story",
            "A quotation mark is not closed, or not doubled inside a text.",
        ),
        (
            f"1,x,02.03.2026,,,,web,{'x' * 10_000_000},,,,",
            "story",
            "The text is too long: more than 131072 characters.",
        ),
        ("7,again,02.03.2026,,,,web,,,,,", "id", "The same reference stands in row 2."),
    ],
)
def test_a_bad_row_stays_behind_alone_and_says_why(
    desk: Desk, row: str, column: str, reason: str
) -> None:
    answer = desk.take(GOOD, row, "8,after,02.03.2026,,,,web,,,,,")
    assert answer.line == "imported 2 / unchanged 0 / rejected 1"
    reference = row.partition(",")[0]
    assert answer.errors == [("3", column, reason, reference)]
    assert set(Complaint.objects.values_list("reference", flat=True)) == {"7", "8"}
    assert Customer.objects.count() == 0


def test_a_row_tells_all_of_its_faults(desk: Desk) -> None:
    answer = desk.take("1,,yesterday,,,,pigeon,,,,,")
    assert answer.errors == [
        (
            "2",
            "when; what; by",
            "“yesterday” is not a time.; A value is missing.; “pigeon” is not known.",
            "1",
        )
    ]


def test_the_table_of_errors_holds_no_formula(desk: Desk) -> None:
    answer = desk.take('"=HYPERLINK(""http://x"")",,02.03.2026,,,,web,,,,,')
    assert [error[3] for error in answer.errors] == ['\'=HYPERLINK("http://x")']


def test_missing_places_are_made_under_the_root_when_the_profile_says_so(
    desk: Desk, company: Tree
) -> None:
    desk.profile = f'create_missing = ["branch", "category"]{PROFILE}'.replace(
        'category = "sort"', 'category = ["what", "sort"]'
    )
    desk.take(
        "1,Road,02.03.2026,,Moon,Hole,web,,,,,",
        "2,Road,02.03.2026,,Moon,Ice,web,,,,,",
        "3,Road,02.03.2026,,无锡,延误,web,,,,,",
    )
    moon = Branch.objects.get(code="Moon")
    assert (moon.name, moon.level, moon.parent) == ("Moon", "branch", company.headquarters)
    assert moon.path == f"{company.headquarters.path}{moon.pk}/"
    top = Category.objects.get(code="Road")
    assert set(top.children.values_list("code", flat=True)) == {"Hole", "Ice"}
    third = Complaint.objects.select_related("category").get(reference="3")
    assert third.branch == company.branch
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


def test_customers_are_found_again_by_number_or_by_name(desk: Desk, company: Tree) -> None:
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


def test_rows_in_a_foreign_encoding_stay_behind(desk: Desk) -> None:
    file = desk.write(GOOD)
    file.write_bytes(file.read_bytes() + "8,货物破损,02.03.2026,,,,web,,,,,\n".encode("gb18030"))
    answer = desk.run(file)
    assert answer.line == "imported 1 / unchanged 0 / rejected 1"
    assert answer.reasons == [("what", "Some characters are not in the encoding of the profile.")]


def packed(text: str) -> bytes:
    # Without a time of its own, so that every worker collects the same test.
    return gzip.compress(text.encode(), mtime=0)


def bomb(folder: Path) -> Path:
    path = folder / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return path


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty"),
        (packed(""), "the file is empty"),
        (b"\n\n", "these columns are missing"),
        (GOOD.encode(), "these columns are missing"),
        (HEADER.replace("phone", "tel").encode(), "these columns are missing: phone"),
        (HEADER.replace("who", "id").encode(), "these columns are missing: who"),
        (f"{HEADER},id".encode(), "these columns are there twice: id"),
        (f"{HEADER}\n1,货物\n".encode("utf-16"), "it looks like utf-16"),
        (f"{HEADER},备注\n1,x\n".encode("gb18030"), "not in the encoding of the profile, utf-8"),
        (
            f"{HEADER}\n1,货物破损,02.03.2026,,,,web,,,,,\n".encode("gb18030"),
            "not in the encoding of the profile, utf-8",
        ),
        (packed(HEADER)[:-4], "the packed file is damaged"),
        (packed("0" * 20_000_000), "it would grow more than 100 times"),
        (b"PK\x03\x04 no archive", "the packed file is damaged"),
        (b"\xd0\xcf\x11\xe0 old", "this is an old Excel file"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_one_line(
    desk: Desk, tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "complaints.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=why) as refusal:
        desk.run(file)
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
    assert stored() == NOTHING_YET


def test_other_files_that_cannot_be_read(desk: Desk, tmp_path: Path) -> None:
    for file in (tmp_path / "none.csv", tmp_path, bomb(tmp_path)):
        with pytest.raises(CommandError) as refusal:
            desk.run(file)
        assert refusal.value.returncode == 2
    assert stored() == NOTHING_YET


def test_utf_8_under_a_profile_of_another_encoding_is_noticed(desk: Desk) -> None:
    desk.profile = f'encoding = "gb18030"{PROFILE}'
    file = desk.write("8,货物破损,02.03.2026,,,,web,,,,,")
    with pytest.raises(CommandError, match="the profile says gb18030, but it looks like utf-8"):
        desk.run(file)
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    assert desk.run(file).line == "imported 1 / unchanged 0 / rejected 0"
    assert Complaint.objects.get().subject == "货物破损"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text + "[", "cannot be used"),
        (lambda text: text.replace("Asia/Shanghai", "Asia/Atlantis"), "there is no time zone"),
        (lambda text: f'encoding = "hex"{text}', "there is no encoding “hex”"),
        (lambda text: f'encoding = "none"{text}', "there is no encoding “none”"),
        (lambda text: f'colour = "red"{text}', "it has unknown names: colour"),
        (lambda text: text.replace("subject =", "title ="), "unknown names: columns.title"),
        (lambda text: text.replace("milestones.result", "milestones.lunch"), "milestones.lunch"),
        (lambda text: text.replace('subject = "what"', ""), "no column for “subject”"),
        (lambda text: text.replace('"old system"', "7"), "“source” is not a text"),
        (lambda text: text.replace('"old system"', '""'), "“source” needs a name"),
        (lambda text: text.replace('dates = ["', 'dates = "').replace('"]', '"'), "cannot be used"),
        (lambda text: f'create_missing = ["customer"]{text}', "create_missing.customer"),
        (lambda text: f'delimiter = ";;"{text}', "“delimiter” is one character"),
    ],
)
def test_a_profile_that_cannot_be_used_says_why(
    desk: Desk, change: Callable[[str], str], why: str
) -> None:
    desk.profile = change(PROFILE)
    with pytest.raises(CommandError, match=why) as refusal:
        desk.take(GOOD)
    assert refusal.value.returncode == 2
    assert stored() == NOTHING_YET


def test_an_unknown_profile_names_those_that_ship(desk: Desk) -> None:
    with pytest.raises(CommandError, match="or one of: boston_311, cfpb_2023") as refusal:
        call_command("import_complaints", desk.write(GOOD), profile="none", skip_checks=True)
    assert refusal.value.returncode == 2


def test_the_list_of_errors_never_overwrites_the_file(desk: Desk, tmp_path: Path) -> None:
    file = desk.write(GOOD)
    (tmp_path / "profile.toml").write_text(PROFILE)
    for errors in (file, tmp_path / "none" / "errors.csv"):
        with pytest.raises(CommandError) as refusal:
            call_command(
                "import_complaints",
                file,
                profile=str(tmp_path / "profile.toml"),
                errors=errors,
                skip_checks=True,
            )
        assert refusal.value.returncode == 2
    assert file.read_text().startswith(HEADER)
    assert stored() == NOTHING_YET


def test_without_a_table_rejected_rows_go_to_standard_error(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(PROFILE)
    out, err = StringIO(), StringIO()
    call_command(
        "import_complaints",
        desk.write(GOOD, "1,,02.03.2026,,,,web,,,,,"),
        profile=str(tmp_path / "profile.toml"),
        stdout=out,
        stderr=err,
        skip_checks=True,
    )
    assert out.getvalue() == "imported 1 / unchanged 0 / rejected 1\n"
    assert err.getvalue() == "Row 3 (1): what: A value is missing.\n"


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


def test_an_archive_that_is_no_workbook(desk: Desk, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "rows.xlsx", "w") as file:
        file.writestr("rows.csv", HEADER)
    with pytest.raises(CommandError, match="not an Excel workbook") as refusal:
        desk.run(tmp_path / "rows.xlsx")
    assert refusal.value.returncode == 2


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
