"""The callback desk through its pages (C-12, C-13, C-30)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.actions import callbacks
from complaints.factories import ComplaintFactory, WorkOrderFactory
from complaints.models import (
    CallbackAttempt,
    Complaint,
    Event,
    OrderStatus,
    Status,
    Timer,
    verdict_at,
)
from complaints.views.callback_desk import by_day, dialled
from csm.kit import clock
from csm.tests.race import race
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Message, Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(
        name="林静怡", branch=company.headquarters, role=Role.QUALITY_MANAGER
    )


@pytest.fixture
def specialist(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)


def answered(company: Tree, quality: Person, *, hours: float = 1, **fields: Any) -> Complaint:
    """A complaint received so many hours ago whose customer was given the result."""
    place = fields.pop("branch", company.branch)
    now = clock.now()
    return ComplaintFactory.create(
        branch=place,
        quality=quality,
        until="answered",
        received_at=now - hours * HOUR,
        now=now,
        **fields,
    )


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def record(person: Person, complaint: Complaint, **given: Any) -> Any:
    url = reverse("callback", args=[complaint.number])
    return signed_in(person).post(url, {"version": complaint.version} | given)


def callback_timer(complaint: Complaint) -> Timer:
    return Timer.objects.get(complaint=complaint, kind="callback", cycle=complaint.cycle)


def state(complaint: Complaint) -> tuple[Any, ...]:
    complaint = Complaint.objects.get(pk=complaint.pk)
    calls, events = complaint.callback_attempts.count(), complaint.events.count()
    return complaint.status, complaint.version, complaint.cycle, calls, events


def local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_c12_the_queue_is_ordered_by_time_left(company: Tree, quality: Person) -> None:
    late, soon, easy = (answered(company, quality, hours=hours) for hours in (80, 70, 5))
    ComplaintFactory.create(branch=company.branch, quality=quality, until="handling")
    ComplaintFactory.create(branch=company.branch, quality=quality, until="called_back")
    response = signed_in(quality).get(reverse("callbacks"))
    queue = response.context["queue"]
    assert [waiting.complaint for waiting in queue] == [late, soon, easy]
    assert [waiting.face.state for waiting in queue] == ["over", "risk", "running"]
    assert response.context["complaint"] == late
    day = response.context["day"]
    assert (day.waiting, day.done_today, day.reached_today) == (3, 1, 1)


def test_c12_the_desk_shows_number_script_clocks_and_a_year_of_history(
    company: Tree, quality: Person
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, phone="")
    earlier = ComplaintFactory.create(
        subject="单据遗失", customer=customer, branch=company.branch, until="called_back"
    )
    old = ComplaintFactory.create(
        subject="多年以前",
        customer=customer,
        branch=company.branch,
        received_at=clock.now() - timedelta(days=400),
    )
    complaint = answered(company, quality, customer=customer, subject="送货迟到")
    Complaint.objects.filter(pk=complaint.pk).update(
        contact_name="刘建军", contact_phone="0510-8234 5678 转801"
    )
    response = signed_in(quality).get(reverse("callback", args=[complaint.number]))
    text = response.content.decode()
    assert 'href="tel:051082345678"' in text
    assert "0510-8234 5678 转801" in text
    assert "Hello 刘建军, this is 林静怡" in text
    assert "“送货迟到”" in text
    assert "You were told: “货物已送达。”" in text
    assert [each.kind for each in response.context["clocks"]] == [
        "apology", "result", "work_order", "callback",
    ]  # fmt: skip
    history = response.context["history"]
    assert (history.complaints, history.mean_score) == (2, 9)
    assert [past.complaint for past in history.rows] == [earlier]
    assert old.subject not in text
    [seen] = AccessRecord.objects.all()
    assert (seen.person, seen.what, seen.reference) == (quality, "phone", complaint.number)


@pytest.mark.parametrize(("number", "dial"), [
    ("138 0013 8000", "13800138000"),
    ("+86 138-0013-8000", "+8613800138000"),
    ("(0510) 82345678-801", "051082345678801"),
    ("0510-82345678 ext. 5", "051082345678"),
    ("上午再打", ""),
])  # fmt: skip
def test_a_telephone_is_given_digits_only(number: str, dial: str) -> None:
    assert dialled(number) == dial


def test_c12_c13_satisfied_stops_the_clock_and_is_reported_at_once(
    company: Tree, quality: Person, specialist: Person
) -> None:
    complaint = answered(company, quality)
    given = {"reached": "yes", "satisfied": "yes", "score": "9", "words": "很快"}
    response = record(quality, complaint, then="next", **given)
    assert (response.status_code, response["Location"]) == (302, "/callbacks/")
    complaint.refresh_from_db()
    attempt = CallbackAttempt.objects.get()
    assert (attempt.is_reached, attempt.is_satisfied, attempt.score) == (True, True, 9)
    assert (attempt.words, attempt.by, attempt.next_at) == ("很快", quality, None)
    assert complaint.status == Status.CALLED_BACK
    timer = callback_timer(complaint)
    assert (timer.state, timer.met_at) == ("met", attempt.at)
    [told] = Message.objects.inbox(specialist).filter(text="callback_result")
    assert (told.context["score"], told.context["is_satisfied"]) == (9, True)


def test_c30_not_satisfied_reopens_the_complaint_and_returns_the_order(
    company: Tree, quality: Person
) -> None:
    complaint = answered(company, quality)
    order = WorkOrderFactory.create(complaint=complaint, until="submitted")
    page = signed_in(quality).get(reverse("callback", args=[complaint.number]))
    assert "opens the complaint again, cycle 2" in page.content.decode()
    response = record(
        quality, complaint, reached="yes", satisfied="no", score="3", words="没人道歉"
    )
    assert response["Location"] == f"/callbacks/{complaint.number}/"
    complaint.refresh_from_db()
    order.refresh_from_db()
    assert (complaint.status, complaint.cycle) == (Status.HANDLING, 2)
    assert (order.status, order.return_reason) == (OrderStatus.RETURNED, "没人道歉")
    kinds = Timer.objects.filter(complaint=complaint, cycle=2).values_list("kind", flat=True)
    assert sorted(kinds) == ["callback", "result", "work_order"]
    first = Timer.objects.get(complaint=complaint, kind="callback", cycle=1)
    assert first.state == "met"


def test_c12_no_reply_is_recorded_with_the_next_time(company: Tree, quality: Person) -> None:
    complaint = answered(company, quality)
    next_at = clock.now().replace(second=0, microsecond=0) + 3 * HOUR
    # What was typed for the other case does not count.
    response = record(
        quality, complaint, reached="no", next_at=local(next_at), satisfied="yes", score="5"
    )
    assert response.status_code == 302
    attempt = CallbackAttempt.objects.get()
    assert (attempt.is_reached, attempt.is_satisfied, attempt.score) == (False, None, None)
    assert attempt.next_at == next_at
    complaint.refresh_from_db()
    assert complaint.status == Status.ANSWERED
    assert callback_timer(complaint).state == "running"
    page = signed_in(quality).get(reverse("callbacks"))
    [waiting] = page.context["queue"]
    assert (waiting.tries, waiting.next_at) == (1, next_at)
    assert "Call 2 of 3" in page.content.decode()


def test_c12_after_three_calls_over_24_hours_it_ends_as_no_reply(
    company: Tree, quality: Person
) -> None:
    start = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    complaint = ComplaintFactory.create(
        branch=company.branch, quality=quality, until="answered", now=start
    )
    for hours in (1, 2, 3):
        callbacks.record(
            complaint=complaint,
            is_reached=False,
            next_at=start + 30 * HOUR,
            by=quality,
            now=start + hours * HOUR,
        )
    # Three calls, but within two hours: that is not yet enough.
    assert callback_timer(complaint).state == "running"
    callbacks.record(
        complaint=complaint,
        is_reached=False,
        next_at=start + 99 * HOUR,
        by=quality,
        now=start + 25 * HOUR,
    )
    timer = callback_timer(complaint)
    assert (timer.state, timer.unreached_at) == ("unreached", start + 25 * HOUR)
    assert complaint.status == Status.CALLED_BACK
    late = Timer.objects.filter(pk=timer.pk).annotate(shown=verdict_at(start + 200 * HOUR))
    assert list(late.values_list("shown", flat=True)) == ["unreached"]
    assert Event.objects.filter(kind="callback_unreached").count() == 1
    page = signed_in(quality).get(reverse("callback", args=[complaint.number]))
    assert "This callback is finished." in page.content.decode()
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(("given", "field"), [
    ({}, "reached"),
    ({"reached": "yes"}, "satisfied"),
    ({"reached": "yes", "satisfied": "yes", "score": "11"}, "score"),
    ({"reached": "perhaps"}, "reached"),
    ({"reached": "no"}, "next_at"),
    ({"reached": "no", "next_at": "2020-01-01T10:00"}, "next_at"),
    ({"reached": "no", "next_at": "soon"}, "next_at"),
    # Beyond the calendar's end in the company's zone: nobody's queue could be shown any more.
    ({"reached": "no", "next_at": "9999-12-31T23:59:59+00:00"}, "next_at"),
    ({"reached": "yes", "satisfied": "yes", "words": "x" * 5001}, "words"),
])  # fmt: skip
def test_a_result_that_cannot_be_is_refused_and_kept_on_the_page(
    company: Tree, quality: Person, given: dict[str, str], field: str
) -> None:
    complaint = answered(company, quality)
    before = state(complaint)
    response = record(quality, complaint, **{"words": "客户原话"} | given)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert given.get("words", "客户原话") in response.content.decode()
    assert state(complaint) == before


def test_a_second_result_for_one_call_is_refused(company: Tree, quality: Person) -> None:
    complaint = answered(company, quality)
    record(quality, complaint, reached="yes", satisfied="yes")
    before = state(complaint)
    assert record(quality, complaint, reached="yes", satisfied="no").status_code == 409
    assert state(complaint) == before


@pytest.mark.django_db(transaction=True)
def test_two_results_at_once_have_one_winner(company: Tree, quality: Person) -> None:
    complaint = answered(company, quality)
    other = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    answers = race(
        *[
            lambda who=person, says=said: (
                record(who, complaint, reached="yes", satisfied=says).status_code
            )
            for person, said in ((quality, "yes"), (other, "no"))
        ]
    )
    assert sorted(map(str, answers)) == ["302", "409"]
    attempt = CallbackAttempt.objects.get()
    complaint.refresh_from_db()
    assert attempt.is_satisfied == (answers[0] == 302)
    assert complaint.cycle == (1 if attempt.is_satisfied else 2)
    assert Event.objects.filter(kind="called_back").count() == 1


def test_a_complaint_without_result_or_number_has_a_page_that_says_so(
    company: Tree, quality: Person
) -> None:
    early = ComplaintFactory.create(branch=company.branch, quality=quality, until="handling")
    page = signed_in(quality).get(reverse("callback", args=[early.number]))
    assert "has not been given the result yet" in page.content.decode()
    assert record(quality, early, reached="yes", satisfied="yes").status_code == 409
    silent = answered(company, quality)
    page = signed_in(quality).get(reverse("callback", args=[silent.number]))
    assert "No phone number is known" in page.content.decode()


@pytest.mark.parametrize(("place", "is_seen"), [
    ("branch", True), ("child", True), ("sibling", False), ("region", False),
])  # fmt: skip
def test_the_desk_reaches_its_branch_and_below_only(
    company: Tree, quality: Person, place: str, is_seen: bool
) -> None:
    local_quality = PersonFactory.create(branch=company.branch, role=Role.QUALITY_SPECIALIST)
    complaint = answered(company, quality, branch=getattr(company, place))
    client = signed_in(local_quality)
    page = client.get(reverse("callback", args=[complaint.number]))
    assert page.status_code == (200 if is_seen else 404)
    queue = client.get(reverse("callbacks")).context["queue"]
    assert [waiting.complaint for waiting in queue] == ([complaint] if is_seen else [])
    answer = record(local_quality, complaint, reached="yes", satisfied="yes")
    assert answer.status_code == (302 if is_seen else 404)


def test_whoever_does_not_call_back_has_no_desk(company: Tree, quality: Person) -> None:
    complaint = answered(company, quality)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    before = state(complaint)
    client = signed_in(handler)
    assert client.get(reverse("callbacks")).status_code == 403
    assert client.get(reverse("callback", args=[complaint.number])).status_code == 403
    assert record(handler, complaint, reached="yes", satisfied="yes").status_code == 403
    assert state(complaint) == before
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("count", [1, 20])
def test_the_desk_asks_as_often_for_one_customer_as_for_twenty(
    company: Tree, quality: Person, django_assert_num_queries: Any, count: int
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    for _place in range(count):
        answered(company, quality, customer=customer)
    client = signed_in(quality)
    with django_assert_num_queries(21):
        response = client.get(reverse("callbacks"))
    assert len(response.context["queue"]) == count


@pytest.mark.parametrize(
    ("wanted", "proposed"),
    [
        ("2026-11-22 19:59", "2026-11-22 19:59"),
        ("2026-11-22 20:00", "2026-11-23 09:00"),
        ("2026-11-22 23:30", "2026-11-23 09:00"),
        ("2026-11-23 03:15", "2026-11-23 09:00"),
        ("2026-11-23 09:00", "2026-11-23 09:00"),
    ],
)
def test_c12_nobody_is_to_be_called_at_night(wanted: str, proposed: str) -> None:
    moment = timezone.make_aware(datetime.fromisoformat(wanted))
    assert by_day(moment) == timezone.make_aware(datetime.fromisoformat(proposed))
