"""What changes the course of a clock is said in words on the complaint's time line."""

from collections.abc import Callable
from typing import Any

import pytest

from complaints import timeline
from complaints.actions import (
    hand_overs,
    handling,
    merging,
    pauses,
    recalculation,
    receipts,
    triage,
    urging,
    waivers,
)
from complaints.models import Complaint
from complaints.tests.clockwork import HOUR, again, at, opened_desk, revise, standard
from complaints.tests.test_complaint_page import EXCEPTIONS
from organisation.models import Person

pytestmark = pytest.mark.django_db
# Said by `test_bulk.py`: only an act on many can be undone.
ELSEWHERE = {"triage_undone"}


def test_every_exception_is_said_in_words() -> None:
    desk = opened_desk()
    complaint, duplicate = desk.complaint(), desk.complaint()

    def do(
        act: Callable[..., None], by: Person, hour: float, to: Complaint = complaint, **more: Any
    ) -> None:
        act(complaint=again(to), by=by, now=at(hour), **more)

    def ask(**given: Any) -> None:
        waivers.ask(**given)

    asked: dict[str, Any] = {"milestone": "result", "code": "authority", "words": "暴雪封路"}
    do(urging.urge, desk.quality, 1)
    do(pauses.pause, desk.handler, 2, reason="等客户寄回面单")
    do(pauses.resume, desk.handler, 3)
    do(ask, desk.handler, 4, **asked)
    do(waivers.decline, desk.director, 5, reason="可以改道")
    do(ask, desk.handler, 6, **asked)
    do(receipts.correct, desk.quality, 7, received_at=at(-1), reason="录音为准")
    revise(targets={"work_order": 40 * HOUR})
    recalculation.recalculate(policy=standard(), by=None, now=at(8))
    do(waivers.grant, desk.director, 9)
    do(hand_overs.transfer, desk.quality, 10, branch=desk.company.sibling, reason="由苏州承运")
    do(hand_overs.decline, desk.neighbour, 11, reason="不是我们")
    do(triage.propose_invalid, desk.quality, 12, reason="误打")
    do(triage.confirm_invalid, desk.specialist, 12)
    do(triage.restore, desk.specialist, 13, reason="客户寄来照片")
    do(merging.merge, desk.quality, 14, to=duplicate, into=again(complaint))
    do(handling.answer, desk.handler, 15, channel="phone", result="好了")
    seen: set[str] = set()
    for each in (complaint, duplicate):
        events = list(timeline.events_of(again(each)))
        for event, entry in zip(events, timeline.entries(again(each), events), strict=True):
            seen.add(event.kind)
            assert entry.what != event.kind
            assert "_" not in entry.what
    assert seen >= EXCEPTIONS - ELSEWHERE
