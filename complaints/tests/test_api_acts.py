"""The calls that do something to a complaint (contract, "REST API"; C-03 … C-13, C-30)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.dateparse import parse_datetime

from complaints.actions.offers import COMPLAINT_VERBS
from complaints.factories import SECTIONS, CategoryFactory, ComplaintFactory, handler_of
from complaints.models import Complaint, Reply, Timer
from complaints.tests.order_forms import as_json
from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Message, Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WORDS = {"channel": "phone", "words": "We are sorry."}
RESULT = {"channel": "phone", "result": "It arrives today."}
CALL = {"reached": True, "satisfied": True, "score": 9, "words": "Quick."}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def company() -> Tree:
    CategoryFactory.create(code="wet")
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER)


def at_stage(company: Tree, stage: str, **fields: Any) -> Complaint:
    return ComplaintFactory.create(branch=company.branch, until=stage, **fields)


def act(person: Person, complaint: Complaint, name: str, body: dict[str, Any] | None = None) -> Any:
    return Caller(person).post(f"complaints/{complaint.number}/{name}/", body or {})


def state(complaint: Complaint) -> dict[str, Any]:
    """Everything about a complaint that a refused act must leave alone."""
    return {
        "complaint": Complaint.objects.filter(pk=complaint.pk).values().get(),
        "timers": list(Timer.objects.filter(complaint=complaint).order_by("pk").values()),
        "events": complaint.events.count(),
        "messages": Message.objects.count(),
        "rows": (
            complaint.replies.count(),
            complaint.notes.count(),
            complaint.hand_overs.count(),
            complaint.callback_attempts.count(),
            complaint.attachments.count(),
        ),
    }


def verdicts(body: dict[str, Any]) -> dict[str, str]:
    return {f"{row['milestone']} {row['cycle']}": row["verdict"] for row in body["timers"]}


def test_a_complaint_walks_from_intake_to_closed(
    company: Tree, quality: Person, handler: Person
) -> None:
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    number = (
        Caller(desk)
        .post("complaints/", {"subject": "Wet", "description": "", "channel": "hotline"})
        .json()["number"]
    )
    complaint = Complaint.objects.get(number=number)
    triage = {"valid": True, "branch": "WX", "category": "wet", "severity": "high"}

    body = act(quality, complaint, "triage", triage | {"handler": handler.username}).json()
    assert (body["status"], body["branch"]["code"]) == ("assigned", "WX")
    assert body["handler"] == {"id": handler.pk, "name": handler.name}
    assert body["issuing_branch"]["code"] == "HQ"
    assert act(handler, complaint, "accept").json()["status"] == "handling"
    body = act(handler, complaint, "apologise", WORDS).json()
    assert verdicts(body)["apology 1"] == "met"
    body = act(handler, complaint, "answer", RESULT | {"customer_satisfied": True}).json()
    assert (body["status"], verdicts(body)["result 1"]) == ("answered", "met")
    assert body["replies"][1]["customer_satisfied"] is True
    order = act(handler, complaint, "work-orders", json_sections()).json()
    order = Caller(handler).post(f"work-orders/{order['id']}/submit/").json()
    assert order["number"].startswith("问字【")
    body = act(quality, complaint, "callback", CALL).json()
    assert (body["status"], verdicts(body)["callback 1"]) == ("called_back", "met")
    body = act(quality, complaint, "close").json()

    assert body["status"] == "closed"
    assert set(verdicts(body).values()) == {"met"}
    assert [event["kind"] for event in body["events"]] == [
        "logged",
        "judged_valid",
        "accepted",
        "apologised",
        "answered",
        "order_drafted",
        "order_submitted",
        "called_back",
        "closed",
    ]


def json_sections() -> dict[str, Any]:
    return as_json(SECTIONS)


def test_c06_an_apology_counts_from_when_it_was_said(company: Tree, handler: Person) -> None:
    complaint = at_stage(company, "handling", now=clock.now() - 2 * HOUR)
    said_at = complaint.received_at + HOUR

    body = act(handler, complaint, "apologise", WORDS | {"at": said_at.isoformat()}).json()

    timer = body["timers"][0]
    assert parse_datetime(timer["met_at"]) == said_at
    assert (timer["state"], timer["verdict"]) == ("met", "met")


@pytest.mark.parametrize("hours", [-3, 1])
def test_c06_not_before_the_receipt_and_not_in_the_future(
    company: Tree, handler: Person, hours: int
) -> None:
    complaint = at_stage(company, "handling", now=clock.now() - 2 * HOUR)
    before = state(complaint)
    at = (clock.now() + hours * HOUR).isoformat()

    for name, body in (("apologise", WORDS), ("answer", RESULT)):
        answer = act(handler, complaint, name, body | {"at": at})
        assert set(refused(answer, 400, "refused")["fields"]) == {"at"}
    assert state(complaint) == before


def test_c03_invalid_takes_a_second_person(company: Tree, quality: Person) -> None:
    second = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    complaint = at_stage(company, "received")
    body = act(quality, complaint, "triage", {"valid": False, "reason": "Not ours."}).json()
    assert (body["status"], body["invalid_reason"]) == ("invalid_proposed", "Not ours.")
    assert "confirm-invalid" not in body["allowed"]

    refused(act(quality, complaint, "confirm-invalid"), 403, "forbidden")
    refused(act(quality, complaint, "reject-invalid"), 403, "forbidden")
    body = act(second, complaint, "confirm-invalid").json()

    assert body["status"] == "invalid"
    assert set(verdicts(body).values()) == {"void"}


def test_c03_a_rejected_proposal_changes_nothing_in_the_end(company: Tree, quality: Person) -> None:
    second = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    complaint = at_stage(company, "handling")

    act(quality, complaint, "propose-invalid", {"reason": "Not ours."})
    body = act(second, complaint, "reject-invalid").json()

    assert body["status"] == "handling"


def test_c30_not_satisfied_reopens_the_second_cycle(company: Tree, quality: Person) -> None:
    complaint = at_stage(company, "answered")

    body = act(
        quality, complaint, "callback", {"reached": True, "satisfied": False, "words": "No."}
    ).json()

    assert (body["status"], body["cycle"]) == ("handling", 2)
    assert body["callbacks"][0]["satisfied"] is False
    assert verdicts(body)["callback 1"] == "met"
    assert verdicts(body)["callback 2"] == "running"
    assert len(body["timers"]) == 7


def test_c12_nobody_there_proposes_the_next_call(company: Tree, quality: Person) -> None:
    complaint = at_stage(company, "answered")
    later = (clock.now() + 4 * HOUR).isoformat()

    body = act(quality, complaint, "callback", {"reached": False, "next_at": later}).json()

    assert body["status"] == "answered"
    assert parse_datetime(body["callbacks"][0]["next_at"]) == parse_datetime(later)


def test_assign_transfer_reopen_and_note(company: Tree, quality: Person, handler: Person) -> None:
    complaint = at_stage(company, "handling")

    body = act(quality, complaint, "assign", {"handler": handler.pk}).json()
    assert body["handler"]["id"] == handler.pk
    body = act(quality, complaint, "transfer", {"branch": "SZ", "reason": "Theirs."}).json()
    assert (body["status"], body["branch"]["code"], body["handler"]) == ("assigned", "SZ", None)
    assert body["hand_overs"][-1]["reason"] == "Theirs."
    body = act(quality, complaint, "note", {"text": "Watch this."}).json()
    assert [note["text"] for note in body["notes"]] == ["Watch this."]
    closed = at_stage(company, "closed")
    body = act(quality, closed, "reopen", {"reason": "Again."}).json()
    assert (body["status"], body["cycle"]) == ("handling", 2)


def test_who_gives_a_complaint_away_is_answered_and_then_sees_it_no_more(company: Tree) -> None:
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    complaint = at_stage(company, "handling", intake_branch=company.headquarters)

    response = act(manager, complaint, "transfer", {"branch": "SZ", "reason": "Theirs."})

    assert (response.status_code, response.json()["branch"]["code"]) == (200, "SZ")
    refused(Caller(manager).get(f"complaints/{complaint.number}/"), 404, "not_found")


# What each call needs to be more than empty.
BODIES: dict[str, dict[str, Any]] = {
    "triage": {"valid": True, "branch": "WX", "category": "wet", "severity": "low"},
    "propose-invalid": {"reason": "Not ours."},
    "apologise": WORDS,
    "answer": RESULT,
    "callback": CALL,
    "assign": {"handler": 1},
    "transfer": {"branch": "SZ", "reason": "Theirs."},
    "decline": {"reason": "Theirs."},
    "restore": {"reason": "It was one."},
    "pause": {"reason": "The customer looks for the label."},
    "correct-receipt": {"received_at": "2026-01-05T09:30:00Z", "reason": "The recording."},
    "ask-waiver": {"milestone": "result", "code": "force_majeure", "words": "Snow."},
    "decline-waiver": {"reason": "There was a way."},
    "reopen": {"reason": "Again."},
    "note": {"text": "x"},
}
ACTS = [name for name in COMPLAINT_VERBS if name not in ("attach", "work-order")] + ["work-orders"]
LATE = {"urge", "correct-receipt", "ask-waiver"}
EARLY = LATE | {"merge"}
OPEN = {
    "received": {"triage", "apologise", "propose-invalid", "note", "attachments"} | EARLY,
    "assigned": {
        "accept",
        "apologise",
        "answer",
        "work-orders",
        "assign",
        "transfer",
        "propose-invalid",
        "note",
        "attachments",
        "decline",
        "pause",
    }
    | EARLY,
    "handling": {
        "apologise",
        "answer",
        "work-orders",
        "assign",
        "transfer",
        "propose-invalid",
        "note",
        "attachments",
        "pause",
    }
    | EARLY,
    "answered": {"work-orders", "callback", "reopen", "note", "attachments"} | LATE,
    "called_back": {"work-orders", "close", "reopen", "note", "attachments"} | LATE,
    "closed": {"work-orders", "reopen", "note", "ask-waiver"},
}


@pytest.mark.parametrize("stage", OPEN)
def test_an_act_that_is_not_open_is_409_with_those_that_are(
    company: Tree, quality: Person, stage: str
) -> None:
    complaint = at_stage(company, stage)
    before = state(complaint)

    for name in ACTS:
        if name in OPEN[stage]:
            continue
        for body in ({}, BODIES.get(name, {})):
            answer = refused(act(quality, complaint, name, body), 409, "not_open")
            assert set(answer["allowed"]) == OPEN[stage], name
    assert state(complaint) == before


def test_allowed_are_only_the_acts_of_this_person(company: Tree, handler: Person) -> None:
    complaint = at_stage(company, "answered")
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)

    answer = refused(act(handler, complaint, "accept"), 409, "not_open")
    assert answer["allowed"] == ["work-orders", "ask-waiver", "note", "attachments"]
    seen = Caller(desk).get(f"complaints/{complaint.number}/").json()
    assert seen["allowed"] == ["urge", "note", "attachments"]


@pytest.mark.parametrize("name", ACTS)
def test_b01_who_only_reads_is_403_whatever_the_body(company: Tree, name: str) -> None:
    executive = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    for stage in OPEN:
        complaint = at_stage(company, stage)
        before = state(complaint)
        for body in ({}, BODIES.get(name, {}), {"version": "x"}):
            refused(act(executive, complaint, name, body), 403, "forbidden")
        assert state(complaint) == before


@pytest.mark.parametrize("name", [*ACTS, "attachments"])
def test_b01_a_foreign_complaint_is_404(company: Tree, name: str) -> None:
    neighbour = PersonFactory.create(branch=company.sibling, role=Role.QUALITY_MANAGER)
    complaint = at_stage(company, "handling")
    before = state(complaint)

    refused(act(neighbour, complaint, name, BODIES.get(name)), 404, "not_found")
    assert state(complaint) == before


@pytest.mark.parametrize("stage", OPEN)
def test_a_stale_version_is_409_in_every_act(company: Tree, quality: Person, stage: str) -> None:
    second = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_SPECIALIST)
    complaint = at_stage(company, stage)
    version = Complaint.objects.get(pk=complaint.pk).version
    other = at_stage(company, "handling")
    before = state(complaint)
    bodies = BODIES | {
        "assign": {"handler": handler_of(company.branch).pk},
        "merge": {"into": other.number},
    }

    # A reminder changes nothing that a page could have missed.
    for name in OPEN[stage] - {"attachments", "urge"}:
        body = bodies.get(name, {}) | {"version": version + 1}
        assert "allowed" not in refused(act(second, complaint, name, body), 409, "stale")
    assert state(complaint) == before


def test_the_version_that_was_shown_is_accepted(company: Tree, handler: Person) -> None:
    complaint = at_stage(company, "handling")
    version = Caller(handler).get(f"complaints/{complaint.number}/").json()["version"]

    body = act(handler, complaint, "apologise", WORDS | {"version": version}).json()

    assert body["version"] == version + 1
    refused(act(handler, complaint, "answer", RESULT | {"version": version}), 409, "stale")


def test_closing_too_early_says_what_is_missing(company: Tree, quality: Person) -> None:
    complaint = at_stage(company, "called_back")
    before = state(complaint)

    body = refused(act(quality, complaint, "close"), 409, "refused")

    assert "work order" in body["message"]
    assert state(complaint) == before


@pytest.mark.parametrize(
    ("stage", "name", "body", "fields"),
    [
        ("received", "triage", {}, {"valid"}),
        ("received", "triage", {"valid": True}, {"branch", "category", "severity"}),
        ("received", "triage", {"valid": False}, {"reason"}),
        ("received", "triage", {"valid": False, "reason": " "}, {"reason"}),
        ("received", "triage", {"valid": "maybe"}, {"valid"}),
        ("received", "triage", BODIES["triage"] | {"branch": "XX"}, {"branch"}),
        ("received", "triage", BODIES["triage"] | {"category": "XX"}, {"category"}),
        ("received", "triage", BODIES["triage"] | {"handler": "nobody"}, {"handler"}),
        ("received", "triage", BODIES["triage"] | {"handler": 10**30}, {"handler"}),
        ("received", "triage", BODIES["triage"] | {"handler": -1}, {"handler"}),
        ("received", "triage", BODIES["triage"] | {"handler": "a\0"}, {"handler"}),
        ("received", "triage", BODIES["triage"] | {"handler": True}, {"handler"}),
        ("received", "triage", BODIES["triage"] | {"handler": {"id": 1}}, {"handler"}),
        ("handling", "apologise", {}, {"channel", "words"}),
        ("handling", "apologise", WORDS | {"words": "\0"}, {"words"}),
        ("handling", "apologise", WORDS | {"words": "x" * 5001}, {"words"}),
        ("handling", "apologise", WORDS | {"channel": "mail"}, {"channel"}),
        ("handling", "apologise", WORDS | {"at": "now"}, {"at"}),
        ("handling", "apologise", WORDS | {"at": "0001-01-01T00:00:00Z"}, {"at"}),
        ("handling", "apologise", WORDS | {"version": 0}, {"version"}),
        ("handling", "apologise", WORDS | {"version": "x"}, {"version"}),
        ("handling", "apologise", WORDS | {"apologised_at": "x", "status": 1},
         {"apologised_at", "status"}),
        ("handling", "answer", {}, {"channel", "result"}),
        ("handling", "answer", RESULT | {"customer_satisfied": "?"}, {"customer_satisfied"}),
        ("handling", "assign", {}, {"handler"}),
        ("handling", "transfer", {"branch": "WX", "reason": "x"}, {"branch"}),
        ("handling", "transfer", {"branch": "XX", "reason": "x"}, {"branch"}),
        ("handling", "transfer", {"branch": "SZ"}, {"reason"}),
        ("handling", "transfer", {"branch": "SZ", "reason": "x" * 2001}, {"reason"}),
        ("handling", "note", {}, {"text"}),
        ("handling", "note", {"text": " "}, {"text"}),
        ("handling", "note", {"text": "x" * 5001}, {"text"}),
        ("answered", "callback", {}, {"reached"}),
        ("answered", "callback", {"reached": True}, {"satisfied"}),
        ("answered", "callback", {"reached": False}, {"next_at"}),
        ("answered", "callback", {"reached": False, "next_at": "2020-01-01T00:00:00Z"},
         {"next_at"}),
        ("answered", "callback", {"reached": False, "next_at": "9999-12-31T00:00:00Z"},
         {"next_at"}),
        ("answered", "callback", CALL | {"score": 11}, {"score"}),
        ("answered", "callback", CALL | {"score": -1}, {"score"}),
        ("answered", "callback", CALL | {"score": 10**400}, {"score"}),
        ("answered", "callback", CALL | {"score": 1.5}, {"score"}),
        ("answered", "reopen", {}, {"reason"}),
    ],
)  # fmt: skip
def test_bad_input_is_400_with_its_fields_and_changes_nothing(
    company: Tree, quality: Person, stage: str, name: str, body: dict[str, Any], fields: set[str]
) -> None:
    complaint = at_stage(company, stage)
    before = state(complaint)

    response = act(quality, complaint, name, body)

    assert response.status_code == 400
    assert set(refused(response, 400, response.json()["code"])["fields"]) == fields
    assert state(complaint) == before


def test_c05_a_handler_must_answer_for_the_branch(company: Tree, quality: Person) -> None:
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    complaint = at_stage(company, "received")
    before = state(complaint)

    body = BODIES["triage"] | {"handler": stranger.pk}
    answer = act(quality, complaint, "triage", body)

    assert set(refused(answer, 400, "refused")["fields"]) == {"handler"}
    assert state(complaint) == before


def test_a_handler_whom_the_caller_does_not_see_is_unknown(company: Tree) -> None:
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    complaint = at_stage(company, "handling")

    for named in (stranger.pk, stranger.username):
        answer = act(manager, complaint, "assign", {"handler": named})
        assert set(refused(answer, 400, "invalid")["fields"]) == {"handler"}
    assert Complaint.objects.get(pk=complaint.pk).handler != stranger


def upload(person: Person, complaint: Complaint, *files: SimpleUploadedFile, **data: Any) -> Any:
    return Caller(person).post(
        f"complaints/{complaint.number}/attachments/",
        {"files": list(files), **data},
        format="multipart",
    )


def test_files_are_added_and_fetched_by_those_who_see_the_complaint(
    company: Tree, handler: Person
) -> None:
    complaint = at_stage(company, "handling")
    stranger = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)

    response = upload(
        handler,
        complaint,
        SimpleUploadedFile("照片.png", PNG),
        SimpleUploadedFile("note.txt", "收货单".encode()),
    )

    assert response.status_code == 201
    shown = response.json()["attachments"]
    assert [(row["name"], row["content_type"]) for row in shown] == [
        ("照片.png", "image/png"),
        ("note.txt", "text/plain"),
    ]
    fetched: Any = Caller(handler).get(shown[0]["url"])
    assert b"".join(fetched.streaming_content) == PNG
    assert fetched["Content-Disposition"].startswith("attachment")
    assert "sandbox" in fetched["Content-Security-Policy"]
    assert AccessRecord.objects.count() == 1
    refused(Caller(stranger).get(shown[0]["url"]), 404, "not_found")
    other = at_stage(company, "handling")
    wrong = shown[0]["url"].replace(complaint.number, other.number)
    refused(Caller(handler).get(wrong), 404, "not_found")
    unknown = shown[0]["url"].replace(shown[0]["id"], str(UUID(int=1)))
    refused(Caller(handler).get(unknown), 404, "not_found")
    assert AccessRecord.objects.count() == 1


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("x.html", b"<html><script>1</script>"),
        SimpleUploadedFile("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("x.png", b""),
        SimpleUploadedFile("x.exe", PNG),
    ],
)
def test_b07_what_a_browser_would_run_is_refused(
    company: Tree, handler: Person, file: SimpleUploadedFile
) -> None:
    complaint = at_stage(company, "handling")
    before = state(complaint)

    response = upload(handler, complaint, file)

    assert set(refused(response, 400, "refused")["fields"]) == {"files"}
    assert state(complaint) == before


def test_no_file_too_many_files_and_a_broken_upload_are_400(company: Tree, handler: Person) -> None:
    complaint = at_stage(company, "handling")
    before = state(complaint)
    caller = Caller(handler)
    address = f"complaints/{complaint.number}/attachments/"

    assert set(refused(upload(handler, complaint), 400, "invalid")["fields"]) == {"files"}
    many = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(11)]
    refused(upload(handler, complaint, *many), 400, "malformed")
    refused(caller.post(address, {"files": "x"}, format="multipart"), 400, "invalid")
    refused(caller.generic("POST", address, b"x", "multipart/form-data"), 400, "malformed")
    refused(caller.generic("POST", address, b"{}", "application/json"), 415,
            "unsupported_media_type")  # fmt: skip
    stale = upload(handler, complaint, SimpleUploadedFile("a.png", PNG), version=99)
    refused(stale, 409, "stale")
    assert state(complaint) == before


def test_replies_hold_the_words_and_events_only_ids(company: Tree, handler: Person) -> None:
    complaint = at_stage(company, "handling")

    body = act(handler, complaint, "apologise", WORDS).json()

    reply = Reply.objects.get()
    assert body["replies"][0]["words"] == "We are sorry."
    assert body["events"][-1]["data"] == {"reply": reply.pk}
    assert body["events"][-1]["by"] == {"id": handler.pk, "name": handler.name}
