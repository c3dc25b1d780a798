"""One act on many complaints: every row answers for itself, with the effects of the single act."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from complaints.actions import bulk, hand_overs, notes, triage, urging
from complaints.actions.bulk import Chosen
from complaints.actions.bulk_kinds import AddNote, Assign, Kind, Transfer, Triage, Urge
from complaints.factories import CategoryFactory, ComplaintFactory, WorkOrderFactory
from complaints.models import BulkAct, Complaint, Event, HandOver, Timer, WorkOrder
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from csm.tests.race import race
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role

pytestmark = pytest.mark.django_db
URL = "/complaints/bulk/"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, email="")


def at(branch: Branch, until: str = "handling", **more: Any) -> Complaint:
    return ComplaintFactory.create(branch=branch, until=until, **more)


def chosen(*complaints: Complaint) -> list[str]:
    return [f"{complaint.number}:{complaint.version}" for complaint in complaints]


def send(person: Person, act: str, numbers: list[str], **fields: Any) -> Any:
    data = {"act": act, "number": numbers, "go": "1", **fields}
    return signed_in(person).post(URL, data, follow=True)


def title(answer: Any) -> str:
    found = re.search(r"<h1>([^<]*)</h1>", answer.content.decode())
    assert found
    return found[1]


def test_c05_every_row_answers_for_itself(company: Tree) -> None:
    """Done, closed, changed meanwhile, at its goal already, foreign, and never heard of."""
    manager = PersonFactory.create(branch=company.region, role=Role.QUALITY_MANAGER, email="")
    elsewhere = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)
    fine, closed, there = at(company.branch), at(company.branch, "closed"), at(company.sibling)
    stale, foreign = at(company.branch), at(company.headquarters)
    shown = chosen(fine, closed, there, stale, foreign)
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    hand_overs.assign(complaint=stale, handler=handler, by=elsewhere, now=clock.now())
    untouched = {row.pk: row for row in (closed, there, stale, foreign)}
    before = {row["id"]: row for row in everything()["Complaint"]}
    answer = send(
        manager, "transfer", [*shown, "TS0-0"], branch=company.sibling.pk, reason="归苏州。"
    )
    assert title(answer) == (
        "1 transferred, 2 unchanged (not found), 1 unchanged (Closed), "
        "1 unchanged (This branch is responsible already), 1 unchanged (changed meanwhile)"
    )
    after = {row["id"]: row for row in everything()["Complaint"]}
    assert {pk for pk in untouched if after[pk] != before[pk]} == set()
    assert after[fine.pk]["branch_id"] == company.sibling.pk
    text = answer.content.decode()
    # What others own tells nothing, not even that it is there; the rest stays chosen.
    assert foreign.subject not in text
    assert f"{foreign.number}:" not in text
    for row in (closed, there, stale):
        assert re.search(rf'value="{row.number}:\d+" checked', text)
    assert fine.number not in text


@dataclass(frozen=True)
class Case:
    """The same act done one by one and at once."""

    single: Callable[..., Any]
    kind: Kind


def cases(company: Tree) -> dict[str, Case]:
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER, name="接手")
    there = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    PersonFactory.create(branch=company.sibling, role=Role.BRANCH_MANAGER)
    exempt = CategoryFactory.create(is_exempt=True)
    to: dict[str, Any] = {"branch": company.sibling, "reason": "归苏州。", "handler": there}
    judged: dict[str, Any] = {"branch": company.branch, "category": exempt, "severity": "high"}
    return {
        "transfer": Case(partial(hand_overs.transfer, **to), Transfer(**to)),
        "assign": Case(partial(hand_overs.assign, handler=handler), Assign(handler)),
        "triage": Case(partial(triage.judge_valid, **judged), Triage(**judged)),
        "note": Case(partial(notes.write, text="请 @接手 看。"), AddNote("请 @接手 看。")),
        "urge": Case(urging.urge, Urge()),
    }


def several(company: Tree, until: str) -> list[Complaint]:
    """With and without a handler, one overdue, one with a draft and one with a returned order."""
    late = clock.now() - timedelta(hours=30)
    rows = [
        at(company.branch, until),
        at(company.branch, "received" if until == "received" else "assigned"),
        at(company.branch, until, received_at=late, now=late),
    ]
    if until != "received":
        WorkOrderFactory.create(complaint=rows[0])
        WorkOrderFactory.create(complaint=rows[2], until="returned")
    return rows


def written() -> dict[str, Any]:
    """All rows, without what only counts them: new ids, and the keys and data that hold them."""
    found = everything() | {"WorkOrder": [*WorkOrder.objects.order_by("pk").values()]}
    for name in ("HandOver", "Note", "Message", "Event", "Participant"):
        for row in found[name]:
            del row["id"]
            row.get("data", {}).pop("note", None)
            row["key"] = re.sub(r"\d+", "", row.get("key", ""))
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


@pytest.mark.parametrize("act", ["transfer", "assign", "triage", "note", "urge"])
def test_c05_at_once_is_what_one_by_one_is(act: str, company: Tree, quality: Person) -> None:
    rows = several(company, "received" if act == "triage" else "handling")
    case = cases(company)[act]
    now = clock.now()
    before = written()
    with transaction.atomic():
        for row in rows:
            case.single(complaint=Complaint.objects.get(pk=row.pk), by=quality, now=now)
        singly = written()
        transaction.set_rollback(True)
    assert written() == before
    bulk.change(
        chosen=Chosen({row.number: row.version for row in rows}),
        kind=case.kind,
        by=quality,
        now=now,
    )
    assert written() == singly
    assert singly != before


def test_triage_at_once_keeps_the_own_category_and_severity(company: Tree, quality: Person) -> None:
    own = CategoryFactory.create()
    kept = at(company.branch, "received", category=own, severity="high")
    without = at(company.branch, "received")
    answer = send(quality, "triage", chosen(kept, without), branch=company.sibling.pk)
    assert title(answer) == ("1 judged valid, 1 unchanged (It has no category yet)")
    kept.refresh_from_db()
    assert (kept.status, kept.category, kept.severity) == ("assigned", own, "high")
    assert (kept.branch, kept.triaged_by) == (company.sibling, quality)


def test_bad_input_changes_nothing_and_keeps_the_choice(company: Tree, quality: Person) -> None:
    rows = [at(company.branch), at(company.branch)]
    before = everything()
    answer = send(quality, "transfer", chosen(*rows), branch=company.sibling.pk, reason=" ")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Enter the reason." in text
    for row in rows:
        assert f'name="number" value="{row.number}:{row.version}"' in text
    assert f'<option value="{company.sibling.pk}" selected>' in text
    # Nothing chosen, or an act that nobody knows.
    assert "Nothing was chosen." in send(quality, "urge", []).content.decode()
    assert "Nothing was chosen." in send(quality, "explode", chosen(*rows)).content.decode()
    assert everything() == before
    assert not BulkAct.objects.exists()


def test_b14_hostile_numbers_and_versions_find_nothing(company: Tree, quality: Person) -> None:
    row = at(company.branch)
    before = everything()
    hostile = ["", ":", "\0", "x:-1", "'; DROP--:1", "9" * 200, "9" * 201, f"{row.number}:0", "٣:٣"]
    answer = send(quality, "assign", hostile, handler=row.handler_id)
    assert answer.status_code == 200
    assert everything() == before


def test_a_thousand_chosen_ones_arrive(company: Tree, quality: Person) -> None:
    """What was refused of all that match is chosen again on the page of the result."""
    numbers = [f"TS20200101-{place:04d}:1" for place in range(1, 1001)]
    assert title(send(quality, "note", numbers, text="请看。")) == "1000 unchanged (not found)"
    one_more = [*numbers, "TS20200101-1001:1"]
    assert "at most 1000" in send(quality, "note", one_more, text="请看。").content.decode()


def test_all_that_match_are_those_that_the_list_showed(company: Tree, quality: Person) -> None:
    """By the conditions: not what came later, not what others changed since, not the rest."""
    director = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
    wanted, touched = at(company.branch), at(company.branch)
    other = at(company.branch, "assigned")
    shown_at = clock.now()
    notes.write(complaint=touched, text="请看。", by=director, now=clock.now())
    late = at(company.branch)
    client = signed_in(quality)
    data = {
        "act": "transfer",
        "every": "1",
        "shown_at": shown_at.isoformat(),
        "branch": company.sibling.pk,
        "reason": "归苏州。",
        "go": "1",
    }
    answer = client.post(f"{URL}?list=status%3Dhandling", data, follow=True)
    assert title(answer) == "1 transferred, 1 unchanged (changed meanwhile)"
    moved = Complaint.objects.filter(branch=company.sibling)
    assert list(moved) == [wanted]
    assert {late.pk, other.pk, touched.pk} & set(moved.values_list("pk", flat=True)) == set()


def give_back(person: Person, answer: Any) -> Any:
    pk = BulkAct.objects.latest("pk").pk
    return signed_in(person).post(f"{URL}{pk}/undo/", follow=True)


@pytest.mark.parametrize("act", ["transfer", "assign", "triage"])
def test_undo_gives_back_what_nobody_touched(act: str, company: Tree, quality: Person) -> None:
    rows = several(company, "received" if act == "triage" else "handling")
    case = cases(company)[act]
    touched = rows.pop()
    fields = ("status", "branch", "handler", "category", "severity", "triaged_at", "next_due_at")
    ids = [row.pk for row in rows]
    owners = ("kind", "state", "owner_branch", "owner", "verdict_branch", "due_at")
    complaints = Complaint.objects.filter(pk__in=ids).order_by("pk")
    clocks = Timer.objects.filter(complaint__in=ids).order_by("pk")
    before = [*complaints.values(*fields)], [*clocks.values(*owners)]
    both = {row.number: row.version for row in (*rows, touched)}
    done = bulk.change(chosen=Chosen(both), kind=case.kind, by=quality, now=clock.now())
    notes.write(complaint=touched, text="已联系。", by=quality, now=clock.now())
    left = Complaint.objects.values().get(pk=touched.pk)
    answer = give_back(quality, done)
    assert title(answer) == "2 undone, 1 unchanged (changed meanwhile)"
    assert "/undo/" not in answer.content.decode()
    after = [*complaints.values(*fields)], [*clocks.values(*owners)]
    if act == "transfer":
        # Taken back, it waits for its branch to accept it: a transfer like any other.
        for row in before[0]:
            row["status"] = "assigned"
    assert after == before
    assert Complaint.objects.values().get(pk=touched.pk) == left
    # Once, and by nobody else.
    assert give_back(quality, done).status_code == 409


def test_undo_is_for_ten_minutes_and_ones_own(company: Tree, quality: Person) -> None:
    row = at(company.branch)
    director = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
    answer = send(quality, "transfer", chosen(row), branch=company.sibling.pk, reason="归苏州。")
    assert "Undo" in answer.content.decode()
    before = everything()
    pk = BulkAct.objects.get().pk
    assert signed_in(director).get(f"{URL}{pk}/").status_code == 404
    assert signed_in(director).post(f"{URL}{pk}/undo/").status_code == 404
    BulkAct.objects.update(at=clock.now() - timedelta(minutes=11))
    assert signed_in(quality).post(f"{URL}{pk}/undo/").status_code == 409
    assert "Undo" not in signed_in(quality).get(f"{URL}{pk}/").content.decode()
    assert everything() == before


def test_undo_is_for_whom_the_right_is_left(company: Tree) -> None:
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    row = at(company.branch)
    send(manager, "transfer", chosen(row), branch=company.sibling.pk, reason="归苏州。")
    manager.postings.update(branch=company.child)
    before = Complaint.objects.values().get(pk=row.pk)
    pk = BulkAct.objects.get().pk
    answer = signed_in(manager).post(f"{URL}{pk}/undo/", follow=True)
    assert title(answer) == "1 unchanged (not yours to do)"
    assert Complaint.objects.values().get(pk=row.pk) == before


def test_what_cannot_be_taken_back_offers_no_undo(company: Tree, quality: Person) -> None:
    answer = send(quality, "note", chosen(at(company.branch)), text="请看。")
    assert title(answer) == "1 noted"
    assert "Undo" not in answer.content.decode()
    assert give_back(quality, answer).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_c05_race_of_two_transfers_of_many(company: Tree, quality: Person) -> None:
    """Of two over the same rows one moves each, the other is told; none moves twice."""
    director = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
    rows = [at(company.branch) for _place in range(12)]
    shown = {row.number: row.version for row in rows}
    handed = HandOver.objects.count()
    now = clock.now()

    def run(branch: Branch, by: Person, numbers: list[str]) -> BulkAct:
        return bulk.change(
            chosen=Chosen({number: shown[number] for number in numbers}),
            kind=Transfer(branch, "归别处。"),
            by=by,
            now=now,
        )

    acts = race(
        partial(run, company.sibling, quality, list(shown)),
        partial(run, company.child, director, list(reversed(shown))[:8]),
    )
    outcomes = [act.results.filter(outcome="done").count() for act in acts]  # type: ignore[union-attr]
    assert sum(outcomes) == 12
    assert HandOver.objects.count() == handed + 12
    assert Event.objects.filter(kind="transferred").count() == 12


@pytest.mark.django_db(transaction=True)
def test_c05_race_of_many_with_one(company: Tree, quality: Person) -> None:
    director = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
    rows = [at(company.branch) for _place in range(4)]
    shown = {row.number: row.version for row in rows}
    handed, now = HandOver.objects.count(), clock.now()
    many = partial(
        bulk.change,
        chosen=Chosen(shown),
        kind=Transfer(company.sibling, "归苏州。"),
        by=quality,
        now=now,
    )
    one = partial(
        hand_overs.transfer,
        complaint=rows[2],
        branch=company.child,
        reason="归宜兴。",
        by=director,
        now=now,
    )
    race(many, one)
    assert HandOver.objects.count() == handed + 4
    assert Event.objects.filter(kind="transferred").count() == 4
    assert (
        not Timer.objects.filter(kind="result")
        .exclude(owner_branch=F("complaint__branch"))
        .exists()
    )


@pytest.mark.parametrize("act", ["transfer", "assign", "triage", "note", "urge"])
def test_as_many_queries_for_200_rows_as_for_one(act: str, company: Tree, quality: Person) -> None:
    until = "received" if act == "triage" else "handling"
    base = at(company.branch, until, category=CategoryFactory.create())
    case = cases(company)[act]
    copies = copies_of(base, 201)
    counted = []
    # The first run reads the postings of the people; after that nothing differs.
    for rows in ([base], copies[:1], copies[1:]):
        numbers = {row.number: row.version for row in rows}
        with CaptureQueriesContext(connection) as asked:
            done = bulk.change(chosen=Chosen(numbers), kind=case.kind, by=quality, now=clock.now())
        assert done.results.filter(outcome="done").count() == len(rows)
        counted.append(len(asked))
    assert counted[1] == counted[2] <= 19


def copies_of(complaint: Complaint, count: int) -> list[Complaint]:
    """The same complaint many times, with its clocks: faster than living it through."""
    timers = list(complaint.timers.all())
    rows = []
    for place in range(count):
        row = Complaint.objects.get(pk=complaint.pk)
        row.pk, row.number = None, f"{complaint.number}-{place}"
        rows.append(row)
    made = Complaint.objects.bulk_create(rows)
    Timer.objects.bulk_create(replaced(timer, complaint=row) for row in made for timer in timers)
    return made


def replaced(timer: Timer, *, complaint: Complaint) -> Timer:
    values = {field.attname: getattr(timer, field.attname) for field in Timer._meta.concrete_fields}
    return Timer(**values | {"id": None, "complaint_id": complaint.pk})
