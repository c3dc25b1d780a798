"""What customers ship: from files and programs into the database (issue of value, part a)."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from csm.tests.api import Caller, refused
from customers.actions import table_imports, table_jobs
from customers.factories import VOLUMES, CustomerFactory, checked_table
from customers.models import Customer, CustomerVolume, Kind, TableImport, TableState
from customers.tests.test_customers import signed_in
from organisation.actions import jobs
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, JobFile, Person, Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def importer(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR, language="en")


@pytest.fixture
def customer(company: Tree) -> Customer:
    return CustomerFactory.create(code="00123", kind=Kind.COMPANY, home_branch=company.branch)


def rows() -> list[tuple[Any, ...]]:
    fields = ("customer__code", "branch__code", "starts_on", "days", "shipments", "revenue")
    return list(CustomerVolume.objects.order_by("starts_on").values_list(*fields, "last_on"))


def imported(person: Person, table: TableImport, now: datetime = NOW) -> TableImport:
    table_imports.start(table=table, by=person, now=now)
    jobs.run_due(runners=table_jobs.RUNNERS, now=now)
    return TableImport.objects.select_related("check_job", "import_job").get(pk=table.pk)


def faults(table: TableImport) -> list[list[str]]:
    """The errors file of the latest job, without its head."""
    assert table.job is not None
    with JobFile.objects.get(job=table.job).file.content.open() as file:
        content = file.read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))[1:]


def test_a_file_is_checked_then_imported_and_twice_changes_nothing(
    importer: Person, customer: Customer, company: Tree
) -> None:
    code = company.branch.code
    text = f'00123,{code},2026-10,1 200,"¥36,500.255",2026-10-28\n00123,{code},2026-W46,0,0,\n'
    table = checked_table(importer, text, now=NOW)
    assert (table.state, rows()) == (TableState.CHECKED, [])
    done = imported(importer, table)
    assert done.state == TableState.IMPORTED
    assert {name: done.counts[name] for name in ("added", "changed", "unchanged", "rejected")} == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    first = ("00123", code, date(2026, 10, 1), 31, 1200, Decimal("36500.26"), date(2026, 10, 28))
    empty = ("00123", code, date(2026, 11, 9), 7, 0, Decimal(0), None)
    assert rows() == [first, empty]
    again = imported(importer, checked_table(importer, text, now=NOW))
    assert (again.counts["unchanged"], again.counts["added"]) == (2, 0)
    other = checked_table(importer, f"00123,{code},2026-10,1300,1,\n", now=NOW)
    assert imported(importer, other).counts["changed"] == 1
    assert rows()[0][4:] == (1300, Decimal(1), date(2026, 10, 31))


def test_a_workbook_of_excel_with_its_own_dates_and_numbers_is_read(
    importer: Person, customer: Customer, company: Tree
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客户编号", "网点编码", "月或周", "票数", "收入（元）", "最后一票日期"])
    sheet.append(["00123", company.branch.code, datetime(2026, 10, 1), 120.0, 36500.5, None])
    sheet.append([123, company.branch.code, "2026/9", 5, 10, date(2026, 9, 3)])
    content = io.BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("volumes.xlsx", content.getvalue())
    table = table_imports.upload(kind="volumes", upload=upload, by=importer, now=NOW)
    jobs.run_due(runners=table_jobs.RUNNERS, now=NOW)
    done = imported(importer, TableImport.objects.get(pk=table.pk))
    assert done.counts["added"] == 1
    assert [row[3:6] for row in rows()] == [(31, 120, Decimal("36500.50"))]
    [fault] = faults(done)
    assert "00123 is known: the leading zero was lost" in fault[2]


def test_each_fault_is_counted_and_said_and_the_rest_is_imported(
    importer: Person, customer: Customer, company: Tree
) -> None:
    code = company.branch.code
    good = f"00123,{code},2026-09,10,100,2026-09-30\n"
    imported(importer, checked_table(importer, good, now=NOW))
    bad = {
        f"00123,{code},2026-W39,1,1,": "belong to a period already: 2026-09-01",
        "00123,nowhere,2026-10,1,1,": "No branch has the code nowhere",
        f"nobody,{code},2026-10,1,1,": "No customer has the number nobody",
        f"123,{code},2026-10,1,1,": "the leading zero was lost",
        f"00123,{code},2026-12,1,1,": "lies in the future",
        f"00123,{code},2026-13,1,1,": "no month",
        f"00123,{code},2026-10,-1,1,": "whole number",
        f"00123,{code},2026-10,1,many,": "amount in yuan",
        f"00123,{code},2026-10,0,5,": "revenue without a shipment",
        f"00123,{code},2026-10,1,5,2026-11-01": "does not lie in the period",
        f",{code},2026-10,1,5,": "missing",
        f"00123,{code},2026-10,1,5,,more": "7 columns",
    }
    fine = f"00123,{code},2026-08,8,80,\n00123,{code},2026-08,8,80,\n00123,{code},2026-W33,9,9,\n"
    table = checked_table(importer, "\n".join(bad) + "\n" + fine, now=NOW)
    done = imported(importer, table)
    counted = [done.counts[name] for name in ("added", "unchanged", "rejected")]
    assert counted == [1, 1, len(bad) + 1]
    told = faults(done)
    assert [line[0] for line in told] == [*map(str, range(2, 2 + len(bad))), "16"]
    for line, words in zip(told, [*bad.values(), "Row 14 says something else"], strict=True):
        assert words in line[2]
    assert [row[2] for row in rows()] == [date(2026, 8, 1), date(2026, 9, 1)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Name,Month\na,b\n", "These columns are missing: Customer number, Branch code"),
        (VOLUMES.replace("Shipments", "branch code"), "is there twice"),
        ("\x00\x01", "These columns are missing"),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_reason(
    importer: Person, text: str, reason: str
) -> None:
    upload = SimpleUploadedFile("volumes.csv", text.encode())
    table = table_imports.upload(kind="volumes", upload=upload, by=importer, now=NOW)
    jobs.run_due(runners=table_jobs.RUNNERS, now=NOW)
    found = TableImport.objects.select_related("check_job").get(pk=table.pk)
    assert found.state == TableState.REFUSED
    page = signed_in(importer).get(reverse("customer-import", args=[table.pk]))
    assert reason in page.content.decode()
    start = reverse("customer-import-start", args=[table.pk])
    assert signed_in(importer).post(start).status_code == 409
    assert rows() == []


def test_a_file_travels_through_the_pages(
    importer: Person, customer: Customer, company: Tree
) -> None:
    client = signed_in(importer)
    assert "Upload a file" in client.get(reverse("customer-imports")).content.decode()
    text = VOLUMES + f"00123,{company.branch.code},2026-09,10,100,\nnobody,x,y,z,z,z\n"
    given = {"kind": "volumes", "file": SimpleUploadedFile("九月.csv", text.encode())}
    response = client.post(reverse("customer-import-new"), given)
    jobs.run_due(runners=table_jobs.RUNNERS, now=NOW)
    page = client.get(response["Location"]).content.decode()
    assert "Would be new" in page
    assert "No customer" not in page  # its figures are wrong, so its codes were not looked up
    client.post(f"{response['Location']}start/")
    jobs.run_due(runners=table_jobs.RUNNERS, now=NOW)
    page = client.get(response["Location"]).content.decode()
    assert "Download all rejected rows" in page
    assert len(rows()) == 1
    empty = client.post(reverse("customer-import-new"), {"kind": "volumes"})
    assert (empty.status_code, "Choose a file." in empty.content.decode()) == (422, True)
    own = reverse("customer-import-template", args=["volumes"])
    template = b"".join(client.get(own))
    assert [cell.value for cell in load_workbook(io.BytesIO(template)).worksheets[0][2]] == [
        *("00123", "WX01", "2026-11", "120", "36500.00", "2026-11-28")
    ]
    assert client.get(reverse("customer-import-template", args=["other"])).status_code == 404


def test_the_database_refuses_two_periods_that_share_a_day(
    customer: Customer, company: Tree
) -> None:
    def put(starts_on: date, days: int, branch: Branch = company.branch) -> None:
        CustomerVolume.objects.create(
            customer=customer,
            branch=branch,
            starts_on=starts_on,
            days=days,
            shipments=0,
            revenue=0,
            source="api",
            written_at=NOW,
        )

    put(date(2026, 9, 1), 30)
    put(date(2026, 10, 1), 31)
    put(date(2026, 9, 1), 30, company.sibling)
    for starts_on, days in ((date(2026, 9, 30), 7), (date(2026, 8, 26), 7), (date(2026, 9, 7), 7)):
        with pytest.raises(IntegrityError, match="volume_no_overlap"), transaction.atomic():
            put(starts_on, days)
    assert CustomerVolume.objects.count() == 3


def test_the_api_writes_volumes_once(importer: Person, customer: Customer, company: Tree) -> None:
    caller = Caller(importer)
    volume: dict[str, Any] = {"customer": "00123", "branch": company.branch.code}
    volume |= {"period": "2026-09", "shipments": 10, "revenue": "100.00"}
    wrong = [{**volume, "branch": "nowhere"}, {**volume, "period": "2026-W36"}]
    answer = caller.post("customer-volumes/", {"volumes": [volume, *wrong]}).json()
    assert (answer["added"], answer["unchanged"]) == (1, 0)
    assert [one["index"] for one in answer["rejected"]] == [1, 2]
    assert answer["rejected"][0]["fields"].keys() == {"branch"}
    again = caller.post("customer-volumes/", {"volumes": [volume]}).json()
    assert (again["added"], again["unchanged"]) == (0, 1)
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    listed = Caller(desk).get(f"customers/{customer.pk}/volumes/").json()["results"]
    assert [(one["branch"], one["shipments"]) for one in listed] == [(company.branch.code, 10)]
    before = rows()
    refused(Caller(desk).post("customer-volumes/", {"volumes": [volume]}), 403, "forbidden")
    many = {"volumes": [volume] * 1001}
    refused(caller.post("customer-volumes/", many), 400, "invalid")
    assert rows() == before


def test_the_customers_page_shows_months_with_their_trend(
    importer: Person, customer: Customer, company: Tree
) -> None:
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    own = reverse("customer-value", args=[customer.pk])
    assert "Nothing is known" in signed_in(desk).get(own).content.decode()
    code = company.branch.code
    text = f"00123,{code},2026-08,10,1000,\n00123,{code},2026-09,12,1100,\n"
    imported(importer, checked_table(importer, text, now=NOW))
    page = signed_in(desk).get(own).content.decode()
    assert "¥1,100" in page
    assert "+10%" in page
    neighbour = PersonFactory.create(branch=company.sibling, role=Role.FRONT_DESK)
    assert signed_in(neighbour).get(own).status_code == 404


def test_two_customers_never_have_one_number(importer: Person, customer: Customer) -> None:
    other = CustomerFactory.create(home_branch=customer.home_branch)
    desk = PersonFactory.create(branch=customer.home_branch, role=Role.FRONT_DESK)
    card = {"name": other.name, "code": "00123", "kind": "person", "version": other.version}
    card |= {"home_branch": customer.home_branch_id}
    answer = signed_in(desk).post(reverse("customer-edit", args=[other.pk]), card)
    assert answer.status_code == 422
    assert "Another customer has this number." in answer.content.decode()
    other.refresh_from_db()
    assert (other.code, other.version) == ("", 1)


def test_50_000_rows_with_100_faults_in_flat_memory(importer: Person, company: Tree) -> None:
    """In tenths of that here, in constant statements a batch; the whole is in the bench."""
    with connection.cursor() as cursor:
        cursor.execute(MANY, {"branch": company.branch.pk, "now": NOW})
    lines = [f"K{n:05d},{company.branch.code},2026-10,{n % 90},{n % 90}," for n in range(5000)]
    for n in range(0, 5000, 50):
        lines[n] = lines[n].replace("K", "L")
    tracemalloc.start()
    table = checked_table(importer, "\n".join(lines), now=NOW)
    done = imported(importer, table)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (done.counts["added"], done.counts["rejected"]) == (4900, 100)
    assert len(faults(done)) == 100
    assert peak < 30 * 2**20


MANY = """
INSERT INTO customers_customer (name, code, kind, tier, grade, stage, home_branch_id, note,
                                created_at, version, language)
SELECT 'c' || n, 'K' || lpad(n::text, 5, '0'), 'company', '', '', '', %(branch)s, '', %(now)s, 1, ''
FROM generate_series(0, 4999) n
"""
