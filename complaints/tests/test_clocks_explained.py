"""U-08 on stored rows: the page and the API explain every clock, whatever happened to it."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.urls import reverse

from complaints import clock_events, timeline
from complaints.actions import (
    escalation,
    hand_overs,
    handling,
    merging,
    notes,
    pauses,
    recalculation,
    receipts,
    rulebooks,
    triage,
    urging,
    waivers,
)
from complaints.actions import policies as reading
from complaints.clock_histories import histories
from complaints.factories import CategoryFactory, ComplaintFactory, WorkOrderFactory
from complaints.models import Channel, Complaint, Event, Milestone, Policy, Timer, WaiverCode
from complaints.tests.rows import signed_in
from csm.kit.errors import Refused
from csm.kit.worktime import between
from csm.tests.api import Caller
from csm.tests.crawler import Page
from organisation.actions import calendars
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
START = datetime(2026, 9, 28, 1, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, email="")


def office_hours() -> None:
    """From now on complaints are counted by the office hours of a place with a holiday."""
    calendar = calendars.create(name="客服中心", timezone="Asia/Shanghai", by=None)
    calendars.set_day(
        calendar=calendar, on=(START + DAY).date(), is_working=False, name="国庆节", by=None
    )
    policy = Policy.objects.last_resort().get()
    rule = reading.rule_for(None)
    rule.revision.calendar = calendar
    rulebooks.revise(
        policy=policy, name=policy.name, rule=rule, number=rule.revision.number, by=None, now=START
    )


class Life:
    """A complaint to which things happen at random, each some hours after the one before."""

    def __init__(self, seed: int, company: Tree) -> None:
        self.chance = random.Random(seed)
        self.company = company
        self.now = START
        root = company.headquarters
        self.quality, self.other = (
            PersonFactory.create(branch=root, role=Role.QUALITY_MANAGER, email="")
            for _count in range(2)
        )
        self.complaint = ComplaintFactory.create(
            branch=company.branch, received_at=START, now=START, by=self.quality
        )

    def go_on(self, times: int) -> None:
        for _count in range(times):
            self.now += HOUR * self.chance.choice((0.2, 1, 3, 9, 30))
            escalation.fire_due(now=self.now)
            self.complaint = Complaint.objects.get(pk=self.complaint.pk)
            act, given = self.chance.choice(self.acts())
            try:
                act(complaint=self.complaint, by=self.quality, now=self.now, **given)
            except Refused:
                continue

    def acts(self) -> list[tuple[Callable[..., object], dict[str, Any]]]:
        """What is open now; half of the time something that moves a clock."""
        words = {"channel": Channel.PHONE}
        branch = self.chance.choice((self.company.branch, self.company.sibling))
        named: dict[str, list[tuple[Callable[..., object], dict[str, Any]]]] = {
            "triage": [(triage.judge_valid, self._judged())],
            "accept": [(hand_overs.accept, {}), (hand_overs.decline, {"reason": "不是我们。"})],
            "apologise": [(handling.apologise, {"words": "抱歉。", **words})],
            "answer": [(handling.answer, {"result": "已送达。", **words})],
            "transfer": [(hand_overs.transfer, {"branch": branch, "reason": "由它承运。"})],
            "pause": [(pauses.pause, {"reason": "等面单。"})] * 3,
            "resume": [(pauses.resume, {})] * 2,
            "correct-receipt": [(receipts.correct, self._earlier())],
            "ask-waiver": [(waivers.ask, self._wished())],
            "grant-waiver": [(self._decide, {"act": waivers.grant})],
            "decline-waiver": [(self._decide, {"act": waivers.decline, "reason": "可以改道。"})],
            "propose-invalid": [(triage.propose_invalid, {"reason": "不是投诉。"})],
            "confirm-invalid": [(self._decide, {"act": triage.confirm_invalid})],
            "reject-invalid": [(self._decide, {"act": triage.reject_invalid})],
            "restore": [(triage.restore, {"reason": "有照片。"})],
            "reopen": [(handling.reopen, {"reason": "又来电。"})],
            "urge": [(urging.urge, {})],
            "note": [(notes.write, {"text": "跟进。"})],
        }
        found = [act for name in self.complaint.open_actions for act in named.get(name, [])]
        return [*found, (self._recalculate, {})]

    def _judged(self) -> dict[str, Any]:
        return {
            "branch": self.company.branch,
            "category": CategoryFactory.create(),
            "severity": "high",
        }

    def _earlier(self) -> dict[str, Any]:
        return {
            "received_at": self.complaint.received_at - HOUR * self.chance.randint(1, 5),
            "reason": "查录音。",
        }

    def _wished(self) -> dict[str, Any]:
        return {
            "milestone": self.chance.choice(Milestone.values),
            "code": WaiverCode.FORCE_MAJEURE,
            "words": "暴雪。",
        }

    def _decide(self, act: Callable[..., object], by: Person, **given: Any) -> None:
        act(by=self.other, **given)

    def _recalculate(self, complaint: Complaint, by: Person, now: datetime) -> None:
        """A revision with another target, and its clocks moved to it."""
        policy, rule = Policy.objects.last_resort().get(), reading.rule_for(None)
        rule.targets["result"] = HOUR * self.chance.randint(20, 30)
        rule.targets["callback"] = HOUR * self.chance.randint(60, 80)
        rulebooks.revise(
            policy=policy,
            name=policy.name,
            rule=rule,
            number=rule.revision.number,
            by=None,
            now=now,
        )
        recalculation.recalculate(policy=policy, by=None, now=now)


@pytest.mark.parametrize("seed", range(8))
def test_u08_every_event_of_a_clock_is_listed_and_its_spans_sum_up(
    seed: int, company: Tree, quality: Person
) -> None:
    if seed % 2:
        office_hours()
    life = Life(seed, company)
    life.go_on(20)
    found = histories(life.complaint, now=life.now)

    assert len(found) == Timer.objects.filter(complaint=life.complaint).count() >= 4
    listed = {row.event.pk for history in found for row in history.happenings}
    events = Event.objects.filter(complaint=life.complaint)
    wanted = events.exclude(kind__in=clock_events.APART)
    assert listed == set(wanted.values_list("pk", flat=True))
    for history in found:
        timer, course = history.timer, history.course
        assert course.start == timer.started_at <= course.end
        assert all(one.end == other.start for one, other in pairwise(course.spans))
        assert sum((span.duration for span in course.spans), timedelta()) == course.elapsed
        assert history.rule is not None
        counted = [span for span in course.spans if span.kind != "closed"]
        assert sum((span.duration for span in counted), timedelta()) == between(
            course.start, course.end, history.rule.calendar
        )
        # What the spans say is what the database says.
        assert history.is_as_reckoned
        is_late = any(span.is_late for span in course.spans)
        if timer.verdict in ("met", "breached", "running"):  # type: ignore[attr-defined]
            late_by_words = "breached" if is_late else timer.verdict  # type: ignore[attr-defined]
            assert timer.verdict == late_by_words  # type: ignore[attr-defined]
        assert history.whose.why != "as_written"
    shown = signed_in(quality).get(reverse("complaint-clocks", args=[life.complaint.number]))
    assert shown.status_code == 200


def test_u08_every_kind_of_event_is_a_clocks_or_is_not() -> None:
    """A new kind of event has to say which clocks feel it."""
    felt = {
        "logged", "imported", "judged_valid", "triage_undone", "invalid_proposed",
        "invalid_confirmed", "invalid_rejected", "handler_named", "transferred", "declined",
        "accepted", "paused", "resumed", "waiver_asked", "waiver_granted", "waiver_declined",
        "merged", "merged_here", "receipt_corrected", "recalculated", "urged", "restored",
        "apologised", "answered", "called_back", "callback_tried", "callback_unreached",
        "reopened", "order_submitted", "order_returned", "step_fired", "step_superseded",
        "notice_due",
        "answered_with",
    }  # fmt: skip
    assert set(timeline.WORDS) == felt | clock_events.APART


def paused_and_late(company: Tree, quality: Person) -> Complaint:
    """Handled by Wuxi, paused for 3 h, given to Suzhou when the result was late."""
    complaint = ComplaintFactory.create(
        branch=company.branch, until="handling", now=START, received_at=START, quality=quality
    )
    complaint.refresh_from_db()
    by: dict[str, Any] = {"complaint": complaint, "by": quality}
    pauses.pause(reason="等客户寄回面单。", now=START + 2 * HOUR, **by)
    pauses.resume(now=START + 5 * HOUR, **by)
    escalation.fire_due(now=START + 28 * HOUR)
    hand_overs.transfer(branch=company.sibling, reason="由苏州承运。", now=START + 29 * HOUR, **by)
    handling.apologise(channel=Channel.PHONE, words="抱歉。", now=START + 30 * HOUR, **by)
    return complaint


def test_the_page_says_in_words_what_counted_and_whose_the_verdict_is(
    company: Tree, quality: Person
) -> None:
    complaint = paused_and_late(company, quality)
    url = reverse("complaint-clocks", args=[complaint.number])
    client = signed_in(quality)
    english = client.get(url, {"clock": "result"}, headers={"accept-language": "en"})
    [result] = english.context["shown"]

    assert [(line.length, line.cause) for line in result.lines[:2]] == [
        ("2 h 00 min", "Counted: every hour counts"),
        ("3 h 00 min", f"Waited for the customer, says {quality.name}: 等客户寄回面单。"),
    ]
    assert result.equation.startswith("counted ")
    assert " + waited for the customer 3 h 00 min = elapsed " in result.equation
    assert result.sentences[0] == (
        "24 h from 2026-09-28 09:00 by the clock “Every hour counts”: due 2026-09-29 12:00."
    )
    assert result.sentences[1].startswith("Overdue: the deadline was 2026-09-29 12:00")
    assert result.sentences[2] == (
        "It counts for Wuxi, which got the clock at 2026-09-28 09:00 and had it at "
        "2026-09-29 12:00. It was handed on at 2026-09-29 14:00, too late to take the verdict "
        "along."
    )
    moved = [entry for entry in result.entries if "deadline" in entry.note]
    assert [entry.note.split("deadline ")[1] for entry in moved] == [
        "2026-09-29 09:00 → 2026-10-02 09:00",
        "2026-10-02 09:00 → 2026-09-29 12:00",
    ]
    assert Page(english.content.decode()).offences == []


def test_the_whole_page_has_all_clocks_and_an_unknown_one_is_all_of_them(
    company: Tree, quality: Person
) -> None:
    complaint = paused_and_late(company, quality)
    client, url = signed_in(quality), reverse("complaint-clocks", args=[complaint.number])
    for query in ({}, {"clock": "no-such"}):
        shown = client.get(url, query).context["shown"]
        assert [each.place for each in shown] == ["apology", "result", "work_order", "callback"]
    page = client.get(reverse("complaint", args=[complaint.number])).content.decode()
    assert f'href="{url}"' in page
    assert all(f'href="{url}?clock={kind}"' in page for kind in Milestone.values)


def test_a_reopened_complaint_and_a_returned_order_have_all_their_clocks(
    company: Tree, quality: Person
) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="answered", now=START)
    WorkOrderFactory.create(complaint=complaint, until="returned", now=START + HOUR)
    complaint.refresh_from_db()
    handling.reopen(complaint=complaint, reason="又来电。", by=quality, now=START + 2 * HOUR)
    places = [history.place for history in histories(complaint, now=START + 3 * HOUR)]
    measures = {place for place in places if place.startswith("measure")}
    assert measures == {"measure-1", "measure-2", "measure-3"}
    assert [place for place in places if place not in measures] == [
        "apology", "result", "work_order", "callback",
        "result-1", "work_order-1", "rework-1", "callback-2",
    ]  # fmt: skip


def test_a_merged_duplicate_says_so(company: Tree, quality: Person) -> None:
    first, second = (
        ComplaintFactory.create(branch=company.branch, until="handling", now=at, received_at=at)
        for at in (START, START + HOUR)
    )
    merging.merge(complaint=first, into=second, by=quality, now=START + 2 * HOUR)
    second.refresh_from_db()
    [result] = [row for row in histories(second, now=START + 3 * HOUR) if row.place == "result"]
    assert [row.event.kind for row in result.happenings][-1] == "merged_here"
    assert result.happenings[-1].moved
    for gone in histories(Complaint.objects.get(pk=first.pk), now=START + 3 * HOUR):
        assert (gone.ended_by, gone.course.end) == ("void", START + 2 * HOUR)
        assert gone.happenings[-1].event.kind == "merged"


def test_without_clocks_the_page_says_why(company: Tree, quality: Person) -> None:
    category = CategoryFactory.create(is_exempt=True)
    complaint = ComplaintFactory.create(branch=company.branch, category=category)
    page = signed_in(quality).get(reverse("complaint-clocks", args=[complaint.number]))
    assert page.context["explained"] == []
    assert "without clocks" in page.content.decode() or "无时钟" in page.content.decode()


def test_u08_the_api_gives_the_same_and_it_adds_up(company: Tree, quality: Person) -> None:
    complaint = paused_and_late(company, quality)
    answer = Caller(quality).get(f"complaints/{complaint.number}/clocks/")
    assert answer.status_code == 200
    rows = {row["kind"]: row for row in answer.json()["results"]}
    assert list(rows) == list(Milestone.values)
    for row in rows.values():
        sums = [row[f"{kind}_seconds"] for kind in ("counted", "waited", "closed")]
        assert sum(sums) == row["elapsed_seconds"] == sum(s["seconds"] for s in row["spans"])
    result = rows["result"]
    assert (result["verdict"], result["waited_seconds"]) == ("breached", 3 * 3600)
    assert result["verdict_branch"]["code"] == "WX"
    assert result["verdict_reason"]["why"] == "handed_over"
    assert result["due_at"] == result["reckoned_at"]
    assert [step["outcome"] for step in result["steps"]].count("fired") == 1
    assert {"logged", "paused", "resumed", "transferred"} <= {
        event["kind"] for event in result["events"]
    }


@pytest.mark.parametrize("times", [1, 10])
def test_a_long_history_asks_no_more_queries(
    company: Tree, quality: Person, django_assert_max_num_queries: Any, times: int
) -> None:
    complaint = paused_and_late(company, quality)
    for place in range(times):
        complaint.refresh_from_db()
        branch = (company.branch, company.sibling)[place % 2]
        at = START + (40 + place) * HOUR
        hand_overs.transfer(complaint=complaint, branch=branch, reason="改派。", by=quality, now=at)
    with django_assert_max_num_queries(24):
        histories(complaint, now=START + 60 * HOUR)
