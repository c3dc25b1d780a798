"""The register of work orders: the company's own table, its conditions, its files (W-10)."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.urls import reverse

from complaints.actions import order_complaints
from complaints.factories import (
    ComplaintFactory,
    ItemFactory,
    WorkOrderFactory,
    bring_order,
    fill_order,
    finish_measures,
    quality_manager,
)
from complaints.models import DissatisfiedItem, Timer, WorkOrder
from complaints.tests.rows import signed_in
from csm.kit import clock
from csm.tests.api import Caller, refused
from customers.factories import CustomerFactory
from customers.models import Kind
from organisation.factories import BranchFactory, PersonFactory, Tree, headquarters, tree
from organisation.models import Branch, Level, Person, Role

pytestmark = pytest.mark.django_db
# What the company's own table holds: region, branch, score, opinion (doc. 001).
TABLE = (
    ("甘宁", "兰州", "5.00", "问题无人反馈，运输途中问题不能及时反馈；月底仓库发货出现差异"),
    ("江苏", "无锡", "6.00", "异常响应速度较慢"),
    ("新疆", "乌鲁木齐", "6.00", "未经客户允许，私自将货物搬进仓库，导致爆仓"),
)
PLANNED = date(2026, 11, 13)


def place(region: str, name: str) -> Branch:
    above = BranchFactory.create(name=region, name_en="", level=Level.REGION, parent=headquarters())
    return BranchFactory.create(name=name, name_en="", parent=above)


def enter(client: Any, branch: Branch, score: str, opinion: str) -> DissatisfiedItem:
    """By the page, for a department of the branch."""
    name = f"{branch.name}仓储部"
    CustomerFactory.create(name=name, kind=Kind.INTERNAL, home_branch=branch)
    data = {
        "customer": name,
        "branch": branch.pk,
        "score": score,
        "threshold": "7",
        "opinion": opinion,
        "plan": "专人值守，两小时内反馈",
        "planned_on": PLANNED.isoformat(),
    }
    assert client.post(reverse("dissatisfied-item-new"), data).status_code == 302
    return DissatisfiedItem.objects.latest("pk")


def go_through(order: WorkOrder, manager: Person, quality: Person) -> None:
    """Filled, submitted, returned once, submitted again, confirmed."""
    now = clock.now()
    fill_order(order, by=manager, now=now)
    bring_order(order, until="returned", filler=manager, quality=quality, now=now)
    assert Caller(manager).post(f"work-orders/{order.pk}/submit/", {}).status_code == 200
    finish_measures(order, by=manager, now=clock.now())
    confirmed = Caller(quality).post(f"work-orders/{order.pk}/confirm/", {"guidance": "推广"})
    assert confirmed.status_code == 200, confirmed.json()


def test_w10_w12_w01_the_companys_own_table() -> None:
    """Three rows: entered, made orders, filled, returned once, confirmed, numbered in a row."""
    quality, year = quality_manager(), clock.now().year
    browser = signed_in(quality)
    for region, name, score, opinion in TABLE:
        branch = place(region, name)
        manager = PersonFactory.create(branch=branch, role=Role.BRANCH_MANAGER)
        item = enter(browser, branch, score, opinion)
        made = browser.post(reverse("dissatisfied-item-order", args=[item.pk]))
        order = WorkOrder.objects.get(item=item)
        assert made.headers["Location"] == reverse("work-order", args=[order.pk])
        go_through(order, manager, quality)
    orders = list(WorkOrder.objects.order_by("pk"))
    assert [order.number for order in orders] == [f"问字【{year}】{n:03d}号" for n in (1, 2, 3)]
    assert {order.status for order in orders} == {"confirmed"}
    assert {order.source for order in orders} == {"item"}
    assert {state for (state,) in Timer.objects.values_list("state")} == {"met"}
    assert Timer.objects.filter(kind="rework").count() == 6, "48 h each, and the return of each"
    rows = browser.get(reverse("work-orders"), {"ordering": "id"}).context["rows"]
    shown = [(row.region, row.order.branch.name, str(row.score), row.opinion) for row in rows]
    assert shown == list(TABLE)
    assert {row.customer.kind for row in rows} == {"internal"}
    response = browser.post(reverse("work-orders-export"), {"form": "csv", "query": "ordering=id"})
    lines = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert lines[0][:8] == [
        *("Region", "Branch", "Customer", "Tier or grade"),
        *("Score", "Opinion", "Improvement plan", "Planned for"),
    ]
    for line, (region, name, score, opinion) in zip(lines[1:], TABLE, strict=True):
        assert line[:6] == [
            *(region, name, f"{name}仓储部", "Internal"),
            *(str(float(score)), opinion),
        ]


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return quality_manager()


@dataclass(frozen=True)
class Filed:
    """Orders of every source, by a name."""

    orders: dict[str, WorkOrder]

    def name_of(self, order: WorkOrder) -> str:
        return next(name for name, known in self.orders.items() if known.pk == order.pk)


@pytest.fixture
def filed(company: Tree, quality: Person) -> Filed:
    """An item's order in each of two regions, a complaint's, a finding's, one by hand."""
    browser = signed_in(quality)
    orders = {}
    for name, branch, score in (
        ("five", company.branch, "5.00"), ("zero", company.other_region, "0.00"),
    ):  # fmt: skip
        item = ItemFactory.create(branch=branch, score=Decimal(score), opinion=f"意见{name}")
        browser.post(reverse("dissatisfied-item-order", args=[item.pk]))
        orders[name] = WorkOrder.objects.get(item=item)
    customer = CustomerFactory.create(
        name="远大商贸", kind=Kind.COMPANY, grade="3A", home_branch=company.branch
    )
    complaint = ComplaintFactory.create(branch=company.branch, until="handling", customer=customer)
    orders["complaint"] = WorkOrderFactory.create(complaint=complaint, until="submitted")
    api = Caller(quality)
    finding = {"source": "finding", "found_on": "2026-11-12", "found_by": "王凯"}
    common = {"branch": "SZ", "occasion": "首问责任未落实"}
    for name, given in (("finding", finding), ("hand", {"source": "hand"})):
        made = api.post("work-orders/", common | given).json()
        orders[name] = WorkOrder.objects.get(pk=made["id"])
    WorkOrder.objects.filter(pk=orders["complaint"].pk).update(promised_on=date(2026, 11, 20))
    return Filed(orders)


ALL = ["hand", "finding", "complaint", "zero", "five"]
CONDITIONS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({}, ALL),
    ({"ordering": "id"}, ALL[::-1]),
    ({"branch": "JS"}, ["hand", "finding", "complaint", "five"]),
    ({"branch": "SZ"}, ["hand", "finding"]),
    ({"branch": ["SZ", "GN"]}, ["hand", "finding", "zero"]),
    ({"source": "item"}, ["zero", "five"]),
    ({"source": ["hand", "complaint"]}, ["hand", "complaint"]),
    ({"status": "submitted"}, ["complaint"]),
    ({"tier": "internal"}, ["zero", "five"]),
    ({"tier": "3A"}, ["complaint"]),
    ({"score_from": "0", "score_to": "0"}, ["zero"]),
    ({"score_from": "4.99"}, ["five"]),
    ({"promised_after": "2026-11-20", "promised_before": "2026-11-20"}, ["complaint"]),
    ({"promised_after": "2026-11-21"}, []),
    ({"overdue": "filing"}, []),
    ({"search": "意见zero"}, ["zero"]),
    ({"search": "首问责任"}, ["hand", "finding"]),
    ({"search": "远大"}, ["complaint"]),
    ({"search": "货物滞留"}, ["complaint"]),
    ({"search": "001号"}, ["complaint"]),
)


@pytest.mark.parametrize(("given", "names"), CONDITIONS)
def test_w10_conditions_are_in_the_address(
    filed: Filed, quality: Person, given: dict[str, Any], names: list[str]
) -> None:
    response = signed_in(quality).get(reverse("work-orders"), given)
    assert [filed.name_of(row.order) for row in response.context["rows"]] == names
    answer = Caller(quality).get("work-orders/", given).json()
    ids = {order.pk: name for name, order in filed.orders.items()}
    assert [ids[row["id"]] for row in answer["results"]] == names
    response = signed_in(quality).post(
        reverse("work-orders-export"), {"form": "csv", "query": urlencode(given, doseq=True)}
    )
    assert len(b"".join(response).decode().strip().splitlines()) == len(names) + 1


def test_w10_a_customer_and_a_complaint_name_their_orders(filed: Filed, quality: Person) -> None:
    order = filed.orders["complaint"]
    number = order.links.get().complaint.number
    browser = signed_in(quality)
    customer = str(order.customer_id)
    for given in ({"customer": customer}, {"complaint": number}, {"search": number}):
        response = browser.get(reverse("work-orders"), given)
        assert [row.order for row in response.context["rows"]] == [order]
    chips = browser.get(reverse("work-orders"), {"customer": customer}).context["chips"]
    assert [(chip.label, chip.value) for chip in chips] == [("Customer", "远大商贸")]


def test_w10_what_cannot_be_used_is_said_and_left_out(filed: Filed, quality: Person) -> None:
    browser, url = signed_in(quality), reverse("work-orders")
    given = {"branch": "XX", "score_from": "many", "promised_after": "soon", "colour": "red"}
    response = browser.get(url, given | {"source": "hand"})
    assert [filed.name_of(row.order) for row in response.context["rows"]] == ["hand"]
    dropped = response.context["dropped"]
    assert all(word in dropped for word in ("XX", "many", "soon", "colour"))
    assert "Enter at least two characters" in browser.get(url, {"search": "x"}).content.decode()
    body = refused(Caller(quality).get("work-orders/", {"score_from": "many"}), 400, "invalid")
    assert list(body["fields"]) == ["score_from"]


def test_w10_empty_and_filtered_empty(company: Tree, quality: Person) -> None:
    browser, url = signed_in(quality), reverse("work-orders")
    assert "No work orders yet" in browser.get(url).content.decode()
    filtered = browser.get(url, {"score_to": "3"}).content.decode()
    assert "Nothing matches these filters" in filtered
    assert "Score to: 3" in filtered
    assert "No order in this state" in browser.get(url, {"status": "returned"}).content.decode()


def test_w10_tabs_count_what_the_conditions_leave(filed: Filed, quality: Person) -> None:
    response = signed_in(quality).get(reverse("work-orders"), {"branch": "JS"})
    counts = {tab.label: tab.count for tab in response.context["tabs"]}
    assert counts == {
        "All": "4", "Draft": "3", "Submitted": "1", "Returned": "0", "Confirmed": "0",
        "Annulled": "0",
    }  # fmt: skip
    assert "1–4 of 4" in response.content.decode()


def test_w10_pages_by_keyset(company: Tree, quality: Person) -> None:
    branch = company.branch
    WorkOrder.objects.bulk_create(
        WorkOrder(
            source="hand", occasion=f"检查{n}", branch=branch, issuing_branch=branch,
            created_at=clock.now(), saved_at=clock.now(),
        )
        for n in range(60)
    )  # fmt: skip
    browser, url = signed_in(quality), reverse("work-orders")
    first = browser.get(url)
    second = browser.get(url, {"after": first.context["found"].next})
    shown = [row.order.pk for page in (first, second) for row in page.context["rows"]]
    assert shown == list(WorkOrder.objects.order_by("-pk").values_list("pk", flat=True))
    back = browser.get(url, {"before": second.context["found"].previous})
    assert [row.order.pk for row in back.context["rows"]] == shown[:50]


def test_w10_overdue_is_what_was_not_filed_or_not_kept(filed: Filed, quality: Person) -> None:
    drafted = WorkOrderFactory.create(
        complaint=ComplaintFactory.create(
            branch=headquarters(), until="handling", received_at=clock.now() - timedelta(hours=49)
        )
    )
    filed.orders["late"] = drafted
    timer = Timer.objects.get(work_order=filed.orders["five"])
    Timer.objects.filter(pk=timer.pk).update(
        started_at=timer.started_at - timedelta(days=3), due_at=timer.due_at - timedelta(days=3)
    )
    yesterday = clock.now().date() - timedelta(days=2)
    WorkOrder.objects.filter(pk=filed.orders["complaint"].pk).update(promised_on=yesterday)
    browser, url = signed_in(quality), reverse("work-orders")

    def names(*values: str) -> list[str]:
        rows = browser.get(url, {"overdue": values}).context["rows"]
        return [filed.name_of(row.order) for row in rows]

    assert names("filing") == ["late", "five"]
    assert names("promise") == ["complaint"]
    assert names("filing", "promise") == ["late", "complaint", "five"]
    rows = browser.get(url, {"overdue": "filing"}).context["rows"]
    assert [row.clock.face.state for row in rows] == ["over", "over"]


def test_w10_several_complaints_stand_in_one_row(company: Tree, quality: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch)
    first = order.links.get().complaint
    other = ComplaintFactory.create(branch=company.branch, until="handling")
    order_complaints.add(order=order, complaint=other, by=quality, now=clock.now())
    page = signed_in(quality).get(reverse("work-orders"))
    assert len(page.context["rows"]) == 1
    assert f"{first.number}</span> and 1 more" in page.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_w10_the_lists_ask_as_often_for_one_row_as_for_twenty(
    company: Tree, quality: Person, django_assert_num_queries: Any, count: int
) -> None:
    browser = signed_in(quality)
    for _row in range(count):
        item = ItemFactory.create(branch=company.branch)
        browser.post(reverse("dissatisfied-item-order", args=[item.pk]))
    for name, most in (("work-orders", 11), ("dissatisfied-items", 10)):
        browser.get(reverse(name))
        with django_assert_num_queries(most):
            page = browser.get(reverse(name), {"branch": "WX"})
        assert len(page.context["rows"]) == count


def test_b12_the_register_as_a_workbook(company: Tree, quality: Person) -> None:
    hostile = '=HYPERLINK("http://x")'
    customer = CustomerFactory.create(name="王小明", home_branch=company.branch)
    item = ItemFactory.create(
        branch=company.branch, customer=customer, opinion=hostile, plan="@SUM(A1)"
    )
    browser = signed_in(quality)
    browser.post(reverse("dissatisfied-item-order", args=[item.pk]))
    for name in ("work-orders", "dissatisfied-items"):
        response = browser.post(reverse(f"{name}-export"), {"form": "xlsx", "query": ""})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).worksheets[0]
        [_head, line] = list(sheet.iter_rows())
        values = [cell.value for cell in line]
        assert {cell.data_type for cell in line} <= {"s", "inlineStr", "d", "n"}
        assert values[2:6] == ["王**", "Gold", 5, hostile]
        assert values[6] == "@SUM(A1)"


def test_w10_items_are_listed_by_their_own_conditions(company: Tree, quality: Person) -> None:
    five = ItemFactory.create(branch=company.branch, score=Decimal(5), opinion="无人反馈")
    zero = ItemFactory.create(branch=company.other_region, score=Decimal(0), plan="培训")
    browser = signed_in(quality)
    browser.post(reverse("dissatisfied-item-order", args=[zero.pk]))

    def listed(**given: Any) -> list[DissatisfiedItem]:
        page = browser.get(reverse("dissatisfied-items"), given)
        return [row.item for row in page.context["rows"]]

    assert listed() == [zero, five]
    assert listed(status="open") == [five]
    assert listed(status="ordered") == [zero]
    assert listed(branch="JS") == [five]
    assert listed(score_to="0") == [zero]
    assert listed(search="无人") == [five]
    assert listed(search="培训") == [zero]
    assert listed(origin="survey") == []
    assert listed(customer=five.customer_id) == [five]
