"""`/api/v1/periods/` and `/api/v1/disputes/` (R-01, R-02)."""

import pytest

from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory
from organisation.models import Role
from reports.actions import periods
from reports.models import Dispute, FrozenRanking
from reports.tests.histories import DAY, history
from reports.tests.test_period_pages import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def body(office: Office, **given: object) -> dict[str, object]:
    return {"complaint": office.late.number, "milestone": "result", "words": "故障"} | given


def test_r01_a_dispute_from_raising_to_the_frozen_week(office: Office) -> None:
    branch, quality = Caller(office.manager), Caller(office.quality)
    answer = branch.post("disputes/", body(office))
    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["period"], made["about"]) == ("open", office.key, "verdict")
    assert (made["milestone"], made["cycle"], made["branch"]["code"]) == ("result", 1, "WX")
    refused(branch.post("disputes/", body(office)), 409, "not_open")
    path = f"disputes/{made['id']}/"
    period = quality.get(f"periods/{office.key}/").json()
    assert (period["stage"], period["open_disputes"]) == ("preview", 1)
    refused(quality.post(f"periods/{office.key}/close/", {}), 409, "not_open")
    given = {"granted": True, "words": "checked", "code": "system_failure", "version": 1}
    refused(branch.post(path + "decide/", given), 403, "forbidden")
    refused(quality.post(path + "decide/", given | {"version": 2}), 409, "stale")
    found = refused(quality.post(path + "decide/", {"granted": True, "words": "x"}), 400, "refused")
    assert set(found["fields"]) == {"code"}
    decided = quality.post(path + "decide/", given).json()
    assert (decided["status"], decided["code"]) == ("granted", "system_failure")
    refused(quality.post(path + "decide/", given | {"version": 2}), 409, "not_open")
    frozen = quality.post(f"periods/{office.key}/close/", {}).json()
    assert (frozen["stage"], [row["revision"] for row in frozen["revisions"]]) == ("frozen", [1])
    assert {row["is_intact"] for row in frozen["checksums"]} == {True}
    assert quality.post(f"periods/{office.key}/close/", {}).json() == frozen
    assert FrozenRanking.objects.count() == 2


def test_r01_a_revision_is_named_and_the_first_is_kept(office: Office) -> None:
    quality = Caller(office.quality)
    path = f"periods/{office.key}/revise/"
    refused(quality.post(path, {"reason": "x"}), 409, "not_open")
    periods.close(period=office.key, now=office.now, by=None)
    refused(quality.post(path, {"reason": "x"}), 409, "refused")
    refused(quality.post(path, {}), 400, "invalid")
    history(office.company.branch, {"result": "met"}, at=office.at)
    refused(Caller(office.manager).post(path, {"reason": "x"}), 403, "forbidden")
    found = quality.post(path, {"reason": "logged late"}).json()
    assert [(row["revision"], row["reason"]) for row in found["revisions"]] == [
        (1, ""),
        (2, "logged late"),
    ]
    ranking = quality.get(f"rankings/{office.key}/").json()
    assert (ranking["revision"], ranking["company"]["pooled"]["n"]) == (2, 2)
    first = quality.get(f"rankings/{office.key}/?revision=1").json()
    assert (first["revision"], first["company"]["pooled"]["n"]) == (1, 1)
    assert quality.get(f"rankings/{office.key}/?revision=3").status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"complaint": "TS-none"}, "complaint"),
        ({"cycle": 2}, "milestone"),
        ({"milestone": "callback"}, "milestone"),
        ({"words": ""}, "words"),
        ({"to_branch": "SZ"}, "to_branch"),
        ({"to_branch": "nowhere"}, "to_branch"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_dispute_with_bad_input_is_refused(
    office: Office, given: dict[str, object], field: str
) -> None:
    answer = Caller(office.manager).post("disputes/", body(office, **given))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert not Dispute.objects.exists()


def test_a_sibling_can_neither_dispute_nor_read(office: Office) -> None:
    neighbour = PersonFactory.create(branch=office.company.sibling, role=Role.BRANCH_MANAGER)
    caller, made = Caller(neighbour), office.disputed()
    assert caller.post("disputes/", body(office)).status_code == 400
    assert caller.get(f"disputes/{made.pk}/").status_code == 404
    assert caller.post(f"disputes/{made.pk}/withdraw/", {}).status_code == 404
    assert caller.get("disputes/").json()["results"] == []
    assert Dispute.objects.count() == 1
    mine = Caller(office.manager)
    assert [row["id"] for row in mine.get("disputes/").json()["results"]] == [made.pk]
    assert mine.post(f"disputes/{made.pk}/withdraw/", {}).json()["status"] == "withdrawn"


def test_periods_are_listed_page_by_page(office: Office) -> None:
    history(office.company.branch, at=office.at - 40 * 7 * DAY)
    caller = Caller(office.manager)
    first = caller.get("periods/").json()
    weeks = [row["period"] for row in first["results"]]
    assert (weeks[:2], len(weeks)) == ([office.week.following.key, office.key], 26)
    rest = caller.get(first["next"].partition("/api/v1/")[2]).json()
    assert (len(rest["results"]), rest["next"]) == (42 - 26, None)
    months = caller.get("periods/?kind=month").json()
    assert months["next"] is None
    assert all("-W" not in row["period"] for row in months["results"])
    refused(caller.get("periods/?after=soon"), 400, "invalid")
    for key in ("2026-W99", "2199-W01"):
        assert caller.get(f"periods/{key}/").status_code == 404
