"""Disputes before a period is frozen: who raises, who decides, what follows (R-01, R-02, O-21)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from complaints.models import Complaint, HandOver, Status, Timer, TimerState, Waiver
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Level, Message, Person, Role
from reports import closing, standings
from reports.actions import disputes, periods
from reports.checksums import is_intact
from reports.models import Dispute, DisputeStatus, FrozenRanking
from reports.tests.histories import CLOSING, DAY, DUE, FREEZING, HOUR, NEXT_MONDAY, history

pytestmark = pytest.mark.django_db
WEEK, MONTH = "2026-W46", "2026-11"


class Case:
    """A late complaint of Wuxi, its manager, and the quality manager of the headquarters."""

    def __init__(self) -> None:
        self.company: Tree = tree()
        self.late = history(self.company.branch, {"result": "breached"})
        self.timer = Timer.objects.get(complaint=self.late)
        self.manager = person(self.company.branch, Role.BRANCH_MANAGER)
        self.quality = person(self.company.headquarters, Role.QUALITY_MANAGER)

    def dispute(self, **given: Any) -> Dispute:
        usual: dict[str, Any] = {
            "complaint": self.late,
            "timer": self.timer,
            "words": "系统故障",
            "by": self.manager,
            "now": CLOSING,
        }
        return disputes.raise_(**usual | given)

    def decide(self, of: Dispute, **given: Any) -> None:
        usual: dict[str, Any] = {
            "dispute": of,
            "is_granted": True,
            "words": "已核实",
            "code": "system_failure",
            "by": self.quality,
            "now": CLOSING + HOUR,
        }
        disputes.decide(**usual | given)


@pytest.fixture
def case() -> Case:
    return Case()


def person(branch: Branch, role: str) -> Person:
    return PersonFactory.create(branch=branch, role=role)


def told(text: str) -> set[str | None]:
    rows = Message.objects.filter(text=text, channel="inbox")
    return set(rows.values_list("recipient__username", flat=True))


def pooled(code: str = "WX") -> tuple[int, int]:
    now = CLOSING + DAY
    found = standings.computed(standings.period_of(WEEK), level=Level.BRANCH, now=now)
    row = next(row for row in found.rows if row["branch"]["code"] == code)
    return row["pooled"]["met"], row["pooled"]["n"]


def test_r01_a_granted_dispute_waives_the_clock_by_the_usual_act(case: Case) -> None:
    assert pooled() == (0, 1)
    upload = SimpleUploadedFile("log.txt", "故障记录".encode())
    made = case.dispute(uploads=[upload])
    assert (made.period, made.also, made.branch) == (WEEK, MONTH, case.company.branch)
    assert [link.file.name for link in made.files.all()] == ["log.txt"]
    assert told("dispute_raised") == {case.quality.username}
    case.decide(made)
    made.refresh_from_db()
    waiver = Waiver.objects.get()
    assert (made.status, made.waiver, made.decided_by) == ("granted", waiver, case.quality)
    assert (waiver.asked_by, waiver.decided_by) == (case.manager, case.quality)
    assert Timer.objects.get(pk=case.timer.pk).state == TimerState.WAIVED
    assert pooled() == (0, 0)
    assert told("dispute_decided") == {case.manager.username}
    kinds = list(case.late.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["disputed", "waiver_granted", "dispute_decided"]


def test_r01_a_granted_dispute_makes_the_right_branch_responsible(case: Case) -> None:
    sibling = case.company.sibling
    theirs = person(sibling, Role.BRANCH_MANAGER)
    made = case.dispute(timer=None, to_branch=sibling)
    case.decide(made, to_branch=sibling)
    late = Complaint.objects.get(pk=case.late.pk)
    assert (late.branch, late.status) == (sibling, Status.CLOSED)
    assert Timer.objects.get(pk=case.timer.pk).verdict_branch == sibling
    row = HandOver.objects.get()
    assert (row.is_correction, row.from_branch, row.to_branch) == (
        True,
        case.company.branch,
        sibling,
    )
    assert (pooled("WX"), pooled("SZ")) == ((0, 0), (0, 1))
    assert told("dispute_decided") == {case.manager.username, theirs.username}


def test_a_declined_dispute_changes_nothing_but_itself(case: Case) -> None:
    made = case.dispute()
    case.decide(made, is_granted=False, code="")
    assert (made.status, made.decision) == (DisputeStatus.DECLINED, "已核实")
    assert pooled() == (0, 1)
    assert not Waiver.objects.exists()
    assert told("dispute_decided") == {case.manager.username}


def test_an_open_dispute_keeps_the_week_and_the_month_open(case: Case) -> None:
    periods.close(period="2026-W45", now=CLOSING, by=None)
    made = case.dispute()
    with pytest.raises(NotOpen, match="1 dispute is open"):
        periods.close(period=WEEK, now=FREEZING, by=None)
    december = datetime.fromisoformat("2026-12-03T08:00:00+08:00")
    for now in (FREEZING, FREEZING, december):
        periods.close_ended(now=now)
    keys = set(FrozenRanking.objects.values_list("period", flat=True))
    assert keys == {"2026-10", "2026-W45", "2026-W47", "2026-W48"}
    waiting = Message.objects.filter(text="disputes_waiting", channel="inbox")
    assert waiting.count() == 3  # the week on two days, the month on one
    case.decide(made, is_granted=False, now=december)
    assert periods.close_ended(now=december) == 2
    assert FrozenRanking.objects.filter(period__in=(WEEK, MONTH)).count() == 4
    assert periods.close_ended(now=december) == 0


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (NEXT_MONDAY - timedelta(microseconds=1), "has not ended"),
        (FREEZING, None),  # the week is over, the month is not
        (datetime.fromisoformat("2026-12-03T08:00:00+08:00"), "time for disputes"),
    ],
)
def test_r01_the_time_for_disputes(case: Case, now: datetime, words: str | None) -> None:
    if words is None:
        with pytest.raises(NotOpen, match="time for disputes"):
            case.dispute(now=now)
        assert case.dispute(now=FREEZING - timedelta(microseconds=1)).period == WEEK
        return
    with pytest.raises(NotOpen, match=words):
        case.dispute(now=now)
    assert not Dispute.objects.exists()


def test_a_month_takes_disputes_after_its_weeks_are_frozen(case: Case) -> None:
    first = datetime.fromisoformat("2026-12-01T09:00:00+08:00")
    made = case.dispute(now=first)
    assert (made.period, made.also) == (MONTH, WEEK)


def test_r01_after_the_freezing_only_a_revision_is_left(case: Case) -> None:
    for key in (WEEK, MONTH):
        periods.close(period=key, now=FREEZING + 30 * DAY, by=None)
    with pytest.raises(NotOpen, match="frozen"):
        case.dispute()
    assert not Dispute.objects.exists()


@pytest.mark.parametrize("who", ["sibling", "handler", "executive", "child"])
def test_b01_only_the_branch_disputes_what_is_counted_against_it(case: Case, who: str) -> None:
    company = case.company
    by = {
        "sibling": person(company.sibling, Role.BRANCH_MANAGER),
        "child": person(company.child, Role.BRANCH_MANAGER),
        "handler": person(company.branch, Role.HANDLER),
        "executive": person(company.headquarters, Role.EXECUTIVE),
    }[who]
    with pytest.raises(Forbidden):
        case.dispute(by=by)
    assert not Dispute.objects.exists()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"words": "  "}, Refused),
        ({"to_branch": "sibling"}, Refused),
        ({"timer": None, "to_branch": "branch"}, Refused),
        ({"timer": "met"}, Refused),
        ({"timer": "other"}, Refused),
    ],
)
def test_a_dispute_with_bad_input_is_refused(
    case: Case, given: dict[str, Any], error: type[Exception]
) -> None:
    other = history(case.company.branch, {"apology": "met", "result": "breached"})
    clocks = {
        "met": Timer.objects.get(complaint=other, kind="apology"),
        "other": Timer.objects.get(complaint=other, kind="result"),
    }
    given = dict(given)
    if isinstance(given.get("timer"), str):
        given["timer"] = clocks[given["timer"]]
    if "to_branch" in given:
        given["to_branch"] = getattr(case.company, given["to_branch"])
    with pytest.raises(error):
        case.dispute(**given)
    assert not Dispute.objects.exists()


def test_the_same_is_disputed_once_at_a_time(case: Case) -> None:
    made = case.dispute()
    with pytest.raises(NotOpen, match="already"):
        case.dispute()
    case.dispute(timer=None)
    disputes.withdraw(dispute=made, by=case.manager, now=CLOSING)
    assert told("dispute_withdrawn") == {case.quality.username}
    case.dispute()
    assert Dispute.objects.count() == 3


@pytest.mark.parametrize("who", ["branch", "region", "both", "self", "owner", "director"])
def test_r01_nobody_in_the_line_of_the_branch_decides(case: Case, who: str) -> None:
    """Up the line, too: a posting at the region between is one in the line."""
    company = case.company
    quality = Role.QUALITY_MANAGER
    by = {
        "branch": lambda: person(company.branch, quality),
        "region": lambda: person(company.region, quality),
        "both": lambda: PersonFactory.create(
            postings=[(company.headquarters, quality), (company.region, Role.HANDLER)]
        ),
        "self": lambda: case.quality,
        "owner": lambda: case.quality,
        "director": lambda: person(company.headquarters, Role.SERVICE_DIRECTOR),
    }[who]()
    raiser = case.quality if who == "self" else case.manager
    if who == "owner":
        Timer.objects.filter(pk=case.timer.pk).update(owner=case.quality)
        case.timer.refresh_from_db()
    made = case.dispute(by=raiser)
    if who == "director":
        case.decide(made, by=by)
        assert made.status == DisputeStatus.GRANTED
        return
    with pytest.raises(Forbidden):
        case.decide(made, by=by)
    assert not disputes.may_decide(made, by)
    assert by.username not in told("dispute_raised")
    made.refresh_from_db()
    assert (made.status, Waiver.objects.count(), pooled()) == ("open", 0, (0, 1))


def test_the_database_refuses_a_decision_about_oneself(case: Case) -> None:
    made = case.dispute()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.filter(pk=made.pk).update(
            status="declined", decided_by=made.by, decided_at=CLOSING, decision="x"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.filter(pk=made.pk).update(
            status="granted", decided_by=case.quality, decided_at=CLOSING, decision="x"
        )


@pytest.mark.parametrize("about", ["verdict", "responsibility"])
def test_what_was_put_right_meanwhile_is_not_granted_again(case: Case, about: str) -> None:
    timer = case.timer if about == "verdict" else None
    made = case.dispute(timer=timer)
    Timer.objects.filter(pk=case.timer.pk).update(state=TimerState.VOID)
    Complaint.objects.filter(pk=case.late.pk).update(branch=case.company.sibling)
    made = Dispute.objects.get(pk=made.pk)
    with pytest.raises(NotOpen, match="put right already"):
        case.decide(made, to_branch=case.company.child)
    made.refresh_from_db()
    assert made.status == DisputeStatus.OPEN
    assert not Waiver.objects.exists()
    assert not HandOver.objects.exists()
    case.decide(made, is_granted=False)
    assert made.status == DisputeStatus.DECLINED


@pytest.mark.parametrize("given", [{"words": ""}, {"code": "whim"}, {"code": ""}, {"version": 7}])
def test_a_decision_with_bad_input_is_refused(case: Case, given: dict[str, Any]) -> None:
    made = case.dispute()
    with pytest.raises((Refused, Stale)):
        case.decide(made, **given)
    made.refresh_from_db()
    assert (made.status, Waiver.objects.count()) == ("open", 0)


def test_a_correction_holds_when_the_clocks_are_planned_anew(case: Case) -> None:
    made = case.dispute(timer=None)
    with pytest.raises(Refused):
        case.decide(made)
    with pytest.raises(Refused):
        case.decide(made, to_branch=case.company.branch)
    assert not HandOver.objects.exists()
    case.decide(made, to_branch=case.company.sibling)
    with pytest.raises(NotOpen):
        case.decide(made, to_branch=case.company.child)
    assert HandOver.objects.count() == 1


def test_the_hours_for_disputes_are_a_rule_in_versions(case: Case) -> None:
    admin = person(case.company.headquarters, Role.ADMINISTRATOR)
    for hours in (-1, 337):
        with pytest.raises(Refused):
            periods.set_rule(dispute_hours=hours, by=admin, now=DUE)
    with pytest.raises(Forbidden):
        periods.set_rule(dispute_hours=24, by=case.manager, now=DUE)
    periods.set_rule(dispute_hours=24, by=admin, now=DUE)
    # Written after the week has ended: it counts for the next one.
    periods.set_rule(dispute_hours=0, by=admin, now=NEXT_MONDAY + HOUR)
    week = standings.period_of(WEEK)
    assert closing.dispute_until(week) == CLOSING + DAY
    assert closing.dispute_until(week.following) == CLOSING + 7 * DAY
    assert periods.close_ended(now=CLOSING + DAY) == 2
    assert FrozenRanking.objects.filter(period=WEEK).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a09_a_dispute_raised_while_the_period_is_being_frozen() -> None:
    """Either it is taken and the period stays open, or the period is frozen and it is refused."""
    case = Case()
    start = Barrier(2)

    def close() -> str:
        try:
            start.wait()
            return str(periods.close(period=WEEK, now=CLOSING, by=None))
        except NotOpen:
            return "open"
        finally:
            connection.close()

    def raise_() -> str:
        try:
            start.wait()
            return case.dispute().period
        except NotOpen:
            return "frozen"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        closed, raised = pool.submit(close), pool.submit(raise_)
        outcome = (closed.result(), raised.result())
    assert outcome in {("True", "frozen"), ("open", WEEK)}
    assert Dispute.objects.exists() is (outcome[0] == "open")
    assert FrozenRanking.objects.exists() is (outcome[0] == "True")


@pytest.mark.django_db(transaction=True)
def test_a10_two_decisions_at_once_leave_one() -> None:
    case = Case()
    made = case.dispute()
    director = person(case.company.headquarters, Role.SERVICE_DIRECTOR)
    start = Barrier(2)

    def decide(by: Person) -> str:
        mine = Dispute.objects.get(pk=made.pk)
        try:
            start.wait()
            case.decide(mine, by=by, is_granted=by == director)
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return mine.status

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(decide, [case.quality, director]))
    made.refresh_from_db()
    assert found == sorted(["Stale", made.status])
    assert Waiver.objects.count() == (made.status == DisputeStatus.GRANTED)


def revised(case: Case, **given: Any) -> int:
    usual: dict[str, Any] = {
        "period": WEEK,
        "reason": "记录有误",
        "by": case.quality,
        "now": FREEZING + DAY,
    }
    return periods.revise(**usual | given)


def test_a_frozen_week_survives_later_edits_and_says_so_by_its_checksum(case: Case) -> None:
    periods.close(period=WEEK, now=FREEZING, by=None)
    sums = list(FrozenRanking.objects.order_by("pk").values_list("checksum", flat=True))
    assert [len(each) for each in sums] == [64, 64]
    assert len(set(sums)) == 2
    Timer.objects.filter(pk=case.timer.pk).update(state=TimerState.VOID)
    Complaint.objects.filter(pk=case.late.pk).update(branch=case.company.sibling)
    Branch.objects.filter(pk=case.company.branch.pk).update(name="梁溪")
    rows = list(FrozenRanking.objects.order_by("pk"))
    assert [row.checksum for row in rows] == sums
    assert all(is_intact(row) for row in rows)
    rows[0].rows[0]["complaints"] += 1
    assert not is_intact(rows[0])
    rows[1].checksum = ""
    assert is_intact(rows[1]) is None


def test_r01_late_corrections_make_numbered_revisions(case: Case) -> None:
    periods.close(period=WEEK, now=FREEZING, by=None)
    with pytest.raises(Refused, match="nothing to revise"):
        revised(case)
    history(case.company.branch, {"result": "met"})
    with pytest.raises(Refused, match="Say what"):
        revised(case, reason=" ")
    with pytest.raises(Forbidden):
        revised(case, by=case.manager)
    with pytest.raises(NotOpen, match="not frozen"):
        revised(case, period="2026-W45")
    assert FrozenRanking.objects.count() == 2
    assert revised(case) == 2
    rows = FrozenRanking.objects.filter(level=Level.BRANCH).order_by("revision")
    first, second = rows
    assert (first.revision, first.company["pooled"]["n"], first.reason) == (1, 1, "")
    assert (second.revision, second.company["pooled"]["n"]) == (2, 2)
    assert (second.reason, second.frozen_by) == ("记录有误", case.quality)
    assert is_intact(first)
    assert is_intact(second)
    week = standings.period_of(WEEK)
    latest = standings.frozen(week, level=Level.BRANCH)
    kept = standings.frozen(week, level=Level.BRANCH, revision=1)
    assert latest is not None
    assert kept is not None
    assert (latest.revision, kept.revision) == (2, 1)
    assert told("period_revised") == {case.manager.username}
    assert not periods.close(period=WEEK, now=FREEZING + 2 * DAY, by=None)


def test_a_revision_adds_up_the_units_as_they_were(case: Case) -> None:
    """A branch that moved under another region since stays where it was."""
    company = case.company
    periods.close(period=WEEK, now=FREEZING, by=None)
    company.branch.refresh_from_db()
    Branch.objects.filter(pk=company.branch.pk).update(
        parent=company.headquarters,
        path=f"{company.headquarters.path}{company.branch.pk}/",
    )
    history(company.branch, {"result": "met"})
    assert revised(case) == 2
    row = FrozenRanking.objects.get(level=Level.REGION, revision=2)
    counts = {each["branch"]["code"]: each["pooled"]["n"] for each in row.rows}
    assert counts["JS"] == 2


def test_who_may_contest_hears_that_the_week_is_frozen(case: Case) -> None:
    periods.close(period=WEEK, now=FREEZING, by=None)
    assert told("period_frozen") == {case.manager.username, case.quality.username}
    # An empty week, and history that is frozen afterwards, are no news.
    periods.close(period="2026-W45", now=FREEZING, by=None)
    history(case.company.branch, {"result": "met"}, at=DUE - 100 * DAY)
    periods.close(period="2026-W31", now=FREEZING, by=None)
    assert Message.objects.filter(text="period_frozen", channel="inbox").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a09_two_sweeps_at_once_freeze_and_tell_once() -> None:
    case = Case()
    start = Barrier(2)

    def sweep(_number: int) -> int:
        try:
            start.wait()
            return periods.close_ended(now=FREEZING)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(sweep, range(2))) == 2
    assert FrozenRanking.objects.count() == 4
    assert told("period_frozen") == {case.manager.username, case.quality.username}
    assert Message.objects.filter(text="period_frozen", channel="inbox").count() == 2


def test_a_ranking_of_a_former_formula_is_not_revised_by_another(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as then:
        then.setattr(standings, "FORMULA", "former-1")
        periods.close(period=WEEK, now=FREEZING, by=None)
    history(case.company.branch, {"result": "met"})
    with pytest.raises(Refused, match="former-1"):
        revised(case)
    assert FrozenRanking.objects.count() == 2
