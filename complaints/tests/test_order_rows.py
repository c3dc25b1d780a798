"""The rows of a work order: course, causes with evidence, emergency measures (W-03, W-04, W-05)."""

import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import judging, work_orders
from complaints.actions.order_rows import Analysis, Entry, Proof, read_rows
from complaints.factories import (
    AT,
    SECTIONS,
    WorkOrderFactory,
    finish_measures,
    quality_manager,
)
from complaints.models import (
    Cause,
    CourseEntry,
    Evidence,
    OrderSection,
    OrderStatus,
    OrderVersion,
    WorkOrder,
)
from complaints.tests.order_forms import as_json, typed
from complaints.tests.test_work_orders import post, signed_in
from csm.kit import clock
from csm.kit.errors import NotOpen
from csm.tests.api import Caller, refused
from csm.tests.race import race
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
CAUSE = SECTIONS["causes"][0]


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


@pytest.fixture
def order(company: Tree, handler: Person) -> WorkOrder:
    return WorkOrderFactory.create(branch=company.branch, filler=handler)


def sent(order: WorkOrder, **more: Any) -> dict[str, Any]:
    return typed(SECTIONS) | {"version": str(order.version)} | more


def entries(count: int) -> tuple[Entry, ...]:
    return tuple(Entry(AT + timedelta(minutes=n), "月台", f"事件 {n}") for n in range(count))


def test_w03_five_hundred_entries_are_kept_shown_and_not_written_again(
    order: WorkOrder, handler: Person
) -> None:
    many = typed(SECTIONS | {"course": entries(500)}) | {"version": str(order.version)}
    assert post(handler, "work-order-save", order, **many).status_code == 302
    order.refresh_from_db()
    assert read_rows(order)["course"] == entries(500)
    page = signed_in(handler).get(reverse("work-order", args=[order.pk]))
    assert len(page.context["form"].rows["course"].forms) == 500
    assert "事件 499" in page.content.decode()
    again = many | {"version": str(order.version)}
    again |= {name: getattr(order, name) for name in ("customer_name", "waybill", "remarks")}
    headers = {"hx-request": "true", "hx-target": "saved"}
    url = reverse("work-order-save", args=[order.pk])
    assert signed_in(handler).post(url, again, headers=headers).status_code == 204
    body = Caller(handler).get(f"work-orders/{order.pk}/").json()
    assert len(body["course"]) == 500
    over = Caller(handler).patch(f"work-orders/{order.pk}/", {"course": [{"text": "x"}] * 601})
    assert set(refused(over, 400, "invalid")["fields"]) == {"course"}
    assert order.course.count() == 500


def test_w03_rows_come_and_go_by_buttons_without_script(order: WorkOrder, handler: Person) -> None:
    client = signed_in(handler)
    added = post(handler, "work-order-save", order, **sent(order, add="course"))
    assert added["Location"] == f"/work-orders/{order.pk}/?add=course"
    shown = client.get(added["Location"]).context["form"].rows["course"]
    assert [form.is_blank for form in shown.forms] == [False, True]
    order.refresh_from_db()
    inner = post(handler, "work-order-save", order, **sent(order, add="causes-0-words"))
    assert inner["Location"] == f"/work-orders/{order.pk}/?add=causes-0-words"
    [cause] = client.get(inner["Location"]).context["form"].rows["causes"].forms
    assert len(cause.words.forms) == 2
    order.refresh_from_db()
    gone = post(handler, "work-order-save", order, **sent(order, remove="course-0"))
    assert gone.status_code == 302
    assert not order.course.exists()
    assert order.causes.count() == 1
    order.refresh_from_db()
    post(handler, "work-order-save", order, **sent(order, remove="causes-0-words-0"))
    assert not Evidence.objects.exists()
    order.refresh_from_db()
    silly = sent(order, add="sections", remove="x")
    assert post(handler, "work-order-save", order, **silly).status_code == 302


def test_w03_a_row_is_added_though_another_is_wrong_and_nothing_is_lost(
    order: WorkOrder, handler: Person
) -> None:
    before = read_rows(order)
    wrong = {"course-0-at": "yesterday", "course-0-text": "改到一半", "add": "course"}
    response = post(handler, "work-order-save", order, **sent(order, **wrong))
    assert response.status_code == 422
    [problem] = response.context["problems"]
    assert problem.anchor == "id_course-0-at"
    assert len(response.context["form"].rows["course"].forms) == 2
    assert "改到一半" in response.content.decode()
    assert read_rows(order) == before


def test_w03_what_is_told_has_happened(order: WorkOrder, handler: Person) -> None:
    before = read_rows(order)
    later = clock.now() + timedelta(days=2)
    body = as_json({"course": (Entry(AT, "", "x"), Entry(later, "", "y"))})
    answer = Caller(handler).patch(f"work-orders/{order.pk}/", body)
    assert set(refused(answer, 400, "refused")["fields"]) == {"course.1.at"}
    moment = later.strftime("%Y-%m-%dT%H:%M")
    page = post(
        handler, "work-order-save", order, **sent(order, **{"emergency_measures-0-at": moment})
    )
    assert page.status_code == 422
    assert [row.anchor for row in page.context["problems"]] == ["id_emergency_measures-0-at"]
    assert read_rows(order) == before


@pytest.mark.parametrize(
    ("cause", "path"),
    [
        ({"category": "weather"}, "causes.0.category"),
        ({"whys": ["why"] * 6}, "causes.0.whys"),
        ({"evidence": [{"kind": "guess", "text": "x"}]}, "causes.0.evidence.0.kind"),
        ({"evidence": [{"kind": "record"}]}, "causes.0.evidence.0.text"),
        ({"evidence": [{"kind": "file", "text": "x"}]}, "causes.0.evidence.0.file"),
        ({"evidence": [{"kind": "file", "file": "{other}"}]}, "causes.0.evidence"),
        ({"opinion": "x"}, "causes.0.opinion"),
    ],
)
def test_w04_a_cause_is_of_the_taxonomy_and_its_evidence_is_something_of_this_order(
    order: WorkOrder, handler: Person, cause: dict[str, Any], path: str
) -> None:
    before = read_rows(order)
    other = WorkOrderFactory.create(branch=order.branch, filler=handler)
    photo = SimpleUploadedFile("a.txt", b"words")
    [link] = work_orders.attach(order=other, uploads=[photo], by=handler, now=clock.now())
    for proof in cause.get("evidence", ()):
        if proof.get("file") == "{other}":
            proof["file"] = str(link.file_id)
    answer = Caller(handler).patch(f"work-orders/{order.pk}/", {"causes": [cause]})
    assert answer.status_code == 400, answer.json()
    assert set(answer.json()["fields"]) == {path}
    assert read_rows(order) == before


def test_w04_every_cause_needs_evidence_of_its_own_and_a_file_may_prove_two(
    order: WorkOrder, handler: Person
) -> None:
    caller, address = Caller(handler), f"work-orders/{order.pk}/"
    bare = as_json({"causes": (CAUSE, Analysis("method", "没有规定"))})
    answer = caller.post(f"{address}submit/", bare)
    assert set(refused(answer, 400, "refused")["fields"]) == {"causes.1.evidence"}
    assert order.causes.count() == 1
    file = SimpleUploadedFile("交接.txt", "值班表".encode())
    kept = caller.post(f"{address}attachments/", {"files": [file]}, format="multipart").json()
    proof = Proof("file", file=kept["files"][0]["id"])
    both = as_json({"causes": (Analysis("method", "甲", (), (proof,)),) * 2})
    assert caller.post(f"{address}submit/", both).json()["status"] == "submitted"
    assert Evidence.objects.filter(kind="file").count() == 2


def test_w04_the_database_refuses_what_the_rules_refuse(order: WorkOrder, handler: Person) -> None:
    bare = Cause.objects.create(order=order, position=1, text="x")
    whole = CourseEntry.objects.get()
    submitted = {"status": "submitted", "number": "x", "year": 2026, "sequence": 1}
    submitted |= {"numbered_at": AT, "submitted_at": AT, "submitted_by": handler}
    mine = WorkOrder.objects.filter(pk=order.pk)
    returned = {"status": "returned", "return_reason": "x"}
    acts: dict[str, Callable[[], object]] = {
        "without evidence": lambda: mine.update(**submitted),
        "work_order_returned_names_sections": lambda: mine.update(**returned),
        "cause_five_whys": lambda: Cause.objects.update(whys=["x"] * 6),
        "cause_category_known": lambda: Cause.objects.update(category="weather"),
        "evidence_is_something": lambda: Evidence.objects.update(text=""),
        "course_entry_not_empty": lambda: CourseEntry.objects.update(at=None, place="", text=""),
    }
    for name, act in acts.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            act()
    bare.delete()
    work_orders.submit(order=order, by=handler, now=clock.now())
    frozen: tuple[Callable[[], object], ...] = (
        lambda: Evidence.objects.all().delete(),
        lambda: Cause.objects.update(text="x"),
        lambda: CourseEntry.objects.create(order=order, position=9, text="x"),
        whole.delete,
        lambda: OrderVersion.objects.update(number=9),
    )
    for act in frozen:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert read_rows(order)["causes"] == (CAUSE,)


def test_w04_an_order_that_lost_its_evidence_is_not_confirmed(
    order: WorkOrder, handler: Person
) -> None:
    """Only by going round a trigger can it come to that; the action and another one hold."""
    work_orders.submit(order=order, by=handler, now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE complaints_evidence DISABLE TRIGGER order_row_open")
    Evidence.objects.all().delete()
    judge = quality_manager()
    response = post(judge, "work-order-confirm", order, version=order.version)
    assert response.status_code == 409
    assert "A cause has no evidence." in response.content.decode()
    with pytest.raises(NotOpen):
        judging.confirm(order=order, by=judge, now=clock.now())
    confirmed = {"status": "confirmed", "confirmed_at": AT, "confirmed_by": judge}
    with pytest.raises(IntegrityError, match="without evidence"), transaction.atomic():
        WorkOrder.objects.update(**confirmed)
    order.refresh_from_db()
    assert order.status == OrderStatus.SUBMITTED


@pytest.mark.django_db(transaction=True)
def test_w16_two_people_confirm_at_once_and_one_of_them_did(company: Tree) -> None:
    filler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    order = WorkOrderFactory.create(branch=company.branch, filler=filler, until="submitted")
    finish_measures(order, by=filler, now=clock.now())
    order.refresh_from_db()
    people = [
        PersonFactory.create(branch=company.headquarters, role=role)
        for role in (Role.QUALITY_MANAGER, Role.QUALITY_SPECIALIST)
    ]
    answers = race(
        *[
            lambda who=person: (
                post(
                    who, "work-order-confirm", order, version=order.version, guidance=who.name
                ).status_code
            )
            for person in people
        ]
    )
    assert sorted(map(str, answers)) == ["302", "409"]
    winner = people[answers.index(302)]
    order.refresh_from_db()
    assert (order.confirmed_by, order.guidance) == (winner, winner.name)


def test_w16_the_sections_that_a_return_names_are_marked_until_it_is_submitted_again(
    order: WorkOrder, handler: Person
) -> None:
    work_orders.submit(order=order, by=handler, now=clock.now())
    body = {"reason": "不具体", "sections": ["promise", "anomaly"]}
    answer = Caller(quality_manager()).post(f"work-orders/{order.pk}/return/", body).json()
    assert answer["returned_sections"] == ["anomaly", "promise"]
    page = signed_in(handler).get(reverse("work-order", args=[order.pk]))
    marked = [step.section.code for step in page.context["progress"] if step.is_returned]
    assert marked == [OrderSection.ANOMALY, OrderSection.PROMISE]
    order.refresh_from_db()
    assert post(handler, "work-order-submit", order, **sent(order)).status_code == 302
    page = signed_in(handler).get(reverse("work-order", args=[order.pk]))
    assert "returned" not in page.context


def test_each_submission_is_a_version_and_two_are_compared(
    order: WorkOrder, handler: Person
) -> None:
    first, second = clock.now(), clock.now() + timedelta(minutes=1)
    work_orders.submit(order=order, by=handler, now=first)
    url = reverse("work-order-versions", args=[order.pk])
    client = signed_in(handler)
    assert "Nothing to compare yet" in client.get(url).content.decode()
    judging.send_back(
        order=order, reason="x", sections=["causes"], by=quality_manager(), now=second
    )
    changed = Analysis("method", "夜班只核对票数。", (), (Proof("witness", "夜班班长"),))
    work_orders.submit(order=order, by=handler, now=second, place="三号月台", causes=(changed,))
    shown = client.get(url).context["differences"]
    assert [(each.label, [(line.kind, line.text) for line in each.lines]) for each in shown] == [
        ("Where it happened", [("removed", "无锡到达仓"), ("added", "三号月台")]),
        (
            "Causes and evidence",
            [
                ("removed", "Process: 交接班时未移交异常清单。"),
                ("removed", "Why 1: 没有规定移交什么"),
                ("removed", "Record: 交接班记录，值班表。"),
                ("added", "Method: 夜班只核对票数。"),
                ("added", "Witness: 夜班班长"),
            ],
        ),
    ]  # fmt: skip
    same = client.get(url, {"before": "2", "after": "2"})
    assert same.context["differences"] == []
    assert client.get(url, {"before": "9", "after": "x"}).status_code == 422
    kept = Caller(handler).get(f"work-orders/{order.pk}/versions/").json()
    assert [(row["number"], row["sections"]["place"]) for row in kept] == [
        (1, "无锡到达仓"),
        (2, "三号月台"),
    ]


def test_a_page_asks_as_often_for_one_row_as_for_twenty(
    company: Tree, handler: Person, order: WorkOrder
) -> None:
    twenty = {
        "course": entries(20),
        "causes": (CAUSE,) * 20,
        "emergency_measures": SECTIONS["emergency_measures"] * 20,
    }
    long = WorkOrderFactory.create(branch=company.branch, filler=handler, **twenty)
    counts = []
    for each in (order, long):
        asked = []
        page = reverse("work-order", args=[each.pk])
        for person in (handler, quality_manager()):
            with CaptureQueriesContext(connection) as queries:
                signed_in(person).get(page)
            asked.append(len(queries))
            if each.status == OrderStatus.DRAFT:
                work_orders.submit(order=each, by=handler, now=clock.now())
        with CaptureQueriesContext(connection) as queries:
            Caller(handler).get(f"work-orders/{each.pk}/")
        asked.append(len(queries))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) < 50


def test_the_words_of_old_sections_become_rows_and_words_again(order: WorkOrder) -> None:
    """The data migration, on the columns that it found."""
    moved = importlib.import_module("complaints.migrations.0031_fill_order_parts")
    old = ("course_of_events", "emergency_measures", "causes", "evidence")
    for model in (Evidence, Cause, CourseEntry):
        model.objects.all().delete()
    order.emergency_measures.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in old:
            cursor.execute(
                f"ALTER TABLE complaints_workorder ADD {name} text NOT NULL DEFAULT '{name} 一'"
            )
        for statement in moved.FORWARD:
            cursor.execute(statement)
        rows = read_rows(order)
        assert [row.text for row in rows["course"]] == ["course_of_events 一"]
        assert [row.text for row in rows["emergency_measures"]] == ["emergency_measures 一"]
        assert rows["causes"] == (Analysis("", "causes 一", (), (Proof("record", "evidence 一"),)),)
        cursor.execute(
            "UPDATE complaints_workorder SET course_of_events = '', causes = '', evidence = '',"
            " emergency_measures = ''"
        )
        for statement in moved.BACKWARD:
            cursor.execute(statement)
        cursor.execute(
            "SELECT course_of_events, emergency_measures, causes, evidence"
            " FROM complaints_workorder"
        )
        assert cursor.fetchall() == [tuple(f"{name} 一" for name in old)]
    assert not any(read_rows(order).values())
