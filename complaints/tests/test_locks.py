"""Acts at the same moment wait for each other in one order: no deadlock, and no row left out."""

import pytest
from django.db import transaction

from complaints.actions import bulk, facts, hand_overs, merging
from complaints.actions.bulk import Chosen
from complaints.actions.bulk_kinds import AddNote
from complaints.models import Complaint
from complaints.tests.clockwork import Desk, again, at, opened_desk
from csm.kit.transitions import locked
from csm.tests.race import PATIENCE, waiting
from customers.factories import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def merge(desk: Desk, one: Complaint, into: Complaint) -> None:
    merging.merge(complaint=again(one), into=again(into), by=desk.quality, now=at(1))


def transfer(desk: Desk, row: Complaint) -> None:
    sibling, by, now = desk.company.sibling, desk.quality, at(1)
    hand_overs.transfer(complaint=row, branch=sibling, reason="归苏州。", by=by, now=now)


def test_c05_what_is_just_being_transferred_is_found_by_an_act_on_many(desk: Desk) -> None:
    """It waits, and then sees the complaint at its new branch: not "not found"."""
    row = desk.complaint()
    chosen, kind = Chosen({row.number: None}), AddNote("请看。")
    with transaction.atomic():
        transfer(desk, row)
        act = waiting(lambda: bulk.change(chosen=chosen, kind=kind, by=desk.quality, now=at(1)))
    results = act.result(PATIENCE).results.all()
    assert [(result.number, result.outcome) for result in results] == [(row.number, "done")]


def test_rule_8_what_is_just_being_transferred_can_be_merged_into(desk: Desk) -> None:
    one, into = desk.complaint(), desk.complaint()
    with transaction.atomic():
        transfer(desk, into)
        act = waiting(lambda: merge(desk, one, into))
    act.result(PATIENCE)
    assert again(one).merged_into == into


def test_rule_8_a_merge_and_an_act_on_many_wait_in_one_order(desk: Desk) -> None:
    """Also for those that were merged before: they come to point to the one that goes on."""
    first, second, third = (desk.complaint() for _ in range(3))
    merge(desk, first, second)
    with transaction.atomic():
        locked(Complaint.objects.filter(pk=first.pk))
        act = waiting(lambda: merge(desk, second, third))
        locked(Complaint.objects.filter(pk=second.pk))
    act.result(PATIENCE)
    assert again(first).merged_into == again(second).merged_into == third


def test_rule_8_two_merges_wait_for_their_customers_in_one_order(desk: Desk) -> None:
    low, high = (CustomerFactory.create(home_branch=desk.company.branch) for _ in range(2))
    one, into = desk.complaint(customer=high), desk.complaint(customer=low)
    with transaction.atomic():
        facts.refresh(low, now=at(1))
        act = waiting(lambda: merge(desk, one, into))
        facts.refresh(high, now=at(1))
    act.result(PATIENCE)
    assert again(one).merged_into == into
