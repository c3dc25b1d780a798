"""Service recovery (C-18 … C-20): at once within one's limit, above it by somebody else."""

import re
from decimal import Decimal
from functools import partial
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions import merging, recoveries, recovery_rules
from complaints.factories import CategoryFactory
from complaints.models import Category, Complaint, Recovery, RecoveryLimit, RecoveryOffer
from complaints.tests.clockwork import Desk, again, at, kinds, opened_desk, refused, told
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from csm.tests.api import refused as api_refused
from csm.tests.race import race
from organisation.factories import BranchFactory, PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def offer(
    value: int | None = 50, *, category: Category | None = None, **more: Any
) -> RecoveryOffer:
    given: dict[str, Any] = {"name": "餐券", "name_en": "Meal voucher", "kind": "gift"} | more
    return recovery_rules.create_offer(
        unit_value=None if value is None else Decimal(value), category=category, by=None, **given
    )


def give(
    complaint: Complaint, what: RecoveryOffer, by: Person, hour: float = 1, **more: Any
) -> Recovery:
    return recoveries.give(
        complaint=again(complaint), offer=what, words="安抚客户", by=by, now=at(hour), **more
    )


def fresh(recovery: Recovery) -> Recovery:
    return Recovery.objects.select_related("complaint", "offer", "by").get(pk=recovery.pk)


def test_c20_within_the_limit_nobody_is_asked(desk: Desk) -> None:
    """The handler's limit is ¥200 for one complaint; equal is within."""
    complaint = desk.complaint()
    given = give(complaint, offer(50), desk.handler, quantity=3)
    assert (given.status, given.amount, given.branch, given.granted_at) == (
        "given", Decimal(150), desk.company.branch, at(1),
    )  # fmt: skip
    assert give(complaint, offer(50), desk.handler, hour=2).status == "given"
    assert recoveries.granted_sum(complaint) == Decimal(200)
    assert kinds(complaint)[-2:] == ["recovery_given", "recovery_given"]
    assert told("recovery_asked") == []


def test_c20_above_the_limit_somebody_else_decides_whose_limit_reaches(desk: Desk) -> None:
    """What colleagues gave counts, too: neither portions nor a second person lead past a limit."""
    complaint = desk.complaint()
    give(complaint, offer(150), desk.manager)
    asked = give(complaint, offer(60), desk.handler, hour=2)
    assert (asked.status, asked.granted_at) == ("asked", None)
    assert recoveries.granted_sum(complaint) == Decimal(150)
    assert told("recovery_asked") == ["director", "general"]
    for person in (desk.handler, desk.manager, desk.quality, desk.executive):
        with refused(Forbidden):
            recoveries.approve(recovery=fresh(asked), by=person, now=at(3))
    recoveries.approve(recovery=fresh(asked), by=desk.director, now=at(3))
    assert (fresh(asked).status, fresh(asked).decided_by, fresh(asked).granted_at) == (
        "approved", desk.director, at(3),
    )  # fmt: skip
    assert recoveries.granted_sum(complaint) == Decimal(210)
    assert told("recovery_approved") == ["handler"]
    with refused(NotOpen):
        recoveries.decline(recovery=fresh(asked), reason="x", by=desk.general, now=at(4))


def test_c20_a_decider_keeps_within_the_own_limit_and_decides_not_for_themselves(
    desk: Desk,
) -> None:
    complaint = desk.complaint()
    dear = give(complaint, offer(None), desk.handler, amount=Decimal("5000.01"))
    assert told("recovery_asked") == ["general"], "the director's ¥5,000 do not reach"
    with refused(Refused):
        recoveries.approve(recovery=fresh(dear), by=desk.director, now=at(2))
    recoveries.approve(recovery=fresh(dear), by=desk.general, now=at(2))
    own = give(complaint, offer(1), desk.director, hour=3)
    assert own.status == "asked"
    with refused(Forbidden) as refusal:
        recoveries.approve(recovery=fresh(own), by=desk.director, now=at(4))
    assert "yourself" in refusal.value.message
    assert give(complaint, offer(9999), desk.general, hour=5).status == "given"


def test_c20_declined_with_a_reason_cancelled_with_a_reason(desk: Desk) -> None:
    complaint = desk.complaint()
    asked = give(complaint, offer(300), desk.handler)
    with refused(Refused, "reason"):
        recoveries.decline(recovery=fresh(asked), reason=" ", by=desk.director, now=at(2))
    with refused(Stale):
        recoveries.decline(
            recovery=fresh(asked), reason="x", by=desk.director, now=at(2), version=9
        )
    recoveries.decline(recovery=fresh(asked), reason="先道歉", by=desk.director, now=at(2))
    assert fresh(asked).answer == "先道歉"
    given = give(complaint, offer(200), desk.handler, hour=3)
    with refused(Forbidden):
        recoveries.cancel(recovery=fresh(given), reason="x", by=desk.manager, now=at(4))
    with refused(Refused, "reason"):
        recoveries.cancel(recovery=fresh(given), reason="", by=desk.handler, now=at(4))
    recoveries.cancel(recovery=fresh(given), reason="客户谢绝", by=desk.handler, now=at(4))
    assert recoveries.granted_sum(complaint) == 0
    assert give(complaint, offer(200), desk.handler, hour=5).status == "given"
    assert kinds(complaint)[-4:] == [
        "recovery_declined", "recovery_given", "recovery_cancelled", "recovery_given",
    ]  # fmt: skip


def test_c19_only_what_fits_the_category_is_offered(desk: Desk) -> None:
    above = CategoryFactory.create()
    below, other = CategoryFactory.create(parent=above), CategoryFactory.create()
    complaint = desk.complaint(category=below)
    fitting = [offer(1), offer(2, category=above), offer(3, category=below)]
    foreign, gone = offer(4, category=other), offer(5)
    recovery_rules.change_offer(offer=gone, is_active=False, by=None)
    assert set(recoveries.offers_for(again(complaint))) == set(fitting)
    for what in (foreign, gone):
        with refused(Refused, "offer"):
            give(complaint, what, desk.handler)


@pytest.mark.parametrize(
    ("value", "more", "field"),
    [
        (50, {"quantity": 0}, "quantity"),
        (50, {"quantity": 1001}, "quantity"),
        (50, {"amount": Decimal(40)}, "amount"),
        (None, {}, "amount"),
        (None, {"amount": Decimal(-1)}, "amount"),
        (99_999_999, {"quantity": 2}, "amount"),
        (50, {"words": " "}, "words"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(
    value: int | None, more: dict[str, Any], field: str, desk: Desk
) -> None:
    complaint, what = desk.complaint(), offer(value)
    given: dict[str, Any] = {"words": "安抚客户"} | more
    with refused(Refused, field):
        recoveries.give(complaint=again(complaint), offer=what, by=desk.handler, now=at(1), **given)


def test_what_is_no_complaint_or_somebody_elses_is_not_recovered(desk: Desk) -> None:
    what, survivor, duplicate = offer(100), desk.complaint(), desk.complaint()
    for person in (desk.neighbour, desk.executive):
        with refused(Forbidden):
            give(survivor, what, person)
    give(duplicate, what, desk.handler)
    asked = give(duplicate, what, desk.handler, quantity=4, hour=2)
    merging.merge(complaint=again(duplicate), into=again(survivor), by=desk.quality, now=at(3))
    with refused(NotOpen):
        give(duplicate, what, desk.handler, hour=4)
    with refused(NotOpen):
        recoveries.approve(recovery=fresh(asked), by=desk.director, now=at(4))
    assert recoveries.granted_sum(survivor) == 100, "of its duplicate"
    assert give(survivor, what, desk.handler, hour=5).status == "given"
    assert give(survivor, what, desk.handler, hour=6).status == "asked"


@pytest.mark.django_db(transaction=True)
def test_race_two_giving_at_once_keep_within_the_limit() -> None:
    desk = opened_desk()
    complaint, what = desk.complaint(), offer(150)
    copies = [again(complaint) for _number in range(4)]
    answers = race(
        *(
            partial(
                recoveries.give, complaint=copy, offer=what, words="x", by=desk.handler, now=at(1)
            )
            for copy in copies
        )
    )
    states = sorted(answer.status for answer in answers if isinstance(answer, Recovery))
    assert states == ["asked", "asked", "asked", "given"]
    assert recoveries.granted_sum(complaint) == 150


@pytest.mark.django_db(transaction=True)
def test_race_two_approving_at_once_keep_within_the_directors_limit() -> None:
    desk = opened_desk()
    complaint = desk.complaint()
    asked = [give(complaint, offer(3000), desk.handler) for _number in range(2)]
    one, other = map(fresh, asked)
    answers = race(
        partial(recoveries.approve, recovery=one, by=desk.director, now=at(2)),
        partial(recoveries.approve, recovery=other, by=desk.director, now=at(2)),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Refused"]
    assert recoveries.granted_sum(complaint) == 3000


@pytest.mark.django_db(transaction=True)
def test_race_approved_and_declined_at_once_one_is_heard() -> None:
    desk = opened_desk()
    asked = give(desk.complaint(), offer(300), desk.handler)
    one, other = fresh(asked), fresh(asked)
    answers = race(
        partial(recoveries.approve, recovery=one, by=desk.director, now=at(2)),
        partial(recoveries.decline, recovery=other, reason="x", by=desk.general, now=at(2)),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    assert fresh(asked).status == ("approved" if answers[0] is None else "declined")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal(-1)},
        {"quantity": 0},
        {"status": "approved"},
        {"status": "cancelled"},
        {"granted_at": None},
        {"decided_by": "by", "decided_at": at(2), "status": "approved"},
    ],
)
def test_the_database_refuses_what_no_action_would_write(wrong: dict[str, Any], desk: Desk) -> None:
    row = give(desk.complaint(), offer(50), desk.handler)
    changed = {name: row.by if value == "by" else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.filter(pk=row.pk).update(**changed)


def test_c20_the_page_gives_decides_and_says_the_limit(desk: Desk) -> None:
    complaint, what = desk.complaint(now=clock.now()), offer(150)
    url = reverse("complaint-care", args=(complaint.number,))
    page = signed_in(desk.handler).get(url).content.decode()
    assert "up to ¥200 for this complaint at once; ¥0 is used" in page
    assert "Meal voucher (¥150)" in page
    body = {"offer": what.pk, "quantity": 1, "amount": "", "words": "致歉"}
    before = everything()
    bad = signed_in(desk.handler).post(url, body | {"words": "", "quantity": "x"})
    assert bad.status_code == 422
    assert "There are 2 things to put right" in bad.content.decode()
    assert everything() == before
    for _number in range(2):
        assert signed_in(desk.handler).post(url, body).status_code == 303
    given, asked = Recovery.objects.order_by("pk")
    assert (given.status, asked.status) == ("given", "asked")
    own = reverse("recovery", args=(complaint.number, asked.pk))
    assert "Approve" not in signed_in(desk.handler).get(own).content.decode()
    assert "Approve" in signed_in(desk.director).get(own).content.decode()
    home = signed_in(desk.director).get("/").content.decode()
    assert "1 recovery to decide" in home
    refusal = signed_in(desk.director).post(f"{own}decline/", {"reason": "", "version": 1})
    assert refusal.status_code == 422
    assert "Enter the reason." in refusal.content.decode()
    assert signed_in(desk.director).post(f"{own}approve/", {"version": 1}).status_code == 303
    assert fresh(asked).status == "approved"
    seen = signed_in(desk.quality).get(reverse("complaint", args=(complaint.number,)))
    for words in ("gave the customer:", "approved the recovery:", "Meal voucher ¥150"):
        assert words in seen.content.decode()
    again_at_it = signed_in(desk.general).post(f"{own}decline/", {"reason": "x", "version": 1})
    assert again_at_it.status_code == 409


def test_the_page_asks_as_often_for_20_recoveries_as_for_one(desk: Desk) -> None:
    complaint, what = desk.complaint(now=clock.now()), offer(1)
    client = signed_in(desk.handler)
    url = reverse("complaint-care", args=(complaint.number,))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    give(complaint, what, desk.handler)
    first = queries()
    for _number in range(19):
        give(complaint, what, desk.handler)
    assert queries() == first


def test_the_totals_ask_as_often_for_20_branches_as_for_one(desk: Desk) -> None:
    client, what = signed_in(desk.executive), offer(1)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/recoveries/?month=2026-11").status_code == 200
        return len(found)

    def give_and_ask(complaint: Complaint) -> None:
        give(complaint, what, desk.specialist)
        give(complaint, what, desk.specialist, quantity=999)

    give_and_ask(desk.complaint())
    first = queries()
    for _number in range(19):
        give_and_ask(desk.complaint(branch=BranchFactory.create(), handler=None))
    assert queries() == first


def test_c19_c20_totals_by_branch_and_month(desk: Desk) -> None:
    """START lies in November 2026; one was cancelled, one asked for, one given in December."""
    mine = desk.complaint()
    beside = desk.complaint(branch=desk.company.sibling, handler=desk.neighbour)
    fee = offer(None, kind="waiver", name="免单")
    give(mine, offer(50), desk.handler, quantity=2)
    give(mine, fee, desk.handler, amount=Decimal("12.50"))
    give(mine, fee, desk.handler, amount=Decimal(500))
    wrong = give(mine, offer(10), desk.handler)
    recoveries.cancel(recovery=fresh(wrong), reason="重复", by=desk.handler, now=at(2))
    give(beside, offer(70), desk.neighbour)
    give(beside, offer(7), desk.neighbour, hour=24 * 20)
    answer = Caller(desk.executive).get("recoveries/?month=2026-11").json()
    told_all = [
        (row["branch"]["code"], row["recoveries"], row["amount"]) for row in answer["results"]
    ]
    assert told_all == [("WX", 2, "112.50"), ("SZ", 1, "70.00")]
    assert answer["results"][0]["by_kind"] == {
        "gift": "100.00", "waiver": "12.50", "redelivery": "0.00", "discount": "0.00",
        "other": "0.00",
    }  # fmt: skip
    own = Caller(desk.handler).get("recoveries/?month=2026-11").json()["results"]
    assert [row["branch"]["code"] for row in own] == ["WX"]
    api_refused(Caller(desk.handler).get("recoveries/?month=2026-13"), 400, "invalid")
    client = signed_in(desk.executive)
    page = client.get("/recoveries/?month=2026-11").content.decode()
    for words in ("¥112.50", "¥182.50", "All together", "Waits for a decision"):
        assert words in page
    assert client.get("/recoveries/?month=x").status_code == 404
    ways = re.findall(r'href="/recoveries/given/([^"]+)">([^<]+)<', page)
    assert [(unescape(way), words) for way, words in ways[:4]] == [
        ("?month=2026-11&branch=WX", "2"),
        ("?month=2026-11&branch=WX&kind=gift", "¥100"),
        ("?month=2026-11&branch=WX&kind=waiver", "¥12.50"),
        ("?month=2026-11&branch=WX", "¥112.50"),
    ]
    for person, query, count in (
        (desk.executive, "", 3),
        (desk.executive, "&branch=WX", 2),
        (desk.executive, "&branch=WX&kind=gift", 1),
        (desk.executive, "&kind=redelivery", 0),
        (desk.handler, "", 2),
    ):
        url = f"/recoveries/given/?month=2026-11{query}"
        assert signed_in(person).get(url).content.decode().count('<tr role="row"><td') == count
        told = Caller(person).get(url.removeprefix("/")).json()["results"]
        assert len(told) == count, url
    refused = ("month=x", "month=2026-11&kind=x", f"branch={desk.company.sibling.code}")
    assert [signed_in(desk.handler).get(f"/recoveries/given/?{each}").status_code
            for each in refused] == [404, 404, 404]  # fmt: skip
    for each in refused:
        api_refused(Caller(desk.handler).get(f"recoveries/given/?{each}"), 400, "invalid")
    file = client.post("/recoveries/export/", {"form": "csv", "query": "month=2026-11"})
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[1:] == [
        "November 2026,WX,Wuxi,2,1,112.5,100.0,12.5,0.0,0.0,0.0",
        "November 2026,SZ,Suzhou,1,1,70.0,70.0,0.0,0.0,0.0,0.0",
    ]


def test_c19_c20_catalogue_and_limits_are_set_at_the_headquarters(desk: Desk) -> None:
    head = desk.company.headquarters
    function = PersonFactory.create(branch=head, role=Role.SERVICE_FUNCTION)
    local = PersonFactory.create(branch=desk.company.region, role=Role.SERVICE_FUNCTION)
    client = signed_in(function)
    assert signed_in(local).get("/settings/recovery/").status_code == 403
    body = {"name": "送餐", "name_en": "Meal", "kind": "gift", "unit_value": "30", "category": ""}
    assert client.post("/settings/recovery/new/", body | {"unit_value": "-1"}).status_code == 422
    assert not RecoveryOffer.objects.exists()
    assert client.post("/settings/recovery/new/", body).status_code == 302
    made = RecoveryOffer.objects.get()
    edited = body | {"unit_value": "35"}
    assert client.post(f"/settings/recovery/{made.pk}/", edited).status_code == 302
    made.refresh_from_db()
    assert (made.unit_value, made.is_active) == (Decimal(35), False)
    limits = {"handler": "80", "general_manager_free": "on", "service_director": ""}
    both = limits | {"general_manager": "5"}
    before = list(RecoveryLimit.objects.values())
    assert client.post("/settings/recovery/limits/", both).status_code == 422
    assert list(RecoveryLimit.objects.values()) == before
    assert client.post("/settings/recovery/limits/", limits).status_code == 302
    table = dict(RecoveryLimit.objects.values_list("role", "amount"))
    assert table == {"handler": Decimal(80), "general_manager": None}
    for page in (
        "/settings/recovery/",
        "/settings/recovery/limits/",
        f"/settings/recovery/{made.pk}/",
    ):
        assert client.get(page).status_code == 200


def test_api_gives_decides_and_sets(desk: Desk) -> None:
    head = desk.company.headquarters
    function = Caller(PersonFactory.create(branch=head, role=Role.SERVICE_FUNCTION))
    complaint = desk.complaint(now=clock.now())
    made = function.post("recovery-offers/", {"name": "免运费", "kind": "waiver"}).json()
    changed = function.patch(f"recovery-offers/{made['id']}/", {"unit_value": "150.00"}).json()
    assert (changed["unit_value"], changed["name"]) == ("150.00", "免运费")
    api_refused(Caller(desk.quality).post("recovery-offers/", {}), 403, "forbidden")
    api_refused(
        function.put("recovery-limits/", {"limits": [{"role": "auditor", "amount": "1"}]}),
        400,
        "refused",
    )
    handler, director = Caller(desk.handler), Caller(desk.director)
    found = handler.get(f"recovery-offers/?complaint={complaint.number}").json()["results"]
    assert [row["id"] for row in found] == [made["id"]]
    url = f"complaints/{complaint.number}/recoveries/"
    given = handler.post(url, {"offer": made["id"], "words": "致歉"})
    assert (given.status_code, given.json()["status"]) == (201, "given")
    asked = handler.post(url, {"offer": made["id"], "words": "致歉"}).json()
    assert asked["status"] == "asked"
    own = f"{url}{asked['id']}/"
    api_refused(handler.post(f"{own}approve/", {}), 403, "forbidden")
    api_refused(director.post(f"{own}decline/", {}), 400, "invalid")
    api_refused(director.post(f"{own}approve/", {"version": 7}), 409, "stale")
    assert director.post(f"{own}approve/", {"version": 1}).json()["status"] == "approved"
    cancelled = handler.post(f"{own}cancel/", {"reason": "谢绝"}).json()
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "谢绝")
    assert len(handler.get(url).json()["results"]) == 2
    api_refused(Caller(desk.neighbour).get(url), 404, "not_found")
