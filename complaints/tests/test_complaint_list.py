"""The list of complaints."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import keyset
from complaints.actions import notes, timers
from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Complaint, Milestone
from complaints.tests.rows import signed_in
from csm.kit import clock
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db
URL = "/complaints/"
POLYGLOT = "\"'><script>alert(1)</script>{{ 7 }}"
HOSTILE = (
    "",
    "\0",
    "x",
    "-1",
    "9" * 40,
    POLYGLOT,
    "é" * 5000,
    "2026-13-45",
    "0001-01-01",
    "9999-12-31T23:59:59+14:00",
    "due'; DROP TABLE complaints_complaint; --",
    "0~x~1",
    "0~2026-01-01T00:00:00+00:00~99999999999999999999",
    "7~2026-01-01T00:00:00+00:00~1",
    "0~2026-01-01T00:00:00~1",
    "0~0001-01-01T00:00:00+14:00~1",
    "٣",
)
# A condition that takes several values gets all of HOSTILE at once, the others one by one.
SEVERAL = [
    "status",
    "branch",
    "category",
    "severity",
    "channel",
    "tier",
    "handler",
    "milestone",
    "verdict",
    "verdict_branch",
    "all_four",
]
SINGLE = [
    "cycle",
    "exact",
    "due_after",
    "due_before",
    "received_after",
    "received_before",
    "search",
    "through",
    "ordering",
    "after",
    "before",
    "unknown",
]


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, email="")


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="", name="周敏")


def at(branch: Branch, until: str = "handling", **more: Any) -> Complaint:
    return ComplaintFactory.create(branch=branch, until=until, **more)


def get(person: Person, **query: Any) -> str:
    answer = signed_in(person).get(URL, query)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(text: str) -> list[str]:
    """The numbers of the rows, in their order."""
    return re.findall(r'<span class="r-meta"><span class="num">([^<]+)</span>', text)


def tabs(text: str) -> dict[str, str]:
    """The views with their counts, without the link that keeps one more."""
    nav = text[text.index('<nav class="tabs"') :]
    nav = nav[: nav.index('<a href="/complaints/views/new/')] + "</nav>"
    found = re.findall(r"<a [^>]*>([^<]+?)(?: <span class=\"count\">([^<]*)</span>)?</a>", nav)
    return dict(found[: nav[: nav.index("</nav>")].count("<a ")])


def link(text: str, rel: str) -> dict[str, str]:
    """The parameters of the link to the next or previous page."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', text)
    assert found
    query = urlsplit(found[1].replace("&amp;", "&")).query
    return {name: values[0] for name, values in parse_qs(query).items()}


def test_b01_scope_of_the_list(company: Tree, handler: Person) -> None:
    own, child = at(company.branch), at(company.child)
    for place in (company.sibling, company.region, company.headquarters):
        at(place)
    text = get(handler)
    assert set(numbers(text)) == {own.number, child.number}
    assert tabs(text) == {
        "All": "2",
        "Responsible": "2",
        "Taken in by us": "2",
        "I take part": "0",
    }


def test_b01_tabs_by_why_it_is_seen(company: Tree, handler: Person, quality: Person) -> None:
    responsible = at(company.branch, intake_branch=company.sibling)
    taken_in = at(company.sibling, intake_branch=company.branch)
    part = at(company.sibling, intake_branch=company.sibling)
    notes.write(complaint=part, text="@周敏 请看。", by=quality, now=clock.now())
    assert numbers(get(handler)) == [responsible.number]
    assert numbers(get(handler, through="branch")) == [responsible.number]
    assert numbers(get(handler, through="intake_branch")) == [taken_in.number]
    assert numbers(get(handler, through="participants__person")) == [part.number]
    everything = get(handler, through="all")
    assert set(numbers(everything)) == {responsible.number, taken_in.number, part.number}
    assert tabs(everything) == {
        "All": "3",
        "Responsible": "1",
        "Taken in by us": "1",
        "I take part": "1",
    }


def test_a_search_from_the_bar_looks_everywhere(company: Tree, handler: Person) -> None:
    taken_in = at(company.sibling, intake_branch=company.branch)
    text = get(handler, search=taken_in.number)
    assert numbers(text) == [taken_in.number]
    # Counting the other views would read every row three times more.
    assert tabs(text) == {"All": "1", "Responsible": "", "Taken in by us": "", "I take part": ""}


def test_who_sees_all_has_two_views(company: Tree, quality: Person) -> None:
    at(company.branch)
    assert tabs(get(quality)) == {"All": "1", "I take part": "0"}


@pytest.mark.parametrize(
    "words",
    ["TS2026", "滞留", "YD6510 8827", "天山医药", "13800138000", "8000", "+86 138 0013 8000"],
)
def test_search_finds_by_number_subject_waybill_customer_and_phone(
    words: str, company: Tree, quality: Person
) -> None:
    customer = CustomerFactory.create(name="天山医药", home_branch=company.branch)
    wanted = at(
        company.branch, customer=customer, waybill="YD6510 8827", subject="货物滞留无人通知"
    )
    Complaint.objects.filter(pk=wanted.pk).update(
        contact_digits="13800138000", number="TS20261119-0042"
    )
    other = at(company.branch, subject="车辆迟到")
    Complaint.objects.filter(pk=other.pk).update(number="TS20250101-0001", description="")
    assert numbers(get(quality, search=words)) == ["TS20261119-0042"]


def test_several_values_of_a_filter_and_their_chips(company: Tree, quality: Person) -> None:
    handling, assigned = at(company.branch), at(company.branch, "assigned")
    at(company.branch, "received")
    text = get(quality, status=["handling", "assigned"], branch="WX")
    assert set(numbers(text)) == {handling.number, assigned.number}
    for chip in ("Status: Handling", "Status: Assigned", "Branch: Wuxi"):
        assert chip in text
    without = re.search(r'href="([^"]+)" aria-label="Remove filter: Branch"', text)
    assert without
    query = parse_qs(urlsplit(without[1].replace("&amp;", "&")).query)
    assert query == {"status": ["assigned", "handling"]} or query == {
        "status": ["handling", "assigned"]
    }
    # The form sends what was chosen before along with a new choice.
    for value in ("handling", "assigned"):
        assert f'<input type="hidden" name="status" value="{value}">' in text


def test_filters_by_commas_are_removed_one_by_one(company: Tree, quality: Person) -> None:
    text = get(quality, status="handling,assigned")
    links = re.findall(r'href="([^"]+)" aria-label="Remove filter: Status"', text)
    assert [parse_qs(urlsplit(found).query)["status"] for found in links] in (
        [["assigned"], ["handling"]],
        [["handling"], ["assigned"]],
    )


def test_c25_a_category_includes_those_below(company: Tree, quality: Person) -> None:
    top = CategoryFactory.create(name_en="Transport")
    below = CategoryFactory.create(name_en="Damage", parent=top)
    wanted = {at(company.branch, category=category).number for category in (top, below)}
    at(company.branch, category=CategoryFactory.create())
    text = get(quality, category=top.code)
    assert set(numbers(text)) == wanted
    assert "Category: Transport" in text


def test_filter_by_clock(company: Tree, quality: Person) -> None:
    late = at(company.branch, "received", received_at=clock.now() - timedelta(hours=2))
    at(company.branch, "received")
    text = get(quality, milestone="apology", verdict="breached")
    assert numbers(text) == [late.number]


def test_next_deadline_first_then_the_ended(company: Tree, quality: Person) -> None:
    now = clock.now()
    closed = at(company.branch, "closed")
    young = at(company.branch, "received", received_at=now - timedelta(minutes=5))
    old = at(company.branch, "received", received_at=now - timedelta(days=2))
    text = get(quality)
    assert numbers(text) == [old.number, young.number, closed.number]
    assert "Next deadline first" in text
    assert numbers(get(quality, ordering="-received_at"))[:2] == [closed.number, young.number]
    assert numbers(get(quality, ordering="received_at"))[0] == old.number
    assert numbers(get(quality, ordering="-due"))[0] == young.number


def test_all_four_clocks_on_every_row(company: Tree, quality: Person) -> None:
    at(company.branch, "received")
    history = at(company.branch, "received")
    history.timers.filter(kind=Milestone.WORK_ORDER).delete()
    text = get(quality)
    assert text.count('class="ck r-ck"') == 8
    assert text.count('data-state="none"') == 1
    for head in ("Apology", "Result", "Work order", "Callback"):
        assert re.search(rf'class="r-ck">{head} <span class="faint">', text)


def test_what_an_earlier_cycle_left_open_stays_in_sight(company: Tree, quality: Person) -> None:
    long_ago = clock.now() - timedelta(days=3)
    complaint = at(company.branch, "answered", now=long_ago, received_at=long_ago)
    later = long_ago + timedelta(hours=20)
    Complaint.objects.filter(pk=complaint.pk).update(cycle=2)
    complaint.refresh_from_db()
    timers.start(complaint, timers.LATER_CYCLE, at=later)
    text = get(quality)
    row = text[text.index('class="r-main"') :]
    # The order of cycle 1 was due 48 h after the receipt, that of cycle 2 in 20 h from now.
    states = re.findall(r'class="ck r-ck" role="cell" data-state="(\w+)"', row)
    assert states == ["met", "over", "over", "over"]


def _many(company: Tree, count: int) -> list[str]:
    """Complaints with equal deadlines among them, and some without one."""
    now = clock.now()
    made = []
    for place in range(count):
        received_at = now - timedelta(hours=place // 3)
        made.append(at(company.branch, "received", received_at=received_at).number)
    ended = Complaint.objects.filter(number__in=made[-count // 3 :])
    ended.update(next_due_at=None)
    return made


@pytest.mark.parametrize("ordering", ["due", "-due", "-received_at", "received_at"])
def test_keyset_pages_are_whole_and_lead_back(
    ordering: str, company: Tree, quality: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "SIZE", 4)
    monkeypatch.setattr(keyset.page, "__kwdefaults__", {"after": "", "before": "", "size": 4})
    made = _many(company, 15)
    pages, query = [], {"ordering": ordering}
    while True:
        text = get(quality, **query)
        pages.append(numbers(text))
        if 'rel="next"' not in text:
            break
        query = link(text, "next")
    assert [len(page) for page in pages] == [4, 4, 4, 3]
    assert sorted(number for page in pages for number in page) == sorted(made)
    for page in reversed(pages[:-1]):
        text = get(quality, **link(text, "prev"))
        assert numbers(text) == page
    assert 'rel="prev"' not in text


def test_rows_that_arrive_move_no_page(
    company: Tree, quality: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset.page, "__kwdefaults__", {"after": "", "before": "", "size": 4})
    made = _many(company, 8)
    first = get(quality, ordering="received_at")
    second = get(quality, **link(first, "next"))
    at(company.branch, "received", received_at=clock.now() - timedelta(days=9))
    assert numbers(get(quality, **link(first, "next"))) == numbers(second)
    assert sorted(numbers(first) + numbers(second)) == sorted(made)


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(("role", "queries"), [(Role.HANDLER, 12), (Role.QUALITY_MANAGER, 12)])
def test_the_list_asks_the_database_as_often_for_20_rows(
    count: int, role: str, queries: int, company: Tree
) -> None:
    place = company.branch if role == Role.HANDLER else company.headquarters
    person = PersonFactory.create(branch=place, role=role)
    for _place in range(count):
        at(company.branch, "closed", category=CategoryFactory.create())
    client = signed_in(person)
    with CaptureQueriesContext(connection) as asked:
        assert len(numbers(client.get(URL).content.decode())) == count
    assert len(asked) == queries


def test_first_use_and_filtered_empty_differ(company: Tree, quality: Person) -> None:
    assert "No complaints yet" in get(quality)
    assert f'href="{reverse("complaint-new")}"' in get(quality)
    at(company.branch)
    text = get(quality, severity="critical", search="不存在")
    assert "Nothing matches these filters" in text
    assert "Severity: Critical; Search: 不存在" in text
    assert "Without “不存在”" in text
    assert "No complaints yet" not in text


def test_reading_people_are_not_offered_to_log(company: Tree) -> None:
    executive = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    assert f'href="{reverse("complaint-new")}"' not in get(executive)


def test_b14_hostile_addresses_never_fail(company: Tree, handler: Person) -> None:
    at(company.branch)
    client = signed_in(handler)
    queries = [{name: list(HOSTILE)} for name in SEVERAL + SINGLE]
    queries += [{name: [value]} for name in SINGLE for value in HOSTILE]
    for query in queries:
        answer = client.get(URL, query)
        assert answer.status_code == 200, query
        assert "<script>alert" not in answer.content.decode()


def test_htmx_gets_the_results_alone(company: Tree, quality: Person) -> None:
    complaint = at(company.branch)
    answer = signed_in(quality).get(URL, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert numbers(text) == [complaint.number]
    assert "<html" not in text
    assert "HX-Request" in answer["Vary"]


def test_b05_names_stay_words(company: Tree, quality: Person) -> None:
    customer = CustomerFactory.create(name=POLYGLOT, home_branch=company.branch, contact_name="x")
    at(company.branch, subject=POLYGLOT, customer=customer)
    text = get(quality, search=POLYGLOT)
    assert len(numbers(text)) == 1
    assert "<script>alert" not in text


def test_no_one_without_a_posting_sees_anything(company: Tree) -> None:
    at(company.branch)
    nobody = PersonFactory.create(postings=[])
    assert numbers(get(nobody)) == []


def test_a_login_is_needed(client: Any) -> None:
    assert client.get(URL).status_code == 302
