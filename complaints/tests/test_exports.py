"""Lists as files: the rows that the list shows, all four clocks, nothing that would run."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from complaints.background import RUNNERS
from complaints.callback_export import CALLBACKS
from complaints.exports import COMPLAINTS
from complaints.factories import ComplaintFactory, WorkOrderFactory
from complaints.import_export import IMPORTS
from complaints.models import Complaint
from complaints.register_export import WORK_ORDERS
from complaints.tests.rows import signed_in
from csm.kit import clock
from csm.tests.crawler import text_of
from customers.actions.customers import Caller
from customers.factories import CustomerFactory
from organisation.actions import exports, jobs
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Job, JobFile, Message, Person, Role, StoredFile

pytestmark = pytest.mark.django_db
LISTS = ("complaints", "work-orders", "customers")
HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "\n=1+1",
    '=HYPERLINK("http://x")',
    "#N/A",
    'plain, "quoted"\nline',
    "nul\x01bell",
)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


def fetch(client: Client, what: str, form: str = "csv", query: str = "") -> Any:
    return client.post(reverse(f"{what}-export"), {"form": form, "query": query})


def rows_of(response: Any) -> list[list[str]]:
    content = b"".join(response)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def sheet_of(content: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    [sheet] = book.worksheets
    assert sheet.freeze_panes == "A2"
    return list(sheet.iter_rows())


def subjects(response: Any) -> list[str]:
    return [row[1] for row in rows_of(response)[1:]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_two_columns_of_a_list_are_called_the_same(language: str) -> None:
    with translation.override(language):
        for what in (COMPLAINTS, WORK_ORDERS, IMPORTS, CALLBACKS):
            titles = [column.title for column in what.columns()]
            assert len(titles) == len(set(titles)), what.name


def test_one_row_per_complaint_with_all_four_clocks(company: Tree, handler: Person) -> None:
    customer = CustomerFactory.create(
        name="无锡制造", kind="company", tier="", home_branch=company.branch
    )
    complaint = ComplaintFactory.create(
        branch=company.branch, until="answered", handler=handler, customer=customer,
        caller=Caller("王小明", "13800138000", "wang@example.com"),
    )  # fmt: skip
    head, row = rows_of(fetch(signed_in(handler), "complaints"))
    found = dict(zip(head, row, strict=True))
    assert len(head) == len(set(head)) == 21 + 4 * 6
    assert found["Number"] == complaint.number
    assert (found["Customer"], found["Contact"]) == ("无锡制造", "王**")
    assert (found["Phone"], found["E-mail"]) == ("138****8000", "w***@example.com")
    clocks = [[found[f"{clock}: {part}"] for part in ("state", "verdict", "owner")]
              for clock in ("Apology", "Result", "Work order", "Callback")]  # fmt: skip
    assert clocks == [
        ["Met", "On time", "Wuxi"],
        ["Met", "On time", "Wuxi"],
        ["Running", "Running", "Wuxi"],
        ["Running", "Running", "Headquarters"],
    ]
    assert found["Result: due"]
    assert found["Result: done"]
    assert not found["Callback: done"]


def test_the_rows_are_those_of_the_list_in_its_order(company: Tree, handler: Person) -> None:
    for number in range(3):
        ComplaintFactory.create(branch=company.branch, subject=f"mine {number}", until="assigned")
    ComplaintFactory.create(branch=company.branch, subject="received")
    client = signed_in(handler)
    for query in ("", "status=assigned", "ordering=-received_at", "through=intake_branch", "x=1"):
        listed = client.get(f"{reverse('complaints')}?{query}").context["rows"]
        shown = [getattr(row, "complaint", None) or row[0] for row in listed]
        assert subjects(fetch(client, "complaints", query=query)) == [c.subject for c in shown]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_b12_a_text_stays_a_text(company: Tree, handler: Person, form: str) -> None:
    for subject in HOSTILE:
        ComplaintFactory.create(
            branch=company.branch, subject=subject, caller=Caller(subject), waybill=subject[:60]
        )
    response = fetch(signed_in(handler), "complaints", form, "ordering=received_at&through=all")
    if form == "csv":
        cells = [cell for row in rows_of(response) for cell in row]
        assert not [
            cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝", "\t", "\r", "\n"))
        ]
        return
    table = sheet_of(b"".join(response))
    assert {cell.data_type for row in table for cell in row} <= {"s", "inlineStr", "d", "n"}
    found = [row[1].value for row in table[1:]]
    assert found == [text.replace("\x01", "").replace("\r", "\n") for text in HOSTILE]
    assert {row[14].number_format for row in table[1:]} == {"@"}


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_b02_an_export_holds_nothing_of_a_sibling(
    company: Tree, handler: Person, what: str, form: str
) -> None:
    for branch in (company.branch, company.child, company.sibling, company.region):
        customer = CustomerFactory.create(
            name=f"SECRET {branch.code}", kind="company", tier="", home_branch=branch
        )
        complaint = ComplaintFactory.create(
            branch=branch, customer=customer, subject=f"SECRET {branch.code}", until="handling"
        )
        WorkOrderFactory.create(complaint=complaint, title_content=f"SECRET {branch.code}")
    response = fetch(signed_in(handler), what, form, "through=all")
    content = b"".join(response)
    if form == "csv":
        text = content.decode()
    else:
        text = " ".join(str(cell.value) for row in sheet_of(content) for cell in row)
    assert "SECRET WX1" in text
    assert "SECRET SZ" not in text
    assert "SECRET JS" not in text
    record = AccessRecord.objects.get(what=f"export-{what}")
    assert (record.person, record.reference) == (handler, form)


def test_u_a_person_is_masked_a_company_is_not(company: Tree, handler: Person) -> None:
    for kind, name in (("person", "欧阳修"), ("company", "无锡制造")):
        CustomerFactory.create(name=name, kind=kind, tier="", home_branch=company.branch)
    found = rows_of(fetch(signed_in(handler), "customers"))[1:]
    assert {row[0] for row in found} == {"欧阳*", "无锡制造"}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows are many."""
    monkeypatch.setattr(exports, "SMALL", 2)
    monkeypatch.setattr(exports, "BATCH", 2)
    monkeypatch.setattr("complaints.exports.BATCH", 2)


@pytest.fixture
def three(company: Tree) -> Iterator[list[Complaint]]:
    return iter([ComplaintFactory.create_batch(3, branch=company.branch, until="assigned")])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_many_rows_are_a_job_with_a_private_file(
    company: Tree, handler: Person, large: None, three: Any, form: str
) -> None:
    next(three)
    client = signed_in(handler)
    at_once = CaptureQueriesContext(connection)
    with at_once:
        answer = fetch(client, "complaints", form, "status=assigned")
    [job] = Job.objects.all()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert (job.state, job.kind, job.by) == ("queued", "export-complaints", handler)
    assert "Waiting" in text_of(client.get(answer["Location"]))
    assert jobs.run_due(runners=RUNNERS, now=clock.now()) == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.done, job.total) == ("done", {"rows": 3}, 3, 3)
    link = JobFile.objects.get()
    assert job.finished_at is not None
    assert link.file.expires_at == job.finished_at + jobs.KEPT_FOR
    told = Message.objects.get(recipient=handler, text="job_done")
    assert told.path == answer["Location"]
    url = reverse("job-file", args=[job.pk, link.file_id])
    assert url in text_of(client.get(answer["Location"]))
    content = b"".join(client.get(url))
    lines = sheet_of(content) if form == "xlsx" else content.decode("utf-8-sig").split("\r\n")[:-1]
    assert len(lines) == 1 + 3
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    for address in (url, answer["Location"]):
        assert signed_in(manager).get(address).status_code == 404


def test_rights_are_asked_when_the_file_is_made_and_when_it_is_fetched(
    company: Tree, handler: Person, large: None, three: Any
) -> None:
    next(three)
    client = signed_in(handler)
    fetch(client, "complaints")
    fetch(client, "complaints")
    first, second = Job.objects.order_by("pk")
    jobs.run_due(runners={first.kind: once(RUNNERS[first.kind])}, now=clock.now())
    link = first.files.get()
    handler.postings.update(branch=company.sibling)
    url = reverse("job-file", args=[first.pk, link.file_id])
    assert client.get(url).status_code == 403
    jobs.run_due(runners=RUNNERS, now=clock.now() + jobs.PAUSE)
    second.refresh_from_db()
    assert (second.state, second.result) == ("done", {"rows": 0})


def once(runner: jobs.Runner) -> jobs.Runner:
    """Runs the first job; the others find no worker."""
    seen: list[int] = []

    def run(work: jobs.Work) -> dict[str, Any]:
        seen.append(work.job.pk)
        if len(seen) > 1:
            raise RuntimeError("no worker")
        return runner(work)

    return run


def test_without_the_right_there_is_no_export(company: Tree) -> None:
    idle = PersonFactory.create()
    for what in LISTS:
        assert fetch(signed_in(idle), what).status_code == 403
    assert not AccessRecord.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("form", ["html", "", "csv\0"])
def test_a_form_that_there_is_not(company: Tree, handler: Person, form: str) -> None:
    assert fetch(signed_in(handler), "complaints", form).status_code == 404
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("query", ["status=%00&branch=x", "search=%00", "after=x&before=y"])
def test_strange_conditions_harm_nothing(
    company: Tree, handler: Person, what: str, query: str
) -> None:
    assert rows_of(fetch(signed_in(handler), what, query=query))


@pytest.mark.parametrize("what", LISTS)
def test_an_export_asks_as_often_for_twenty_rows_as_for_one(
    company: Tree, handler: Person, what: str
) -> None:
    asked = []
    for count in (1, 19):
        for number in range(count):
            customer = CustomerFactory.create(home_branch=company.branch)
            complaint = ComplaintFactory.create(
                branch=company.branch, customer=customer, until="handling"
            )
            WorkOrderFactory.create(complaint=complaint, title_subject=f"{number}")
        client = signed_in(handler)
        with CaptureQueriesContext(connection) as queries:
            b"".join(fetch(client, what))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_callback_queue_is_a_file_of_those_whom_one_may_call(company: Tree) -> None:
    for branch in (company.branch, company.other_region):
        ComplaintFactory.create(
            branch=branch,
            until="answered",
            subject=f"of {branch.code}",
            caller=Caller("王小明", "13800138000"),
        )
    quality = PersonFactory.create(branch=company.region, role=Role.QUALITY_MANAGER)
    head, row = rows_of(fetch(signed_in(quality), "callbacks"))
    found = dict(zip(head, row, strict=True))
    assert (found["Subject"], found["Contact"], found["Phone"]) == (
        "of WX",
        "王**",
        "138****8000",
    )
    assert (found["Calls so far"], found["Callback: verdict"]) == ("0", "Running")
    assert found["Callback: due"]


def test_branches_and_people_as_files_as_they_are_searched(company: Tree) -> None:
    admin = PersonFactory.create(branch=company.region, role=Role.ADMINISTRATOR)
    PersonFactory.create(name="=SUM(1)", branch=company.child, role=Role.HANDLER)
    PersonFactory.create(name="外人", branch=company.other_region, role=Role.HANDLER)
    client = signed_in(admin)
    codes = [row[0] for row in rows_of(fetch(client, "branches"))]
    assert codes == ["Code", "JS", "SZ", "WX", "WX1"]
    found = rows_of(fetch(client, "branches", query="search=suzhou"))
    assert found[1:] == [["SZ", "苏州", "Suzhou", "Branch", "Jiangsu", "active"]]
    names = [(row[0], row[2]) for row in rows_of(fetch(client, "people"))[1:]]
    assert ("'=SUM(1)", "Xinwu Handler") in names
    assert "外人" not in dict(names)
    found = rows_of(fetch(client, "people", query="search=SUM"))
    assert [row[0] for row in found[1:]] == ["'=SUM(1)"]
    for what in ("branches", "people"):
        assert (
            fetch(signed_in(PersonFactory.create(branch=company.branch)), what).status_code == 403
        )
