"""The list of complaints: conditions, order, pages (contract, "REST API")."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from complaints.actions import handling
from complaints.factories import CategoryFactory, ComplaintFactory, handler_of
from complaints.filters import ComplaintFilter
from complaints.models import Channel, Complaint, Severity
from csm.kit import clock
from csm.tests.api import Caller, refused
from customers.factories import CustomerFactory
from customers.models import Kind, Tier
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def caller(quality: Person) -> Caller:
    return Caller(quality)


@pytest.fixture
def hours_ago() -> Any:
    present = clock.now()
    return lambda hours: present - hours * HOUR


def numbers(caller: Caller, query: str | dict[str, Any] = "") -> list[str]:
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    response = caller.get(f"complaints/?{text}")
    assert response.status_code == 200, response.content
    return [row["number"] for row in response.json()["results"]]


def received(hours: int, hours_ago: Any, **fields: Any) -> Complaint:
    """A complaint that came in so many hours ago, logged and handled at once."""
    return ComplaintFactory.create(now=hours_ago(hours), **fields)


def test_newest_first_with_the_clocks_of_every_row(caller: Caller, hours_ago: Any) -> None:
    old, new = received(3, hours_ago), received(1, hours_ago)

    body = caller.get("complaints/").json()

    assert (body["next"], body["previous"]) == (None, None)
    assert [row["number"] for row in body["results"]] == [new.number, old.number]
    assert [len(row["timers"]) for row in body["results"]] == [4, 4]
    assert body["results"][1]["timers"][0]["verdict"] == "breached"


def test_several_values_of_one_condition_repeated_or_with_commas(
    caller: Caller, company: Tree, hours_ago: Any
) -> None:
    first = received(4, hours_ago)
    second = received(3, hours_ago, branch=company.branch, until="assigned")
    received(2, hours_ago, branch=company.branch, until="handling")

    wanted = [second.number, first.number]

    assert numbers(caller, "status=received&status=assigned") == wanted
    assert numbers(caller, "status=received,assigned") == wanted
    assert numbers(caller, "status=received, assigned,") == wanted
    assert numbers(caller, "status=") == numbers(caller)


def test_branch_and_category_include_what_lies_below(
    caller: Caller, company: Tree, hours_ago: Any
) -> None:
    goods = CategoryFactory.create(code="goods")
    wet = CategoryFactory.create(code="wet", parent=goods)
    child = received(2, hours_ago, branch=company.child, category=wet, until="assigned")
    sibling = received(1, hours_ago, branch=company.sibling, until="assigned")

    assert numbers(caller, "branch=WX") == [child.number]
    assert numbers(caller, "branch=JS") == [sibling.number, child.number]
    assert numbers(caller, "branch=WX1,SZ") == [sibling.number, child.number]
    assert numbers(caller, "branch=GN") == []
    assert numbers(caller, "category=goods") == [child.number]
    assert numbers(caller, "category=wet") == [child.number]


def test_through_names_why_a_complaint_is_seen(
    company: Tree, caller: Caller, hours_ago: Any
) -> None:
    desk = PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK)
    taken = received(
        3, hours_ago, intake_branch=company.branch, branch=company.sibling, until="assigned"
    )
    owned = received(
        2, hours_ago, intake_branch=company.sibling, branch=company.branch, until="assigned"
    )
    part = received(1, hours_ago, intake_branch=company.other_region, by=None)
    part.participants.create(person=desk, reason="mentioned", since_at=part.logged_at)
    mine = Caller(desk)

    assert numbers(mine) == [part.number, owned.number, taken.number]
    assert numbers(mine, "through=branch") == [owned.number]
    assert numbers(mine, "through=intake_branch") == [taken.number]
    assert numbers(mine, "through=participants__person") == [part.number]
    assert numbers(mine, "through=intake_branch&branch=WX") == [taken.number]
    assert numbers(mine, "branch=WX") == [owned.number]


def test_severity_channel_tier_and_handler(company: Tree, caller: Caller, hours_ago: Any) -> None:
    gold = CustomerFactory.create(tier=Tier.GOLD)
    firm = CustomerFactory.create(kind=Kind.COMPANY, tier="", grade="5A")
    handler = handler_of(company.branch)
    one = received(3, hours_ago, severity=Severity.HIGH, channel=Channel.FAX, customer=gold)
    two = received(
        2, hours_ago, branch=company.branch, until="assigned", handler=handler, customer=firm
    )

    assert numbers(caller, "severity=high") == [one.number]
    assert numbers(caller, "channel=fax,email") == [one.number]
    assert numbers(caller, "tier=gold") == [one.number]
    assert numbers(caller, "tier=5A") == [two.number]
    assert numbers(caller, f"handler={handler.pk}") == [two.number]
    assert numbers(caller, f"handler={handler.username}") == [two.number]
    assert numbers(caller, "handler=none") == [one.number]
    assert numbers(caller, "handler=me") == []
    assert numbers(Caller(handler), "handler=me") == [two.number]


def test_milestone_verdict_and_deadline_speak_of_one_clock(
    company: Tree, caller: Caller, hours_ago: Any
) -> None:
    # Apology late, result in time: no single clock is both "result" and "breached".
    complaint = received(5, hours_ago, branch=company.branch, until="handling")
    handling.apologise(
        complaint=complaint,
        channel=Channel.PHONE,
        words="Sorry.",
        by=handler_of(company.branch),
        now=hours_ago(1),
    )
    start = complaint.received_at

    def found(query: dict[str, Any]) -> bool:
        return numbers(caller, query) == [complaint.number]

    assert found({"milestone": "apology", "verdict": "breached"})
    assert not found({"milestone": "result", "verdict": "breached"})
    assert found({"milestone": ["result", "apology"], "verdict": "breached"})
    assert found({"verdict": "running"})
    assert not found({"verdict": "met"})
    assert found({"milestone": "result", "due_before": (start + 25 * HOUR).isoformat()})
    assert not found({"milestone": "result", "due_before": (start + 24 * HOUR).isoformat()})
    assert found({"milestone": "result", "due_after": (start + 24 * HOUR).isoformat()})
    assert not found({"milestone": "result", "due_after": (start + 25 * HOUR).isoformat()})
    # The apology was due by then, another clock is running: not the same one.
    assert not found({"verdict": "running", "due_before": (start + 2 * HOUR).isoformat()})
    assert found({"milestone": "apology", "verdict_branch": "JS"})
    assert not found({"milestone": "apology", "verdict_branch": "SZ"})


def test_received_between(caller: Caller, hours_ago: Any) -> None:
    complaint = received(30, hours_ago)
    at = complaint.received_at

    def found(**query: datetime | str) -> bool:
        text = {
            name: value if isinstance(value, str) else value.isoformat()
            for name, value in query.items()
        }
        return numbers(caller, text) == [complaint.number]

    assert found(received_after=at)
    assert not found(received_before=at)
    assert found(received_before=at + timedelta(microseconds=1))
    assert found(received_after="2020-01-01", received_before="2100-01-01")
    assert not found(received_before="2020-01-01")
    # A plus sign that was not encoded.
    assert numbers(caller, "received_after=2020-01-01T00:00:00+08:00") == [complaint.number]


def test_search_finds_number_words_waybill_customer_and_phone(
    caller: Caller, hours_ago: Any
) -> None:
    customer = CustomerFactory.create(name="无锡百货")
    complaint = received(
        1,
        hours_ago,
        subject="货物受潮",
        description="六托有两托",
        waybill="SF-100",
        customer=customer,
    )
    Complaint.objects.filter(pk=complaint.pk).update(contact_digits="13800138000")
    received(1, hours_ago)

    for text in (
        complaint.number,
        "受潮",
        "两托",
        "sf-100",
        "百货",
        "13800138000",
        "+86 138 0013 8000",
        "8000",
    ):
        assert numbers(caller, {"search": text}) == [complaint.number], text
    assert numbers(caller, {"search": "138001"}) == []
    assert numbers(caller, {"search": "%%"}) == []


def test_order_by_receipt_and_by_deadline(company: Tree, caller: Caller, hours_ago: Any) -> None:
    closed = received(50, hours_ago, branch=company.branch, until="closed")
    late = received(3, hours_ago)
    early = received(1, hours_ago)
    apologised = received(2, hours_ago, branch=company.branch, until="answered")

    assert numbers(caller, "ordering=received_at") == [
        closed.number,
        late.number,
        apologised.number,
        early.number,
    ]
    assert numbers(caller, "ordering=-received_at") == numbers(caller)
    # What has no deadline any more comes last.
    assert numbers(caller, "ordering=due") == [
        late.number,
        early.number,
        apologised.number,
        closed.number,
    ]
    assert numbers(caller, "ordering=-due") == [
        apologised.number,
        early.number,
        late.number,
        closed.number,
    ]


@pytest.mark.parametrize("ordering", ["-received_at", "received_at", "due", "-due"])
def test_pages_are_stable_while_complaints_arrive(
    company: Tree, caller: Caller, hours_ago: Any, ordering: str
) -> None:
    # Several at the same moment: the moment alone is no position.
    for hours in (5, 5, 5, 3, 3, 2):
        received(hours, hours_ago, branch=company.branch)
    received(4, hours_ago, branch=company.branch, until="closed")
    query = f"ordering={ordering}&branch=HQ&page_size=2"
    whole = numbers(caller, query.replace("page_size=2", "page_size=100"))
    assert len(whole) == 7

    first = caller.get(f"complaints/?{query}").json()
    assert first["previous"] is None
    for hours in (5, 3, 1):
        received(hours, hours_ago, branch=company.branch)
    seen = [row["number"] for row in first["results"]]
    page = first
    back: list[str] = []
    while page["next"]:
        assert page["next"].startswith("http://testserver/api/v1/complaints/?")
        page = caller.get(page["next"]).json()
        seen += [row["number"] for row in page["results"]]
    while page["previous"]:
        page = caller.get(page["previous"]).json()
        back = [row["number"] for row in page["results"]] + back

    assert [number for number in seen if number in whole] == whole
    assert len(seen) == len(set(seen))
    assert set(whole[:-1]) <= {*back, *whole[-2:]}
    assert parse_qs(urlsplit(first["next"]).query)["branch"] == ["HQ"]


HOSTILE = [
    "' OR 1=1 --",
    "1; DROP TABLE complaints_complaint",
    "\0",
    "a\0b",
    "%",
    "{{7*7}}",
    "../../etc/passwd",
    "-",
    "--received_at",
    "received_at,due",
    "?",
    "pk",
    "customer__name",
    "branch__path",
    "random",
    "0",
    "-1",
    "9" * 50,
    "9" * 5000,
    "NaN",
    "null",
    "[]",
    "{}",
    "true",
    "日本",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "\u202e",
    "\ufeff",
    "x" * 3000,
    ",",
    ",,,",
    "2026-13-45",
    "0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-01-01T00:00:00+99:99",
    "24:00",
]
NAMES = [*ComplaintFilter.base_filters, "after", "before", "page_size", "page", "cursor", "x"]
# Of these any value may be meant.
OPEN = {"search", "handler", "after", "before", "page", "cursor", "x"}


@pytest.mark.parametrize("name", NAMES)
def test_b14_hostile_values_are_400_or_an_answer_but_never_an_accident(
    caller: Caller, name: str, hours_ago: Any
) -> None:
    received(1, hours_ago)

    for value in HOSTILE:
        response = caller.get(f"complaints/?{urlencode({name: value})}")
        if response.status_code == 400:
            assert set(refused(response, 400, "invalid")["fields"]) == {name}
        else:
            assert response.status_code == 200, (name, value)


@pytest.mark.parametrize("name", sorted(set(ComplaintFilter.base_filters) - OPEN))
def test_what_is_no_value_of_a_condition_is_400_with_its_name(caller: Caller, name: str) -> None:
    fields = refused(caller.get(f"complaints/?{name}=nonsense"), 400, "invalid")["fields"]

    assert set(fields) == {name}


def test_a_branch_that_is_not_seen_is_no_value(company: Tree) -> None:
    desk = Caller(PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK))

    for code in ("SZ", "JS", "HQ"):
        assert set(refused(desk.get(f"complaints/?branch={code}"), 400, "invalid")["fields"]) == {
            "branch"
        }
    assert desk.get("complaints/?branch=WX1").status_code == 200


@pytest.mark.parametrize("size", ["0", "101", "-1", "x", "1.5", "٣", "9" * 5000])
def test_the_size_of_a_page_is_1_to_100(caller: Caller, size: str) -> None:
    response = caller.get(f"complaints/?{urlencode({'page_size': size})}")

    assert set(refused(response, 400, "invalid")["fields"]) == {"page_size"}


def test_html_leaves_out_what_is_invalid_and_names_it(
    quality: Person, company: Tree, hours_ago: Any
) -> None:
    complaint = received(1, hours_ago)
    received(1, hours_ago, branch=company.branch, until="assigned")
    given = {"status": "received", "severity": "worst", "ordering": "'"}

    found = ComplaintFilter(given, person=quality, now=clock.now())

    assert [row.pk for row in found.qs] == [complaint.pk]
    assert set(found.errors) == {"severity", "ordering"}
    assert found.order == "-received_at"


@pytest.mark.parametrize("role", [Role.QUALITY_MANAGER, Role.FRONT_DESK])
@pytest.mark.parametrize("query", ["", "?ordering=due", "?milestone=result&verdict=running"])
def test_the_list_takes_the_same_queries_for_1_row_and_for_20(
    company: Tree, hours_ago: Any, role: str, query: str, django_assert_num_queries: Any
) -> None:
    branch = company.headquarters if role == Role.QUALITY_MANAGER else company.branch
    caller = Caller(PersonFactory.create(branch=branch, role=role))
    # token, moment, postings, complaints, timers; a branch's people also resolve their branches
    expected = 5 if role == Role.QUALITY_MANAGER else 6
    # Running and finished complaints are read one after the other.
    expected += 1 if "due" in query else 0
    received(1, hours_ago, branch=company.branch, until="handling")
    with django_assert_num_queries(expected):
        assert len(caller.get(f"complaints/{query}").json()["results"]) == 1

    for hours in range(2, 21):
        customer = CustomerFactory.create(home_branch=company.child)
        received(hours, hours_ago, branch=company.child, until="handling", customer=customer)

    with django_assert_num_queries(expected):
        assert len(caller.get(f"complaints/{query}").json()["results"]) == 20
