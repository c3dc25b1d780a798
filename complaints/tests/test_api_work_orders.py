"""The rectification work order through the API (W-01 … W-16)."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints.actions.order_rows import ROWS
from complaints.actions.order_sections import SECTIONS as COLUMNS
from complaints.factories import SECTIONS, ComplaintFactory, WorkOrderFactory, finish_measures
from complaints.models import Complaint, Event, WorkOrder
from complaints.tests.order_forms import as_json
from complaints.tests.rows import signed_in
from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Message, Person, Role

pytestmark = pytest.mark.django_db
# The factory fills in what a submission needs, and nothing else.
REQUIRED = set(SECTIONS) - {"plan"} | {"prevent", "detect", "respond"}
GIVEN = as_json(SECTIONS)
CAUSE = {"category": "process", "text": "Nobody looked."}
# What an order of a complaint still lacks: its time of receipt is proposed.
OF_COMPLAINT = REQUIRED - {"occurred_at"}
RETURN = {"reason": "Not concrete.", "sections": ["causes", "promise"]}


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


def draft(person: Person, complaint: Complaint, body: dict[str, Any] | None = None) -> Any:
    return Caller(person).post(f"complaints/{complaint.number}/work-orders/", body or {})


def state(order: WorkOrder) -> dict[str, Any]:
    return {
        "order": WorkOrder.objects.filter(pk=order.pk).values().get(),
        "files": order.files.count(),
        "events": Event.objects.count(),
        "messages": Message.objects.count(),
    }


def test_c09_a_draft_with_sections_has_no_number_yet(company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")

    response = draft(handler, complaint, {"causes": [CAUSE], "promised_on": "2030-01-31"})

    assert response.status_code == 201
    body = response.json()
    assert (body["status"], body["number"], body["year"], body["numbered_at"]) == (
        "draft",
        None,
        None,
        None,
    )
    assert body["promised_on"] == "2030-01-31"
    assert body["causes"] == [CAUSE | {"whys": [], "evidence": []}]
    assert body["complaints"] == [{"number": complaint.number, "cycle": 1}]
    assert body["branch"] == {"code": "WX", "name": "无锡"}
    named = OF_COMPLAINT - {"causes", "promised_on"} | {"causes.0.evidence"}
    assert set(body["missing"]) == named
    assert body["allowed"] == ["save", "submit"]


def test_a_complaint_has_one_order_and_a_second_draft_shows_it(
    company: Tree, handler: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    first = draft(handler, complaint, {"causes": [CAUSE]}).json()

    second = draft(handler, complaint, {"causes": []})

    assert second.status_code == 200
    assert second.json() == first
    assert WorkOrder.objects.count() == 1


def test_w01_the_first_submission_gives_the_number_and_stops_the_clock(
    company: Tree, handler: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    order = draft(handler, complaint, GIVEN).json()

    body = Caller(handler).post(f"work-orders/{order['id']}/submit/").json()

    year = date.fromisoformat(body["numbered_at"][:10]).year
    assert (body["status"], body["number"], body["year"]) == (
        "submitted",
        f"问字【{year}】001号",
        year,
    )
    assert body["missing"] == []
    seen = Caller(handler).get(f"complaints/{complaint.number}/").json()
    assert seen["work_orders"] == [
        {"id": order["id"], "number": body["number"], "status": "submitted", "cycle": 1}
    ]
    assert [row["verdict"] for row in seen["timers"]] == ["running", "running", "met", "running"]


def test_sections_may_come_with_the_submission(company: Tree, handler: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch, causes=())
    body = Caller(handler).post(f"work-orders/{order.pk}/submit/", {"causes": GIVEN["causes"]})

    assert body.json()["causes"] == GIVEN["causes"]
    assert body.json()["status"] == "submitted"


def test_what_is_missing_is_named_at_the_submission(company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    pk = draft(handler, complaint).json()["id"]
    before = state(WorkOrder.objects.get())

    answer = Caller(handler).post(f"work-orders/{pk}/submit/")

    assert set(refused(answer, 400, "refused")["fields"]) == OF_COMPLAINT
    assert state(WorkOrder.objects.get()) == before


def test_a_draft_is_kept_by_patch_whole_or_not(company: Tree, handler: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch)

    body = (
        Caller(handler)
        .patch(
            f"work-orders/{order.pk}/",
            {"causes": [], "customer_satisfied": True, "version": order.version},
        )
        .json()
    )

    assert (body["causes"], body["customer_satisfied"]) == ([], True)
    assert body["version"] == order.version + 1
    assert body["course"] == GIVEN["course"]
    answer = Caller(handler).patch(
        f"work-orders/{order.pk}/", {"place": "x", "version": order.version}
    )
    refused(answer, 409, "stale")
    assert WorkOrder.objects.get().place == SECTIONS["place"]


def test_w09_the_issuing_unit_returns_and_confirms(
    company: Tree, handler: Person, quality: Person
) -> None:
    order = WorkOrderFactory.create(branch=company.branch, until="submitted", filler=handler)
    address = f"work-orders/{order.pk}/"

    body = Caller(quality).post(f"{address}return/", RETURN).json()
    assert (body["status"], body["return_reason"]) == ("returned", "Not concrete.")
    assert Caller(handler).post(f"{address}submit/").json()["status"] == "submitted"
    finish_measures(order, by=handler, now=clock.now())
    body = Caller(quality).post(f"{address}confirm/", {"guidance": "Everywhere."}).json()

    assert (body["status"], body["guidance"]) == ("confirmed", "Everywhere.")
    assert body["confirmed_by"] == {"id": quality.pk, "name": quality.name}
    assert body["number"] == order.number


def test_w16_the_filler_is_no_judge(company: Tree, quality: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch, until="submitted", filler=quality)
    before = state(order)

    allowed = Caller(quality).get(f"work-orders/{order.pk}/").json()["allowed"]
    assert allowed == ["report-effect"]
    for act, body in (("confirm", {}), ("return", RETURN)):
        answer = Caller(quality).post(f"work-orders/{order.pk}/{act}/", body)
        refused(answer, 403, "forbidden")
    assert state(order) == before


@pytest.mark.parametrize(
    ("until", "allowed"),
    [
        ("draft", {"save", "submit", "annul"}),
        ("submitted", {"return", "confirm", "report-effect"}),
        ("returned", {"save", "submit", "annul"}),
        ("confirmed", set()),
    ],
)
def test_an_act_that_is_not_open_is_409_with_those_that_are(
    company: Tree, quality: Person, until: str, allowed: set[str]
) -> None:
    order = WorkOrderFactory.create(branch=company.branch, until=until)
    before = state(order)
    caller = Caller(quality)

    for act in {"submit", "return", "confirm"} - allowed:
        for body in ({}, RETURN if act == "return" else {}):
            answer = caller.post(f"work-orders/{order.pk}/{act}/", body)
            assert set(refused(answer, 409, "not_open")["allowed"]) == allowed
    if "save" not in allowed:
        answer = caller.patch(f"work-orders/{order.pk}/", {"place": "x"})
        assert set(refused(answer, 409, "not_open")["allowed"]) == allowed
    assert state(order) == before


def test_b04_only_sections_can_be_written(company: Tree, handler: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch)
    before = state(order)
    sections = {*COLUMNS, *ROWS, "version"}
    names = {field.name for field in WorkOrder._meta.get_fields()} - sections
    assert {"status", "number", "sequence", "guidance", "confirmed_by", "branch"} <= names

    for name in sorted(names):
        for answer in (
            Caller(handler).patch(f"work-orders/{order.pk}/", {name: 1}),
            Caller(handler).post(f"work-orders/{order.pk}/submit/", {name: 1}),
        ):
            assert set(refused(answer, 400, "invalid")["fields"]) == {name}
    assert state(order) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("remarks", "x" * 5001),
        ("remarks", "\0"),
        ("remarks", None),
        ("remarks", ["x"]),
        ("causes", None),
        ("causes", "x"),
        ("occurred_at", "1999-12-31T00:00:00Z"),
        ("title_subject", "x" * 61),
        ("promised_on", "tomorrow"),
        ("promised_on", "0000-01-01"),
        ("promised_on", 5),
        ("customer_satisfied", "?"),
        ("version", "x"),
    ],
)
def test_bad_input_is_400_with_its_field(
    company: Tree, handler: Person, name: str, value: Any
) -> None:
    order = WorkOrderFactory.create(branch=company.branch)
    before = state(order)

    answer = Caller(handler).patch(f"work-orders/{order.pk}/", {name: value})

    assert set(refused(answer, 400, "invalid")["fields"]) == {name}
    assert state(order) == before


def test_w03_b28_what_lies_ahead_has_not_happened_yet(company: Tree, handler: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch, filler=handler)
    before = state(order)
    ahead = {"occurred_at": "2099-12-31T00:00:00Z"}
    answer = Caller(handler).patch(f"work-orders/{order.pk}/", ahead)
    words = "Enter a time of occurrence that has passed."
    assert refused(answer, 400, "refused")["fields"] == {"occurred_at": words}
    client = signed_in(handler)
    typed = {"occurred_at": "2099-12-31T00:00", "place": "3 号门", "version": order.version}
    page = client.post(f"/work-orders/{order.pk}/save/", typed)
    assert page.status_code == 422
    text = page.content.decode()
    assert words in text
    assert "3 号门" in text
    assert state(order) == before


@pytest.mark.parametrize(
    ("place", "status"), [("branch", 200), ("child", 200), ("sibling", 404), ("region", 404)]
)
def test_b01_own_child_sibling_parent(
    company: Tree, handler: Person, place: str, status: int
) -> None:
    order = WorkOrderFactory.create(branch=getattr(company, place), until="draft")
    before = state(order)
    caller = Caller(handler)

    rows = caller.get("work-orders/").json()["results"]

    assert [row["id"] for row in rows] == ([order.pk] if status == 200 else [])
    assert caller.get(f"work-orders/{order.pk}/").status_code == status
    if status == 404:
        for answer in (
            caller.patch(f"work-orders/{order.pk}/", {"place": "x"}),
            caller.post(f"work-orders/{order.pk}/submit/"),
            caller.post(f"work-orders/{order.pk}/return/", RETURN),
            caller.post(f"work-orders/{order.pk}/confirm/"),
            caller.post(f"work-orders/{order.pk}/attachments/"),
        ):
            refused(answer, 404, "not_found")
        assert state(order) == before


def test_b01_who_only_reads_is_403(company: Tree) -> None:
    executive = Caller(PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE))
    for until in ("draft", "submitted"):
        order = WorkOrderFactory.create(branch=company.branch, until=until)
        before = state(order)
        for act in ("submit", "return", "confirm"):
            refused(executive.post(f"work-orders/{order.pk}/{act}/"), 403, "forbidden")
        refused(executive.patch(f"work-orders/{order.pk}/", {"status": 1}), 403, "forbidden")
        assert state(order) == before


@pytest.mark.parametrize("pk", ["0", "9" * 30, "9" * 5000, "-1", "x", "1.5"])
def test_an_unknown_order_is_404(handler: Person, pk: str) -> None:
    refused(Caller(handler).get(f"work-orders/{pk}/"), 404, "not_found")


def test_w04_evidence_is_added_and_fetched(company: Tree, handler: Person) -> None:
    order = WorkOrderFactory.create(branch=company.branch)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    file = SimpleUploadedFile("交接.txt", "值班表".encode())

    response = Caller(handler).post(
        f"work-orders/{order.pk}/attachments/", {"files": [file]}, format="multipart"
    )

    assert response.status_code == 200
    shown = response.json()["files"]
    assert [row["name"] for row in shown] == ["交接.txt"]
    fetched: Any = Caller(handler).get(shown[0]["url"])
    assert b"".join(fetched.streaming_content).decode() == "值班表"
    refused(Caller(stranger).get(shown[0]["url"]), 404, "not_found")


def test_the_list_is_filtered_and_paged(company: Tree, quality: Person) -> None:
    orders = [
        WorkOrderFactory.create(branch=branch, until=until)
        for branch, until in (
            (company.branch, "draft"),
            (company.child, "submitted"),
            (company.sibling, "confirmed"),
        )
    ]
    caller = Caller(quality)

    def found(query: str) -> list[int]:
        rows = caller.get(f"work-orders/?{query}").json()["results"]
        return [orders.index(WorkOrder.objects.get(pk=row["id"])) for row in rows]

    assert found("") == [2, 1, 0]
    assert found("status=draft,submitted") == [1, 0]
    assert found("branch=WX") == [1, 0]
    assert found("branch=JS") == [2, 1, 0]
    complaint = orders[1].links.get().complaint
    assert found(f"complaint={complaint.number}") == [1]
    assert found("search=001") == [1]
    assert found("search=zzz") == []
    for name in ("status", "branch", "page_size"):
        answer = caller.get(f"work-orders/?{name}=zzz")
        assert set(refused(answer, 400, "invalid")["fields"]) == {name}
    first = caller.get("work-orders/?page_size=2").json()
    second = caller.get(first["next"]).json()
    assert (len(first["results"]), len(second["results"])) == (2, 1)
    assert first["previous"] is None
    assert second["next"] is None
    assert caller.get(second["previous"]).json()["results"] == first["results"]


def test_the_list_takes_the_same_queries_for_1_row_and_for_20(
    company: Tree, quality: Person, django_assert_num_queries: Any
) -> None:
    caller = Caller(quality)
    # token, moment, postings, orders, their complaints
    WorkOrderFactory.create(branch=company.branch)
    with django_assert_num_queries(5):
        assert len(caller.get("work-orders/").json()["results"]) == 1

    for _number in range(19):
        WorkOrderFactory.create(branch=company.child, until="submitted")

    with django_assert_num_queries(5):
        assert len(caller.get("work-orders/").json()["results"]) == 20


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_b28_a_moment_at_the_ends_of_the_calendar_is_refused(
    at: str, company: Tree, handler: Person
) -> None:
    order = WorkOrderFactory.create(branch=company.branch, filler=handler)
    before = state(order)
    for given in ({"occurred_at": at}, {"course": [{"at": at, "text": "x"}]}):
        answer = Caller(handler).generic(
            "PATCH", f"work-orders/{order.pk}/", json.dumps(given), "application/json"
        )
        assert refused(answer, 400, "invalid")["fields"]
    assert state(order) == before
