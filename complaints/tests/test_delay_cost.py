"""Delay cost (C-17, F-06, R-06): live on a complaint, and its avoidable sum by branch and month."""

import io
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import clocks, delay_cost, delay_costs, months
from complaints.actions import delay_prices, handling, triage
from complaints.factories import CategoryFactory
from complaints.models import Complaint, DelayPrice
from complaints.tests.clockwork import Desk, again, at, opened_desk
from complaints.tests.rows import signed_in
from csm.kit import clock
from csm.kit.statistics import delay_units
from csm.tests.api import Caller
from csm.tests.api import refused as api_refused
from organisation.factories import BranchFactory, PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# F-06: 1, 1, 1, 10, 10, 10, 100 units.
HOURS = (3, 20, 24, 30, 71.5, 72, 80)
NOVEMBER = "2026-11"


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def resolved(desk: Desk, hours: float, **more: Any) -> Complaint:
    """Received at START, given its result so many hours later."""
    complaint = desk.complaint(**more)
    Complaint.objects.filter(pk=complaint.pk).update(
        status="answered", answered_at=at(0) + hours * HOUR
    )
    return complaint


def of_branches(person: Person, now: datetime) -> dict[str, tuple[int, int, int]]:
    """Complaints, units and avoidable units by branch."""
    found = delay_costs.lines(person, months.of_key(NOVEMBER), now=now)
    return {
        line.branch.code: (line.complaints, line.units, line.avoidable)
        for line in found
        if line.branch
    }


def test_f06_the_sums_are_those_of_the_formula(desk: Desk) -> None:
    """133 units, of which 126 avoidable; at ¥50 that is ¥6,650."""
    for hours in HOURS:
        resolved(desk, hours)
    assert of_branches(desk.executive, at(999)) == {"WX": (7, 133, 126)}
    admin = PersonFactory.create(branch=desk.company.headquarters, role=Role.ADMINISTRATOR)
    url = f"/delay-cost/?month={NOVEMBER}"
    assert "units only: no price is set" in signed_in(desk.executive).get(url).content.decode()
    priced = signed_in(admin).post("/settings/delay-price/", {"amount": "50"})
    assert priced.status_code == 302
    page = signed_in(desk.executive).get(url).content.decode()
    for words in ("¥6,650", "133", "126", "¥6,300"):
        assert words in page
    branch = reverse("delay-cost-branch", args=(desk.company.branch.pk,))
    listed = signed_in(desk.handler).get(f"{branch}?month={NOVEMBER}").content.decode()
    assert "7 complaints, 133 units, of these avoidable 126" in listed
    assert listed.count('class="r-subject"') == 7
    assert [f"{hours:.1f}</td>" in listed for hours in HOURS] == [True] * 7


def test_f06_the_database_counts_like_the_pure_function(desk: Desk) -> None:
    """At and around the borders, and at 40 other moments; open ones as those with a result."""
    complaint = desk.complaint()
    rows, timers = Complaint.objects.filter(pk=complaint.pk), clocks.timers_of([complaint])
    chance = random.Random(6)
    borders = [hours * 3600 + more for hours in (0, 24, 72) for more in (0, 1, 3599)]
    for seconds in [*borders, 86_399, 259_199, *chance.sample(range(9 * 86_400), 40)]:
        moment = at(0) + timedelta(seconds=seconds)
        for answered_at, now in ((moment, at(9999)), (None, moment)):
            rows.update(answered_at=answered_at)
            row = delay_cost.counted(rows, now=now).get()
            delay = delay_cost.delay_of(again(complaint), timers, now=now)
            assert delay is not None
            assert row.units == delay.units == delay_units(seconds / 3600), seconds
            assert row.elapsed == delay.elapsed == moment - at(0)


def test_f06_an_open_one_counts_until_now_and_a_reopened_one_again(desk: Desk) -> None:
    complaint = desk.complaint("answered", hour=5, received_at=at(0))

    def units(hour: float) -> int:
        found = again(complaint)
        delay = delay_cost.delay_of(found, clocks.timers_of([found]), now=at(hour))
        assert delay is not None
        return delay.units

    assert units(500) == 1
    handling.reopen(complaint=again(complaint), reason="x", by=desk.quality, now=at(20))
    assert [units(hour) for hour in (24, 24.1, 72, 73)] == [1, 10, 10, 100]
    assert of_branches(desk.quality, at(73)) == {"WX": (1, 100, 99)}


def test_c17_what_is_invalid_merged_or_without_clocks_is_left_out(desk: Desk) -> None:
    resolved(desk, 30)
    for status in ("invalid", "invalid_proposed"):
        out = resolved(desk, 90)
        Complaint.objects.filter(pk=out.pk).update(status=status, invalid_reason="x")
    survivor = resolved(desk, 2)
    gone = resolved(desk, 90)
    Complaint.objects.filter(pk=gone.pk).update(status="merged", merged_into=survivor.pk)
    praise = desk.complaint("received")
    triage.judge_valid(
        complaint=again(praise), branch=desk.company.branch, severity="low",
        category=CategoryFactory.create(is_exempt=True), by=desk.quality, now=at(1),
    )  # fmt: skip
    assert of_branches(desk.executive, at(99)) == {"WX": (2, 11, 9)}
    page = signed_in(desk.quality).get(reverse("complaint-care", args=(praise.number,)))
    assert "No delay is counted" in page.content.decode()
    shown = signed_in(desk.executive).get(f"/delay-cost/?month={NOVEMBER}").content.decode()
    assert "Invalid and merged complaints, and those without clocks, are left out." in shown


def test_c17_everybody_has_the_sums_of_what_they_see(desk: Desk) -> None:
    resolved(desk, 30)
    resolved(desk, 80, branch=desk.company.sibling, handler=desk.neighbour)
    resolved(desk, 80, received_at=at(-24 * 30), now=at(0))
    assert of_branches(desk.handler, at(99)) == {"WX": (1, 10, 9)}
    assert of_branches(desk.neighbour, at(99)) == {"SZ": (1, 100, 99)}
    assert list(of_branches(desk.executive, at(99))) == ["SZ", "WX"], "the dearest first"
    sibling = reverse("delay-cost-branch", args=(desk.company.sibling.pk,))
    assert signed_in(desk.handler).get(sibling).status_code == 404
    client = signed_in(desk.executive)
    for query in ("month=2026-W47", "month=x", "month=2026-13"):
        assert client.get(f"/delay-cost/?{query}").status_code == 404


def test_c17_export_and_api_give_the_same_numbers(desk: Desk) -> None:
    for hours in HOURS:
        resolved(desk, hours)
    delay_prices.set_price(amount=Decimal("2.50"), by=None, now=at(0))
    client = signed_in(desk.quality)
    data = {"form": "xlsx", "query": f"month={NOVEMBER}"}
    made = client.post("/delay-cost/export/", data)
    book = io.BytesIO(b"".join(made.streaming_content))  # type: ignore[attr-defined]
    rows = list(openpyxl.load_workbook(book).active.values)  # type: ignore[union-attr]
    assert rows[1:] == [("November 2026", "WX", "Wuxi", 7, 0, 3, 3, 1, 133, 126, 2.5, 332.5, 315)]
    lines = client.post(
        "/delay-cost/complaints/export/",
        {"form": "csv", "query": f"month={NOVEMBER}&branch=WX"},
    )
    text = b"".join(lines.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(text) == 8
    assert [int(line.split(",")[6]) for line in text[1:]] == [100, 10, 10, 10, 1, 1, 1]
    caller = Caller(desk.quality)
    [row] = caller.get(f"delay-cost/?month={NOVEMBER}").json()["results"]
    assert row == {
        "branch": {"code": "WX", "name": "无锡"} | row["branch"],
        "complaints": 7, "open": 0, "up_to_24_hours": 3, "up_to_72_hours": 3, "later": 1,
        "units": 133, "avoidable": 126,
    }  # fmt: skip
    url = f"delay-cost/complaints/?month={NOVEMBER}&branch=WX"
    found = caller.get(f"{url}&page_size=4").json()
    second = caller.get(found["next"]).json()
    both = [*found["results"], *second["results"]]
    assert sum(row["units"] for row in both) == 133
    assert sorted(row["hours"] for row in both) == sorted(HOURS)
    api_refused(caller.get("delay-cost/?month=x"), 400, "invalid")
    api_refused(caller.get("delay-cost/complaints/?branch=XX"), 400, "invalid")


def test_c17_the_price_is_set_by_an_administrator(desk: Desk) -> None:
    admin = PersonFactory.create(branch=desk.company.headquarters, role=Role.ADMINISTRATOR)
    local = PersonFactory.create(branch=desk.company.region, role=Role.ADMINISTRATOR)
    assert signed_in(local).post("/settings/delay-price/", {"amount": "5"}).status_code == 403
    client = signed_in(admin)
    for amount in ("-1", "0", "x", "1.001", "999999999"):
        assert client.post("/settings/delay-price/", {"amount": amount}).status_code == 422
    assert not DelayPrice.objects.exists()
    for amount in ("50", ""):
        assert client.post("/settings/delay-price/", {"amount": amount}).status_code == 302
    assert [row.amount for row in DelayPrice.objects.all()] == [None, Decimal(50)]
    assert "units only" in client.get("/settings/delay-price/").content.decode()
    assert delay_prices.current() is None
    caller = Caller(admin)
    assert caller.put("delay-cost/price/", {"amount": "12.50"}).json() == {"amount": "12.50"}
    api_refused(Caller(desk.quality).put("delay-cost/price/", {"amount": "1"}), 403, "forbidden")


def test_c17_live_on_the_page_of_the_complaint(desk: Desk) -> None:
    now = clock.now()
    complaint = desk.complaint(now=now, received_at=now - 30 * HOUR)
    client = signed_in(desk.quality)
    page = client.get(reverse("complaint", args=(complaint.number,))).content.decode()
    assert "<strong>10 units</strong>" in page
    assert "avoidable 9" in page
    delay_prices.set_price(amount=Decimal(50), by=None, now=now)
    card = client.get(reverse("complaint-care", args=(complaint.number,))).content.decode()
    assert "¥500" in card


def test_c18_c26_the_training_text_is_marked_as_such(desk: Desk) -> None:
    page = signed_in(desk.handler).get("/help/recovery/").content.decode()
    for words in ("no forecast", "24 say nothing", "one fifth", "Apologise"):
        assert words in page
    linked = signed_in(desk.handler).get("/delay-cost/").content.decode()
    assert "/help/recovery/" in linked


def test_as_many_queries_for_20_branches_as_for_one(desk: Desk) -> None:
    client = signed_in(desk.executive)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    resolved(desk, 30)
    url = f"/delay-cost/?month={NOVEMBER}"
    branch = reverse("delay-cost-branch", args=(desk.company.branch.pk,)) + f"?month={NOVEMBER}"
    first = queries(url), queries(branch)
    for _number in range(19):
        resolved(desk, 80, branch=BranchFactory.create(), handler=None)
        resolved(desk, 80)
    assert (queries(url), queries(branch)) == first


def test_the_month_is_the_companys(desk: Desk) -> None:
    """30 November, 17:00 UTC is December in Shanghai."""
    late = datetime(2026, 11, 30, 17, tzinfo=UTC)
    resolved(desk, 1, now=late)
    assert of_branches(desk.executive, late) == {}
