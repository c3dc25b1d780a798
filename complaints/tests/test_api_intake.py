"""Logging a complaint and reading it again (contract, "REST API"; C-01, C-02)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Complaint, Participant
from csm.kit import clock
from csm.tests.api import Caller, refused
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BODY = {"subject": "Pallet is wet", "description": "Two of six.", "channel": "hotline"}


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def desk(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)


@pytest.fixture
def caller(desk: Person) -> Caller:
    return Caller(desk)


def moment(text: str) -> datetime:
    found = parse_datetime(text)
    assert found is not None
    assert found.tzinfo is not None
    return found


def test_c01_logging_answers_201_with_a_number_and_four_running_clocks(
    caller: Caller, desk: Person
) -> None:
    response = caller.post("complaints/", BODY)

    assert response.status_code == 201
    body = response.json()
    complaint = Complaint.objects.get()
    assert body["number"] == complaint.number
    assert body["status"] == "received"
    assert body["subject"] == "Pallet is wet"
    assert body["branch"]["code"] == "HQ"
    assert body["intake_branch"] == {"code": "WX", "name": "无锡"}
    assert body["logged_by"] == {"id": desk.pk, "name": desk.name}
    assert [
        (row["milestone"], row["cycle"], row["state"], row["verdict"]) for row in body["timers"]
    ] == [
        ("apology", 1, "running", "running"),
        ("result", 1, "running", "running"),
        ("work_order", 1, "running", "running"),
        ("callback", 1, "running", "running"),
    ]
    started = moment(body["received_at"])
    assert [moment(row["due_at"]) - started for row in body["timers"]] == [
        HOUR,
        24 * HOUR,
        48 * HOUR,
        72 * HOUR,
    ]
    assert set(body["timers"][0]) == {
        "milestone",
        "cycle",
        "state",
        "verdict",
        "started_at",
        "due_at",
        "met_at",
        "owner_branch",
        "paused_seconds",
    }
    assert body["timers"][0]["owner_branch"]["code"] == "WX"
    assert [event["kind"] for event in body["events"]] == ["logged"]
    assert body["participants"][0]["reason"] == Participant.Reason.FIRST_CONTACT
    assert body["allowed"] == ["apologise", "urge", "note", "attachments"]


def test_late_logging_is_born_overdue(caller: Caller) -> None:
    earlier = clock.now() - 30 * HOUR

    body = caller.post("complaints/", BODY | {"received_at": earlier.isoformat()}).json()

    assert moment(body["received_at"]) == earlier
    assert body["logged_late"] is True
    assert [row["verdict"] for row in body["timers"]] == [
        "breached",
        "breached",
        "running",
        "running",
    ]


def test_everything_that_may_be_given_is_kept(caller: Caller, company: Tree) -> None:
    category = CategoryFactory.create(code="wet")

    response = caller.post(
        "complaints/",
        BODY
        | {
            "customer_name": "王小明",
            "customer_phone": "+86 138 0013 8000",
            "customer_email": "wang@example.com",
            "branch": "WX1",
            "category": "wet",
            "severity": "high",
            "waybill": "SF100",
        },
    )

    body = response.json()
    assert response.status_code == 201
    assert body["intake_branch"]["code"] == "WX1"
    assert body["category"] == {"code": "wet", "name": category.name}
    assert (body["severity"], body["waybill"]) == ("high", "SF100")
    assert body["contact"] == {
        "name": "王**",
        "phone": "+86 138****8000",
        "email": "w***@example.com",
    }
    assert body["customer"]["name"] == "王小明"
    complaint = Complaint.objects.get()
    assert complaint.contact_phone == "+86 138 0013 8000"
    assert complaint.customer is not None
    assert complaint.customer.home_branch == company.child


def test_a_customer_by_id_must_be_visible(caller: Caller, company: Tree) -> None:
    mine = CustomerFactory.create(home_branch=company.branch)
    foreign = CustomerFactory.create(home_branch=company.sibling)

    body = caller.post("complaints/", BODY | {"customer": mine.pk}).json()
    answer = caller.post("complaints/", BODY | {"customer": foreign.pk})

    assert body["customer"]["id"] == mine.pk
    assert set(refused(answer, 400, "invalid")["fields"]) == {"customer"}
    assert Complaint.objects.count() == 1
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("branch", "NOWHERE"),
        ("branch", "SZ"),
        ("branch", "JS"),
        ("branch", 7),
        ("branch", ["WX"]),
        ("branch", "WX\0"),
        ("category", "NOWHERE"),
        ("category", {"code": "wet"}),
        ("channel", "pigeon"),
        ("channel", ["hotline"]),
        ("severity", "worst"),
        ("subject", ""),
        ("subject", " "),
        ("subject", "x" * 201),
        ("subject", "a\0b"),
        ("subject", {"a": 1}),
        ("subject", None),
        ("description", "x" * 20_001),
        ("description", ["x"]),
        ("received_at", "yesterday"),
        ("received_at", "2999-01-01T00:00:00Z"),
        ("received_at", "0001-01-01T00:00:00+14:00"),
        ("received_at", "9999-12-31T23:59:59-14:00"),
        ("received_at", "2026-02-30T00:00:00Z"),
        ("received_at", 5),
        ("customer", 10**30),
        ("customer", -1),
        ("customer", "x"),
        ("customer", True),
        ("customer", 1.5),
        ("customer", [1]),
        ("customer_phone", "1" * 41),
        ("customer_phone", "1" * 35),
        ("customer_email", "nobody"),
        ("customer_email", "x" * 120 + "@example.com"),
        ("customer_name", "x" * 81),
        ("waybill", "x" * 61),
        ("waybill", "\0"),
    ],
)
def test_bad_input_is_400_with_its_field(
    company: Tree, caller: Caller, name: str, value: Any
) -> None:
    response = caller.post("complaints/", BODY | {name: value})

    assert set(refused(response, 400, "invalid")["fields"]) == {name}
    assert Complaint.objects.count() == 0
    assert Customer.objects.count() == 0


def test_a_receipt_in_the_future_is_400(caller: Caller) -> None:
    soon = clock.now() + timedelta(minutes=1)

    response = caller.post("complaints/", BODY | {"received_at": soon.isoformat()})

    assert set(refused(response, 400, "refused")["fields"]) == {"received_at"}
    assert Complaint.objects.count() == 0


def test_what_is_missing_is_named(caller: Caller) -> None:
    fields = refused(caller.post("complaints/", {}), 400, "invalid")["fields"]

    assert set(fields) == {"subject", "description", "channel"}


def test_b04_names_that_are_not_of_this_call_are_refused(caller: Caller) -> None:
    given = {field.name for field in Complaint._meta.get_fields()} - {
        "subject",
        "description",
        "channel",
        "received_at",
        "customer",
        "branch",
        "category",
        "severity",
        "waybill",
    }
    for name in sorted(given):
        response = caller.post("complaints/", BODY | {name: "closed"})
        assert set(refused(response, 400, "invalid")["fields"]) == {name}
    assert Complaint.objects.count() == 0


def test_a_subject_becomes_one_line(caller: Caller) -> None:
    body = caller.post("complaints/", BODY | {"subject": "wet\r\nBcc: x@y.z"}).json()

    assert body["subject"] == "wet Bcc: x@y.z"


def test_who_may_not_log_is_403(company: Tree) -> None:
    executive = Caller(PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE))

    refused(executive.post("complaints/", BODY), 403, "forbidden")
    assert Complaint.objects.count() == 0


@pytest.mark.parametrize(
    ("place", "status"), [("branch", 200), ("child", 200), ("sibling", 404), ("region", 404)]
)
def test_b01_own_child_sibling_parent(
    company: Tree, caller: Caller, place: str, status: int
) -> None:
    complaint = ComplaintFactory.create(branch=getattr(company, place), until="assigned")

    response = caller.get(f"complaints/{complaint.number}/")
    rows = caller.get("complaints/").json()["results"]

    assert response.status_code == status
    assert [row["number"] for row in rows] == ([complaint.number] if status == 200 else [])
    acted = caller.post(f"complaints/{complaint.number}/note/", {"text": "x"})
    assert acted.status_code == status
    assert complaint.notes.count() == (1 if status == 200 else 0)


@pytest.mark.parametrize("number", ["none", "TS20261122-9999", "-", "x" * 3000, "1" * 5000])
def test_an_unknown_number_is_404(caller: Caller, number: str) -> None:
    refused(caller.get(f"complaints/{number}/"), 404, "not_found")
    refused(caller.post(f"complaints/{number}/close/"), 404, "not_found")


@pytest.mark.parametrize("number", ["%00", "a%00b", "%FF", "a b", "'", "..%2f", "日"])
def test_what_cannot_be_a_number_is_404(caller: Caller, number: str) -> None:
    refused(caller.get(f"complaints/{number}/"), 404, "not_found")


def test_a_closed_complaint_shows_all_that_happened(company: Tree) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="closed")
    quality = Caller(PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER))

    body = quality.get(f"complaints/{complaint.number}/").json()

    assert body["status"] == "closed"
    assert [event["kind"] for event in body["events"]][:2] == ["logged", "judged_valid"]
    assert body["events"][1]["data"]["branch"] == "WX"
    assert [row["kind"] for row in body["replies"]] == ["apology", "result"]
    call = body["callbacks"][0]
    assert (call["reached"], call["satisfied"], call["score"]) == (True, True, 9)
    assert [row["status"] for row in body["work_orders"]] == ["submitted"]
    assert {row["verdict"] for row in body["timers"]} == {"met"}
    assert body["allowed"] == ["work-orders", "reopen", "ask-waiver", "note"]
    assert body["version"] == Complaint.objects.get().version


def test_one_complaint_takes_the_same_queries_however_much_happened(
    company: Tree, django_assert_max_num_queries: Any
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="closed")
    quality = Caller(PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER))

    # token, moment, postings, complaint twice, ten parts, codes of branches
    with django_assert_max_num_queries(16):
        quality.get(f"complaints/{complaint.number}/")


def test_categories_are_a_tree(caller: Caller) -> None:
    parent = CategoryFactory.create(code="goods", name="货物", name_en="Goods")
    CategoryFactory.create(code="wet", name="货损", name_en="Damage", parent=parent)
    CategoryFactory.create(code="old", is_active=False)

    assert caller.get("categories/").json()["results"] == [
        {"code": "goods", "name": "货物", "name_en": "Goods", "parent": None},
        {"code": "wet", "name": "货损", "name_en": "Damage", "parent": "goods"},
    ]
