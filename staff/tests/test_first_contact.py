"""First-contact responsibility: drawn at random, read from the records, ranked fairly (T-12)."""

import uuid
from datetime import date, timedelta
from hashlib import md5
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from complaints.actions import handling
from complaints.models import Complaint, Timer
from complaints.tests.clockwork import Desk, again, at, opened_desk
from csm.kit import periods
from csm.kit.errors import Forbidden, Refused
from csm.kit.statistics import shrink_proportions, wilson_interval
from csm.tests.api import Caller
from organisation.factories import PersonFactory
from organisation.models import Person, Role
from staff import contact_reading as reading
from staff.actions import contact_audits
from staff.models import AuditedContact, ContactDraw, MysteryCall
from staff.tests.test_points import client, text_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)
NEXT_DAY = at(30)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def auditor(desk: Desk) -> Person:
    return PersonFactory.create(
        name="稽查", branch=desk.company.headquarters, role=Role.AUDITOR, email=""
    )


def kept(desk: Desk) -> Complaint:
    """Taken in and followed by the handler; all promises kept."""
    complaint = desk.complaint("handling", by=desk.handler)
    given: dict[str, Any] = {"complaint": again(complaint), "channel": "phone", "by": desk.handler}
    handling.apologise(**given, words="抱歉", now=at(0.5))
    given["complaint"] = again(complaint)
    handling.answer(**given, result="已送达", now=at(3))
    return complaint


def dropped(desk: Desk) -> Complaint:
    """Entered an hour late, and nobody took it on."""
    return desk.complaint("received", by=desk.handler, hour=1, received_at=at(0))


def draw(desk: Desk, auditor: Person, **more: Any) -> ContactDraw:
    given: dict[str, Any] = {"branch": desk.company.headquarters, "first_on": DAY, "last_on": DAY}
    given |= {"per_branch": 10, "by": auditor, "now": NEXT_DAY, **more}
    return contact_audits.draw(**given)


def test_t12_each_answer_is_read_from_a_record(desk: Desk, auditor: Person) -> None:
    good, bad, waived, running = kept(desk), dropped(desk), kept(desk), dropped(desk)
    Timer.objects.filter(complaint=waived, kind="result").update(
        state="waived", waived_at=at(4), waived_by=desk.quality, waiver_code="weather"
    )
    Timer.objects.filter(complaint=running, kind="result").update(due_at=at(48))
    desk.complaint("answered", by=None)  # what customers write themselves has no first contact
    made = draw(desk, auditor, seed=7)
    assert (made.frame_size, made.seed) == (3, 7)
    found = {row.complaint_id: row for row in AuditedContact.objects.all()}
    assert set(found) == {good.pk, bad.pk, waived.pk}
    four = ("is_registered", "is_kept", "is_followed", "is_answered")
    said = {key: [getattr(row, name) for name in four] for key, row in found.items()}
    assert said[good.pk] == [True, True, True, True]
    assert said[bad.pk] == [False, False, False, False]
    assert said[waived.pk] == [True, True, True, None]
    row = found[good.pk]
    assert (row.logged.kind, row.followed and row.followed.kind) == ("logged", "apologised")
    assert (row.hand_over and row.hand_over.accepted_at, row.result.kind) == (at(0), "result")
    missed = found[bad.pk].missed
    assert missed is not None
    assert (missed.kind, found[bad.pk].hand_over) == ("apology", None)
    with pytest.raises(Refused):
        draw(desk, auditor)
    assert ContactDraw.objects.count() == 1


def test_t12_a_seed_draws_the_same_and_nobody_changes_what_was_read(
    desk: Desk, auditor: Person
) -> None:
    rows = [dropped(desk) for _each in range(5)]
    draw(desk, auditor, seed=11, per_branch=2)
    wanted = sorted(rows, key=lambda row: md5(f"11:{row.pk}".encode()).hexdigest())
    drawn = set(AuditedContact.objects.values_list("complaint", flat=True))
    assert drawn == {row.pk for row in wanted[:2]}
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditedContact.objects.update(is_registered=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        ContactDraw.objects.update(seed=12)
    for fields, wrong in (
        ("last_on", {"last_on": DAY - timedelta(days=1)}),
        ("last_on", {"last_on": date(2026, 11, 30)}),
        ("per_branch", {"per_branch": 0}),
    ):
        with pytest.raises(Refused) as refusal:
            draw(desk, auditor, **wrong)
        assert set(refusal.value.fields) == {fields}
    with pytest.raises(Forbidden):
        draw(desk, desk.quality)
    # A program does not choose the seed: it could try out which contacts it draws.
    chosen = Caller(auditor).post(
        "first-contact/draws/",
        {"branch": "WX", "first_on": DAY, "last_on": DAY, "per_branch": 1, "seed": 3},
    )
    assert chosen.status_code == 400
    assert ContactDraw.objects.count() == 1


def test_f13_branches_are_ranked_fairly_and_see_only_themselves(
    desk: Desk, auditor: Person
) -> None:
    for _each in range(3):
        kept(desk)
    dropped(desk)
    other: dict[str, Any] = {"branch": desk.company.sibling, "by": desk.neighbour, "hour": 1}
    for _each in range(4):
        desk.complaint("received", received_at=at(0), **other)
    draw(desk, auditor)
    quarter = periods.at(at(0), kind="quarter", zone=timezone.get_default_timezone())
    first, second = reading.standing(auditor, quarter)
    assert (first.place.code, second.place.code) == (
        desk.company.branch.code,
        desk.company.sibling.code,
    )
    assert (first.contacts.kept, first.contacts.n, second.contacts.kept) == (3, 4, 0)
    assert (first.contacts.low, first.contacts.high) == wilson_interval(3, 4)
    ranks = [row.expected_rank for row in shrink_proportions([(3, 4), (0, 4)])]
    assert [first.rank, second.rank] == ([1, 2] if ranks[0] != ranks[1] else [1, 1])
    own = reading.standing(desk.neighbour, quarter)
    assert [line.place.code for line in own] == [desk.company.sibling.code]
    page = client(desk.neighbour).get("/staff/first-contact/contacts/?quarter=2026-Q4")
    numbers = set(Complaint.objects.filter(branch=desk.company.branch).values_list("number"))
    assert page.status_code == 200
    assert not [number for (number,) in numbers if number in text_of(page)]
    assert len(page.context["rows"]) == 4


def called(browser: Client, place: int, **more: object) -> Any:
    given = {
        "branch": place,
        "called_at": "2026-11-18T11:00",
        "asked": "货到哪里了",
        "is_registered": "yes",
        "is_kept": "no",
        "submission": str(uuid.UUID(int=5)),
    }
    return browser.post("/staff/mystery-calls/new/", given | more)


def test_t12_a_mystery_call_is_typed_in_once(desk: Desk, auditor: Person) -> None:
    browser, branch = client(auditor), desk.company.branch.pk
    for _twice in range(2):
        assert called(browser, branch).status_code == 302
    call = MysteryCall.objects.get()
    assert (call.is_registered, call.is_kept, call.is_followed) == (True, False, None)
    assert (call.by, call.called_at) == (auditor, at(1))
    for wrong, words in (
        ({"called_at": "2099-11-18T11:00"}, "Enter a time that has passed."),
        ({"is_registered": "", "is_kept": ""}, "Answer at least one of the four."),
        ({"branch": desk.company.headquarters.pk}, "You work there: let somebody else call."),
    ):
        answer = called(browser, branch, **{"submission": str(uuid.uuid4()), **wrong})
        assert answer.status_code == 422
        assert words in text_of(answer)
        assert "货到哪里了" in answer.content.decode()
    assert called(client(desk.manager), branch).status_code == 403
    assert MysteryCall.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        MysteryCall.objects.update(is_kept=True)
    assert "货到哪里了" not in text_of(
        client(desk.neighbour).get("/staff/mystery-calls/?quarter=2026-Q4")
    )
