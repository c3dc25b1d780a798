"""The survey of staff: once each, nobody recognised, beside the customers (S-20, F-22)."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from complaints.actions import callbacks
from complaints.tests.clockwork import Desk, at, opened_desk, refused
from csm.kit import clock
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Branch, IdempotentAnswer, Message, Person, Role
from staff import floors, groups
from staff import satisfaction as reading
from staff.actions import satisfaction as actions
from staff.models import StaffParticipation, StaffRating, StaffRound, StaffWords
from staff.quarter_factories import answered_round, begin_round
from surveys.results.tables import FEWEST

pytestmark = pytest.mark.django_db
DAY = 24
ENDED = 15 * DAY
FIVES = [5] * 6


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def staffed(branch: Branch, number: int) -> list[Person]:
    return [PersonFactory.create(branch=branch, email="") for _each in range(number)]


def say(of: StaffRound, person: Person, *, marks: Sequence[int | None] = FIVES, hour: float = 1,
        group: Branch | None = None, words: str = "") -> None:  # fmt: skip
    actions.answer(of=of, marks=marks, group=group, words=words, by=person, now=at(hour))


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows_of(table: str, column: str) -> list[tuple[str, Any]]:
    """The transaction that wrote each row, and a column, in the order of the rows on the disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text, {column} FROM {table} ORDER BY ctid")
        return list(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_s20_nothing_in_the_database_pairs_who_with_what(desk: Desk) -> None:
    """Neither keys, nor the order of the rows, nor the transactions that wrote them."""
    people = staffed(desk.company.branch, 12)
    made = begin_round(now=at(0))
    for place, person in enumerate(people):
        say(made, person, marks=[1 + place % 5] * 6, words=f"words {place}", hour=place)
    who = rows_of("staff_staffparticipation", "person_id")
    marks, words = rows_of("staff_staffrating", "marks"), rows_of("staff_staffwords", "text")
    assert [len(rows) for rows in (who, marks, words)] == [12, 12, 12]
    # Twelve transactions wrote the people; whoever came last wrote all marks and all words.
    assert len({row[0] for row in who}) == 12
    assert len({row[0] for row in (*marks, *words)}) == 1
    # 1, 2, 3, 4, 5, 1 … was the order of the people; 12 ordered rows by chance: 1 in 479 million.
    written = [f"words {place}" for place in range(12)]
    assert [row[-1] for row in words] != written
    assert {row[-1] for row in words} == set(written)
    columns = {field.name for field in StaffRating._meta.fields}
    assert columns == {"id", "round", "branch", "marks"}
    assert {field.name for field in StaffWords._meta.fields} == {"id", "round", "text"}
    assert {field.name for field in StaffParticipation._meta.fields} == {
        "id", "round", "person", "on",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_s20_once_per_person_and_round_be_it_in_two_tabs(desk: Desk) -> None:
    made = begin_round(now=at(0))
    results = race(*[lambda: say(made, desk.handler)] * 4)
    assert sum(isinstance(each, NotOpen) for each in results) == 3
    assert (StaffParticipation.objects.count(), StaffRating.objects.count()) == (1, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        StaffParticipation.objects.create(round=made, person=desk.handler, on=made.first_on)


@pytest.mark.django_db(transaction=True)
def test_s20_answers_of_many_at_once_are_all_kept(desk: Desk) -> None:
    people = staffed(desk.company.branch, 8)
    made = begin_round(now=at(0))
    race(*[lambda person=person: say(made, person) for person in people])
    assert (StaffParticipation.objects.count(), StaffRating.objects.count()) == (8, 8)


def test_s20_wrong_answers_are_refused_and_nothing_changes(desk: Desk) -> None:
    made = begin_round(now=at(0))
    for hour, marks, group, kind, fields in (
        (1, [5] * 5 + [6], None, Refused, ["mark_5"]),
        (1, [5] * 4, None, Refused, ["mark_4", "mark_5"]),
        (1, [5] * 7, None, Refused, ["marks"]),
        (1, FIVES, desk.company.sibling, Refused, ["group"]),
        (-DAY, FIVES, None, NotOpen, []),
        (ENDED, FIVES, None, NotOpen, []),
    ):
        with refused(kind, *fields):
            say(made, desk.handler, marks=marks, group=group, hour=hour)
    idle = PersonFactory.create(email="")
    with refused(Forbidden):
        say(made, idle)


def test_s20_only_large_groups_are_offered(desk: Desk) -> None:
    """Wuxi has a handler and a manager: counted with the region, which has four; then nobody."""
    assert groups.offered(desk.handler) == []
    staffed(desk.company.other_region, 5)
    assert groups.offered(desk.handler) == []
    staffed(desk.company.child, 2)
    assert groups.offered(desk.handler) == [desk.company.region]
    staffed(desk.company.branch, 1)
    assert groups.offered(desk.handler) == [desk.company.branch]
    assert groups.offered(desk.quality) == []


@pytest.mark.parametrize(
    ("counts", "moved"),
    [
        # F-22: of 40, 12 and 3, the 12 go along with the 3.
        ({11: 40, 12: 12, 13: 3, None: 0}, {12: None, 13: None}),
        ({11: 40, 12: 12, None: 6}, {}),
        ({11: 40, 12: 12, None: 2}, {12: None}),
        # Two small branches make a region that can be shown.
        ({21: 3, 22: 2, 11: 7, None: 9}, {21: 2, 22: 2}),
        ({21: 1, 22: 2, 11: 7, None: 9}, {21: None, 22: None}),
        ({21: 4}, {21: None}),
        ({}, {}),
    ],
)
def test_f22_small_groups_are_folded(
    counts: dict[int | None, int], moved: dict[int | None, int | None]
) -> None:
    above = {11: None, 12: None, 13: None, 2: None, 21: 2, 22: 2}
    assert floors.folded(counts, above) == moved
    final: dict[int | None, int] = {}
    for group, number in counts.items():
        target = moved.get(group, group)
        final[target] = final.get(target, 0) + number
    if sum(counts.values()) >= FEWEST:
        assert not [n for n in final.values() if 0 < n < FEWEST]


def test_s20_results_by_branch_beside_the_customers_after_the_end(desk: Desk) -> None:
    here, there = staffed(desk.company.branch, 9), staffed(desk.company.sibling, 6)
    made = begin_round(now=at(0))
    for place, person in enumerate(here[:7]):
        say(made, person, marks=[5 if place < 5 else 2] * 6, group=desk.company.branch)
    for person in there[:5]:
        say(made, person, marks=[3] * 6, group=desk.company.sibling, words="A better scale")
    for hour, is_satisfied in ((30, True), (31, True), (32, True), (33, True), (34, False)):
        callbacks.record(
            complaint=desk.complaint("answered"), is_reached=True, is_satisfied=is_satisfied,
            score=9, words="", by=desk.quality, now=at(hour),
        )  # fmt: skip
    assert actions.settle_due(now=at(13 * DAY)) == 0
    assert reading.results(made, desk.general, now=at(DAY)).lines == ()
    assert [actions.settle_due(now=at(ENDED)) for _twice in range(2)] == [1, 0]
    made.refresh_from_db()
    found = reading.results(made, desk.general, now=at(ENDED))
    said = {
        line.branch.code if line.branch else "": (line.overall.value, line.n, line.callbacks.value)
        for line in found.lines
    }
    assert said == {
        "": (5 / 12, 12, 4 / 5),
        "JS": (5 / 12, 12, 4 / 5),
        "WX": (5 / 7, 7, 4 / 5),
        "SZ": (0, 5, None),
    }
    assert (found.answered, found.words) == (12, ["A better scale"] * 5)
    # A handler sees the own branch and the company, and no words.
    own = reading.results(made, desk.handler, now=at(ENDED))
    assert [line.branch.code if line.branch else "" for line in own.lines] == ["", "WX"]
    assert own.words == ()


def test_f22_four_answers_are_shown_nowhere_and_not_kept(desk: Desk) -> None:
    people = staffed(desk.company.branch, 9)
    made = answered_round(people[:4], now=at(0))
    actions.settle_due(now=at(ENDED))
    assert (StaffParticipation.objects.count(), StaffRating.objects.count()) == (4, 0)
    page = text_of(client(desk.handler).get(f"/staff/satisfaction/{made.quarter}/"))
    assert "Fewer than five people answered" in page


def test_f22_few_words_are_thrown_away(desk: Desk) -> None:
    people = staffed(desk.company.branch, 6)
    made = begin_round(now=at(0))
    for place, person in enumerate(people):
        say(made, person, words="Only I would say this" if place < 4 else "")
    actions.settle_due(now=at(ENDED))
    assert (StaffRating.objects.count(), StaffWords.objects.count()) == (6, 0)


def test_s20_a_round_stays_as_it_was_set(desk: Desk) -> None:
    made = begin_round(now=at(0))
    say(made, desk.handler)
    rounds = StaffRound.objects.filter(pk=made.pk)
    for act in (
        lambda: rounds.update(last_on=made.last_on + timedelta(days=9)),
        lambda: rounds.update(settled_on=made.last_on),
        StaffParticipation.objects.all().delete,
        lambda: StaffParticipation.objects.update(person=desk.manager),
        lambda: StaffRating.objects.update(marks=[9] * 6),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    resources = PersonFactory.create(branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES)
    today = made.first_on
    for first, days, field in (
        (0, 20, "first_on"),
        (-1, 20, "first_on"),
        (400, 20, "first_on"),
        (99, 2, "last_on"),
    ):
        with refused(Refused, field):
            begins = today + timedelta(days=first)
            actions.begin(
                first_on=begins, last_on=begins + timedelta(days=days), by=resources, now=at(0)
            )
    with refused(Forbidden):
        actions.begin(first_on=today, last_on=today, by=desk.manager, now=at(0))


def test_s20_everybody_is_told_and_those_who_have_not_answered_once_more(desk: Desk) -> None:
    made = begin_round(now=at(0))
    say(made, desk.handler)
    told = Message.objects.filter(text="satisfaction_asked", channel="inbox")
    number = Person.objects.with_logins().count()
    PersonFactory.create(postings=[], email="")
    assert [actions.announce_due(now=at(1 + n)) for n in range(2)] == [number, 0]
    assert [actions.announce_due(now=at(12 * DAY + n)) for n in range(2)] == [number - 1, 0]
    assert told.filter(recipient=desk.handler).count() == 1
    assert told.count() == 2 * number - 1


def test_s20_pages_and_api_keep_what_was_typed_and_leave_no_trace(desk: Desk) -> None:
    people = staffed(desk.company.branch, 5)
    made = begin_round(now=clock.now())
    page = f"/staff/satisfaction/{made.quarter}/"
    browser, url = client(people[0]), f"{page}answer/"
    given = {f"mark_{place}": "4" for place in range(6)} | {"words": "More daylight"}
    wrong = browser.post(url, given | {"mark_3": ""})
    assert (wrong.status_code, "More daylight" in wrong.content.decode()) == (422, True)
    assert StaffParticipation.objects.count() == 0
    assert browser.post(url, given | {"group": desk.company.branch.pk}).status_code == 302
    assert browser.post(url, given).status_code == 409
    assert "cannot be changed" in text_of(browser.get(url))
    assert "Results come after" in text_of(browser.get(page))
    api = client(people[1])
    body = {"marks": FIVES, "group": "WX", "words": "x"}
    assert [
        api.post(
            f"/api/v1/satisfaction/{made.quarter}/answers/",
            said,
            content_type="application/json",
            headers={"Idempotency-Key": "one"},
        ).status_code
        for said in (body | {"marks": [5, 5]}, body | {"by": 1}, body, body)
    ] == [400, 400, 204, 409]
    assert not IdempotentAnswer.objects.exists()
    assert (StaffParticipation.objects.count(), StaffRating.objects.count()) == (2, 2)


@pytest.mark.parametrize("number", [1, 20])
def test_s20_the_results_ask_a_constant_number_of_questions(
    desk: Desk, number: int, django_assert_num_queries: Any
) -> None:
    made = answered_round(staffed(desk.company.branch, 4 + number), now=at(0))
    actions.settle_due(now=at(ENDED))
    browser = client(desk.general)
    browser.get(f"/staff/satisfaction/{made.quarter}/")
    with django_assert_num_queries(17):
        assert browser.get(f"/staff/satisfaction/{made.quarter}/").status_code == 200
