"""The assessment (C-10, C-21, Q8): proposed, decided by another, appealed once, answered."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from complaints import assessments as reading
from complaints.actions import assessment_rules, assessments, escalation
from complaints.models import Assessment, AssessmentRule, Complaint, Event, PolicyRevision, Timer
from complaints.tests.clockwork import (
    Desk,
    again,
    at,
    kinds,
    opened_desk,
    refused,
    revise,
    standard,
    told,
)
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from organisation.access import visible
from organisation.factories import PersonFactory
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
DAY = 24


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def propose(desk: Desk, by: Person | None = None, **more: Any) -> Assessment:
    given: dict[str, Any] = {
        "branch": desk.company.branch,
        "kind": "points",
        "points": 5,
        "reason": "未通知客户",
        "now": at(1),
    }
    return assessments.propose(by=by or desk.quality, **given | more)


def fresh(assessment: Assessment) -> Assessment:
    """As the next request reads it."""
    return Assessment.objects.get(pk=assessment.pk)


def decided(desk: Desk, hour: float = 2, **more: Any) -> Assessment:
    made = propose(desk, **more)
    assessments.decide(assessment=made, words="属实", by=desk.director, now=at(hour))
    return fresh(made)


def appealed(desk: Desk, by: Person | None = None, **more: Any) -> Assessment:
    made = decided(desk, **more)
    assessments.appeal(assessment=made, words="客户拒收", by=by or desk.manager, now=at(3))
    return fresh(made)


def hr(desk: Desk) -> Person:
    return PersonFactory.create(
        name="hr", branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES, email=""
    )


def facts(assessment: Assessment) -> list[str]:
    rows = Event.objects.filter(assessment=assessment).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def counted() -> list[tuple[int, int, Decimal]]:
    rows = reading.totals(Assessment.objects.all())
    return [(row.count, row.points, row.amount) for row in rows]


def test_c21_the_policy_says_how_long_an_appeal_is_possible(desk: Desk) -> None:
    revise(appeal_within=timedelta(hours=48))
    made = propose(desk)
    assessments.decide(assessment=made, by=desk.director, now=at(2))
    assert made.appeal_until == at(50)
    with refused(NotOpen):
        assessments.appeal(assessment=made, words="迟了", by=desk.manager, now=at(50.01))
    assert fresh(made).status == "decided"
    assessments.appeal(assessment=made, words="客户拒收", by=desk.manager, now=at(50))
    with transaction.atomic(), pytest.raises(IntegrityError):
        PolicyRevision.objects.create(
            policy=standard(),
            number=99,
            pause_limit=timedelta(hours=72),
            callback_attempts=3,
            callback_spread=timedelta(hours=24),
            appeal_within=timedelta(),
            created_at=at(0),
        )


def test_c10_from_the_proposal_to_the_last_word(desk: Desk) -> None:
    complaint = desk.complaint()
    made = propose(desk, complaint=complaint, rule="须在一小时内道歉")
    assert (made.status, told("assessment_proposed"), counted()) == ("proposed", ["director"], [])
    assessments.decide(assessment=made, words="属实", by=desk.director, now=at(2))
    made = fresh(made)
    assert (made.status, made.points, made.decided_by) == ("decided", 5, desk.director)
    assert made.appeal_until == at(2 + 7 * DAY)
    assert told("assessment_decided") == ["manager", "quality"]
    assert counted() == [(1, 5, Decimal())]
    assessments.appeal(assessment=made, words="客户拒收", by=desk.manager, now=at(3))
    assert counted() == [], "while it is under appeal nothing counts"
    timer = Timer.objects.get(assessment=made, kind="appeal")
    assert (timer.due_at, timer.owner_branch) == (at(3 + 7 * DAY), desk.company.branch)
    assert told("assessment_appealed") == ["general"]
    assessments.finish(
        assessment=fresh(made), is_upheld=True, words="证据充分", by=desk.general, now=at(4)
    )
    made = fresh(made)
    assert (made.status, made.is_upheld, made.final_by) == ("final", True, desk.general)
    assert counted() == [(1, 5, Decimal())]
    timer.refresh_from_db()
    assert (timer.state, timer.met_at, timer.next_fire_at) == ("met", at(4), None)
    assert told("assessment_finished") == ["director", "manager", "quality"]
    steps = ["proposed", "decided", "appealed", "finished"]
    assert facts(made) == [f"assessment_{step}" for step in steps]
    assert kinds(complaint)[-4:] == facts(made), "of a branch the complaint tells, too"


def test_c10_an_appeal_that_is_granted_leaves_nothing_that_counts(desk: Desk) -> None:
    made = appealed(desk, kind="amount", points=None, amount=Decimal("200.50"))
    assessments.finish(assessment=made, is_upheld=False, words="属实", by=desk.general, now=at(4))
    assert (fresh(made).counts, counted()) == (False, [])


def test_c10_another_measure_may_be_decided(desk: Desk) -> None:
    made = propose(desk)
    with refused(Refused, "amount"):
        assessments.decide(assessment=made, amount=Decimal(3), by=desk.director, now=at(2))
    assessments.decide(assessment=made, points=2, by=desk.director, now=at(2))
    assert fresh(made).points == 2
    data = Event.objects.get(assessment=made, kind="assessment_decided").data
    assert data == {"assessment": made.pk, "before": "5"}


def test_c10_rejected_with_grounds(desk: Desk) -> None:
    made = propose(desk)
    with refused(Refused, "words"):
        assessments.reject(assessment=made, words=" ", by=desk.director, now=at(2))
    assessments.reject(assessment=made, words="证据不足", by=desk.director, now=at(2))
    assert (fresh(made).status, told("assessment_rejected")) == ("rejected", ["quality"])
    with refused(NotOpen):
        assessments.decide(assessment=fresh(made), by=desk.director, now=at(3))
    with refused(NotOpen):
        assessments.appeal(assessment=fresh(made), words="x", by=desk.manager, now=at(3))


def test_c10_nobody_judges_their_own(desk: Desk) -> None:
    """Who proposed does not decide; who decided or appealed does not answer; nor the person."""
    both = PersonFactory.create(
        email="",
        postings=[
            (desk.company.headquarters, role)
            for role in (Role.QUALITY_MANAGER, Role.SERVICE_DIRECTOR, Role.GENERAL_MANAGER)
        ],
    )
    own = propose(desk, by=both)
    for act in (assessments.decide, assessments.reject):
        with refused(Forbidden):
            act(assessment=own, words="x", by=both, now=at(2))
    about = propose(desk, branch=desk.company.headquarters, person=both)
    with refused(Forbidden):
        assessments.decide(assessment=about, by=both, now=at(2))
    made = propose(desk)
    assessments.decide(assessment=made, by=both, now=at(2))
    assessments.appeal(assessment=fresh(made), words="x", by=desk.manager, now=at(3))
    with refused(Forbidden):
        assessments.finish(assessment=fresh(made), is_upheld=True, words="x", by=both, now=at(4))
    for person in (desk.manager, desk.handler, desk.quality, desk.executive, desk.director):
        with refused(Forbidden):
            assessments.finish(
                assessment=fresh(made), is_upheld=True, words="x", by=person, now=at(4)
            )


def test_c10_an_appeal_once_and_in_time(desk: Desk) -> None:
    late, twice = decided(desk), decided(desk)
    assert late.may_be_appealed(at(2 + 7 * DAY)), "equal is in time"
    with refused(NotOpen) as refusal:
        assessments.appeal(
            assessment=late, words="x", by=desk.manager, now=at(2 + 7 * DAY) + timedelta(seconds=1)
        )
    assert "run out" in refusal.value.message
    assessments.appeal(assessment=twice, words="x", by=desk.manager, now=at(3))
    with refused(NotOpen) as refusal:
        assessments.appeal(assessment=fresh(twice), words="y", by=desk.manager, now=at(4))
    assert "once" in refusal.value.message
    assessments.finish(
        assessment=fresh(twice), is_upheld=True, words="x", by=desk.general, now=at(5)
    )
    with refused(NotOpen):
        assessments.appeal(assessment=fresh(twice), words="y", by=desk.manager, now=at(6))
    for person in (desk.neighbour_manager, desk.handler, desk.quality):
        with refused(Forbidden):
            assessments.appeal(assessment=late, words="x", by=person, now=at(3))


def test_c21_a_removal_is_only_a_proposal_which_a_manager_decides(desk: Desk) -> None:
    """The person stays as they are, whatever is decided (Q8)."""
    people = hr(desk)
    with refused(Refused, "person"):
        propose(desk, kind="removal", points=None)
    with refused(Refused, "points"):
        propose(desk, kind="removal", person=desk.handler)
    complaint = desk.complaint()
    made = propose(desk, kind="removal", points=None, person=desk.handler, complaint=complaint)
    assert told("assessment_proposed") == ["general", "hr"]
    for person in (desk.director, desk.manager, desk.specialist):
        with refused(Forbidden):
            assessments.decide(assessment=made, by=person, now=at(2))
    before = Person.objects.filter(pk=desk.handler.pk).values().get()
    held = list(desk.handler.postings.values())
    assessments.decide(assessment=made, words="态度恶劣", by=people, now=at(2))
    assert told("assessment_decided") == ["handler", "manager", "quality"]
    assessments.appeal(assessment=fresh(made), words="x", by=desk.handler, now=at(3))
    assert told("assessment_appealed") == ["general"], "whoever decided does not answer"
    assessments.finish(
        assessment=fresh(made), is_upheld=True, words="维持", by=desk.general, now=at(4)
    )
    assert Person.objects.filter(pk=desk.handler.pk).values().get() == before
    assert list(desk.handler.postings.values()) == held
    assert counted() == [(1, 0, Decimal())]
    assert len(facts(made)) == 4
    assert not any("assessment" in kind for kind in kinds(complaint)), "others read that"


def test_bad_proposals_are_refused(desk: Desk) -> None:
    for more, field in (
        ({"points": 0}, "points"),
        ({"points": None}, "points"),
        ({"points": 5, "amount": Decimal(1)}, "amount"),
        ({"reason": "  "}, "reason"),
        ({"person": desk.neighbour}, "person"),
    ):
        with refused(Refused, field):
            propose(desk, **more)
    for person in (desk.handler, desk.director, desk.neighbour_manager, desk.executive):
        with refused(Forbidden):
            propose(desk, by=person)
    made = propose(desk)
    with refused(Stale):
        assessments.decide(assessment=made, by=desk.director, now=at(2), version=made.version + 1)


def test_privacy_what_concerns_a_person_is_not_for_colleagues(desk: Desk) -> None:
    colleague = PersonFactory.create(branch=desk.company.branch, role=Role.HANDLER, email="")
    of_branch, of_person = propose(desk), propose(desk, person=desk.handler)

    def seen(person: Person) -> set[int]:
        return set(visible(Assessment, person).values_list("pk", flat=True))

    both, open_one = {of_branch.pk, of_person.pk}, {of_branch.pk}
    for person in (desk.handler, desk.manager, desk.quality, desk.director, desk.general):
        assert seen(person) == both, person.name
    assert seen(colleague) == open_one
    front = PersonFactory.create(branch=desk.company.headquarters, role=Role.FRONT_DESK)
    assert seen(front) == open_one
    assert seen(desk.neighbour) == seen(desk.neighbour_manager) == set()
    moved = PersonFactory.create(postings=[])
    Assessment.objects.filter(pk=of_person.pk).update(person=moved)
    assert seen(moved) == {of_person.pk}


def test_what_waits_for_whom(desk: Desk) -> None:
    propose(desk)
    removal = propose(desk, kind="removal", points=None, person=desk.handler)
    ours = decided(desk)
    theirs = appealed(desk)
    assert reading.to_decide(desk.director).count() == 1
    assert list(reading.to_decide(desk.general)) == [removal]
    assert list(reading.to_answer(desk.general)) == [theirs]
    assert not reading.to_decide(desk.quality)
    assert not reading.to_answer(desk.director)
    assert list(reading.to_appeal(desk.manager, at(3))) == [ours]
    assert not reading.to_appeal(desk.manager, at(3 + 7 * DAY))
    assert not reading.to_appeal(desk.neighbour_manager, at(3))


def test_an_appeal_that_nobody_answers_climbs_the_ladder(desk: Desk) -> None:
    made = appealed(desk)
    escalation.fire_due(now=at(3 + 8 * DAY))
    assert sorted(set(told("timer_step"))) == ["director", "general"]
    assert facts(made)[-1] == "step_fired"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acts", ["decide decide", "decide reject", "appeal appeal"])
def test_two_at_once_one_is_heard(acts: str) -> None:
    desk = opened_desk()
    second = PersonFactory.create(
        branch=desk.company.headquarters, role=Role.SERVICE_DIRECTOR, email=""
    )
    made = decided(desk, person=desk.handler) if "appeal" in acts else propose(desk)
    people = (desk.manager, desk.handler) if "appeal" in acts else (desk.director, second)
    rows = (fresh(made), fresh(made))
    one, other = (
        partial(getattr(assessments, act), assessment=row, words="x", by=by, now=at(4))
        for act, row, by in zip(acts.split(), rows, people, strict=True)
    )
    answers = race(one, other)
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Stale"]
    before = 2 if "appeal" in acts else 1
    assert (len(facts(made)), fresh(made).version) == (before + 1, before + 1)
    assert Timer.objects.filter(assessment=made).count() == acts.count("appeal") // 2


def test_the_time_line_names_what_happened(desk: Desk, client: Any) -> None:
    complaint: Complaint = desk.complaint()
    made = propose(desk, complaint=complaint)
    assessments.decide(assessment=made, by=desk.director, now=at(2))
    client.force_login(desk.quality)
    client.cookies["django_language"] = "en"
    text = client.get(f"/complaints/{again(complaint).number}/").content.decode()
    assert "proposed an assessment of the branch" in text
    assert "decided the assessment of the branch" in text


def test_c21_whoever_proposed_it_does_not_answer_the_appeal(desk: Desk) -> None:
    """Also where another posting of theirs includes that."""
    both = PersonFactory.create(
        postings=[
            (desk.company.headquarters, Role.QUALITY_MANAGER),
            (desk.company.headquarters, Role.GENERAL_MANAGER),
        ]
    )
    made = propose(desk, by=both)
    assessments.decide(assessment=made, words="属实", by=desk.director, now=at(2))
    made = fresh(made)
    assessments.appeal(assessment=made, words="客户拒收", by=desk.manager, now=at(3))
    made = fresh(made)
    assert made.proposed_by == both
    with refused(Forbidden):
        assessments.finish(assessment=made, is_upheld=True, words="x", by=both, now=at(4))
    assert not reading.to_answer(both).exists()
    assert fresh(made).status == "appealed"
    assert reading.to_answer(hr(desk)).get() == made


@pytest.mark.django_db(transaction=True)
def test_race_of_two_who_write_the_same_rule_one_is_told() -> None:
    def create(code: str, text: str) -> AssessmentRule:
        return assessment_rules.create(code=code, text=text, kind="points", points=1, by=None)

    answers = race(lambda: create("a", "Rude"), lambda: create("b", "RUDE"))
    assert sorted(type(answer).__name__ for answer in answers) == ["AssessmentRule", "Refused"]
