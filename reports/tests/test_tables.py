"""Tables of a fixed vocabulary, and the operational reports made of them (C-29, F-06, F-19)."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Complaint
from csm.kit import clock
from csm.tests.api import Caller
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from reports.crosstabs import counting
from reports.crosstabs.counting import Table
from reports.crosstabs.dimensions import DIMENSIONS
from reports.crosstabs.measures import MEASURES
from reports.crosstabs.shipped import GROUPS
from reports.crosstabs.spec import TableForm
from reports.models import KeptTable

pytestmark = pytest.mark.django_db
SHOWN = "rows=branch&measure=complaints&measure=valid&period=this-year"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def counted(query: str, person: Person) -> Table:
    now = clock.now()
    form = TableForm(QueryDict(query), person=person, now=now)
    assert form.is_valid(), form.errors
    return counting.count(form.spec, person=person, now=now)


def cells(found: Table) -> dict[str, list[Any]]:
    return {line.label: [cell.value for cell in line.cells] for line in found.lines}


def test_c29_complaints_stand_by_branch_with_their_promises(company: Tree, quality: Person) -> None:
    now = clock.now()
    late, early = now - timedelta(hours=30), now - timedelta(hours=2)
    for branch, received in (
        (company.branch, late),
        (company.branch, early),
        (company.sibling, early),
    ):
        ComplaintFactory.create(branch=branch, until="handling", now=received)
    found = counted(
        "rows=branch&measure=complaints&measure=on_time_result&measure=result_median"
        "&period=this-year",
        quality,
    )
    assert cells(found) == {"Wuxi": [2, 0.0, None], "Suzhou": [1, None, None]}
    assert [cell.value for cell in found.total.cells] == [3, 0.0, None]
    share = found.lines[0].cells[1]
    assert (share.hits, share.n) == (0, 1)


def test_f19_recurrence_and_f06_units_are_those_of_their_pages(
    company: Tree, quality: Person
) -> None:
    now, category, customer = clock.now(), CategoryFactory.create(), CustomerFactory.create()
    for hours in (95 * 24, 30 * 24, 1):
        ComplaintFactory.create(
            branch=company.branch, category=category, customer=customer, until="assigned",
            now=now - timedelta(hours=hours),
        )  # fmt: skip
    first, last = now - timedelta(days=96), now
    period = f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"
    found = counted(f"rows=category&measure=recurring&measure=delay_units&period={period}", quality)
    recurring, units = found.total.cells
    assert (recurring.hits, recurring.n) == (2, 3)
    assert units.value == 100 + 100 + 1


def test_u14_every_number_leads_to_as_many_complaints(company: Tree, quality: Person) -> None:
    category = CategoryFactory.create(code="delay")
    for branch in (company.branch, company.branch, company.child, company.sibling):
        ComplaintFactory.create(branch=branch, category=category, until="assigned")
    ComplaintFactory.create(branch=company.branch)
    browser, caller = client(quality), Caller(quality)
    for name in ("branch", "region", "category", "channel", "severity", "status"):
        found = counted(f"rows={name}&measure=complaints&period=this-year", quality)
        for line in found.lines:
            [cell] = line.cells
            if line.label == "—":
                assert cell.url == ""
                continue
            assert browser.get(cell.url).status_code == 200
            listed = caller.get(f"complaints/?{urlsplit(cell.url).query}").json()["results"]
            assert len(listed) == cell.value, (name, line.label)


def test_u14_rows_by_columns_add_up(company: Tree, quality: Person) -> None:
    for branch, channel in (("branch", "web"), ("branch", "hotline"), ("sibling", "web")):
        ComplaintFactory.create(branch=getattr(company, branch), channel=channel)
    found = counted("rows=branch&columns=channel&measure=complaints&period=this-year", quality)
    assert found.head == ["Web form", "Hotline", ""]
    assert [cell.value for cell in found.total.cells] == [2, 1, 3]
    lines = cells(found)
    assert sum(line[-1] for line in lines.values()) == 3


@pytest.mark.parametrize("rows", DIMENSIONS)
def test_every_dimension_and_every_measure_counts(
    company: Tree, quality: Person, rows: str
) -> None:
    ComplaintFactory.create(branch=company.branch, until="called_back")
    names = list(MEASURES)
    for some in (names[:8], names[8:]):
        wanted = "&".join(f"measure={name}" for name in some)
        found = counted(f"rows={rows}&{wanted}&period=this-year", quality)
        assert len(found.lines) == 1
        assert [c.value for c in found.lines[0].cells] == [c.value for c in found.total.cells]


@pytest.mark.parametrize("shipped", [each for _label, rows in GROUPS for each in rows], ids=str)
def test_what_ships_can_be_shown(company: Tree, quality: Person, shipped: Any) -> None:
    ComplaintFactory.create(branch=company.branch)
    assert client(quality).get(f"{reverse('table')}?{shipped.query}").status_code == 200


def test_b01_a_table_counts_what_its_reader_sees(company: Tree) -> None:
    for branch in (company.branch, company.child, company.sibling, company.region):
        ComplaintFactory.create(branch=branch, until="assigned")
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    assert counted(SHOWN, handler).total.cells[0].value == 2


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("rows=nothing&measure=valid&period=this-year", "Select a valid choice"),
        ("rows=branch&measure=nothing&period=this-year", "Select a valid choice"),
        ("rows=branch&period=this-year", "Choose a figure."),
        ("rows=branch&measure=valid&period=2026-W60", "Enter a period such as"),
        ("rows=branch&measure=valid&period='; DROP TABLE x", "Enter a period such as"),
        ("rows=branch&columns=branch&measure=valid&period=2026", "Rows and columns are the same."),
        ("rows=branch&columns=channel&measure=valid&measure=open&period=2026", "Choose at most 1."),
        ("rows=branch&measure=valid&period=2026&branch=nowhere", "A condition is not known"),
    ],
)
def test_b05_what_is_not_in_the_vocabulary_is_said(quality: Person, query: str, words: str) -> None:
    answer = client(quality).get(f"{reverse('table')}?{query}")
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_table_is_kept_shared_and_deleted(company: Tree, quality: Person) -> None:
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    keep, mine = reverse("table-keep"), client(quality)
    refused = mine.post(keep, {"name": "", "query": SHOWN})
    assert (refused.status_code, KeptTable.objects.count()) == (422, 0)
    assert mine.post(keep, {"name": "x", "query": "rows=nothing"}).status_code == 422
    mine.post(keep, {"name": "By branch", "query": SHOWN, "role": "handler"})
    assert mine.post(keep, {"name": "By branch", "query": SHOWN}).status_code == 422
    kept = KeptTable.objects.get()
    assert "By branch" in client(handler).get(reverse("tables")).content.decode()
    url = reverse("table-delete", args=[kept.pk])
    assert client(handler).post(url).status_code == 403
    other = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    assert client(other).post(url).status_code == 404
    mine.post(url)
    assert not KeptTable.objects.exists()


def test_u14_the_file_has_the_numbers_of_the_page(company: Tree, quality: Person) -> None:
    ComplaintFactory.create(branch=company.branch, until="called_back")
    query = "rows=branch&measure=complaints&measure=satisfied&period=this-year"
    sent = {"form": "xlsx", "query": query}
    answer = client(quality).post(reverse("table-export"), sent)
    sheet: Any = load_workbook(BytesIO(b"".join(answer))).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["Branch", "Complaints", "Satisfied at the callback", "of"]
    assert rows[1] == ["Wuxi", 1, 1, 1]
    assert str(rows[-1][0]).startswith("Satisfied at the callback: Of customers")


@pytest.mark.parametrize("count", [1, 20])
def test_a_table_asks_as_often_for_one_row_as_for_twenty(
    company: Tree, quality: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _each in range(count):
        ComplaintFactory.create(branch=company.branch, category=CategoryFactory.create())
    browser, url = client(quality), f"{reverse('table')}?{SHOWN.replace('branch', 'category')}"
    browser.get(url)
    with django_assert_num_queries(10):
        browser.get(url)


def test_programs_have_the_same_table(company: Tree, quality: Person) -> None:
    ComplaintFactory.create(branch=company.branch)
    found = Caller(quality).get(f"reports/table/?{SHOWN}").json()
    assert found["head"] == ["Complaints", "Valid complaints"]
    assert found["total"]["cells"][0]["value"] == Complaint.objects.count()
    assert Caller(quality).get("reports/table/").json()["head"] == ["Valid complaints"]
    assert Caller(quality).get("reports/table/?rows=nothing").status_code == 400
