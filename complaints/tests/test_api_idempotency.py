"""The same call twice is done once (contract, "REST API": `Idempotency-Key`)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from complaints.factories import ComplaintFactory, handler_of
from complaints.models import Attachment, Complaint, Note, Reply, WorkOrder
from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.actions import idempotency
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import IdempotentAnswer, Person, Role

BODY = {"subject": "Wet", "description": "Two pallets.", "channel": "hotline"}
WORDS = {"channel": "phone", "words": "Sorry."}
KEY = "7b0c2b1e-order-5"
CALLERS = 8


@pytest.fixture
def company(db: None) -> Tree:
    return tree()


@pytest.fixture
def desk(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)


def log(person: Person, key: str = KEY, **changes: Any) -> Any:
    return Caller(person).post("complaints/", BODY | changes, headers={"Idempotency-Key": key})


def test_the_same_key_and_body_give_the_same_answer_once(desk: Person) -> None:
    first, second = log(desk), log(desk)

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first.headers
    assert second["Idempotency-Replayed"] == "true"
    assert Complaint.objects.count() == 1
    row = IdempotentAnswer.objects.get()
    assert (row.person, row.key, row.status) == (desk, KEY, 201)


def test_the_spacing_of_the_body_is_no_difference(desk: Person) -> None:
    caller = Caller(desk)
    texts = (
        b'{"subject":"Wet","description":"","channel":"web"}',
        b'{ "channel": "web", "description": "", "subject": "W\\u0065t" }',
    )
    for text in texts:
        answer = caller.generic(
            "POST", "complaints/", text, "application/json", headers={"Idempotency-Key": KEY}
        )
        assert answer.status_code == 201

    assert Complaint.objects.count() == 1


def test_another_body_is_a_conflict(desk: Person) -> None:
    log(desk)

    refused(log(desk, subject="Broken"), 409, "idempotency_conflict")
    assert Complaint.objects.get().subject == "Wet"


def test_another_address_is_a_conflict(desk: Person) -> None:
    number = log(desk).json()["number"]

    answer = Caller(desk).post(f"complaints/{number}/note/", BODY, headers={"Idempotency-Key": KEY})

    refused(answer, 409, "idempotency_conflict")
    assert Note.objects.count() == 0


def test_a_key_is_the_persons_own(company: Tree, desk: Person) -> None:
    other = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)

    assert log(desk).json()["number"] != log(other).json()["number"]
    assert Complaint.objects.count() == 2


def test_without_a_key_two_calls_are_two_complaints(desk: Person) -> None:
    Caller(desk).post("complaints/", BODY)
    Caller(desk).post("complaints/", BODY)

    assert Complaint.objects.count() == 2
    assert IdempotentAnswer.objects.count() == 0


def test_a_refused_call_keeps_nothing_so_the_key_serves_the_corrected_one(desk: Person) -> None:
    refused(log(desk, channel="pigeon"), 400, "invalid")
    refused(log(desk, received_at="2090-01-01T00:00:00Z"), 400, "refused")
    assert IdempotentAnswer.objects.count() == 0

    assert log(desk).status_code == 201
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 101, "日", "a\tb", "é"])
def test_what_is_no_key_is_400(desk: Person, key: str) -> None:
    answer = log(desk, key=key)

    assert set(refused(answer, 400, "invalid")["fields"]) == {"Idempotency-Key"}
    assert Complaint.objects.count() == 0


def test_a_key_is_forgotten_after_24_hours(desk: Person) -> None:
    log(desk)
    old = clock.now() - timedelta(hours=24)
    IdempotentAnswer.objects.update(created_at=old)

    assert log(desk, subject="Broken").status_code == 201
    assert Complaint.objects.count() == 2
    assert IdempotentAnswer.objects.count() == 1


def test_the_sweep_purges_what_is_older_than_24_hours(desk: Person) -> None:
    log(desk, key="old")
    log(desk, key="new")
    now = clock.now()
    IdempotentAnswer.objects.filter(key="old").update(created_at=now - timedelta(hours=24))

    assert idempotency.purge(now=now) == 1
    assert IdempotentAnswer.objects.get().key == "new"


def test_acts_are_repeated_without_a_409(company: Tree) -> None:
    handler = handler_of(company.branch)
    complaint = ComplaintFactory.create(branch=company.branch, until="handling", handler=handler)
    address = f"complaints/{complaint.number}/"
    headers = {"Idempotency-Key": KEY}

    answers = [
        Caller(handler).post(f"{address}apologise/", WORDS, headers=headers) for _try in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert Reply.objects.count() == 1


def test_files_are_told_apart_by_their_content(company: Tree, desk: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, intake_branch=company.branch)

    def attach(text: str) -> Any:
        return Caller(desk).post(
            f"complaints/{complaint.number}/attachments/",
            {"files": [SimpleUploadedFile("a.txt", text.encode())]},
            format="multipart",
            headers={"Idempotency-Key": KEY},
        )

    assert attach("one").json() == attach("one").json()
    refused(attach("two"), 409, "idempotency_conflict")
    assert Attachment.objects.count() == 1


def test_b03_a_repeat_shows_nothing_that_is_no_longer_seen(company: Tree, desk: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    headers = {"Idempotency-Key": KEY}
    address = f"complaints/{complaint.number}/note/"
    assert Caller(desk).post(address, {"text": "x"}, headers=headers).status_code == 200

    desk.postings.all().delete()

    refused(Caller(desk).post(address, {"text": "x"}, headers=headers), 404, "not_found")


def race(call: Callable[[], Any]) -> list[Any]:
    """The same call from eight threads at the same moment."""
    barrier = Barrier(CALLERS)

    def run(_number: int) -> Any:
        try:
            barrier.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(run, range(CALLERS)))


@pytest.mark.django_db(transaction=True)
def test_eight_calls_at_once_log_one_complaint() -> None:
    person = PersonFactory.create(branch=tree().branch, role=Role.FRONT_DESK)

    answers = race(lambda: log(person))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) <= 2  # the first is not in jsonb's order
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == CALLERS - 1
    assert Complaint.objects.count() == 1
    assert IdempotentAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_different_bodies_at_once_log_one_complaint() -> None:
    person = PersonFactory.create(branch=tree().branch, role=Role.FRONT_DESK)
    subjects = iter(f"Pallet {number}" for number in range(CALLERS))

    answers = race(lambda: log(person, subject=next(subjects)))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [409] * (CALLERS - 1)
    assert Complaint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_drafts_at_once_are_one_order() -> None:
    company = tree()
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    address = f"complaints/{complaint.number}/work-orders/"

    answers = race(lambda: Caller(handler).post(address, {}))

    assert sorted(answer.status_code for answer in answers) == [200] * (CALLERS - 1) + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert WorkOrder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_apologies_at_once_are_one() -> None:
    company = tree()
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    address = f"complaints/{complaint.number}/apologise/"

    answers = race(lambda: Caller(handler).post(address, WORDS))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (CALLERS - 1)
    assert Reply.objects.count() == 1
