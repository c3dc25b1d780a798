"""Customers from files into the archive: nothing lost, nothing twice, faults counted (K-17)."""

import io
import tracemalloc
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from customers.actions import merging, table_customers, table_imports, table_jobs
from customers.factories import CUSTOMERS, CustomerFactory, checked_table
from customers.importing import customer_rows
from customers.models import ContactPoint, Correction, Customer, Kind, TableImport
from customers.tests.test_customers import signed_in
from customers.tests.test_volumes import faults, imported
from organisation.actions import jobs
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def importer(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR, language="en")


def stored() -> list[Any]:
    """Everything that an import may touch."""
    return [
        list(Customer.objects.order_by("pk").values()),
        list(ContactPoint.objects.order_by("pk").values()),
        list(Correction.objects.order_by("pk").values()),
    ]


def counts(table: TableImport) -> tuple[int, int, int, int]:
    found = table.counts
    return found["added"], found["changed"], found["unchanged"], found["rejected"]


def test_customers_are_checked_then_imported_and_twice_changes_nothing(
    importer: Person, company: Tree
) -> None:
    code = company.branch.code
    text = (
        f"00123,无锡百货有限公司,company,{code},3A,王芳,13800138000,wang@example.com,2027-03-31,老客户\n"
        f",李雷,个人,{code},,,13900139000,,,\n"
        f",无名公司,,{code},,,,,,\n"
    )
    table = checked_table(importer, text, now=NOW, kind="customers")
    assert (counts(table), Customer.objects.count()) == ((3, 0, 0, 0), 0)
    done = imported(importer, table)
    assert counts(done) == (3, 0, 0, 0)
    first = Customer.objects.get(code="00123")
    assert (first.kind, first.grade, first.contract_ends_on) == ("company", "3A", date(2027, 3, 31))
    assert [str(point) for point in ContactPoint.objects.filter(contact__customer=first)] == [
        "13800138000",
        "wang@example.com",
    ]
    assert Customer.objects.get(name="李雷").kind == Kind.PERSON
    assert list(Customer.objects.named("wxbh")) == [first]
    before = stored()
    again = imported(importer, checked_table(importer, text, now=NOW, kind="customers"))
    assert (counts(again), stored()) == ((0, 0, 3, 0), before)
    page = signed_in(importer).get(reverse("customer-import", args=[again.pk])).content.decode()
    assert "Unchanged: known already" in page


def test_what_differs_is_put_right_on_record_and_an_empty_cell_says_nothing(
    importer: Person, company: Tree
) -> None:
    known = CustomerFactory.create(
        name="无锡百货", code="A1", kind=Kind.COMPANY, home_branch=company.branch, note="alt",
        phone="13800138000", contact_name="王芳",
    )  # fmt: skip
    named = CustomerFactory.create(
        name="Acme", kind=Kind.COMPANY, home_branch=company.branch, phone=""
    )
    old = CustomerFactory.create(code="B1", kind=Kind.COMPANY, home_branch=company.branch)
    merging.merge(customer=old, into=known, by=None, now=NOW)
    code = company.branch.code
    text = (
        f"A1,无锡百货集团,,{code},2A,王芳,138 0013 8000,wang@example.com,,\n"
        f"C1,Acme,,{code},,,0510-88880000,,,\n"
        f"B1,改名,,{code},,,,,,\n"
    )
    table = checked_table(importer, text, now=NOW, kind="customers")
    assert counts(table) == (0, 2, 1, 0)
    assert Correction.objects.filter(field="name").count() == 0
    assert counts(imported(importer, table)) == (0, 2, 1, 0)
    known.refresh_from_db()
    assert (known.name, known.grade, known.note, known.version) == ("无锡百货集团", "2A", "alt", 3)
    named.refresh_from_db()
    assert (named.code, named.contacts.get().points.get().value) == ("C1", "0510-88880000")
    fields = Correction.objects.exclude(field="merged").order_by("pk")
    assert list(fields.values_list("customer", "field", "was", "became")) == [
        (known.pk, "name", "无锡百货", "无锡百货集团"),
        (known.pk, "grade", "", "2A"),
        (known.pk, "contact", "", "王* 138****8000 w***@example.com"),
        (named.pk, "code", "", "C1"),
        (named.pk, "contact", "", "0510-****0000"),
    ]
    assert list(Customer.objects.named("集团")) == [known]


def test_each_fault_is_counted_and_said_and_the_rest_is_imported(
    importer: Person, company: Tree
) -> None:
    code = company.branch.code
    CustomerFactory.create(code="00123", name="甲", kind=Kind.COMPANY, home_branch=company.branch)
    CustomerFactory.create(code="P1", name="乙", kind=Kind.PERSON, home_branch=company.branch)
    bad = {
        f"123,甲,,{code},,,,,,": "00123 is known: the leading zero was lost",
        f"1.23E+11,甲,,{code},,,,,,": "Excel has rounded this number",
        "9,甲,,nowhere,,,,,,": "No branch has the code nowhere",
        f"9,,,{code},,,,,,": "This is missing",
        f"9,甲,alien,{code},,,,,,": "Write “Person” or “Company”",
        f"9,甲,person,{code},1A,,,,,": "A grade belongs to a company",
        f"9,甲,,{code},9Z,,,,,": "Write a grade",
        f"9,甲,,{code},,,51088880000,,,": "The leading zero of 51088880000 was lost",
        f"9,甲,,{code},,,1.38E+10,,,": "Excel has rounded this number",
        f"9,甲,,{code},,,,no-mail,,": "This is no e-mail address",
        f"9,甲,,{code},,,,,2027-02-30,": "This is no day",
        f"9,{'长' * 121},,{code},,,,,,": "longer than 120 characters",
        f"P1,乙,company,{code},,,,,,": "a customer of the kind “Person”",
        f"N1,别名,,{code},,,,,,": "Row 2 says something else",
    }
    text = f"N1,新公司,,{code},,,,,,\n" + "".join(f"{row}\n" for row in bad)
    table = checked_table(importer, text, now=NOW, kind="customers")
    assert counts(table) == (1, 0, 0, len(bad))
    done = imported(importer, table)
    assert counts(done) == (1, 0, 0, len(bad))
    said = [line[2] for line in faults(done)]
    pairs = zip(bad.values(), said, strict=True)
    assert [(words, found) for words, found in pairs if words not in found] == []
    assert Customer.objects.count() == 3


def test_those_that_look_like_others_are_counted_by_reason_and_imported(
    importer: Person, company: Tree
) -> None:
    CustomerFactory.create(
        name="無錫百貨（集團）", kind=Kind.COMPANY, home_branch=company.branch,
        phone="13800138000", email="a@example.com",
    )  # fmt: skip
    code = company.branch.code
    text = (
        f"N1,某某公司,,{code},,,+86 138 0013 8000,,,\n"
        f"N2,另外公司,,{code},,,,A@example.com,,\n"
        f"N3,无锡百货有限公司,,{code},,,,,,\n"
        f"N4,新人,person,{code},,,13700137000,,,\n"
        f"N5,旧人,person,{code},,,137-0013-7000,,,\n"
        f"N5,旧人,person,{code},,,13700137000,,,\n"
    )
    table = checked_table(importer, text, now=NOW, kind="customers")
    assert table.counts["alike"] == {"phone": 2, "email": 1, "name": 1, "code": 1}
    assert counts(table) == (5, 0, 1, 0)
    done = imported(importer, table)
    assert (done.counts["alike"], counts(done)) == (table.counts["alike"], (5, 0, 1, 0))
    page = signed_in(importer).get(reverse("customer-import", args=[done.pk])).content.decode()
    assert "Same phone number" in page
    assert "Same customer number in this file" in page


def test_a_workbook_of_excel_keeps_its_days_and_whole_numbers(
    importer: Person, company: Tree
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["客户编号", "客户", "网点编码", "电话", "合同到期日"])
    sheet.append([778, "无锡百货", company.branch.code, 13800138000.0, datetime(2027, 3, 31)])
    content = io.BytesIO()
    book.save(content)
    upload = SimpleUploadedFile("customers.xlsx", content.getvalue())
    table = table_imports.upload(kind="customers", upload=upload, by=importer, now=NOW)
    jobs.run_due(runners=table_jobs.RUNNERS, now=NOW)
    assert counts(imported(importer, TableImport.objects.get(pk=table.pk))) == (1, 0, 0, 0)
    made = Customer.objects.get()
    assert (made.code, made.contract_ends_on) == ("778", date(2027, 3, 31))
    assert ContactPoint.objects.get().value == "13800138000"


def test_statements_do_not_follow_the_rows_and_memory_is_flat(
    importer: Person, company: Tree
) -> None:
    kinds = customer_rows.kinds()

    def cards(first: int, number: int) -> list[customer_rows.Card]:
        rows = []
        for at in range(first, first + number):
            cells = {"code": f"K{at}", "name": f"客户{at}公司", "branch": company.branch.code}
            card, _faults = customer_rows.read(at, cells | {"phone": f"138{at:08d}"}, kinds=kinds)
            assert card is not None
            rows.append(card)
        return rows

    def asked(number: int, first: int) -> int:
        writer = table_customers.Writer(importer, NOW)
        with CaptureQueriesContext(connection) as queries:
            assert writer.write(cards(first, number)).added == number
        return len(queries)

    asked(1, 500_000)  # reads the rights of the person
    few, many = asked(20, 0), asked(200, 1000)
    assert many == few
    tracemalloc.start()
    writer = table_customers.Writer(importer, NOW, is_dry=True)
    for first in range(10_000, 20_000, 2000):
        writer.write(cards(first, 2000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * 2**20
    assert len(CUSTOMERS.split(",")) == len(customer_rows.FIELDS)
