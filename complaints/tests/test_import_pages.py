"""Imports in the browser: upload, columns, check, import, undo (U-21, B-13, A-22, A-23)."""

import csv
import gzip
import io
import re
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from complaints.actions import imports, notes
from complaints.background import RUNNERS
from complaints.factories import CategoryFactory, checked_import
from complaints.forms.import_fields import map_name
from complaints.importing import runs
from complaints.models import Complaint, Event, ImportedComplaint, ImportProfile, ImportRun, Timer
from complaints.tests.rows import signed_in
from csm.kit import clock
from csm.tests.crawler import text_of
from csm.tests.race import race
from csm.tests.waiting import ring, wait_until
from csm.tests.worker import Worker
from customers.models import Customer, CustomerFacts, TimelineEntry
from organisation.actions import jobs
from organisation.factories import PersonFactory, tree
from organisation.models import Branch, Job, JobFile, Message, Person, Role, StoredFile
from organisation.tests.test_jobs import full_disk

HEADER = "编号,受理时间,主题,渠道,责任平台,类别,客户,电话,关闭时间"
COLUMNS = {
    "source": "old-crm",
    "encoding": "utf-8",
    "delimiter": ",",
    "timezone": "Asia/Shanghai",
    "column_reference": "编号",
    "column_received_at": "受理时间",
    "column_subject": "主题",
    "column_channel": "渠道",
    "column_branch": "责任平台",
    "category_1": "类别",
    "column_customer_name": "客户",
    "column_customer_phone": "电话",
    "column_closed_at": "关闭时间",
    "met_result": "关闭时间",
    "layout": "utf-8 ,",
    "do": "check",
}


@pytest.fixture
def quality(db: None) -> Person:
    company = tree()
    CategoryFactory.create(code="late", name="延误")
    return PersonFactory.create(
        branch=company.headquarters, role=Role.QUALITY_MANAGER, email="", name="质量"
    )


@pytest.fixture
def client(quality: Person) -> Client:
    return signed_in(quality)


def row(number: int, **changed: str) -> list[str]:
    given = {
        "id": f"R{number}",
        "when": "2026-03-02 10:00",
        "what": f"货物破损 {number}",
        "by": "来电",
        "place": "WX",
        "sort": "late",
        "who": f"客户{number % 50}",
        "phone": f"1380000{number % 50:04d}",
        "done": "2026-03-03 09:00",
    }
    return list((given | changed).values())


def text(*rows: list[str]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([HEADER.split(","), *rows])
    return file.getvalue()


def send(client: Client, content: bytes, name: str = "old.csv") -> Any:
    upload = SimpleUploadedFile(name, content)
    return client.post(reverse("import-new"), {"file": upload})


def uploaded(client: Client, content: bytes, name: str = "old.csv") -> ImportRun:
    answer = send(client, content, name)
    run = ImportRun.objects.latest("pk")
    assert answer["Location"] == reverse("import-columns", args=[run.pk])
    return run


def mapped(client: Client, run: ImportRun, **changed: Any) -> Any:
    return client.post(reverse("import-columns", args=[run.pk]), COLUMNS | changed)


def work() -> None:
    jobs.run_due(runners=RUNNERS, now=clock.now())


def state(run: ImportRun) -> str:
    return str(ImportRun.objects.get(pk=run.pk).state)


def counts(job: Job | None) -> tuple[int, int, int]:
    assert job is not None
    job.refresh_from_db()
    assert job.state == "done", job.reason
    return tuple(job.result[name] for name in ("imported", "unchanged", "rejected"))


def through(client: Client, content: bytes, name: str = "old.csv", **changed: Any) -> ImportRun:
    """The whole way of a file."""
    run = uploaded(client, content, name)
    answer = mapped(client, run, **changed)
    assert answer.status_code == 302, text_of(answer)
    work()
    assert client.post(reverse("import-start", args=[run.pk])).status_code == 302
    work()
    return ImportRun.objects.get(pk=run.pk)


def stored() -> list[int]:
    models = (Complaint, Timer, Event, Customer, CustomerFacts, TimelineEntry, ImportedComplaint)
    return [model._default_manager.count() for model in models]


def media() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


FAULTS = (
    ("电话", {"phone": "9" * 50}, "The text is too long: more than 40 characters."),
    ("受理时间", {"when": "bad"}, "“bad” is not a time."),
    ("责任平台", {"place": "nowhere"}, "There is no branch “nowhere”."),
    ("主题", {"what": ""}, "A value is missing."),
    ("关闭时间", {"done": "2026-03-01"}, "This lies before the complaint was received."),
)


def workbook(count: int, faulty: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER.split(","))
    for number in range(2, count + 2):
        fault = FAULTS[number % len(FAULTS)][1] if number < faulty + 2 else {}
        sheet.append(row(number, **fault))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_u21_5000_rows_with_100_faults_are_checked_imported_and_known_the_next_time(
    client: Client,
) -> None:
    content, before = workbook(5000, 100), stored()
    run = uploaded(client, content, "投诉.xlsx")
    assert mapped(client, run).status_code == 302
    begun = time.process_time()
    work()
    assert time.process_time() - begun < 20
    run = ImportRun.objects.select_related("check_job").get(pk=run.pk)
    assert counts(run.check_job) == (4900, 0, 100)
    assert stored() == before
    page = text_of(client.get(reverse("import", args=[run.pk])))
    link = JobFile.objects.get(job=run.check_job)
    url = reverse("import-errors", args=[run.pk, link.file_id])
    assert url in page
    listed = b"".join(client.get(url)).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(listed))
    assert head == ["Row", "Column", "Reason", "Number at the source"]
    assert lines == [
        [str(number), FAULTS[number % 5][0], FAULTS[number % 5][2], f"R{number}"]
        for number in range(2, 102)
    ]
    assert all(line[2] in page for line in lines[:5])
    client.post(reverse("import-start", args=[run.pk]))
    work()
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.state, counts(run.import_job)) == ("imported", (4900, 0, 100))
    assert (Complaint.objects.count(), run.links.count()) == (4900, 4900)
    assert sum(CustomerFacts.objects.values_list("complaints", flat=True)) == 4900
    again = through(client, content, "again.xlsx")
    assert counts(again.import_job) == (0, 4900, 100)
    assert (Complaint.objects.count(), again.links.count()) == (4900, 0)


def test_a_row_becomes_the_complaint_that_the_columns_say(client: Client, quality: Person) -> None:
    run = through(client, text(row(7)).encode("gb18030"), encoding="gb18030", layout="gb18030 ,")
    complaint = Complaint.objects.get()
    received = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert (complaint.source, complaint.reference, complaint.channel) == ("old-crm", "R7", "phone")
    assert (complaint.subject, complaint.received_at) == ("货物破损 7", received)
    assert (complaint.branch.code, complaint.category.code) == ("WX", "late")  # type: ignore[union-attr]
    assert Event.objects.get().by == quality
    assert Timer.objects.get().next_fire_at is None
    assert ImportedComplaint.objects.get().run == run
    told = Message.objects.filter(recipient=quality, text="job_done")
    assert set(told.values_list("path", flat=True)) == {reverse("import", args=[run.pk])}


def test_encoding_columns_and_times_are_suggested(client: Client) -> None:
    times = ("2026年3月2日 10:00", "2026年3月3日 9:00", "昨天")
    lines = [f"{number};{when};破损;电话" for number, when in enumerate(times)]
    content = "\n".join(["单号;投诉时间;标题;渠道", *lines]).encode("gb18030")
    page = client.get(reverse("import-columns", args=[uploaded(client, content).pk]))
    form = page.context["form"]
    found = {name: form[name].value() for name in ("encoding", "delimiter", "dates")}
    assert found == {"encoding": "gb18030", "delimiter": ";", "dates": ["%Y年%m月%d日 %H:%M"]}
    assert [form[f"column_{name}"].value() for name in ("reference", "received_at", "subject")] == [
        "单号", "投诉时间", "标题",
    ]  # fmt: skip
    assert form[map_name("channel", "电话")].value() == "phone"
    assert "破损" in text_of(page)
    assert "2026-03-02 10:00" in text_of(page)


def test_another_encoding_shows_other_characters_and_keeps_the_rest(client: Client) -> None:
    run = uploaded(client, text(row(1)).encode("gb18030"))
    url = reverse("import-columns", args=[run.pk])
    given = {"source": "mine", "fixed_channel": "fax", "encoding": "big5", "delimiter": ","}
    page = client.post(url, COLUMNS | given | {"do": "look"}, headers={"HX-Request": "true"})
    assert page.status_code == 200
    shown = text_of(page)
    assert "<html" not in shown
    assert "货物破损" not in shown
    form = page.context["form"]
    assert not form.errors
    assert (form["source"].value(), form["fixed_channel"].value()) == ("mine", "fax")
    given = {name: form[name].value() or "" for name in form.fields if name != "dates"}
    page = client.post(url, given | {"encoding": "gb18030", "do": "look"})
    again = page.context["form"]
    assert [again[f"column_{name}"].value() for name in ("reference", "channel")] == [
        "编号",
        "渠道",
    ]
    assert again[map_name("channel", "来电")].value() == "phone"
    utf = client.post(url, COLUMNS | {"encoding": "utf-8"})
    assert utf.status_code == 422
    assert "it is not in the encoding of the profile, utf-8" in text_of(utf)
    assert not Job.objects.exists()


NEEDED = {
    "column_reference": "Number at the source: Choose the column.",
    "column_received_at": "Time of receipt: Choose the column.",
    "column_subject": "Subject: Choose the column, or a value for all rows.",
    "column_channel": "Channel: Choose the column, or a value for all rows.",
    "source": "Name the source.",
}


@pytest.mark.parametrize("name", NEEDED)
def test_a_mapping_that_lacks_something_says_what_and_keeps_the_rest(
    client: Client, name: str
) -> None:
    run = uploaded(client, text(row(1)).encode())
    answer = mapped(client, run, **{name: "", "column_waybill": "电话"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors == {name: [NEEDED[name]]}
    assert form["column_waybill"].value() == "电话"
    assert NEEDED[name] in text_of(answer)
    assert not Job.objects.exists()
    assert (state(run), ImportRun.objects.get().table) == ("uploaded", {})


@pytest.mark.parametrize(
    "changed",
    [
        {"column_reference": "nothing\0"},
        {"timezone": "Mars/Base"},
        {"dates": ["%Q"]},
        {"encoding": "rot13"},
        {"delimiter": "ab"},
        {"create_missing": ["person"]},
        {map_name("channel", "来电"): "pigeon"},
        {"do": "\0"},
    ],
)
def test_strange_answers_are_refused(client: Client, changed: dict[str, Any]) -> None:
    run = uploaded(client, text(row(1)).encode())
    answer = mapped(client, run, **changed)
    if changed == {"do": "\0"}:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_a_mapping_is_kept_and_begun_with(client: Client) -> None:
    run = uploaded(client, text(row(1)).encode())
    mapped(client, run)
    work()
    url = reverse("import-keep", args=[run.pk])
    assert client.post(url, {"name": ""}).status_code == 422
    for name in ("旧系统", "旧系统"):
        assert client.post(url, {"name": name}).status_code == 302
    kept = ImportProfile.objects.get()
    assert kept.table["columns"]["reference"] == "编号"
    assert kept.table["maps"] == {"channel": {"来电": "phone"}}
    other = uploaded(client, text(row(2)).replace("编号", "No").encode(), "b.csv")
    url = reverse("import-columns", args=[other.pk])
    page = client.post(url, {"do": "begin", "profile": f"kept:{kept.pk}"})
    assert page.context["form"]["source"].value() == "old-crm"
    assert "columns that this file does not have: 编号" in text_of(page)
    shipped = client.post(url, {"do": "begin", "profile": "shipped:boston_311"})
    assert shipped.context["form"]["timezone"].value() == "America/New_York"
    for strange in ("shipped:../x", "kept:x", "kept:99999999999999999999", "", "kept:0"):
        assert client.post(url, {"do": "begin", "profile": strange}).status_code == 200


def test_what_only_the_profile_offers_can_be_checked(client: Client) -> None:
    head = ("Complaint ID,Date received,Issue,Company,Product,Submitted via,"
            "Consumer complaint narrative,Company response to consumer")  # fmt: skip
    run = uploaded(client, f"{head}\n1,2023-05-01,Late,WX,late,Fax,Text,Closed\n".encode())
    url = reverse("import-columns", args=[run.pk])
    begun = client.post(url, {"do": "begin", "profile": "shipped:cfpb_2023"}).context["form"]
    assert begun["dates"].value() == ["%Y-%m-%d"], "not one of those that every page offers"
    given = {name: begun[name].value() or "" for name in begun.fields}
    assert client.post(url, given | {"profile": "", "do": "check"}).status_code == 422
    assert not Job.objects.exists()
    assert client.post(url, given | {"do": "check"}).status_code == 302
    assert ImportRun.objects.get().table["dates"] == ["%Y-%m-%d"]
    work()
    again = client.post(url, given | {"profile": "", "do": "check"})
    assert again.status_code == 302, "what was checked once can be checked again"


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def tampered(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A good workbook with one part changed."""
    with zipfile.ZipFile(io.BytesIO(workbook(2, 0))) as packed:
        parts = {each: packed.read(each) for each in packed.namelist()}
    return zipped(parts | {name: change(parts[name])})


def elsewhere(change: Callable[[bytes], bytes]) -> bytes:
    """The same, but the workbook says that its sheet is a part of another name."""
    with zipfile.ZipFile(io.BytesIO(workbook(2, 0))) as packed:
        parts = {each: packed.read(each) for each in packed.namelist()}
    sheet, other = SHEET.removeprefix("xl/").encode(), b"strange.bin"
    moved = {name: content.replace(sheet, other) for name, content in parts.items()}
    moved["xl/strange.bin"] = change(moved.pop(SHEET))
    return zipped(moved)


def with_rows(xml: bytes, count: int) -> bytes:
    rows = (b'<row r="%d"><c><v>%d</v></c></row>' % (n, n * n) for n in range(count))
    return xml.replace(b"</sheetData>", b"".join(rows) + b"</sheetData>")


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BAD_FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "The file is empty."),
    "bomb": (
        lambda: zipped({SHEET: b"0" * 60_000_000}),
        "unpacked it would grow more than 100 times",
    ),
    "entity": (lambda: tampered(SHEET, lambda xml: ENTITY + xml), "it has a document type"),
    "entity in two bytes": (
        lambda: tampered(SHEET, lambda xml: (ENTITY + xml).decode().encode("utf-16")),
        "it has a document type",
    ),
    "a million rows": (
        lambda: tampered(SHEET, lambda xml: with_rows(xml, 1_000_000)),
        "a workbook of so many rows is too large",
    ),
    "rows in a part of another name": (
        lambda: elsewhere(lambda xml: with_rows(xml, 200_001)),
        "a workbook of so many rows is too large",
    ),
    "entity in a part of another name": (
        lambda: elsewhere(lambda xml: ENTITY + xml),
        "it has a document type",
    ),
    "a sheet that is none": (
        lambda: tampered(SHEET, lambda xml: b"<worksheet><"),
        "this is not an Excel workbook, or a damaged one",
    ),
    "no workbook": (lambda: zipped({"a.txt": b"text"}), "this is not an Excel workbook"),
    "no sheet": (
        lambda: tampered("xl/workbook.xml", lambda xml: re.sub(b"<sheet .*?/>", b"", xml)),
        "this is not an Excel workbook, or a damaged one",
    ),
    "no part with the book": (
        lambda: tampered("[Content_Types].xml", lambda xml: xml.replace(b"main+xml", b"x+xml")),
        "this is not an Excel workbook, or a damaged one",
    ),
    "an empty first line": (
        lambda: b'\na,"b\n',
        "its first line has no names of columns",
    ),
    "ten thousand columns": (
        lambda: b",".join(b"c%d" % n for n in range(10_000)) + b"\n1\n",
        "it has 10000 columns, and at most 500 can be read",
    ),
    "cut off": (lambda: workbook(20, 0)[:-300], "the packed file is damaged"),
    "old Excel": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "this is an old Excel file"),
    "packed bomb": (
        lambda: gzip.compress(b"a,b\n" * 4_000_000),
        "unpacked it would grow more than 100",
    ),
    "a mark left open": (lambda: b'a,"b\n' * 3, "A quotation mark is not closed"),
}


@pytest.mark.parametrize("which", BAD_FILES)
def test_b13_a_file_that_is_no_table_or_a_trap_is_refused_at_once(
    client: Client, which: str
) -> None:
    make, why = BAD_FILES[which]
    content, before = make(), media()
    begun = time.process_time()
    answer = send(client, content, "trap.xlsx")
    assert time.process_time() - begun < 5
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert not ImportRun.objects.exists()
    assert not StoredFile.objects.exists()
    assert media() == before


def test_b13_a_file_that_is_too_large_or_missing(client: Client, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 20
    assert "larger than 0 MB" in text_of(send(client, text(row(1)).encode()))
    answer = client.post(reverse("import-new"))
    assert (answer.status_code, "Choose a file." in text_of(answer)) == (422, True)
    assert not StoredFile.objects.exists()


def test_a22_without_room_on_the_disk_the_upload_says_so(client: Client) -> None:
    before = media()
    with full_disk():
        answer = send(client, text(row(1)).encode())
    assert answer.status_code == 422
    assert "there is no room left" in text_of(answer)
    assert not StoredFile.objects.exists()
    assert not ImportRun.objects.exists()
    assert media() == before


def test_a_whole_import_is_taken_back_while_it_is_untouched(client: Client) -> None:
    first = through(client, text(row(1), row(51)).encode())
    before = stored()
    rows = [row(n, id=f"X{n}", who=f"新{n}", phone="") for n in range(3)]
    second = through(
        client, text(*rows, row(2, id="X9", who="客户1", phone="13800000001")).encode()
    )
    assert second.links.count() == 4
    url = reverse("import-undo", args=[second.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "wrong file"}).status_code == 302
    work()
    second = ImportRun.objects.get(pk=second.pk)
    assert (second.state, second.undone_count) == ("undone", 4)
    assert stored() == before
    assert CustomerFacts.objects.get(customer__name="客户1").complaints == 2
    assert "took 4 complaints back" in text_of(client.get(reverse("import", args=[second.pk])))
    assert state(first) == "imported"
    for name, given in (("import-undo", {"reason": "again"}), ("import-start", {})):
        assert client.post(reverse(name, args=[second.pk]), given).status_code == 409
    assert stored() == before
    assert counts(through(client, text(*rows).encode()).import_job) == (3, 0, 0)


def test_an_import_that_somebody_worked_on_stays(client: Client, quality: Person) -> None:
    run = through(client, text(*(row(n) for n in range(3))).encode())
    complaint = Complaint.objects.earliest("pk")
    url = reverse("import-undo", args=[run.pk])
    client.post(url, {"reason": "wrong"})
    notes.write(complaint=complaint, text="called", by=quality, now=clock.now())
    before = stored()
    work()
    job = Job.objects.get(kind=imports.UNDO)
    assert (job.state, "1 of its complaints has been worked on" in job.reason) == ("failed", True)
    answer = client.post(url, {"reason": "wrong"})
    assert answer.status_code == 422
    assert "1 of its complaints has been worked on" in text_of(answer)
    assert (stored(), state(run)) == (before, "imported")


def test_only_who_may_import_everywhere_gets_there(client: Client, quality: Person) -> None:
    run = checked_import(quality)
    region = Branch.objects.get(code="JS")
    stranger = signed_in(PersonFactory.create(branch=region, role=Role.QUALITY_MANAGER))
    for url in (reverse("imports"), reverse("import", args=[run.pk])):
        assert stranger.get(url).status_code == 403
        assert client.get(url).status_code == 200
    assert stranger.post(reverse("import-start", args=[run.pk])).status_code == 403
    assert state(run) == "checked"


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_as_often_for_one_as_for_twenty(
    client: Client, quality: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _number in range(count):
        checked_import(quality)
    with django_assert_num_queries(5):
        assert len(client.get(reverse("imports")).context["rows"]) == count


@pytest.mark.django_db(transaction=True)
def test_two_who_start_the_same_import_start_one_job(client: Client, quality: Person) -> None:
    run = checked_import(quality)

    def start() -> int:
        return imports.start(run=run, by=quality, now=clock.now()).pk

    found = race(start, start)
    assert sum(isinstance(each, int) for each in found) == 1
    assert Job.objects.filter(kind=imports.IMPORT).count() == 1
    work()
    assert Complaint.objects.count() == 1


@contextmanager
def reserved(reference: str) -> Iterator[None]:
    """The import stands still at this row: somebody else is about to write the same one."""
    with transaction.atomic():
        branch, now = Branch.objects.get(code="WX"), clock.now()
        places = {"branch": branch, "intake_branch": branch, "channel": "phone", "number": "X"}
        times = {"received_at": now, "logged_at": now}
        Complaint.objects.create(source="old-crm", reference=reference, **places, **times)
        yield
        transaction.set_rollback(True)


def is_held() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a23_an_import_whose_worker_is_killed_goes_on_without_a_double(
    client: Client, worker: Callable[..., Worker]
) -> None:
    size = runs.BATCH + 10
    run = uploaded(client, text(*(row(n, who="", phone="") for n in range(size))).encode())
    mapped(client, run)
    work()
    client.post(reverse("import-start", args=[run.pk]))
    first = worker("bulk")
    with reserved(f"R{size - 1}"):
        ring("reports.tasks.run_jobs", "bulk")
        wait_until(is_held, "the standstill in the second batch")
        first.kill()
    assert ImportedComplaint.objects.count() == runs.BATCH
    job = ImportRun.objects.get().import_job
    assert job is not None
    assert (job.state, job.attempts, job.files.count()) == ("running", 1, 0)
    assert job.lease_until is not None
    assert (job.lease_until - clock.now()).total_seconds() <= 60
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now())  # so much time passes
    second = worker("bulk")
    ring("reports.tasks.run_jobs", "bulk")
    second.process.send_signal(signal.SIGTERM)
    second.process.wait(60)
    # It ended its job, or had not begun it: then the next one does.
    if Job.objects.get(pk=job.pk).state != "done":
        Job.objects.filter(pk=job.pk).update(lease_until=clock.now())
        work()
    assert counts(job) == (size, 0, 0)
    assert Complaint.objects.count() == ImportedComplaint.objects.count() == size
    assert job.attempts == 2
