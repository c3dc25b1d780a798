"""Numbers of documents: their templates, what is given, and what is annulled (Q6, Q7, W-01)."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from complaints.actions import annulling, numbering, work_orders
from complaints.factories import SECTIONS, WorkOrderFactory
from complaints.models import Notice, Numbering, OrderStatus, Timer, WorkOrder
from complaints.notice_factories import NoticeFactory
from complaints.tests.clockwork import Desk, at, kinds, opened_desk, refused, told
from complaints.tests.rows import signed_in
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.api import Caller
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def admin(desk: Desk) -> Person:
    return PersonFactory.create(
        branch=desk.company.headquarters, role=Role.ADMINISTRATOR, language="en"
    )


def client(person: Person) -> Client:
    found = signed_in(person)
    found.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return found


def templates() -> dict[str, str]:
    return dict(Numbering.objects.values_list("kind", "template"))


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "Enter the template."),
        ("通字【{yyyy}】号", "lacks {n}"),
        ("通字【2026】{n}号", "lacks {yyyy}"),
        ("通字{n}{yyyy}{month}", "only {n} and {yyyy}"),
        ("通字{n}{yyyy}{n.real}", "only {n} and {yyyy}"),
        ("通字{n", "only {n} and {yyyy}"),
        ("通字{yyyy}{n:q}", "only {n} and {yyyy}"),
        # Forms that round, or that would take gigabytes or for ever.
        ("通字{yyyy}{n:.1e}", "only {n} and {yyyy}"),
        ("通字{yyyy!s:.2}{n}", "only {n} and {yyyy}"),
        ("通字{yyyy}{n:09999999999d}", "only {n} and {yyyy}"),
        ("通字{yyyy}{n:{n}{n}}", "only {n} and {yyyy}"),
        ("{n}{n}{n}{n}{n}{n}{yyyy}", "only {n} and {yyyy}"),
        ("{yyyy}{n:060d}", "longer than 60"),
        ("字" * 61, "at most 60"),
    ],
)
def test_q7_a_template_that_cannot_number_is_refused_and_kept(
    desk: Desk, admin: Person, template: str, words: str
) -> None:
    before = templates()
    answer = client(admin).post("/settings/numbering/notice/set/", {"template": template})
    page = answer.content.decode()
    assert (answer.status_code, words in page) == (422, True)
    assert f'value="{template}"' in page or not template
    assert templates() == before


def test_q7_the_page_shows_the_next_number_and_sets_the_template(desk: Desk, admin: Person) -> None:
    NoticeFactory.create(
        until="published", addressees=[desk.company.branch], now=at(1), by=desk.quality
    )
    browser = client(admin)
    given = {"template": "无锡通〔{yyyy}〕{n}号"}
    url = "/settings/numbering/notice/"
    year = Notice.objects.get().year
    tried = browser.post(f"{url}set/", given | {"try": "1"}).content.decode()
    live = browser.get(f"{url}example/", given).content.decode()
    assert f"The next number: 无锡通〔{year}〕2号" in tried
    assert f"The next number: 无锡通〔{year}〕2号" in live
    assert "lacks {n}" in browser.get(f"{url}example/", {"template": "无"}).content.decode()
    assert templates()["notice"] == "通字【{yyyy}】{n:03d}号", "nothing is saved by looking"
    assert browser.post(f"{url}set/", given).status_code == 303
    NoticeFactory.create(
        until="published", addressees=[desk.company.branch], now=at(2), by=desk.quality
    )
    numbers = Notice.objects.order_by("sequence").values_list("number", flat=True)
    assert list(numbers) == [f"通字【{year}】001号", f"无锡通〔{year}〕2号"], "given ones stay"
    for person in (desk.quality, desk.manager):
        with refused(Forbidden):
            numbering.set_template(kind="notice", template="{yyyy}{n}", by=person)
    assert browser.get("/settings/numbering/letter/").status_code == 404


def submitted(desk: Desk, hour: float = 1) -> WorkOrder:
    complaint = desk.complaint(hour=0)
    order = WorkOrderFactory.create(
        complaint=complaint, until="returned", filler=desk.handler, quality=desk.quality,
        now=at(hour),
    )  # fmt: skip
    order.refresh_from_db()
    return order


def test_q6_an_annulled_order_keeps_its_number_and_the_list_says_why(
    desk: Desk, admin: Person
) -> None:
    first, second = submitted(desk), submitted(desk)
    with refused(Refused, "reason"):
        annulling.annul(order=first, by=desk.quality, now=at(2))
    annulling.annul(order=first, reason="重复开具。", by=desk.quality, now=at(2))
    assert (first.status, first.sequence, second.sequence) == (OrderStatus.ANNULLED, 1, 2)
    [complaint] = [link.complaint for link in first.links.all()]
    assert kinds(complaint)[-1] == "order_annulled"
    assert told("work_order_annulled") == ["handler"]
    timers = Timer.objects.filter(work_order=first).values_list("state", flat=True)
    assert set(timers) == {"void"}, "nobody waits for the rework or the measures"
    page = client(admin).get("/settings/numbering/work_order/").content.decode()
    assert page.count("r-subject") == 2
    assert "重复开具。" in page
    assert "Annulled" in page
    events = client(desk.quality).get(f"/complaints/{complaint.number}/").content.decode()
    assert "annulled the rectification work order" in events
    # The complaint can have another order, with the next number.
    anew = work_orders.draft(complaint=complaint, by=desk.handler, now=at(3), **SECTIONS)
    work_orders.submit(order=anew, by=desk.handler, now=at(3))
    assert (anew.pk != first.pk, anew.sequence) == (True, 3)


def test_q6_only_the_issuing_unit_annuls_and_only_what_is_not_in_force(desk: Desk) -> None:
    draft = WorkOrderFactory.create(complaint=desk.complaint(), filler=desk.handler, now=at(1))
    for person in (desk.handler, desk.manager, desk.executive):
        with refused(Forbidden):
            annulling.annul(order=draft, reason="不需要。", by=person, now=at(2))
    answer = client(desk.quality).post(f"/work-orders/{draft.pk}/annul/", {"version": "1"})
    assert answer.status_code == 303, "a draft needs no reason"
    draft.refresh_from_db()
    assert (draft.status, draft.number) == (OrderStatus.ANNULLED, None)
    waiting = WorkOrderFactory.create(
        complaint=desk.complaint(), until="submitted", filler=desk.handler, now=at(1)
    )
    with refused(NotOpen):
        annulling.annul(order=waiting, reason="不需要。", by=desk.quality, now=at(2))
    told_by_api = Caller(desk.quality).post(f"work-orders/{waiting.pk}/annul/", {"reason": "x"})
    assert told_by_api.status_code == 409


@pytest.mark.django_db(transaction=True)
def test_q6_annulled_and_submitted_again_at_once_is_one_of_both(desk: Desk) -> None:
    order = submitted(desk)

    def fresh() -> WorkOrder:
        return WorkOrder.objects.get(pk=order.pk)

    done: list[Any] = race(
        partial(annulling.annul, order=fresh(), reason="重复。", by=desk.quality, now=at(2)),
        partial(work_orders.submit, order=fresh(), by=desk.handler, now=at(2)),
    )
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "Stale"]
    assert fresh().status == (OrderStatus.ANNULLED if done[0] is None else OrderStatus.SUBMITTED)


def test_b29_whoever_only_reads_numbers_cannot_make_one_that_takes_gigabytes(
    desk: Desk,
) -> None:
    url = "/settings/numbering/notice/example/"
    answer = client(desk.quality).get(url, {"template": "{yyyy}{n:09999999999d}"})
    assert (answer.status_code, "only {n}" in answer.content.decode()) == (200, True)


def test_q7_a_template_that_would_give_a_number_twice_is_refused(desk: Desk, admin: Person) -> None:
    """Else the document that comes to it, and every one after it, could not be numbered."""
    numbering.set_template(kind="notice", template="{yyyy}1{n}", by=None)
    given: dict[str, Any] = {"addressees": [desk.company.branch], "now": at(1), "by": desk.quality}
    number = NoticeFactory.create(until="published", **given).number
    before = templates()
    for template in ("{yyyy}{n}", "{yyyy:04d}{n}"):
        with refused(Refused, "template") as caught:
            numbering.set_template(kind="notice", template=template, by=admin)
        assert f"“{number}” is given already" in caught.value.message
    assert templates() == before
    # What was given by the same series does not come again; the other kind has its own numbers.
    numbering.set_template(kind="notice", template="{yyyy}1{n:02d}", by=admin)
    numbering.set_template(kind="work_order", template="{yyyy}{n}", by=admin)
