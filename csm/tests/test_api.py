"""What holds for every call of the API: the shape of errors, and the document."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from csm.tests.api import ROOT, Caller, refused
from organisation.factories import PersonFactory, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
MALFORMED = {
    "no JSON": b"{",
    "half a character": b'{"subject": "\\ud800"}',
    "half a character as a name": b'{"\\ud800": 1}',
    "no UTF-8": b'{"subject": "\xff"}',
    "a list": b"[1, 2]",
    "a word": b'"subject"',
    "nothing": b"null",
    "not a number": b'{"subject": NaN}',
    "endless": b'{"subject": Infinity}',
    "endless in figures": b'{"customer": 1e400}',
    "endless in a list": b'{"lines": [{"supplier": -1e400}]}',
    "deep": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "long number": b'{"customer": ' + b"9" * 10_000 + b"}",
}


@pytest.fixture
def person() -> Person:
    return PersonFactory.create(branch=tree().branch, role=Role.HANDLER)


@pytest.fixture
def caller(person: Person) -> Caller:
    return Caller(person)


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    "address",
    [
        "/api/",
        "/api/v1/",
        "/api/v2/complaints/",
        "/api/v1/pause/",
        "/api/v1/complaints",
        "/api/x%00",
    ],
)
def test_an_unknown_address_is_a_404_of_the_same_shape(
    caller: Caller, method: str, address: str
) -> None:
    for who in (caller, Caller()):
        refused(getattr(who, method)(address), 404, "not_found")


@pytest.mark.parametrize("action", ["pause", "resume", "merge", "urge"])
def test_what_comes_later_is_no_stub(caller: Caller, action: str) -> None:
    refused(caller.post(f"complaints/TS20261122-0001/{action}/"), 404, "not_found")


def test_a_method_that_is_none_is_405(caller: Caller) -> None:
    refused(caller.delete("complaints/"), 405, "method_not_allowed")
    refused(caller.post("me/"), 405, "method_not_allowed")


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_body_is_400(caller: Caller, name: str) -> None:
    response = caller.generic("POST", "complaints/", MALFORMED[name], "application/json")

    refused(response, 400, "malformed")


@pytest.mark.parametrize("charset", ["hex", "rot13", "zlib", "utf-16", "latin-1"])
def test_the_named_character_set_is_not_believed(caller: Caller, charset: str) -> None:
    body = json.dumps({"subject": ""}).encode()

    response = caller.generic("POST", "complaints/", body, f"application/json; charset={charset}")

    assert "subject" in refused(response, 400, "invalid")["fields"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "x" * 500])
def test_another_type_of_body_is_415(caller: Caller, kind: str) -> None:
    refused(caller.generic("POST", "complaints/", b"{}", kind), 415, "unsupported_media_type")


def test_too_many_parameters_are_400(caller: Caller) -> None:
    refused(caller.get("complaints/?" + "x=1&" * 3001), 400, "malformed")


def test_ten_megabytes_are_400(caller: Caller) -> None:
    body = json.dumps({"subject": "a", "description": "x" * 10_000_000, "channel": "hotline"})

    response = caller.generic("POST", "complaints/", body.encode(), "application/json")

    refused(response, 400, "too_large")


def test_errors_speak_the_language_of_the_caller(person: Person) -> None:
    english = Caller(person).get("complaints/none/").json()
    chinese = Caller(person, language="zh-CN").get("complaints/none/").json()

    assert english["message"].isascii()
    assert english["code"] == chinese["code"] == "not_found"


def test_b28_errors_tell_nothing_of_our_inside(caller: Caller) -> None:
    for response in (
        caller.get("complaints/none/"),
        caller.post("complaints/", {"subject": 1}),
        caller.generic("POST", "complaints/", b"{", "application/json"),
    ):
        text = response.content.decode()
        for word in ("Traceback", "SELECT", "/work", ".py", "rest_framework", "Expecting"):
            assert word not in text


def test_answers_are_kept_by_nobody(caller: Caller) -> None:
    for address in ("me/", "complaints/", "complaints/none/"):
        assert caller.get(address)["Cache-Control"] == "private, no-store"


def test_the_document_is_complete_and_valid() -> None:
    out = StringIO()

    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)

    assert "/api/v1/complaints/{number}/apologise/" in out.getvalue()


def test_the_document_names_every_call_and_its_refusals(caller: Caller) -> None:
    document = json.loads(caller.get("schema/").content)

    paths = document["paths"]
    served = {
        pattern.pattern.regex.pattern for pattern in get_resolver("csm.api.urls").url_patterns
    }
    assert served
    for path, operations in paths.items():
        assert path.startswith(ROOT)
        for method, operation in operations.items():
            wanted = {"400", "401", "403", "404"} | ({"409"} if method != "get" else set())
            assert wanted <= set(operation["responses"]), (path, method)
            assert min(operation["responses"]) in ("200", "201", "204")
            is_unkept = "auth" in path or path.removeprefix(ROOT) in UNKEPT
            is_creating = method == "post" and not is_unkept
            names = [parameter["name"] for parameter in operation.get("parameters", [])]
            assert ("Idempotency-Key" in names) == is_creating, path
            if method == "post" and "auth" not in path:
                has_body = path.removeprefix(ROOT) not in BODILESS
                assert bool(operation.get("requestBody", {}).get("content")) == has_body, path
    assert "429" in paths["/api/v1/auth/token/"]["post"]["responses"]
    assert set(document["components"]["schemas"]["Error"]["required"]) == {
        "code",
        "message",
        "fields",
    }


# A kept answer would say who said what.
UNKEPT = {"report-line/", "satisfaction/{quarter}/answers/", "customers/{id}/data/"}
# Whoever follows is the caller, and nothing is said about it.
BODILESS = {
    "periods/{period}/close/",
    *("customers/{id}/retention/", "retention-cases/{id}/steps/{step_pk}/done/"),
    *("findings/{id}/work-order/", "customer-notices/{id}/stop/"),
    *("complaints/{number}/follow/", "complaints/{number}/unfollow/"),
    *("customers/{id}/decline-surveys/", "customers/{id}/allow-surveys/"),
}
CONTRACT = {
    "auth/token/": {"post", "delete"},
    "me/": {"get"},
    "branches/": {"get"},
    "categories/": {"get"},
    "customers/": {"get"},
    "customers/{id}/": {"get"},
    "complaints/": {"get", "post"},
    "complaints/bulk/": {"post"},
    "complaints/{number}/": {"get"},
    "complaints/{number}/clocks/": {"get"},
    "notices/": {"get", "post"},
    "notices/{id}/": {"get", "patch"},
    **{
        f"notices/{{id}}/{act}/": {"post"}
        for act in ("consult", "opinion", "publish", "acknowledge", "withdraw", "correct")
    },
    "notices/{id}/document/": {"get"},
    "assessments/": {"get", "post"},
    "assessments/{id}/": {"get"},
    **{f"assessments/{{id}}/{act}/": {"post"} for act in ("decide", "reject", "appeal", "finish")},
    "suppliers/": {"get", "post"},
    "suppliers/{id}/": {"get", "patch"},
    "dissatisfied-items/": {"get", "post"},
    "dissatisfied-items/{id}/": {"get", "patch"},
    **{
        f"dissatisfied-items/{{id}}/{act}/": {"post"}
        for act in ("set-aside", "take-up", "work-orders")
    },
    "recoveries/": {"get"},
    "recoveries/given/": {"get"},
    "recovery-limits/": {"get", "put"},
    "recovery-offers/": {"get", "post"},
    "recovery-offers/{id}/": {"patch"},
    "delay-cost/": {"get"},
    "delay-cost/complaints/": {"get"},
    "delay-cost/price/": {"get", "put"},
    **{
        f"complaints/{{number}}/{act}/": {"post"}
        for act in (
            "triage",
            "confirm-invalid",
            "reject-invalid",
            "propose-invalid",
            "accept",
            "apologise",
            "answer",
            "callback",
            "assign",
            "transfer",
            "decline",
            "restore",
            "pause",
            "resume",
            "correct-receipt",
            "ask-waiver",
            "grant-waiver",
            "decline-waiver",
            "merge",
            "urge",
            "reopen",
            "close",
            "note",
            "work-orders",
            "attachments",
            "accountability",
            "follow",
            "unfollow",
        )
    },
    "complaints/{number}/document/": {"get"},
    "complaints/{number}/recoveries/": {"get", "post"},
    **{
        f"complaints/{{number}}/recoveries/{{id}}/{act}/": {"post"}
        for act in ("approve", "decline", "cancel")
    },
    "complaints/{number}/challenges/": {"get", "post"},
    "complaints/{number}/challenges/{id}/answer/": {"post"},
    "complaints/{number}/attachments/{file_id}/": {"get"},
    "work-orders/{id}/attachments/": {"post"},
    "work-orders/{id}/attachments/{file_id}/": {"get"},
    "work-orders/": {"get", "post"},
    "work-orders/{id}/": {"get", "patch"},
    "work-orders/{id}/annul/": {"post"},
    "work-orders/{id}/document/": {"get"},
    "work-orders/{id}/complaints/": {"post"},
    "work-orders/{id}/complaints/{number}/": {"delete"},
    "work-orders/{id}/versions/": {"get"},
    "promises/": {"get"},
    "promises/broken/": {"get"},
    "complaints/{number}/promises/": {"put"},
    "work-orders/{id}/submit/": {"post"},
    "work-orders/{id}/return/": {"post"},
    "work-orders/{id}/confirm/": {"post"},
    "work-orders/{id}/report-effect/": {"post"},
    "work-orders/{id}/improvements/": {"post"},
    "measures/": {"get"},
    "measures/{id}/": {"get"},
    "measures/{id}/finish/": {"post"},
    "measures/{id}/drop/": {"post"},
    "measures/{id}/files/{file_id}/": {"get"},
    "effectiveness/": {"get"},
    "effectiveness/{id}/": {"get"},
    "effectiveness/{id}/decide/": {"post"},
    "lessons/": {"get"},
    "lessons/{id}/": {"get"},
    "lessons/{id}/accept/": {"post"},
    "lessons/{id}/decline/": {"post"},
    "lessons/{id}/files/{file_id}/": {"get"},
    "improvements/": {"get"},
    "improvements/{id}/": {"get"},
    "improvements/{id}/start/": {"post"},
    "improvements/{id}/give/": {"post"},
    "improvements/{id}/finish/": {"post"},
    "improvements/{id}/decline/": {"post"},
    "surveys/": {"get", "post"},
    "surveys/{id}/": {"get", "patch", "delete"},
    "surveys/{id}/draw/": {"post"},
    "surveys/{id}/open/": {"post"},
    "surveys/{id}/close/": {"post"},
    "surveys/{id}/results/": {"get"},
    "surveys/{id}/counters/": {"get", "post"},
    "surveys/{id}/invitations/": {"get"},
    "surveys/{id}/comments/": {"get"},
    "surveys/{id}/comments/{answer_pk}/tag/": {"post"},
    "surveys/{id}/comments/{answer_pk}/untag/": {"post"},
    "surveys/{id}/diagnoses/": {"get", "post"},
    "first-contact/": {"get"},
    "first-contact/contacts/": {"get"},
    "first-contact/draws/": {"post"},
    "mystery-calls/": {"get", "post"},
    "checklists/": {"get"},
    "audits/": {"get", "post"},
    "audits/{id}/": {"get"},
    "audits/{id}/carry-out/": {"post"},
    "audits/{id}/cancel/": {"post"},
    "findings/{id}/work-order/": {"post"},
    "report-line/": {"post"},
    "tips/": {"get"},
    "tips/{id}/": {"get"},
    "tips/{id}/decide/": {"post"},
    "tips/{id}/pay/": {"post"},
    "tips/{id}/publish/": {"post"},
    "typical-cases/": {"get"},
    "diagnoses/{id}/": {"get", "patch"},
    "diagnoses/{id}/finish/": {"post"},
    "diagnoses/{id}/document/": {"get"},
    "journey/": {"get"},
    "micro-reports/": {"get"},
    "micro-reports/{id}/": {"get"},
    **{
        f"micro-reports/{{id}}/{act}/": {"post"}
        for act in ("submit", "approve", "return", "withdraw", "meeting")
    },
    "micro-reports/{id}/awareness/": {"get", "post"},
    "micro-reports/turns/": {"get"},
    **{f"micro-reports/turns/{{id}}/{act}/": {"post"} for act in ("story", "swap", "hand-on")},
    "micro-reports/swaps/{id}/answer/": {"post"},
    "awareness/": {"get"},
    "awareness/{id}/answers/": {"post"},
    "invitations/{id}/": {"get"},
    "invitations/{id}/answers/": {"post"},
    "invitations/{id}/calls/": {"post"},
    "customers/{id}/decline-surveys/": {"post"},
    "customers/{id}/allow-surveys/": {"post"},
    "contests/": {"get", "post"},
    "contests/timeliness/": {"get"},
    "contests/{id}/": {"get"},
    "contests/{id}/days/": {"post"},
    "contests/{id}/marks/": {"get"},
    "contests/{id}/announce/": {"post"},
    "contest-plans/": {"get", "post"},
    "contest-plans/{id}/": {"get", "patch", "delete"},
    **{
        f"contest-plans/{{id}}/{act}/": {"post"}
        for act in ("submit", "return", "accept", "report", "promote")
    },
    "contest-plans/{id}/files/{file_id}/": {"get"},
    "contest-reviews/": {"get"},
    "contest-reviews/{id}/": {"get"},
    "contest-reviews/{id}/marks/": {"post"},
    "contest-reviews/{id}/conflict/": {"post"},
    "contest-awards/": {"get"},
    "contest-awards/{id}/": {"get"},
    "contest-awards/{id}/hand-over/": {"post"},
    "contest-awards/{id}/ceremony/": {"post"},
    "contest-awards/{id}/photo/{file_id}/": {"get"},
    "good-practices/": {"get"},
    "programme/": {"get"},
    "satisfaction/": {"get", "post"},
    "satisfaction/{quarter}/": {"get"},
    "satisfaction/{quarter}/answers/": {"post"},
    "scorecards/": {"get"},
    "scorecards/now/": {"get"},
    "scorecards/close/": {"post"},
    "scorecards/schemes/": {"get"},
    "scorecards/schemes/{post}/": {"post"},
    "scorecards/{id}/": {"get"},
    "scorecards/{id}/appeal/": {"post"},
    "scorecards/{id}/answer/": {"post"},
    "stars/": {"get", "post"},
    "stars/{id}/": {"get", "patch", "delete"},
    "stars/{id}/open/": {"post"},
    "stars/{id}/decide/": {"post"},
    "stars/{id}/prize/": {"post"},
    "stars/{id}/candidates/": {"post"},
    "stars/{id}/candidates/{candidate_pk}/": {"put"},
    "stars/{id}/candidates/{candidate_pk}/withdraw/": {"post"},
    "knowledge/": {"get", "post"},
    "knowledge/{id}/": {"get"},
    **{f"knowledge/{{id}}/{act}/": {"post"} for act in ("answer", "close")},
    **{f"knowledge/{{id}}/answers/{{answer_pk}}/{act}/": {"post"} for act in ("publish", "return")},
    "inductions/": {"get", "post"},
    "inductions/{id}/": {"get"},
    **{
        f"inductions/{{id}}/{act}/": {"post"}
        for act in ("mentor", "confirm", "steps", "steps/done", "assess", "decide")
    },
    "customers/{id}/visits/": {"get", "post"},
    "customers/{id}/retention/": {"post"},
    "customers/{id}/visits/plan/": {"post"},
    "customers/{id}/care-wish/": {"post"},
    "visits/": {"get"},
    "visits/due/": {"get"},
    "visits/{id}/": {"get"},
    **{f"visits/{{id}}/{act}/": {"post"} for act in ("write-down", "cancel", "findings", "tasks")},
    "segments/": {"get", "post"},
    "segments/{id}/customers/": {"get"},
    "care-acts/": {"get"},
    "care-acts/{id}/close/": {"post"},
    "customer-notices/": {"get", "post"},
    "customer-notices/{id}/reach/": {"get"},
    "customer-notices/{id}/send/": {"post"},
    "customer-notices/{id}/stop/": {"post"},
    "customers/{id}/volumes/": {"get"},
    "customers/{id}/merge/": {"post"},
    "customers/{id}/corrections/": {"get"},
    "customers/{id}/data/": {"post"},
    "customer-duplicates/": {"get"},
    "customer-duplicates/apart/": {"post"},
    "customer-volumes/": {"post"},
    "customer-risks/": {"get"},
    "customer-handovers/": {"post"},
    "retention-cases/{id}/": {"get"},
    "retention-cases/{id}/give/": {"post"},
    "retention-cases/{id}/steps/": {"post"},
    "retention-cases/{id}/steps/{step_pk}/done/": {"post"},
    "retention-cases/{id}/close/": {"post"},
    "account-managers/": {"get"},
    "account-reviews/": {"get", "post"},
    "account-reviews/{id}/": {"get"},
    "training-needs/": {"get"},
    "task-forces/": {"get", "post"},
    "task-forces/{id}/": {"get"},
    "task-forces/{id}/edit/": {"post"},
    "task-forces/{id}/end/": {"post"},
    "task-forces/{id}/duties/": {"get", "post"},
    "duties/{id}/": {"get"},
    "duties/{id}/report/": {"post"},
    "duties/{id}/finish/": {"post"},
    "duties/{id}/drop/": {"post"},
    "courses/": {"get", "post"},
    "courses/{id}/": {"get", "patch"},
    "courses/{id}/close/": {"post"},
    "courses/{id}/effect/": {"get"},
    "courses/{id}/sessions/": {"post"},
    "training-sessions/": {"get"},
    "training-sessions/{id}/": {"get"},
    **{f"training-sessions/{{id}}/{act}/": {"post"} for act in ("record", "cancel")},
    "rankings/{period}/": {"get"},
    "reports/": {"get"},
    "reports/{period}/": {"get"},
    "periods/": {"get"},
    "periods/{period}/": {"get"},
    "periods/{period}/close/": {"post"},
    "periods/{period}/revise/": {"post"},
    "disputes/": {"get", "post"},
    "disputes/{id}/": {"get"},
    "disputes/{id}/decide/": {"post"},
    "disputes/{id}/withdraw/": {"post"},
    "disputes/{id}/files/{file_id}/": {"get"},
    "ranking-rules/": {"get", "post"},
    "reports/table/": {"get"},
    "points/": {"get", "post"},
    "points/balance/": {"get", "patch"},
    "points/board/": {"get"},
    "points/rules/": {"get"},
    "points/{id}/take-back/": {"post"},
    "people/{id}/points/": {"get"},
    "rewards/": {"get", "post"},
    "rewards/{id}/": {"patch"},
    "redemptions/": {"get", "post"},
    "redemptions/{id}/": {"get"},
    **{
        f"redemptions/{{id}}/{act}/": {"post"}
        for act in ("approve", "refuse", "withdraw", "hand-over")
    },
    "fund/": {"get", "put"},
    "thanks/": {"get", "post"},
    "thanks/{id}/": {"delete"},
}


def test_the_document_is_the_contract(caller: Caller) -> None:
    paths = json.loads(caller.get("schema/").content)["paths"]

    found = {path.removeprefix(ROOT): set(operations) for path, operations in paths.items()}

    assert found == CONTRACT


def test_the_document_needs_a_caller(person: Person) -> None:
    refused(Caller().get("schema/"), 401, "not_authenticated")
    assert Caller(person).get("schema/").status_code == 200


def test_b06_the_docs_are_served_from_here_without_inline_script(person: Person) -> None:
    browser = Client()
    visitor = browser.get("/api/v1/docs/")
    browser.force_login(person)

    page = browser.get("/api/v1/docs/")
    script = browser.get("/api/v1/docs/?script=")

    assert visitor.status_code == 302
    assert visitor["Location"].endswith("?next=/api/v1/docs/")
    assert page.status_code == script.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert text.count("<script src=") == text.count("<script") == 3
    assert "http://" not in text
    assert "https://" not in text
    assert "unsafe" not in page["Content-Security-Policy"]
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in script.content


def test_body_limit_is_below_ten_megabytes() -> None:
    assert settings.DATA_UPLOAD_MAX_MEMORY_SIZE < 10_000_000
