"""Addresses that nobody types by accident are answered, never by an error of ours (B-14)."""

import pytest

from complaints.tests.clockwork import Desk, opened_desk
from csm.tests.api import Caller
from staff.tests.test_points import client

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


def test_b14_what_no_row_can_hold_is_not_there(desk: Desk) -> None:
    caller, browser = Caller(desk.quality), client(desk.quality)
    assert caller.get("scorecards/?quarter=%00").status_code == 400
    assert caller.get("scorecards/now/?branch=%00").status_code == 404
    assert browser.get(f"/staff/thanks/?person={'1' * 4400}").status_code == 404
