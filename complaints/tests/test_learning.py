"""Was it effective (W-09, F-19), who learned from it (T-10), what it set going (W-15)."""

from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from complaints import recurrences
from complaints.actions import effectiveness, improvements, judging, lessons, work_orders
from complaints.factories import (
    CategoryFactory,
    ComplaintFactory,
    WorkOrderFactory,
    finish_measures,
)
from complaints.models import (
    Complaint,
    EffectivenessCheck,
    Improvement,
    Lesson,
    WorkOrder,
)
from complaints.tests.clockwork import Desk, at, opened_desk, refused, told
from complaints.tests.rows import signed_in
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from csm.tests.api import refused as refused_call
from csm.tests.race import race
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory
from organisation.models import Branch, Message, Role

pytestmark = pytest.mark.django_db
DAY = 24
DAY_ONE = date(2026, 11, 18)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def elsewhere(desk: Desk, place: str, *, day: float, **more: Any) -> Complaint:
    """A complaint at another branch, received so many days after the first."""
    branch: Branch = getattr(desk.company, place)
    given: dict[str, Any] = {"branch": branch, "until": "assigned", "quality": desk.quality}
    return ComplaintFactory.create(**given | {"now": at(day * DAY)} | more)


def confirmed(desk: Desk, **of_complaint: Any) -> WorkOrder:
    """Confirmed a day after the receipt."""
    order = WorkOrderFactory.create(
        complaint=desk.complaint(**of_complaint), filler=desk.handler, now=at(1), until="submitted"
    )
    finish_measures(order, by=desk.handler, now=at(2))
    judging.confirm(order=order, by=desk.quality, now=at(DAY), guidance="推广")
    return order


def figures(check: EffectivenessCheck, day: float) -> tuple[int, int]:
    found = recurrences.count([check], now=at(day * DAY))[check.pk]
    assert found.is_comparable
    return found.of_customer, found.of_branch


def test_f19_checks_after_30_60_and_90_days_count_what_recurred(desk: Desk) -> None:
    delay, other = CategoryFactory.create(), CategoryFactory.create()
    customer = CustomerFactory.create(home_branch=desk.company.branch)
    order = confirmed(desk, category=delay, customer=customer)
    checks = list(order.checks.all())
    assert [(check.days, check.due_on) for check in checks] == [
        (30, date(2026, 12, 19)), (60, date(2027, 1, 18)), (90, date(2027, 2, 17)),
    ]  # fmt: skip
    same: dict[str, Any] = {"category": delay, "customer": customer}
    elsewhere(desk, "branch", day=0.5, **same)  # before the confirmation
    elsewhere(desk, "sibling", day=5, **same)
    elsewhere(desk, "branch", day=6, category=delay)
    elsewhere(desk, "branch", day=7, category=other, customer=customer)
    elsewhere(desk, "branch", day=40, **same)
    gone = elsewhere(desk, "branch", day=8, **same)
    Complaint.objects.filter(pk=gone.pk).update(status="invalid", invalid_reason="x")
    assert [figures(check, 31) for check in checks] == [(1, 1)] * 3
    assert [figures(check, 200) for check in checks] == [(1, 1), (2, 2), (2, 2)]
    assert figures(checks[0], 4) == (0, 0), "what is to come does not count yet"
    seen = recurrences.complaints(checks[1], person=desk.handler, now=at(200 * DAY))
    assert {row.branch.code for row in seen} == {"WX"}, "the sibling's are counted, not shown"


def test_w09_a_person_of_the_issuing_unit_decides(desk: Desk) -> None:
    order = confirmed(desk)
    check = order.checks.get(days=30)
    given: dict[str, Any] = {"check": check, "words": "一次未发", "is_effective": True}
    with refused(Refused, "is_effective"):
        effectiveness.decide(by=desk.quality, now=at(20 * DAY), **given)
    for by in (desk.handler, desk.executive):
        with refused(Forbidden):
            effectiveness.decide(by=by, now=at(31 * DAY), **given)
    with refused(Refused, "words"):
        effectiveness.decide(by=desk.quality, now=at(31 * DAY), **given | {"words": " "})
    with refused(Refused, "returns_order"):
        effectiveness.decide(by=desk.quality, now=at(31 * DAY), returns_order=True, **given)
    effectiveness.decide(by=desk.quality, now=at(31 * DAY), **given)
    assert (check.status, check.decided_by) == ("effective", desk.quality)
    assert told("effectiveness_decided") == ["handler"]
    with refused(NotOpen):
        effectiveness.decide(by=desk.specialist, now=at(32 * DAY), **given)


def test_w09_not_effective_may_return_the_order_and_it_is_checked_anew(desk: Desk) -> None:
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    order = confirmed(desk, category=delay)
    assert list(Lesson.objects.values_list("status", flat=True)) == ["offered"] * 3
    effectiveness.decide(
        check=order.checks.get(days=30), words="三天后又发", is_effective=False,
        returns_order=True, by=desk.quality, now=at(4 * DAY),
    )  # fmt: skip
    order = WorkOrder.objects.get()
    assert (order.status, order.return_reason) == ("returned", "三天后又发")
    assert list(order.checks.values_list("status", flat=True)) == ["not_effective", "void", "void"]
    assert set(Lesson.objects.values_list("status", flat=True)) == {"withdrawn"}
    work_orders.submit(order=order, by=desk.handler, now=at(5 * DAY))
    judging.confirm(order=order, by=desk.quality, now=at(6 * DAY))
    assert order.checks.filter(status="pending").count() == 3
    assert list(Lesson.objects.values_list("status", flat=True)) == ["offered"] * 3


def test_t10_a_confirmed_measure_goes_once_to_each_branch_with_such_complaints(desk: Desk) -> None:
    delay, other = CategoryFactory.create(), CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    elsewhere(desk, "sibling", day=0, category=delay)
    elsewhere(desk, "region", day=0, category=other)
    elsewhere(desk, "other_region", day=-370, category=delay)
    late = elsewhere(desk, "child", day=-360, category=delay)
    gone = elsewhere(desk, "headquarters", day=0, category=delay)
    Complaint.objects.filter(pk=gone.pk).update(status="invalid", invalid_reason="x")
    order = confirmed(desk, category=delay)
    offered = Lesson.objects.values_list("branch__code", "measure__number").order_by("pk")
    assert list(offered) == [(code, n) for n in (1, 2, 3) for code in ("WX1", "SZ")]
    assert late.branch.code == "WX1"
    # The branch below has no manager: the nearest upwards hears, who confirmed nothing.
    messages = Message.objects.filter(text="lessons_offered")
    assert sorted(messages.values_list("recipient__name", "context__count")) == [
        ("manager", 3), ("neighbour_manager", 3),
    ]  # fmt: skip
    assert lessons.offer(order, by=desk.quality, now=at(DAY)) == 0
    assert Lesson.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_t10_two_workers_offer_once(desk: Desk) -> None:
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    order = WorkOrderFactory.create(
        complaint=desk.complaint(category=delay), filler=desk.handler, now=at(1), until="submitted"
    )
    finish_measures(order, by=desk.handler, now=at(2))

    lessons.choose(order, None)

    def offer() -> int:
        with transaction.atomic():
            return lessons.offer(order, by=None, now=at(3))

    assert sorted(race(offer, offer, offer)) == [0, 0, 3]  # type: ignore[type-var]
    assert Lesson.objects.count() == 3
    assert told("lessons_offered") == ["neighbour_manager"]


def test_t10_a_branch_takes_a_lesson_up_with_proof_or_declines_with_a_reason(desk: Desk) -> None:
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    confirmed(desk, category=delay)
    first, second, third = Lesson.objects.order_by("pk")
    by, now = desk.neighbour, at(3 * DAY)
    given: dict[str, Any] = {"lesson": first, "by": by, "now": now}
    with refused(Refused, "adopted_on"):
        lessons.accept(adopted_on=date(2026, 11, 22), proof="x", **given)
    with refused(Refused, "proof"):
        lessons.accept(adopted_on=date(2026, 11, 21), proof=" ", **given)
    for stranger in (desk.handler, desk.manager):
        with refused(Forbidden):
            lessons.accept(adopted_on=DAY_ONE, proof="x", **given | {"by": stranger})
    photo = SimpleUploadedFile("照片.txt", b"a list")
    lessons.accept(adopted_on=date(2026, 11, 21), uploads=[photo], **given)
    assert (first.status, first.files.count(), first.answered_by) == ("accepted", 1, by)
    with refused(NotOpen):
        lessons.decline(reason="x", **given)
    with refused(Refused, "reason"):
        lessons.decline(lesson=second, reason=" ", by=by, now=now)
    lessons.decline(lesson=second, reason="没有夜班", by=by, now=now)
    lessons.accept(lesson=second, adopted_on=DAY_ONE, proof="有了夜班", by=by, now=now)
    judging.return_confirmed(WorkOrder.objects.get(), reason="x", by=desk.quality, now=at(4 * DAY))
    third.refresh_from_db()
    with refused(NotOpen):
        lessons.accept(lesson=third, adopted_on=DAY_ONE, proof="x", by=by, now=now)
    assert {*Lesson.objects.values_list("status", flat=True)} == {"accepted", "withdrawn"}


def test_t10_whoever_confirms_chooses_what_others_are_offered(desk: Desk) -> None:
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    order = WorkOrderFactory.create(
        complaint=desk.complaint(category=delay), filler=desk.handler, now=at(1), until="submitted"
    )
    finish_measures(order, by=desk.handler, now=at(2))
    given: dict[str, Any] = {"order": order, "by": desk.quality}
    with refused(Refused, "offered"):
        judging.confirm(offered=[1, 4], now=at(3), **given)
    assert not order.measures.filter(is_offered=True).exists()
    order.refresh_from_db()
    judging.confirm(offered=[3, 1], now=at(3), **given)
    offered = Lesson.objects.filter(status="offered").order_by("measure__number")
    assert list(offered.values_list("measure__number", flat=True)) == [1, 3]
    lessons.decline(lesson=offered[0], reason="没有夜班", by=desk.neighbour, now=at(4))
    judging.return_confirmed(order, reason="x", by=desk.quality, now=at(5))
    work_orders.submit(order=order, by=desk.handler, now=at(6))
    # What the branch has answered is not offered to it once more.
    judging.confirm(offered=[1, 2], now=at(7), **given)
    assert list(Lesson.objects.order_by("pk").values_list("measure__number", "status")) == [
        (1, "declined"), (3, "withdrawn"), (2, "offered"),
    ]  # fmt: skip
    with pytest.raises(IntegrityError, match="measure_offered_is_done"), transaction.atomic():
        order.measures.update(status="open", done_at=None)


def test_t10_a_branch_answers_an_order_at_once_and_keeps_what_it_typed(desk: Desk) -> None:
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    confirmed(desk, category=delay)
    first, second, third = Lesson.objects.order_by("pk")
    client, url = signed_in(desk.neighbour_manager), f"/lessons/{second.pk}/answer/"

    def statuses() -> list[str]:
        return list(Lesson.objects.order_by("pk").values_list("status", flat=True))

    nothing = client.post(url, {})
    assert (nothing.status_code, statuses()) == (422, ["offered"] * 3)
    assert "Nothing is answered yet" in nothing.content.decode()
    photo = SimpleUploadedFile("照片.txt", b"a list")
    wrong = {
        f"answer-{first.pk}": "adopt", f"adopted_on-{first.pk}": "2099-01-31",
        f"files-{first.pk}": photo, f"proof-{first.pk}": "双人复核记录",
        f"answer-{second.pk}": "decline", f"reason-{second.pk}": " ",
        f"answer-{third.pk}": "later", f"reason-{third.pk}": "还没想好",
    }  # fmt: skip
    page = client.post(url, wrong).content.decode()
    assert f'href="#id_answer-{third.pk}_0"' in page
    assert "You wrote something about this measure" in page
    del wrong[f"reason-{third.pk}"]
    answer = client.post(url, wrong | {f"files-{first.pk}": SimpleUploadedFile("p.txt", b"a")})
    page = answer.content.decode()
    assert (answer.status_code, statuses()) == (422, ["offered"] * 3)
    assert f'href="#id_adopted_on-{first.pk}"' in page
    assert f'href="#id_reason-{second.pk}"' in page
    assert ("双人复核记录" in page, "Choose again: p.txt" in page) == (True, True)
    right = wrong | {f"adopted_on-{first.pk}": "2026-11-20", f"reason-{second.pk}": "没有夜班"}
    right[f"files-{first.pk}"] = SimpleUploadedFile("p.txt", b"a")
    assert client.post(url, right).status_code == 302
    assert statuses() == ["accepted", "declined", "offered"]
    # A second, slower answer finds it answered, and keeps its words.
    del right[f"files-{first.pk}"]
    late = client.post(url, right | {f"proof-{first.pk}": "又一次"})
    assert (late.status_code, "又一次" in late.content.decode()) == (409, True)
    blank = client.post(url, {"none": "1"})
    assert (blank.status_code, statuses()[2]) == (422, "offered")
    assert "Say why none of them fits here." in blank.content.decode()
    assert client.post(url, {"none": "1", "none_reason": "仓库不同"}).status_code == 302
    assert statuses() == ["accepted", "declined", "declined"]
    third.refresh_from_db()
    assert (third.decline_reason, third.answered_by) == ("仓库不同", desk.neighbour_manager)
    meanwhile = {f"answer-{second.pk}": "adopt", f"adopted_on-{second.pk}": "2026-11-20"}
    assert client.post(url, meanwhile | {f"proof-{second.pk}": "有了夜班"}).status_code == 302
    assert statuses() == ["accepted", "accepted", "declined"]


@pytest.mark.django_db(transaction=True)
def test_t10_of_two_who_answer_at_once_one_is_recorded(desk: Desk) -> None:
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    confirmed(desk, category=delay)

    def answer(is_adopted: bool) -> int:
        rows = list(Lesson.objects.select_related("branch").order_by("pk"))
        given = {"adopted_on": DAY_ONE, "proof": "x"} if is_adopted else {"reason": "x"}
        answers = [lessons.Answer(row, is_adopted, given, version=1) for row in rows]
        barrier.wait()
        lessons.answer(lesson=rows[0], answers=answers, by=desk.neighbour, now=at(3 * DAY))
        return 1

    barrier = Barrier(2)
    found = race(lambda: answer(True), lambda: answer(False))
    assert sorted(type(each).__name__ for each in found) == ["Stale", "int"]
    assert len(set(Lesson.objects.values_list("status", flat=True))) == 1


@pytest.mark.parametrize("kind", ["qc_topic", "step"])
def test_w15_p08_a_topic_or_step_is_asked_for_taken_on_and_done(desk: Desk, kind: str) -> None:
    function = PersonFactory.create(
        name="function", branch=desk.company.headquarters, role=Role.SERVICE_FUNCTION, email=""
    )
    order = confirmed(desk)
    asked: dict[str, Any] = {"order": order, "kind": kind, "title": "降低错装率"}
    with refused(Refused, "reason"):
        improvements.request(reason=" ", by=desk.handler, now=at(30), **asked)
    with refused(Forbidden):
        improvements.request(reason="x", by=desk.executive, now=at(30), **asked)
    made = improvements.request(reason="三次错装", by=desk.handler, now=at(30), **asked)
    assert told("improvement_requested") == ["function"]
    act: dict[str, Any] = {"improvement": made, "now": at(31)}
    with refused(Forbidden):
        improvements.start(owner=desk.handler, by=desk.manager, **act)
    with refused(Refused, "owner"):
        improvements.start(owner=desk.neighbour, by=function, **act)
    with refused(NotOpen):
        improvements.finish(result="x", by=function, **act)
    improvements.start(owner=desk.manager, by=function, **act)
    with refused(Refused, "result"):
        improvements.finish(result=" ", by=desk.manager, **act)
    improvements.finish(result="错装率降到千分之一", by=desk.manager, **act)
    assert (made.status, made.ended_by, made.order) == ("done", desk.manager, order)
    assert told("improvement_ended") == ["handler"]
    with refused(NotOpen):
        improvements.decline(result="x", by=function, **act)


LISTS = ("measures", "checks", "lessons", "lessons-spread", "improvements")


@pytest.mark.parametrize("orders", [1, 7])
def test_lists_ask_as_often_for_one_order_as_for_seven(
    desk: Desk, django_assert_max_num_queries: Any, orders: int
) -> None:
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    for number in range(orders):
        order = confirmed(desk, category=delay)
        improvements.request(
            order=order,
            kind="course",
            title=f"课程{number}",
            reason="x",
            by=desk.quality,
            now=at(30),
        )
    views = {"measures": "?view=done", "checks": "?view=later"}
    mine = signed_in(desk.neighbour_manager)
    with django_assert_max_num_queries(30):
        words = mine.get("/").content.decode()
    assert ("7 orders to learn from" if orders == 7 else "1 order to learn from") in words
    with django_assert_max_num_queries(15):
        mine.get(f"/lessons/{Lesson.objects.latest('pk').pk}/")
    for name in LISTS:
        client = signed_in(desk.quality)
        with django_assert_max_num_queries(10):
            response = client.get(reverse(name) + views.get(name, ""))
        per_order = {"measures": 3, "checks": 3, "lessons-spread": 3}
        assert len(response.context["found"].rows) == orders * per_order.get(name, 1), name
    api = Caller(desk.quality)
    for name in ("measures", "effectiveness", "lessons", "improvements"):
        with django_assert_max_num_queries(10):
            assert api.get(f"{name}/").status_code == 200


def test_pages_carry_the_order_from_its_lines_to_the_decision(desk: Desk) -> None:
    """Filler, owner, judge and neighbour in turn, without script."""
    delay = CategoryFactory.create()
    elsewhere(desk, "sibling", day=0, category=delay)
    order = WorkOrderFactory.create(
        complaint=desk.complaint(category=delay), filler=desk.handler, now=at(1), plan=[]
    )
    handler, quality, neighbour = map(signed_in, (desk.handler, desk.quality, desk.neighbour))
    page = handler.get(f"/work-orders/{order.pk}/")
    lines = {
        field.html_name: field.value() or ""
        for field in page.context["form"]
        if field.html_name not in ("files", "is_customer_satisfied")
    } | {"is_customer_satisfied": "unknown"}
    assert [name for name in lines if name.endswith("-text")] == [
        "measure-1-text", "measure-2-text", "measure-3-text",
    ]  # fmt: skip
    refused_page = handler.post(f"/work-orders/{order.pk}/submit/", lines)
    assert refused_page.status_code == 422
    assert b'href="#id_measure-2-text"' in refused_page.content
    typed = lines | {"measure-1-text": "双人复核", "measure-1-due_on": "2099-01-31"}
    typed |= {"measure-2-text": "系统提示", "measure-3-text": "一小时内联系"}
    typed["measure-2-owner"] = str(desk.neighbour.pk)
    wrong = handler.post(f"/work-orders/{order.pk}/save/", typed)
    assert wrong.status_code == 422
    assert "系统提示" in wrong.content.decode()
    typed |= {"measure-2-owner": str(desk.manager.pk), "measure-2-due_on": "2099-01-31"}
    typed["measure-3-due_on"] = "2099-01-31"
    assert handler.post(f"/work-orders/{order.pk}/submit/", typed).status_code == 302
    first, second, third = order.measures.all()
    assert (second.owner, second.group) == (desk.manager, "detect")
    blank = handler.post(f"/measures/{first.pk}/finish/", {"proof": ""})
    assert blank.status_code == 422
    proof = {"proof": "", "files": SimpleUploadedFile("a.txt", b"words")}
    assert handler.post(f"/measures/{first.pk}/finish/", proof).status_code == 302
    again = handler.post(f"/measures/{first.pk}/finish/", {"proof": "又一次"})
    assert (again.status_code, "又一次" in again.content.decode()) == (409, True)
    for measure in (second, third):
        signed_in(desk.manager).post(f"/measures/{measure.pk}/finish/", {"proof": "已做"})
    assert b"a.txt" in quality.get(f"/measures/{first.pk}/").content
    effect = {"effect_report": "无再发", "is_customer_satisfied": "yes"}
    assert handler.post(f"/work-orders/{order.pk}/effect/", effect).status_code == 302
    order.refresh_from_db()
    verdict = {"version": order.version, "guidance": "推广", "offered": ["1", "3"]}
    assert b'name="offered" value="2"' in quality.get(f"/work-orders/{order.pk}/").content
    assert quality.post(f"/work-orders/{order.pk}/confirm/", verdict).status_code == 302
    words = quality.get(f"/work-orders/{order.pk}/").content.decode()
    assert words.count("offered to other branches") == 2
    lesson, last = Lesson.objects.order_by("pk")
    assert "2 measures" in neighbour.get("/lessons/").content.decode()
    words = neighbour.get(f"/lessons/{last.pk}/").content.decode()
    assert [each in words for each in ("推广", "双人复核", "一小时内联系", "系统提示")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert neighbour.get(f"/work-orders/{order.pk}/").status_code == 404
    taken = {f"answer-{lesson.pk}": "adopt", f"adopted_on-{lesson.pk}": "2026-11-01"}
    taken |= {f"proof-{lesson.pk}": "照做", f"answer-{last.pk}": "later"}
    assert neighbour.post(f"/lessons/{last.pk}/answer/", taken).status_code == 302
    assert "1 taken up, 1 to answer" in neighbour.get("/lessons/").content.decode()
    told = quality.get(f"/measures/{lesson.measure_id}/lessons/").content.decode()
    assert "照做" in told
    check = order.checks.get(days=30)
    early = quality.post(
        f"/effectiveness/{check.pk}/decide/", {"is_effective": "yes", "words": "还早"}
    )
    assert (early.status_code, "还早" in early.content.decode()) == (422, True)
    decision = {"is_effective": "no", "words": "又发生", "returns_order": "on"}
    assert quality.post(f"/effectiveness/{check.pk}/decide/", decision).status_code == 302
    order.refresh_from_db()
    assert order.status == "returned"


def test_b03_measures_through_the_api(desk: Desk) -> None:
    order = WorkOrderFactory.create(
        complaint=desk.complaint(), filler=desk.handler, now=at(1), plan=[]
    )
    handler, quality = Caller(desk.handler), Caller(desk.quality)
    url = f"work-orders/{order.pk}/"
    rows = [
        {"group": group, "text": group, "due_on": "2099-01-31"}
        for group in ("prevent", "detect", "respond")
    ]
    answer = handler.patch(url, {"measures": [{**rows[0], "owner": desk.director.pk}]}).json()
    assert [(row["number"], row["owner"]["name"]) for row in answer["measures"]] == [
        (1, "director")
    ]
    assert {"detect", "respond"} == set(answer["missing"])
    unseen = handler.patch(url, {"measures": [{**rows[0], "owner": desk.neighbour.pk}]})
    assert set(refused_call(unseen, 400, "invalid")["fields"]) == {"measures.0.owner"}
    far = quality.patch(url, {"measures": [{**rows[0], "owner": desk.neighbour.pk}]})
    assert set(refused_call(far, 400, "refused")["fields"]) == {"measure-1-owner"}
    unknown = handler.patch(url, {"measures": [{**rows[0], "proof": "x"}]})
    assert set(refused_call(unknown, 400, "invalid")["fields"]) == {"measures.0.proof"}
    lacking = handler.post(f"{url}submit/", {"measures": rows[:1]})
    assert set(refused_call(lacking, 400, "refused")["fields"]) == {"detect", "respond"}
    sent = handler.post(f"{url}submit/", {"measures": rows}).json()
    ids = [row["id"] for row in sent["measures"]]
    done = handler.post(f"measures/{ids[0]}/finish/", {"proof": "已做"}).json()
    assert (done["status"], done["done_by"]["name"], done["order"]) == ("done", "handler", order.pk)
    unfinished = quality.post(f"{url}confirm/")
    assert "2 measures are not finished" in refused_call(unfinished, 409, "refused")["message"]
    dropped = quality.post(f"measures/{ids[1]}/drop/", {"reason": "重复"}).json()
    assert dropped["status"] == "dropped"
    handler.post(f"measures/{ids[2]}/finish/", {"proof": "已做"})
    reported = handler.post(
        f"{url}report-effect/", {"effect_report": "好", "customer_satisfied": True}
    )
    assert reported.json()["effect_reported_by"]["name"] == "handler"
    unknown = quality.post(f"{url}confirm/", {"offered": [9]})
    assert set(refused_call(unknown, 400, "refused")["fields"]) == {"offered"}
    answer = quality.post(f"{url}confirm/", {"offered": [3]}).json()
    assert (answer["status"], [row["offered"] for row in answer["measures"]]) == (
        "confirmed", [False, False, True],
    )  # fmt: skip
    [check, *_more] = quality.get("effectiveness/").json()["results"]
    assert (check["days"], check["recurred_of_customer"]) == (90, 0)
    decided = quality.post(
        f"effectiveness/{check['id']}/decide/", {"effective": False, "words": "又发生"}
    )
    assert decided.json()["status"] == "not_effective"
    made = handler.post(f"{url}improvements/", {"kind": "course", "title": "装卸", "reason": "x"})
    assert made.status_code == 201
    assert quality.get("improvements/?status=requested").json()["results"] == [made.json()]
    assert set(refused_call(quality.get("measures/?status=x"), 400, "invalid")["fields"]) == {
        "status"
    }
    assert Improvement.objects.get().requested_by == desk.handler
    act = f"improvements/{made.json()['id']}"
    refused_call(quality.post(f"{act}/give/", {"owner": desk.manager.pk}), 409, "not_open")
    quality.post(f"{act}/start/", {"owner": desk.handler.pk})
    refused_call(handler.post(f"{act}/give/", {"owner": desk.manager.pk}), 403, "forbidden")
    given = quality.post(f"{act}/give/", {"owner": desk.manager.pk}).json()
    assert (given["owner"]["name"], given["status"]) == ("manager", "running")
