"""Closing weeks and months: once, in time, for ever (A-09, A-16, R-01, R-02)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from complaints.models import Complaint, Timer, TimerState
from csm.kit.errors import Forbidden, Refused
from organisation.factories import PersonFactory, headquarters, tree
from organisation.models import Level, Role, SweepRun
from reports import standings
from reports.actions import periods
from reports.models import FrozenRanking
from reports.tasks import close_periods
from reports.tests.histories import CLOSING, DAY, DUE, FREEZING, NEXT_MONDAY, all_four, history

pytestmark = pytest.mark.django_db
WEEK = "2026-W46"


def frozen(level: str = Level.BRANCH, key: str = WEEK) -> FrozenRanking:
    return FrozenRanking.objects.get(period=key, level=level)


def keys() -> list[str]:
    found = FrozenRanking.objects.order_by("period").values_list("period", flat=True)
    return list(found.distinct())


def test_closing_freezes_both_levels() -> None:
    company = tree()
    history(company.branch, all_four("met"))
    manager = PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER)
    assert periods.close(period=WEEK, now=CLOSING, by=manager)
    for level in (Level.BRANCH, Level.REGION):
        row = frozen(level)
        expected = standings.computed(standings.period_of(WEEK), level=level, now=CLOSING)
        assert (row.formula, row.frozen_at, row.frozen_by) == ("composite-1", CLOSING, manager)
        assert row.rows == expected.rows
        assert row.company == expected.company
        assert row.before == expected.before
    assert FrozenRanking.objects.count() == 2


def test_a_closed_week_stays_after_later_changes() -> None:
    company = tree()
    complaint = history(company.branch, all_four("met"))
    periods.close(period=WEEK, now=CLOSING, by=None)
    before = standings.standing(standings.period_of(WEEK), level=Level.BRANCH, now=CLOSING)
    Timer.objects.filter(complaint=complaint).update(state=TimerState.VOID)
    Complaint.objects.filter(pk=complaint.pk).update(branch=company.sibling)
    history(company.branch, all_four("breached"))
    later = CLOSING + DAY
    after = standings.standing(standings.period_of(WEEK), level=Level.BRANCH, now=later)
    assert after == before
    assert after.frozen_at == CLOSING


def test_a09_closing_twice_changes_nothing() -> None:
    company = tree()
    assert periods.close(period=WEEK, now=CLOSING, by=None)
    was = list(FrozenRanking.objects.order_by("pk").values())
    history(company.branch, all_four("breached"))
    assert not periods.close(period=WEEK, now=CLOSING + DAY, by=None)
    assert list(FrozenRanking.objects.order_by("pk").values()) == was


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_frozen_ranking_refuses_to_be_changed(act: str) -> None:
    tree()
    periods.close(period=WEEK, now=CLOSING, by=None)
    rows = FrozenRanking.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(rows=[]) if act == "update" else rows.delete()
    assert rows.count() == 2


@pytest.mark.parametrize(
    ("key", "now", "words"),
    [
        (WEEK, NEXT_MONDAY - timedelta(microseconds=1), "2026-11-16 00:00"),
        ("2026-W47", CLOSING, "2026-11-23 00:00"),
        ("2026-W54", CLOSING, "2026-W54"),
        ("yesterday", CLOSING, "yesterday"),
        ("", CLOSING, ""),
    ],
)
def test_what_has_not_ended_or_is_no_period_is_refused(key: str, now: datetime, words: str) -> None:
    tree()
    with pytest.raises(Refused) as refused:
        periods.close(period=key, now=now, by=None)
    assert words in refused.value.message
    assert not FrozenRanking.objects.exists()


def test_closing_needs_the_right_to() -> None:
    regional = {"branch": tree().region, "role": Role.QUALITY_MANAGER}
    for given in ({"branch": headquarters(), "role": Role.EXECUTIVE}, regional):
        by = PersonFactory.create(**given)
        with pytest.raises(Forbidden):
            periods.close(period=WEEK, now=CLOSING, by=by)
    assert not FrozenRanking.objects.exists()


def test_the_change_is_against_the_frozen_week_before() -> None:
    company = tree()
    for _number in range(10):
        history(company.branch, {"result": "met"}, at=DUE - 7 * DAY)
        history(company.sibling, {"result": "breached"}, at=DUE - 7 * DAY)
        history(company.branch, {"result": "breached"})
        history(company.sibling, {"result": "met"})
    periods.close(period="2026-W45", now=CLOSING - 7 * DAY, by=None)
    # What is found out after the closing belongs to no ranking any more.
    Timer.objects.filter(due_at__lt=DUE - DAY).update(state=TimerState.VOID)
    periods.close(period=WEEK, now=CLOSING, by=None)
    found = {row["branch"]["code"]: row["parts"]["on_time"] for row in frozen().rows}
    assert (found["WX"]["rank"], found["WX"]["previous_rank"]) == (2, 1)
    assert (found["SZ"]["rank"], found["SZ"]["previous_rank"]) == (1, 2)
    assert frozen().before["pooled"]["met"] == 10


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2026-11-18T07:59:59+08:00", ["2026-10", "2026-W45"]),
        ("2026-11-18T08:00:00+08:00", ["2026-10", "2026-W46"]),
        ("2026-12-03T07:59:00+08:00", ["2026-10", "2026-W48"]),
        ("2026-12-03T08:00:00+08:00", ["2026-11", "2026-W48"]),
        ("2027-01-06T08:00:00+08:00", ["2026-12", "2026-W53"]),
    ],
)
def test_a16_the_sweep_closes_48_hours_after_monday_and_the_first_at_eight(
    now: str, closed: list[str]
) -> None:
    tree()
    moment = datetime.fromisoformat(now)
    assert periods.close_ended(now=moment) == 2
    assert keys() == closed
    assert periods.close_ended(now=moment) == 0
    assert FrozenRanking.objects.count() == 4


@pytest.mark.parametrize("minute", [-1, 0])
def test_a16_eight_by_the_clock_of_the_company_also_when_it_was_changed(
    settings: Settings, minute: int
) -> None:
    """In New York the week of 2 March 2015 ends in summer time: Wednesday 08:00 is 12:00 UTC."""
    settings.TIME_ZONE = "America/New_York"
    tree()
    periods.close_ended(now=datetime(2015, 3, 11, 12, tzinfo=UTC) + minute * timedelta(minutes=1))
    assert keys() == ["2015-02", "2015-W10" if minute == 0 else "2015-W09"]


def test_the_sweep_makes_up_for_what_it_missed() -> None:
    tree()
    periods.close_ended(now=FREEZING)
    assert keys() == ["2026-10", "2026-W46"]
    assert periods.close_ended(now=FREEZING + 21 * DAY) == 4
    assert keys() == ["2026-10", "2026-11", "2026-W46", "2026-W47", "2026-W48", "2026-W49"]


def test_the_sweep_does_not_reach_back_before_the_first_closed_week() -> None:
    tree()
    periods.close(period="2026-W44", now=FREEZING, by=None)
    periods.close_ended(now=FREEZING)
    assert keys() == ["2026-10", "2026-W44", "2026-W45", "2026-W46"]


def test_the_sweep_leaves_a_sign_of_life() -> None:
    tree()
    periods.close_ended(now=CLOSING)
    assert SweepRun.objects.get(name="periods").ran_at == CLOSING


def test_nothing_to_close_is_three_queries_and_the_sign_of_life() -> None:
    tree()
    periods.close_ended(now=FREEZING)
    with CaptureQueriesContext(connection) as captured:
        periods.close_ended(now=FREEZING)
    assert len(captured) == 4


def test_a09_the_task_twice_is_the_task_once() -> None:
    tree()
    close_periods()
    was = list(FrozenRanking.objects.order_by("pk").values())
    assert len(was) == 4
    close_periods()
    assert list(FrozenRanking.objects.order_by("pk").values()) == was


@pytest.mark.django_db(transaction=True)
def test_a09_two_closings_at_once_freeze_once() -> None:
    company = tree()
    for _number in range(20):
        history(company.branch, all_four("met"))
    workers = 6
    start = Barrier(workers)

    def close(number: int) -> bool:
        try:
            start.wait()
            return periods.close(period=WEEK, now=CLOSING + number * DAY, by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        won = list(pool.map(close, range(workers)))
    assert sum(won) == 1
    assert FrozenRanking.objects.count() == 2
    moments = set(FrozenRanking.objects.values_list("frozen_at", flat=True))
    assert moments == {CLOSING + won.index(True) * DAY}


@pytest.mark.django_db(transaction=True)
def test_a10_the_race_is_real_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where nobody waits, the database's uniqueness refuses the second."""
    tree()
    start = Barrier(2)
    computed = standings.computed

    def slow(*args: object, **kwargs: object) -> standings.Standing:
        if kwargs["level"] == Level.BRANCH:
            start.wait()
        return computed(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(periods, "_wait_for_others", lambda: None)
    monkeypatch.setattr(standings, "computed", slow)

    def close(_number: int) -> str:
        try:
            return str(periods.close(period=WEEK, now=CLOSING, by=None))
        except DatabaseError as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, range(2))) == ["IntegrityError", "True"]
    assert FrozenRanking.objects.count() == 2
