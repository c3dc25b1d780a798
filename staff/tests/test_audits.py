"""Audits: checklists stay, surprises stay secret, findings become orders (T-14, T-16, P-04)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from complaints.models import WorkOrder
from complaints.tests.clockwork import Desk, at, opened_desk, told
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from organisation.access import visible
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Posting, Role
from staff import audit_reading as reading
from staff import quarters
from staff.actions import audit_reminders, audits, checklists
from staff.actions.audits import Answer
from staff.audit_factories import checklist
from staff.models import (
    Audit,
    AuditAnswer,
    AuditStatus,
    ChecklistEdition,
    ChecklistItem,
    Finding,
)
from staff.tests.test_points import client, text_of

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 25)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def auditor(desk: Desk) -> Person:
    return PersonFactory.create(
        name="稽查", branch=desk.company.headquarters, role=Role.AUDITOR, email=""
    )


@pytest.fixture
def edition(desk: Desk) -> ChecklistEdition:
    return checklist(desk.company.headquarters, now=at(-1))


def planned(desk: Desk, by: Person, edition: ChecklistEdition, **more: Any) -> Audit:
    given: dict[str, Any] = {"kind": "effect", "branch": desk.company.branch}
    given |= {"planned_on": DUE, "now": at(0), **more}
    return audits.plan(edition=edition, by=by, **given)


def answers(edition: ChecklistEdition, *met: bool | None) -> dict[int, Answer]:
    items = zip(edition.items.all(), met, strict=True)
    return {item.pk: Answer(is_met, "" if is_met else "查无登记") for item, is_met in items}


def test_p04_a_published_checklist_stays(desk: Desk, edition: ChecklistEdition) -> None:
    items = ChecklistItem.objects.filter(edition=edition)
    for act in (
        lambda: items.update(text="别的"),
        items.delete,
        lambda: ChecklistItem.objects.create(edition=edition, position=9, text="多一条"),
        lambda: ChecklistEdition.objects.update(status="draft", published_at=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with pytest.raises(NotOpen):
        checklists.save(edition=edition, items="别的", by=None, now=at(1))  # type: ignore[arg-type]
    assert items.count() == 2
    own = client(desk.manager)
    given = {"branch": desk.company.branch.pk, "name": "仓库", "post": "仓管", "items": " | x"}
    refused = own.post("/staff/checklists/new/", given)
    assert refused.status_code == 422
    assert "An item has no text before its bar." in text_of(refused)
    made: Any = own.post("/staff/checklists/new/", given | {"items": "地面清洁 | Clean floor\n"})
    assert made.status_code == 302
    assert own.post(f"{made.url}publish/").status_code == 302
    # The branch's own is no business of its sibling, that of the headquarters is everybody's.
    listed = text_of(client(desk.neighbour).get("/staff/checklists/"))
    assert "Standard of the front desk" in listed
    assert "仓库" not in listed
    assert client(desk.neighbour).get(made.url).status_code == 404


def test_t16_nobody_at_the_branch_sees_a_surprise_until_it_is_carried_out(
    desk: Desk, auditor: Person, edition: ChecklistEdition
) -> None:
    audit = planned(desk, auditor, edition, is_announced=False)
    watching = [desk.handler, desk.manager, desk.quality, desk.executive]
    for person in watching:
        assert not visible(Audit, person).exists()
        browser = client(person)
        assert browser.get(f"/staff/audits/{audit.pk}/").status_code == 404
        assert browser.get(f"/api/v1/audits/{audit.pk}/").status_code == 404
        assert "Standard of the front desk" not in text_of(browser.get("/staff/audits/"))
        assert browser.get("/api/v1/audits/").json()["results"] == []
        period = quarters.asked(_query("2026-Q4"), at(0))
        assert sum(line.planned for line in reading.plan(person, period, at(0))) == 0
    audit_reminders.audits_due(now=at(24 * 6))
    audit_reminders.audits_late(now=at(24 * 9))
    assert told("audit_due") == told("audit_late") == ["稽查"]
    assert desk.company.branch.name not in str(Message.objects.values_list("context"))
    assert visible(Audit, auditor).get() == audit
    audits.carry_out(audit=audit, answers=answers(edition, True, True), by=auditor, now=at(5))
    for person in watching:
        assert client(person).get(f"/staff/audits/{audit.pk}/").status_code == 200
    assert client(desk.neighbour).get(f"/staff/audits/{audit.pk}/").status_code == 404
    wrongs: list[dict[str, Any]] = [{"surprise_of": auditor}, {"status": "planned"}]
    for wrong in wrongs:
        with pytest.raises(DatabaseError), transaction.atomic():
            Audit.objects.update(**wrong)


def _query(key: str) -> Any:
    return QueryDict(f"quarter={key}")


def test_w12_findings_of_headquarters_open_one_order_each(
    desk: Desk, auditor: Person, edition: ChecklistEdition
) -> None:
    audit = planned(desk, auditor, edition)
    url = f"/staff/audits/{audit.pk}/carry-out/"
    first, second = edition.items.all()
    given = {f"met-{first.pk}": "unmet", f"met-{second.pk}": "met", "version": audit.version}
    given |= {f"gravity-{first.pk}": "grave", "summary": "总体合格"}
    refused = client(auditor).post(url, given)
    assert refused.status_code == 422
    assert "Say what was found." in text_of(refused)
    assert "总体合格" in refused.content.decode()
    assert not AuditAnswer.objects.exists()
    said = given | {f"remark-{first.pk}": "三次无人接听"}
    assert client(desk.manager).post(url, said).status_code == 403
    said |= {f"files-{first.pk}": SimpleUploadedFile("照片.txt", b"a list")}
    assert client(auditor).post(url, said).status_code == 302
    finding = Finding.objects.get()
    order = WorkOrder.objects.get()
    assert (finding.order, order.source, order.branch) == (order, "finding", desk.company.branch)
    assert "三次无人接听" in order.occasion
    assert (order.found_by, order.owner) == ("稽查", desk.manager)
    page = client(desk.manager).get(f"/staff/audits/{audit.pk}/")
    assert page.status_code == 200
    file = f"/staff/findings/{finding.pk}/files/{finding.files.get().file_id}/"
    handed = client(desk.manager).get(file)
    assert b"".join(handed.streaming_content) == b"a list"  # type: ignore[attr-defined]
    assert client(desk.neighbour).get(file).status_code == 404
    # Once only: the button gives the same, the database keeps it, a second answer is refused.
    assert audits.open_order(finding=finding, by=auditor, now=at(6)) == order
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.update(order=None)
    with pytest.raises(NotOpen):
        audits.carry_out(
            audit=Audit.objects.get(), answers=answers(edition, True, True), by=auditor, now=at(7)
        )
    assert WorkOrder.objects.count() == 1


def test_t14_a_branch_audits_itself_and_its_findings_wait_for_an_order(
    desk: Desk, auditor: Person, edition: ChecklistEdition
) -> None:
    audit = planned(desk, desk.manager, edition, kind="self")
    for by, more in (
        (desk.manager, {}),
        (desk.neighbour_manager, {"kind": "self"}),
        (desk.quality, {"kind": "self"}),
    ):
        with pytest.raises(Forbidden):
            planned(desk, by, edition, **more)
    at_home = {"branch": desk.company.headquarters}
    draft = checklists.begin_next(checklist=edition.checklist, by=auditor, now=at(0))
    refusals: list[tuple[Person, ChecklistEdition, str, dict[str, Any]]] = [
        (desk.manager, edition, "is_announced", {"kind": "self", "is_announced": False}),
        (desk.manager, edition, "planned_on", {"kind": "self", "planned_on": date(2026, 11, 17)}),
        (auditor, edition, "auditor", at_home),
        (auditor, edition, "auditor", {"auditor": desk.quality}),
        (auditor, draft, "checklist", {}),
    ]
    for by, used, field, more in refusals:
        with pytest.raises(Refused) as refusal:
            planned(desk, by, used, **more)
        assert set(refusal.value.fields) == {field}
    assert Audit.objects.count() == 1
    with pytest.raises(Stale):
        audits.carry_out(
            audit=audit, answers=answers(edition, True, True), by=desk.manager, now=at(1), version=9
        )
    [finding] = audits.carry_out(
        audit=audit, answers=answers(edition, False, None), by=desk.manager, now=at(1)
    )
    assert not WorkOrder.objects.exists()
    order = f"/staff/findings/{finding.pk}/order/"
    assert client(desk.manager).post(order).status_code == 403
    assert client(desk.neighbour).post(order).status_code == 404
    assert client(desk.specialist).post(order).status_code == 302
    assert Finding.objects.get().order == WorkOrder.objects.get()


def test_t14_an_auditor_who_moves_to_the_branch_does_not_audit_it_any_more(
    desk: Desk, auditor: Person, edition: ChecklistEdition
) -> None:
    audit = planned(desk, auditor, edition)
    Posting.objects.create(person=auditor, branch=desk.company.branch, role=Role.HANDLER)
    moved = Person.objects.get(pk=auditor.pk)
    with pytest.raises(Forbidden):
        audits.carry_out(audit=audit, answers=answers(edition, True, True), by=moved, now=at(1))
    assert Audit.objects.get().status == "planned"


def test_t16_plan_against_done_names_who_was_not_audited(
    desk: Desk, auditor: Person, edition: ChecklistEdition
) -> None:
    own, sibling = desk.company.branch, desk.company.sibling
    rows = [planned(desk, auditor, edition, branch=own) for _each in range(3)]
    planned(desk, auditor, edition, branch=sibling)
    audits.carry_out(audit=rows[0], answers=answers(edition, True, True), by=auditor, now=at(1))
    late = at(24 * 8)
    audits.carry_out(audit=rows[1], answers=answers(edition, True, True), by=auditor, now=late)
    lines = {
        line.place.code: line
        for line in reading.plan(auditor, quarters.asked(_query("2026-Q4"), late), late)
    }
    line = lines[own.code]
    assert (line.planned, line.in_time, line.done_late, line.open_late) == (3, 1, 1, 1)
    assert [code for code, line in lines.items() if line.planned and line.is_not_audited] == [
        sibling.code
    ]
    # Both managers hear of what is late, once.
    for _twice in range(2):
        audit_reminders.audits_late(now=late)
    assert told("audit_late") == ["manager", "neighbour_manager", "稽查", "稽查"]
    reason = {"reason": "分公司搬迁", "version": 1}
    assert client(auditor).post(f"/staff/audits/{rows[2].pk}/cancel/", reason).status_code == 302
    assert Audit.objects.get(pk=rows[2].pk).status == AuditStatus.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_w12_two_people_open_one_order() -> None:
    desk = opened_desk()
    edition = checklist(desk.company.headquarters, now=at(-1))
    audit = planned(desk, desk.manager, edition, kind="self")
    [finding] = audits.carry_out(
        audit=audit, answers=answers(edition, False, True), by=desk.manager, now=at(1)
    )

    def act(by: Person) -> WorkOrder:
        return audits.open_order(finding=Finding.objects.get(pk=finding.pk), by=by, now=at(2))

    race(lambda: act(desk.quality), lambda: act(desk.specialist))
    assert WorkOrder.objects.count() == 1


def test_the_list_asks_as_much_for_twenty_audits_as_for_one(
    desk: Desk, edition: ChecklistEdition
) -> None:
    planned(desk, desk.manager, edition, kind="self")
    counts = [_queries(desk.manager)]
    for _each in range(19):
        planned(desk, desk.manager, edition, kind="self", planned_on=DUE + timedelta(days=_each))
    counts.append(_queries(desk.manager))
    assert counts[0] == counts[1]


def _queries(person: Person) -> int:
    browser = client(person)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/staff/audits/").status_code == 200
    return len(queries)
