"""The pages of periods and disputes (R-01, R-02, U-15)."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.models import Timer, TimerState
from csm.kit import clock
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Branch, Person, Role
from reports import closing, standings
from reports.actions import disputes, periods
from reports.models import ClosingRule, Dispute, DisputeStatus, FrozenRanking
from reports.tests.histories import DAY, DUE, history

pytestmark = pytest.mark.django_db


def posted(branch: Branch, role: str) -> tuple[Person, Client]:
    person = PersonFactory.create(branch=branch, role=role, language="en")
    client = Client()
    client.force_login(person)
    return person, client


class Office:
    """A late clock of Wuxi in the last week, which takes disputes for two weeks."""

    def __init__(self) -> None:
        self.company: Tree = tree()
        self.now = clock.now()
        self.week = standings.current(self.now, "week").previous
        self.manager, self.branch = posted(self.company.branch, Role.BRANCH_MANAGER)
        self.quality, self.headquarters = posted(self.company.headquarters, Role.QUALITY_MANAGER)
        ClosingRule.objects.create(
            dispute_hours=336,
            created_at=self.week.start - 40 * DAY,
            created_by=self.quality,
        )
        self.at = self.week.start + 3 * DAY
        self.late = history(self.company.branch, {"result": "breached"}, at=self.at)
        self.timer = Timer.objects.get()

    @property
    def key(self) -> str:
        return self.week.key

    def disputed(self) -> Dispute:
        return disputes.raise_(
            complaint=self.late, timer=self.timer, words="故障", by=self.manager, now=self.now
        )


@pytest.fixture
def office() -> Office:
    return Office()


def text(client: Client, name: str, *keys: object, status: int = 200, query: str = "") -> str:
    answer = client.get(reverse(name, args=keys) + query)
    assert answer.status_code == status
    return answer.content.decode()


def test_r01_the_list_says_how_far_each_period_is(office: Office) -> None:
    old = office.week.previous
    history(office.company.branch, {"result": "met"}, at=old.start + DAY)
    periods.close(period=old.key, now=office.now, by=None)
    office.disputed()
    answer = office.branch.get(reverse("periods"))
    stages = {life.period.key: life.stage for life, _label in answer.context["lives"]}
    assert stages == {
        office.week.following.key: "running",
        office.key: "preview",
        old.key: "frozen",
    }
    waiting = {life.period.key: life.open_disputes for life, _label in answer.context["lives"]}
    assert waiting[office.key] == 1
    assert sum(waiting.values()) == 1
    months = office.branch.get(reverse("periods"), {"kind": "month"})
    assert {life.period.kind for life, _label in months.context["lives"]} == {"month"}
    assert text(office.branch, "periods", query="?from=2026-W99", status=404)


def test_the_list_asks_as_often_for_one_period_as_for_all(office: Office) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            office.branch.get(reverse("periods"))
        return len(captured)

    asked()
    few = asked()
    history(office.company.branch, at=office.at - 200 * DAY)
    for week in (office.week.previous, office.week.previous.previous):
        periods.close(period=week.key, now=office.now, by=None)
    assert len(office.branch.get(reverse("periods")).context["lives"]) == 13
    assert asked() == few


def test_r01_a_branch_disputes_from_the_ranking_and_the_complaint(office: Office) -> None:
    """From the late clocks of the row to the form; with a file that only those who see it get."""
    way = reverse("contested", args=(office.key, "WX"))
    ranking = f"?period={office.key}"
    assert way in text(office.branch, "rankings", query=ranking)
    assert way not in text(office.headquarters, "rankings", query=ranking)
    page = text(office.branch, "period", office.key)
    assert reverse("contested", args=(office.key, "WX")) in page
    link = reverse("complaint-disputes", args=(office.late.number,))
    assert link in text(office.branch, "contested", office.key, "WX")
    assert link in office.branch.get(f"/complaints/{office.late.number}/").content.decode()
    assert (
        link not in office.headquarters.get(f"/complaints/{office.late.number}/").content.decode()
    )
    upload = SimpleUploadedFile("log.txt", "故障记录".encode())
    answer = office.branch.post(
        link, {"about": str(office.timer.pk), "words": "系统故障", "files": [upload]}
    )
    made = Dispute.objects.get()
    assert answer.headers["Location"] == reverse("dispute", args=(made.pk,))
    assert (made.by, made.period, made.timer) == (office.manager, office.key, office.timer)
    page = text(office.headquarters, "dispute", made.pk)
    file = made.files.get().file_id
    assert reverse("dispute-file", args=(made.pk, file)) in page
    _neighbour, client = posted(office.company.sibling, Role.BRANCH_MANAGER)
    text(client, "dispute", made.pk, status=404)
    assert client.get(reverse("dispute-file", args=(made.pk, file))).status_code == 404
    got = office.branch.get(reverse("dispute-file", args=(made.pk, file)))
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(got.streaming_content) == "故障记录".encode()  # type: ignore[attr-defined]
    assert "Waits for the decision" in text(office.branch, "contested", office.key, "WX")


@pytest.mark.parametrize(
    "given",
    [
        {"about": "", "words": "x"},
        {"about": "999999", "words": "x"},
        {"about": "responsibility", "words": " "},
        {"about": "responsibility", "words": "x" * 5001},
        {"about": "responsibility", "words": "x", "to_branch": "999999"},
    ],
)
def test_a_dispute_with_bad_input_keeps_what_was_typed(
    office: Office, given: dict[str, str]
) -> None:
    answer = office.branch.post(reverse("complaint-disputes", args=(office.late.number,)), given)
    assert answer.status_code == 422
    assert given["words"].strip() in answer.content.decode()
    assert not Dispute.objects.exists()


def test_b07_a_file_that_may_not_be_kept_is_refused_with_the_dispute(office: Office) -> None:
    upload = SimpleUploadedFile("run.svg", b"<svg onload='x'/>")
    answer = office.branch.post(
        reverse("complaint-disputes", args=(office.late.number,)),
        {"about": "responsibility", "words": "see the file", "files": [upload]},
    )
    assert answer.status_code == 422
    assert "see the file" in answer.content.decode()
    assert not Dispute.objects.exists()


def test_what_cannot_be_disputed_now_says_why(office: Office) -> None:
    running = history(office.company.branch, {"result": "breached"}, at=office.now)
    page = text(office.branch, "complaint-disputes", running.number)
    assert "Nothing can be disputed now" in page
    assert "<form method" not in page.partition("<main")[2].partition("Disputes</h1>")[2]
    answer = office.branch.post(
        reverse("complaint-disputes", args=(running.number,)),
        {"about": "responsibility", "words": "x"},
    )
    assert answer.status_code == 422
    assert not Dispute.objects.exists()


def test_r01_who_is_outside_decides_on_the_page(office: Office) -> None:
    made = office.disputed()
    _region, regional = posted(office.company.region, Role.QUALITY_MANAGER)
    decide = reverse("dispute-decide", args=(made.pk,))
    given = {"is_granted": "yes", "code": "system_failure", "words": "checked", "version": "1"}
    for client in (office.branch, regional):
        assert "decide-title" not in text(client, "dispute", made.pk)
        assert client.post(decide, given).status_code == 403
    assert "decide-title" in text(office.headquarters, "dispute", made.pk)
    for wrong in ({"code": ""}, {"words": ""}, {"is_granted": ""}, {"is_granted": "maybe"}):
        answer = office.headquarters.post(decide, given | wrong)
        assert answer.status_code == 422
    stale = office.headquarters.post(decide, given | {"version": "9"})
    assert stale.status_code == 409
    made.refresh_from_db()
    assert made.status == DisputeStatus.OPEN
    assert office.headquarters.post(decide, given).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.decided_by) == (DisputeStatus.GRANTED, office.quality)
    assert Timer.objects.get().state == TimerState.WAIVED
    assert "The clock was waived" in text(office.branch, "dispute", made.pk)
    assert office.headquarters.post(decide, given).status_code == 409


def test_the_branch_withdraws_on_the_page(office: Office) -> None:
    made = office.disputed()
    withdraw = reverse("dispute-withdraw", args=(made.pk,))
    # Who decides does not make it go away undecided.
    assert office.headquarters.post(withdraw).status_code == 403
    assert office.branch.post(withdraw, {"version": "1"}).status_code == 302
    made.refresh_from_db()
    assert made.status == DisputeStatus.WITHDRAWN
    mine = office.branch.get(reverse("disputes"), {"view": "mine"})
    assert [row.pk for row in mine.context["found"].rows] == [made.pk]
    assert not office.branch.get(reverse("disputes"), {"status": "open"}).context["found"].rows


def test_the_list_of_disputes_asks_as_often_for_one_as_for_twenty(office: Office) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = office.branch.get(reverse("disputes"))
        assert answer.context["found"].rows
        return len(captured)

    office.disputed()
    asked()
    one = asked()
    for _number in range(19):
        late = history(office.company.branch, {"result": "breached"}, at=office.at)
        disputes.raise_(complaint=late, words="x", by=office.manager, now=office.now)
    assert len(office.branch.get(reverse("disputes")).context["found"].rows) == 20
    assert asked() == one


def test_r01_freezing_and_revising_on_the_pages(office: Office) -> None:
    freeze = reverse("period-freeze", args=(office.key,))
    made = office.disputed()
    assert "1 dispute is open" in text(office.headquarters, "period-freeze", office.key)
    assert office.headquarters.post(freeze).status_code == 409
    assert office.branch.post(freeze).status_code == 403
    assert not FrozenRanking.objects.exists()
    disputes.withdraw(dispute=made, by=office.manager, now=office.now)
    assert "ends that" in text(office.headquarters, "period-freeze", office.key)
    assert office.headquarters.post(freeze).status_code == 302
    assert FrozenRanking.objects.filter(frozen_by=office.quality).count() == 2
    assert "frozen already" in text(office.headquarters, "period-freeze", office.key)
    assert office.headquarters.post(freeze).status_code == 302
    revise = reverse("period-revise", args=(office.key,))
    for given in ({"reason": ""}, {"reason": "nothing has changed"}):
        answer = office.headquarters.post(revise, given)
        assert answer.status_code == 422
        assert given["reason"] in answer.content.decode()
    history(office.company.branch, {"result": "met"}, at=office.at)
    assert office.headquarters.post(revise, {"reason": "logged late"}).status_code == 302
    page = text(office.branch, "period", office.key)
    assert page.count("Checksum right") == 4
    assert "logged late" in page
    query = f"?period={office.key}"
    latest = office.branch.get(reverse("rankings") + query).context["standing"]
    first = office.branch.get(reverse("rankings") + query + "&revision=1").context["standing"]
    assert (latest.revision, latest.company["pooled"]["n"]) == (2, 2)
    assert (first.revision, first.company["pooled"]["n"]) == (1, 1)
    for wrong in ("3", "0", "x", "-1", "1e3"):
        assert office.branch.get(f"/rankings/{query}&revision={wrong}").status_code == 404


@pytest.mark.parametrize("key", ["2026-W99", "2199-W10", "x", "2026-13"])
def test_what_is_no_period_or_lies_ahead_is_not_there(office: Office, key: str) -> None:
    for name in ("period", "period-freeze", "period-revise"):
        text(office.headquarters, name, key, status=404)
        assert office.headquarters.post(reverse(name, args=(key,))).status_code in (404, 405)
    text(office.branch, "contested", key, "WX", status=404)


def test_the_running_period_is_not_frozen_from_its_page(office: Office) -> None:
    key = office.week.following.key
    assert "has not ended" in text(office.headquarters, "period-freeze", key)
    answer = office.headquarters.post(reverse("period-freeze", args=(key,)))
    assert answer.status_code in (409, 422)
    assert not FrozenRanking.objects.exists()


def test_the_time_for_disputes_is_set_in_versions(office: Office) -> None:
    _admin, client = posted(office.company.headquarters, Role.ADMINISTRATOR)
    for wrong in ("", "-1", "337", "many"):
        answer = client.post(reverse("closing-rule"), {"dispute_hours": wrong})
        assert answer.status_code == 422
    assert ClosingRule.objects.count() == 1
    assert client.post(reverse("closing-rule"), {"dispute_hours": "24"}).status_code == 302
    assert [row.dispute_hours for row in closing.rules()] == [336, 24]
    running = standings.current(office.now, "week")
    assert closing.dispute_until(running) == running.end + timedelta(hours=32)


def test_the_ranking_says_until_when_it_is_a_preview() -> None:
    company = tree()
    _manager, client = posted(company.branch, Role.BRANCH_MANAGER)
    history(company.branch, {"result": "met"}, at=DUE)
    answer = client.get("/rankings/?period=2026-W46")
    assert answer.context["closes_at"] == datetime.fromisoformat("2026-11-18T08:00:00+08:00")
