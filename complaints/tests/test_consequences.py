"""What a missed deadline draws after it, by sweeps alone (C-10)."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from complaints.actions import assessment_rules, consequences, escalation, triage
from complaints.factories import CategoryFactory
from complaints.models import Assessment, AssessmentRule, Complaint, Event, Notice, Timer
from complaints.tests.clockwork import Desk, again, at, opened_desk, told
from csm.tests.race import race
from organisation.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def sweep(hour: float) -> None:
    call_command("sweep", at=at(hour), stdout=StringIO())


def test_c10_an_untouched_valid_complaint_ends_with_one_drafted_notice(desk: Desk) -> None:
    """By sweeps alone, however often they run."""
    complaint = desk.complaint("assigned")
    for hour in (1, 24, 47.9, 48, 48, 60, 72, 96, 200):
        sweep(hour)
        assert Notice.objects.count() == (hour >= 48)
    [notice] = Notice.objects.all()
    assert (notice.status, notice.number, notice.created_at) == ("draft", None, at(48))
    assert (notice.complaint, notice.created_by) == (complaint, None)
    assert notice.timer == complaint.timers.get(kind="work_order")
    assert notice.issuing_branch == desk.company.headquarters, "who assigned it"
    assert list(notice.addressees.all()) == [desk.company.branch]
    assert complaint.number in notice.title
    assert complaint.subject in notice.text
    assert told("notice_drafted") == ["quality"]
    assert list(Event.objects.filter(notice=notice).values_list("kind", flat=True)) == [
        "notice_drafted"
    ]


def test_c10_a_complaint_that_nobody_judged_is_for_the_nearest_quality_managers(
    desk: Desk,
) -> None:
    desk.complaint("received")
    escalation.fire_due(now=at(49))
    assert consequences.draw(now=at(49)) == 1, "an assessment waits for the judgement"
    assert Notice.objects.get().issuing_branch == desk.company.headquarters
    assert told("notice_drafted") == ["quality"]


def test_c10_what_does_not_count_draws_nothing(desk: Desk) -> None:
    """Invalid, merged, waived; and what is so old that it helps nobody."""
    invalid, merged, waived = (desk.complaint("received") for _each in range(3))
    old = desk.complaint("assigned")
    escalation.fire_due(now=at(49))
    triage.propose_invalid(complaint=invalid, reason="打错了。", by=desk.quality, now=at(49))
    Complaint.objects.filter(pk=merged.pk).update(status="merged", merged_into=old)
    Timer.objects.filter(complaint=waived).update(
        state="waived", waived_at=at(49), waived_by=desk.director, next_fire_at=None
    )
    assert consequences.draw(now=at(49) + timedelta(days=31)) == 0
    assert consequences.draw(now=at(50)) == 2
    assert Notice.objects.get().complaint == old
    assert Assessment.objects.get().complaint == old
    triage.reject_invalid(complaint=invalid, by=desk.specialist, now=at(51))
    assert consequences.draw(now=at(52)) == 1, "it is a complaint after all"
    assert Notice.objects.get(complaint=invalid).created_at == at(52)


def test_c10_a_poisoned_row_holds_nobody_up(desk: Desk) -> None:
    complaints = [desk.complaint("assigned") for _each in range(7)]
    escalation.fire_due(now=at(49))
    poisoned = complaints[3].timers.get(kind="work_order")
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE complaints_notice ADD CONSTRAINT poison CHECK (timer_id <> %s)",
            [poisoned.pk],
        )
    assert consequences.draw(now=at(49)) == 6 + 7
    assert not Notice.objects.filter(timer=poisoned).exists()
    assert Message.objects.filter(text="notice_drafted").count() == 6


@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_is_a_handful_of_statements(
    desk: Desk, django_assert_num_queries: object, count: int
) -> None:
    for _each in range(count):
        desk.complaint("assigned")
    escalation.fire_due(now=at(49))
    with django_assert_num_queries(25):  # type: ignore[operator]
        assert consequences.draw(now=at(49)) == 2 * count


@pytest.mark.django_db(transaction=True)
def test_c10_workers_at_the_same_moment_draw_each_consequence_once(desk: Desk) -> None:
    for _each in range(5):
        desk.complaint("assigned")
    escalation.fire_due(now=at(49))
    drawn = race(*[lambda: consequences.draw(now=at(49))] * 4)
    assert sum(count for count in drawn if isinstance(count, int)) == 10
    assert Notice.objects.count() == 5
    assert Message.objects.filter(text="notice_drafted").count() == 5
    assert Assessment.objects.count() == 5
    assert Message.objects.filter(text="assessment_proposed").count() == 5


def test_c10_an_untouched_valid_complaint_ends_with_one_proposed_assessment(desk: Desk) -> None:
    """By sweeps alone, however often they run; the proposal is the branch's, by the rule."""
    complaint = desk.complaint("assigned")
    for hour in (1, 47.9, 48, 48, 60, 96, 200):
        sweep(hour)
        assert Assessment.objects.count() == (hour >= 48)
    [made] = Assessment.objects.all()
    rule = AssessmentRule.objects.get(code="late-order")
    assert (made.status, made.proposed_at, made.proposed_by) == ("proposed", at(48), None)
    assert (made.branch, made.person, made.complaint) == (desk.company.branch, None, complaint)
    assert (made.kind, made.points, made.rule) == ("points", rule.points, rule.text)
    assert made.timer == complaint.timers.get(kind="work_order")
    assert complaint.number in made.reason
    assert told("assessment_proposed") == ["director"]
    assert list(Event.objects.filter(assessment=made).values_list("kind", flat=True)) == [
        "assessment_proposed"
    ]


def test_c10_only_while_the_rule_is_active_and_not_back_in_time(desk: Desk) -> None:
    rule = AssessmentRule.objects.get(code="late-order")
    given: dict[str, Any] = {"text": rule.text, "kind": "amount", "amount": Decimal(50), "by": None}
    assessment_rules.change(rule=rule, is_active=False, now=at(0), **given)
    desk.complaint("assigned")
    sweep(49)
    assert not Assessment.objects.exists()
    assessment_rules.change(rule=rule, is_active=True, now=at(50), **given)
    later = desk.complaint("assigned", hour=10)
    sweep(60)
    made = Assessment.objects.get()
    assert made.complaint == later
    assert (made.kind, made.points, made.amount) == ("amount", None, Decimal(50))


def test_c10_the_proposal_of_a_complaint_that_is_judged_late_waits_for_it(desk: Desk) -> None:
    complaint = desk.complaint("received")
    sweep(49)
    assert not Assessment.objects.exists()
    triage.judge_valid(
        complaint=again(complaint), branch=desk.company.branch, severity="normal",
        category=CategoryFactory.create(), by=desk.quality, now=at(50),
    )  # fmt: skip
    sweep(51)
    assert Assessment.objects.get().complaint == complaint
