"""The rectification work order through its pages (C-09, W-01 … W-16)."""

from datetime import date
from html import unescape
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from complaints.actions import hand_overs, handling, work_orders
from complaints.actions.accountability import Line, lines_of
from complaints.factories import (
    SECTIONS,
    ComplaintFactory,
    WorkOrderFactory,
    finish_measures,
    quality_manager,
)
from complaints.models import (
    Complaint,
    Event,
    OrderFile,
    OrderStatus,
    Supplier,
    Timer,
    WorkOrder,
)
from complaints.tests.order_forms import typed
from csm.kit import clock
from csm.tests.race import Undone, race
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Message, Person, Role

pytestmark = pytest.mark.django_db
RETURN: dict[str, Any] = {"reason": "不具体", "sections": ["causes", "measures"]}


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


@pytest.fixture
def colleague(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def complaint(company: Tree, handler: Person, quality: Person) -> Complaint:
    return ComplaintFactory.create(
        branch=company.branch, handler=handler, quality=quality, until="handling"
    )


@pytest.fixture
def order(complaint: Complaint) -> WorkOrder:
    """A draft with every section filled in."""
    return WorkOrderFactory.create(complaint=complaint)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(person: Person, name: str, order: WorkOrder, **data: Any) -> Any:
    url = reverse(name, args=[order.pk])
    return signed_in(person).post(url, data, headers={"accept-language": "en"})


def submit(order: WorkOrder, person: Person) -> None:
    """Submitted through its page, and its measures done."""
    post(person, "work-order-submit", order, **as_typed(order))
    finish_measures(order, by=person, now=clock.now())
    order.refresh_from_db()


def as_typed(order: WorkOrder, **changed: Any) -> dict[str, Any]:
    return typed(SECTIONS) | {"version": str(order.version)} | changed


def row_of(name: str, key: int, **parts: Any) -> dict[str, Any]:
    """The inputs of a row."""
    return {f"{name}-{key}-{part}": value for part, value in parts.items()}


def cause_of(order: WorkOrder) -> str:
    return order.causes.get().text


def work_order_timer(order: WorkOrder) -> Timer:
    return Timer.objects.get(kind="work_order", complaint__order_links__order=order)


def state(order: WorkOrder) -> tuple[Any, ...]:
    """What may not change when an act is refused."""
    order = WorkOrder.objects.get(pk=order.pk)
    events = Event.objects.filter(complaint__order_links__order=order).count()
    timer = work_order_timer(order)
    texts = [cause.text for cause in order.causes.all()]
    return order.status, order.version, order.number, texts, events, timer.state


def test_c09_a_branch_begins_its_order_and_a_second_press_opens_the_same(
    complaint: Complaint, handler: Person
) -> None:
    url = reverse("work-order-new", args=[complaint.number])
    client = signed_in(handler)
    first, second = client.post(url), client.post(url)
    order = WorkOrder.objects.get()
    assert first["Location"] == second["Location"] == f"/work-orders/{order.pk}/"
    assert (order.status, order.number, order.owner) == (OrderStatus.DRAFT, None, handler)
    assert order.remarks == complaint.subject
    assert Event.objects.filter(kind="order_drafted").count() == 1


def test_an_order_needs_a_judged_complaint_and_the_right(
    company: Tree, complaint: Complaint
) -> None:
    received = ComplaintFactory.create(branch=company.branch)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    early = signed_in(handler).post(reverse("work-order-new", args=[received.number]))
    other = signed_in(desk).post(reverse("work-order-new", args=[complaint.number]))
    assert (early.status_code, other.status_code) == (409, 403)
    assert not WorkOrder.objects.exists()


def test_w01_c09_the_first_submission_gives_the_number_and_stops_the_clock(
    order: WorkOrder, handler: Person, quality: Person
) -> None:
    page = signed_in(handler).get(reverse("work-order", args=[order.pk]))
    assert page.context["order"].number is None
    response = post(handler, "work-order-submit", order, **as_typed(order))
    assert response.status_code == 302
    order.refresh_from_db()
    assert order.number == f"问字【{order.year}】001号"
    assert (order.status, order.submitted_by) == (OrderStatus.SUBMITTED, handler)
    timer = work_order_timer(order)
    assert (timer.state, timer.met_at) == ("met", order.submitted_at)
    assert timer.met_evidence == f"order:{order.pk}"
    told = Message.objects.inbox(quality).filter(text="work_order_submitted")
    assert told.count() == 1


def test_w01_a_returned_order_keeps_its_number_and_its_verdict(
    order: WorkOrder, handler: Person, quality: Person
) -> None:
    submit(order, handler)
    first, met_at = order.number, work_order_timer(order).met_at
    response = post(quality, "work-order-return", order, version=order.version, **RETURN)
    assert response.status_code == 302
    order.refresh_from_db()
    assert (order.status, order.return_reason) == (OrderStatus.RETURNED, "不具体")
    assert order.returned_sections == ["causes", "measures"]
    page = signed_in(handler).get(reverse("work-order", args=[order.pk]))
    assert "不具体" in page.content.decode()
    post(
        handler, "work-order-submit", order, **as_typed(order, **{"causes-0-text": "改写后的原因"})
    )
    order.refresh_from_db()
    assert (order.number, cause_of(order)) == (first, "改写后的原因")
    assert work_order_timer(order).met_at == met_at


@pytest.mark.django_db(transaction=True)
def test_w01_eight_submissions_at_once_leave_no_gap_even_when_one_is_undone() -> None:
    orders = [WorkOrderFactory.create() for _place in range(9)]
    now = clock.now()

    def submit(order: WorkOrder) -> None:
        work_orders.submit(order=order, by=cast(Person, order.owner), now=now)

    def undo(order: WorkOrder) -> None:
        with transaction.atomic():
            submit(order)
            raise Undone

    results = race(*[lambda o=order: submit(o) for order in orders[:8]], lambda: undo(orders[8]))
    assert results[:8] == [None] * 8
    assert isinstance(results[8], Undone)
    numbered = WorkOrder.objects.exclude(number=None).order_by("number")
    numbers = [f"问字【{row.year}】{place:03d}号" for place, row in enumerate(numbered, 1)]
    assert len(numbers) == 8
    assert [row.number for row in numbered] == numbers
    orders[8].refresh_from_db()
    assert (orders[8].status, orders[8].number) == (OrderStatus.DRAFT, None)


@pytest.mark.django_db(transaction=True)
def test_two_submissions_of_one_order_have_one_winner(
    order: WorkOrder, handler: Person, colleague: Person
) -> None:
    answers = race(
        *[
            lambda who=person: (
                post(
                    who,
                    "work-order-submit",
                    order,
                    **as_typed(order, **{"causes-0-text": who.name}),
                ).status_code
            )
            for person in (handler, colleague)
        ]
    )
    assert sorted(map(str, answers)) == ["302", "409"]
    winner = (handler, colleague)[answers.index(302)]
    order.refresh_from_db()
    assert (cause_of(order), order.submitted_by) == (winner.name, winner)
    assert Event.objects.filter(kind="order_submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirm_and_return_at_once_have_one_winner(
    company: Tree, order: WorkOrder, handler: Person, quality: Person
) -> None:
    submit(order, handler)
    other = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    answers = race(
        lambda: post(quality, "work-order-confirm", order, version=order.version).status_code,
        lambda: (
            post(other, "work-order-return", order, version=order.version, **RETURN).status_code
        ),
    )
    assert sorted(map(str, answers)) == ["302", "409"]
    order.refresh_from_db()
    expected = OrderStatus.CONFIRMED if answers[0] == 302 else OrderStatus.RETURNED
    assert order.status == expected
    assert Event.objects.filter(kind__in=("order_confirmed", "order_returned")).count() == 1


def test_w02_w03_w05_w07_an_incomplete_order_is_refused_with_links_and_keeps_what_was_typed(
    order: WorkOrder, handler: Person
) -> None:
    before = state(order)
    missing = {
        "title_content": "Fill in: abnormal content",
        "course-0-text": "Entry 1: write what happened",
        "emergency_measures-0-at": "Emergency measure 1: enter when",
        "measure-1-text": "Add a measure: Prevent",
        "measure-2-text": "Add a measure: Detect",
        "measure-3-text": "Add a measure: Respond",
        "promised_on": "Fill in: promised completion",
    }
    empty = dict.fromkeys(missing, "")
    given = as_typed(order, **{"causes-0-text": "改到一半"}, **empty)
    response = post(handler, "work-order-submit", order, **given)
    text = response.content.decode()
    assert response.status_code == 422
    problems = [(problem.anchor, problem.words) for problem in response.context["problems"]]
    assert problems == [(f"id_{name}", words) for name, words in missing.items()]
    for name, words in missing.items():
        assert f'<a href="#id_{name}">{words}</a>' in text
        assert f'id="id_{name}"' in text
    assert "<title>Error: " in text
    assert "改到一半" in text
    assert state(order) == before


def test_w04_a_cause_without_evidence_is_refused_and_a_file_is_evidence(
    order: WorkOrder, handler: Person
) -> None:
    before = state(order)
    bare = as_typed(order, **{"causes-0-words-0-text": ""})
    refused = post(handler, "work-order-submit", order, **bare)
    assert refused.status_code == 422
    [problem] = refused.context["problems"]
    assert problem.words == "Cause 1: add at least one piece of evidence"
    assert f'id="{problem.anchor}"' in refused.content.decode()
    assert state(order) == before
    photo = SimpleUploadedFile("现场.txt", b"a list of the damaged boxes")
    given = bare | {"causes-0-uploads": photo}
    assert post(handler, "work-order-submit", order, **given).status_code == 302
    order.refresh_from_db()
    assert order.status == OrderStatus.SUBMITTED
    proofs = order.causes.get().evidence.values_list("kind", "file__file__name")
    assert list(proofs) == [("file", "现场.txt")]


def test_w04_a_file_that_lies_about_its_type_changes_nothing_and_is_asked_for_again_by_name(
    order: WorkOrder, handler: Person
) -> None:
    before = state(order)
    drawing = SimpleUploadedFile("plan.png", b"<svg onload=alert(1)>", "image/png")
    given = as_typed(order, **{"causes-0-uploads": drawing})
    response = post(handler, "work-order-submit", order, **given)
    assert response.status_code == 422
    assert "Choose again: plan.png" in response.content.decode()
    assert [problem.anchor for problem in response.context["problems"]] == ["id_causes-0-uploads"]
    assert state(order) == before
    assert not OrderFile.objects.exists()


def test_w06_w07_w08_w11_every_section_is_kept(order: WorkOrder, handler: Person) -> None:
    carrier = Supplier.objects.create(name="承运商", created_at=clock.now())
    typed = as_typed(
        order,
        **row_of("accountability", 0, party="manager", person=handler.pk, what="未移交"),
        **row_of(
            "accountability",
            1,
            party="supplier",
            supplier=carrier.pk,
            what="晚点",
            consequence="扣款",
        ),
        accountability=["0", "1"],
        effect_report="三十天内无同类投诉",
        is_customer_satisfied="true",
        promised_on="2031-02-03",
    )
    assert post(handler, "work-order-save", order, **typed).status_code == 302
    order.refresh_from_db()
    assert lines_of(order) == (
        Line("manager", handler.pk, None, "未移交"),
        Line("supplier", None, carrier.pk, "晚点", "扣款"),
    )
    assert order.effect_report == "三十天内无同类投诉"
    assert order.is_customer_satisfied is True
    assert order.promised_on == date(2031, 2, 3)
    assert order.status == OrderStatus.DRAFT
    assert work_order_timer(order).state == "running"


def test_w09_the_issuing_unit_confirms_with_guidance(
    order: WorkOrder, handler: Person, quality: Person
) -> None:
    submit(order, handler)
    given = {"version": order.version, "guidance": "全省推广"}
    assert post(quality, "work-order-confirm", order, **given).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.guidance) == (OrderStatus.CONFIRMED, "全省推广")
    assert (order.confirmed_by, order.submitted_by) == (quality, handler)
    assert Message.objects.inbox(handler).filter(text="work_order_confirmed").count() == 1


@pytest.mark.parametrize("act", ["work-order-confirm", "work-order-return"])
def test_w16_whoever_fills_in_an_order_cannot_judge_it(
    order: WorkOrder, quality: Person, act: str
) -> None:
    post(quality, "work-order-submit", order, **as_typed(order))
    order.refresh_from_db()
    assert order.submitted_by == quality
    before = state(order)
    page = signed_in(quality).get(reverse("work-order", args=[order.pk]))
    assert not page.context["can_judge"]
    response = post(
        quality, act, order, version=order.version, sections=["causes"], reason="x", guidance="x"
    )
    assert response.status_code == 403
    assert state(order) == before


def test_w16_a_handler_cannot_judge_and_a_return_needs_a_reason_and_sections(
    order: WorkOrder, handler: Person, colleague: Person, quality: Person
) -> None:
    submit(order, handler)
    before = state(order)
    assert post(colleague, "work-order-confirm", order, version=order.version).status_code == 403
    blank = post(quality, "work-order-return", order, version=order.version, reason="  ")
    assert blank.status_code == 422
    assert set(blank.context["judge"].errors) == {"reason", "sections"}
    unnamed = post(quality, "work-order-return", order, version=order.version, reason="x")
    assert unnamed.status_code == 422
    assert set(unnamed.context["judge"].errors) == {"sections"}
    assert "Choose at least one section to mend." in unnamed.content.decode()
    assert state(order) == before


def test_a_confirmed_order_can_neither_be_written_nor_judged_again(
    order: WorkOrder, handler: Person, quality: Person
) -> None:
    submit(order, handler)
    post(quality, "work-order-confirm", order, version=order.version)
    order.refresh_from_db()
    before = state(order)
    answers = [
        post(handler, "work-order-save", order, **as_typed(order, place="x")),
        post(handler, "work-order-submit", order, **as_typed(order, place="x")),
        post(quality, "work-order-confirm", order, version=order.version),
        post(quality, "work-order-return", order, version=order.version, **RETURN),
        post(handler, "work-order-attach", order, uploads=SimpleUploadedFile("a.txt", b"words")),
    ]
    assert [answer.status_code for answer in answers] == [409] * 5
    assert state(order) == before


def test_two_people_write_one_draft_and_no_text_is_lost(
    order: WorkOrder, handler: Person, colleague: Person
) -> None:
    first = as_typed(order, **{"causes-0-text": "甲的原因"})
    second = as_typed(order, **{"causes-0-text": "乙的原因"}, place="乙的地点")
    post(handler, "work-order-save", order, **first)
    response = post(colleague, "work-order-save", order, **second)
    assert response.status_code == 409
    text = response.content.decode()
    assert "甲的原因" in text
    assert "乙的原因" in text
    assert [change.label for change in response.context["changes"]] == [
        "Where it happened",
        "Causes and evidence",
    ]
    again = {field.html_name: field.value() for field in response.context["hidden"]}
    assert post(colleague, "work-order-save", order, **again).status_code == 302
    order.refresh_from_db()
    assert (cause_of(order), order.place) == ("乙的原因", "乙的地点")


def test_u09_the_second_verdict_keeps_its_words_and_applies_while_it_is_open(
    company: Tree, order: WorkOrder, handler: Person, quality: Person
) -> None:
    submit(order, handler)
    read = order.version
    second = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    post(quality, "work-order-return", order, version=read, **RETURN)
    verdict = {"version": read, "guidance": "推广到全省。\n“照片”为证。"}
    before = state(order)
    closed = post(second, "work-order-confirm", order, **verdict)
    assert closed.status_code == 409
    assert "推广到全省。<br>“照片”为证。" in closed.content.decode()
    assert "Use mine all the same" not in closed.content.decode()
    assert state(order) == before

    order.refresh_from_db()
    post(handler, "work-order-submit", order, **as_typed(order, place="三号月台"))
    late = post(second, "work-order-confirm", order, **verdict)
    assert late.status_code == 409
    again = {field.html_name: field.value() for field in late.context["hidden"]}
    assert again["guidance"] == verdict["guidance"]
    assert post(second, "work-order-confirm", order, **again).status_code == 302
    order.refresh_from_db()
    assert (order.status, order.guidance) == (OrderStatus.CONFIRMED, verdict["guidance"])


def test_drafts_save_themselves_only_when_something_changed(
    order: WorkOrder, handler: Person
) -> None:
    url = reverse("work-order-save", args=[order.pk])
    order.refresh_from_db()
    headers = {"hx-request": "true", "hx-target": "saved"}
    unchanged = as_typed(order, remarks=order.remarks)
    unchanged |= {"customer_name": order.customer_name, "waybill": order.waybill}
    client = signed_in(handler)
    quiet = client.post(url, unchanged, headers=headers)
    assert (quiet.status_code, quiet.content) == (204, b"")
    saved = client.post(url, unchanged | {"causes-0-text": "新的原因"}, headers=headers)
    assert saved.status_code == 200
    text = saved.content.decode()
    assert '<span id="saved"' in text
    assert "<html" not in text
    was = order.version
    order.refresh_from_db()
    assert (cause_of(order), order.version) == ("新的原因", was + 1)
    assert f'name="version" value="{order.version}"' in text
    stale = client.post(url, unchanged | {"place": "x", "version": "1"}, headers=headers)
    assert stale.status_code == 409
    assert stale["HX-Retarget"] == "#news"
    long = client.post(
        url,
        unchanged | {"title_subject": "长" * 61, "version": str(order.version)},
        headers=headers,
    )
    assert long.context["unsaved"]
    order.refresh_from_db()
    assert order.title_subject == SECTIONS["title_subject"]


def test_a_file_goes_up_by_itself_and_comes_down_as_a_download(
    order: WorkOrder, handler: Person
) -> None:
    url = reverse("work-order-attach", args=[order.pk])
    client = signed_in(handler)
    upload = SimpleUploadedFile("清单.txt", b"one box")
    given = {"causes-0-uploads": upload}
    part = client.post(f"{url}?row=causes-0", given, headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "清单.txt" in part.content.decode()
    assert "checked" in part.content.decode()
    assert part["HX-Trigger-After-Swap"] == '{"attached": {}}'
    link = order.files.get()
    response = client.get(reverse("work-order-file", args=[order.pk, link.file_id]))
    assert response.getvalue() == b"one box"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    record = AccessRecord.objects.get()
    assert (record.person, record.what, record.reference) == (handler, "file", str(link.file_id))
    other = WorkOrderFactory.create()
    foreign = client.get(reverse("work-order-file", args=[other.pk, link.file_id]))
    assert foreign.status_code == 404


def test_w04_a_file_that_is_not_what_it_says_is_refused_in_words(
    order: WorkOrder, handler: Person
) -> None:
    url = f"{reverse('work-order-attach', args=[order.pk])}?row=causes-0"
    drawing = SimpleUploadedFile("photo.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    headers = {"hx-request": "true", "accept-language": "en"}
    part = signed_in(handler).post(url, {"causes-0-uploads": drawing}, headers=headers)
    assert part.status_code == 422
    [words] = part.context["evidence_errors"]
    assert "photo.png" in words
    assert words in unescape(part.content.decode())
    # No heading of files where there are none to tick.
    assert "Files that prove it" not in part.content.decode()
    assert not order.files.exists()


def test_w04_w05_what_a_list_lacks_is_put_right_in_its_blank_row(
    order: WorkOrder, handler: Person
) -> None:
    blank = {"causes": "0", "emergency_measures": "0", "version": str(order.version)}
    page = post(handler, "work-order-submit", order, **blank)
    assert page.status_code == 422
    places = {problem.words: problem.anchor for problem in page.context["problems"]}
    assert places["Add at least one cause"] == "id_causes-0-category"
    assert places["Add what the customer got"] == "id_emergency_measures-0-at"
    for anchor in places.values():
        assert f'id="{anchor}"' in page.content.decode()


def test_w09_w16_an_order_with_an_open_measure_offers_no_confirmation(
    order: WorkOrder, handler: Person, quality: Person
) -> None:
    post(handler, "work-order-submit", order, **as_typed(order))
    confirm, send_back = (
        reverse(f"work-order-{name}", args=[order.pk]) for name in ("confirm", "return")
    )
    client, url = signed_in(quality), reverse("work-order", args=[order.pk])
    text = client.get(url, headers={"accept-language": "en"}).content.decode()
    assert confirm not in text
    assert send_back in text
    assert "Whoever reports the effect cannot confirm the order." in text
    finish_measures(order, by=handler, now=clock.now())
    assert confirm in client.get(url).content.decode()
    reader = signed_in(handler).get(url, headers={"accept-language": "en"}).content.decode()
    assert "Whoever reports the effect" not in reader


def test_whoever_may_only_read_sees_the_document(company: Tree, order: WorkOrder) -> None:
    executive = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    page = signed_in(executive).get(reverse("work-order", args=[order.pk]))
    text = page.content.decode()
    assert "<textarea" not in text
    assert SECTIONS["causes"][0].text in text
    assert not page.context["can_write"]


def test_the_contact_on_the_document_is_masked(company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, handler=handler, until="handling")
    Complaint.objects.filter(pk=complaint.pk).update(
        contact_name="王小明", contact_phone="13800138000"
    )
    order = WorkOrderFactory.create(complaint=complaint, until="submitted")
    text = signed_in(handler).get(reverse("work-order", args=[order.pk])).content.decode()
    assert "王**" in text
    assert "138****8000" in text
    assert "13800138000" not in text


URLS = (
    ("GET", "work-order"),
    ("POST", "work-order-save"),
    ("POST", "work-order-submit"),
    ("POST", "work-order-return"),
    ("POST", "work-order-confirm"),
    ("POST", "work-order-attach"),
)


@pytest.mark.parametrize(("place", "is_seen"), [
    ("branch", True), ("child", True), ("sibling", False), ("region", False),
])  # fmt: skip
def test_an_order_is_found_at_its_branch_and_above_only(
    company: Tree, handler: Person, place: str, is_seen: bool
) -> None:
    order = WorkOrderFactory.create(branch=getattr(company, place))
    client = signed_in(handler)
    for method, name in URLS:
        url = reverse(name, args=[order.pk])
        response = client.get(url) if method == "GET" else client.post(url)
        assert (response.status_code != 404) == is_seen, name
    complaint = order.links.get().complaint
    begun = client.post(reverse("work-order-new", args=[complaint.number]))
    assert begun.status_code == (302 if is_seen else 404)
    listed = client.get(reverse("work-orders")).context["rows"]
    assert [row.order for row in listed] == ([order] if is_seen else [])
    opened = client.get(reverse("work-order", args=[order.pk]))
    assert opened.status_code == (200 if is_seen else 404)


def test_the_list_shows_status_number_and_clock(order: WorkOrder, handler: Person) -> None:
    client = signed_in(handler)
    post(handler, "work-order-submit", order, **as_typed(order))
    response = client.get(reverse("work-orders"))
    [row] = response.context["rows"]
    assert row.clock.face.state == "met"
    assert "001号" in response.content.decode()
    assert client.get(reverse("work-orders"), {"status": "draft"}).context["rows"] == []
    counts = {tab.label: tab.count for tab in response.context["tabs"]}
    assert counts["All"] == counts["Submitted"] == "1"
    assert client.get(reverse("work-orders"), {"status": "'; --"}).status_code == 200


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_as_often_for_one_order_as_for_twenty(
    company: Tree, handler: Person, django_assert_num_queries: Any, count: int
) -> None:
    for _place in range(count):
        WorkOrderFactory.create(branch=company.branch, filler=handler)
    client = signed_in(handler)
    with django_assert_num_queries(11):
        response = client.get(reverse("work-orders"))
    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("until", ["draft", "submitted"])
def test_c09_after_a_transfer_the_new_branch_writes_the_order(company: Tree, until: str) -> None:
    """A draft goes along; what was submitted comes back to whoever is responsible by then."""
    order = WorkOrderFactory.create(branch=company.branch, until=until)
    complaint, quality = Complaint.objects.get(), quality_manager()
    other = PersonFactory.create(branch=company.other_region, role=Role.HANDLER)
    hand_overs.transfer(
        complaint=complaint, branch=company.other_region, handler=other, reason="x", by=quality,
        now=clock.now(),
    )  # fmt: skip
    if until == "submitted":
        assert signed_in(other).get(f"/work-orders/{order.pk}/").status_code == 404
        handling.answer(complaint=complaint, channel="phone", result="x", by=other, now=clock.now())
        handling.reopen(complaint=complaint, reason="x", by=quality, now=clock.now())
    order = WorkOrder.objects.get()
    assert (order.branch, order.owner) == (company.other_region, other)
    assert signed_in(other).get(f"/work-orders/{order.pk}/").status_code == 200
    work_orders.submit(order=order, by=other, now=clock.now())
    assert not complaint.timers.filter(kind="work_order", state="running").exists()
