"""Points, rewards, fund and thanks by the API (contract, "REST API"; F-21, O-17)."""

from decimal import Decimal
from typing import Any

import pytest

from complaints.models import CallbackAttempt
from complaints.tests.clockwork import Desk, at, opened_desk
from csm.kit import clock
from csm.tests.api import Caller, refused
from organisation.factories import PersonFactory
from organisation.models import Role
from staff.actions import fund
from staff.factories import earned
from staff.models import PointEntry, Redemption, Thanks

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """With the rules that a company begins with."""
    desk = opened_desk()
    desk.people["resources"] = PersonFactory.create(
        name="resources", branch=desk.company.headquarters, role=Role.HUMAN_RESOURCES, email=""
    )
    earned(desk.handler, desk.company.branch, now=clock.now())
    return desk


def given(response: Any, number: int = 200) -> Any:
    assert response.status_code == number, response.content
    return response.json()


def test_f21_points_by_the_api(desk: Desk) -> None:
    own, boss = Caller(desk.handler), Caller(desk.manager)
    assert given(own.get("points/balance/")) == {"balance": 50, "is_shown": True}
    [entry] = given(own.get("points/"))["results"]
    assert (entry["points"], entry["rule"], entry["what"]) == (50, "service-star", "Service star")
    said = {
        "person": desk.handler.pk,
        "branch": "WX",
        "rule": "manager",
        "reason": "Stayed until the goods were there",
    }
    refused(own.post("points/", said), 403, "forbidden")
    assert set(refused(boss.post("points/", {}), 400, "invalid")["fields"]) == set(said)
    refused(boss.post("points/", said | {"rule": "none"}), 400, "invalid")
    wrong = refused(boss.post("points/", said | {"evidence": "TS1"}), 400, "refused")
    assert list(wrong["fields"]) == ["evidence"]
    key: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": "a"}
    made = [given(boss.post("points/", said, **key), 201) for _twice in range(2)]
    assert (made[0]["id"], made[0]["points"], made[0]["by"]["name"]) == (
        made[1]["id"],
        5,
        "manager",
    )
    assert len(given(boss.get(f"people/{desk.handler.pk}/points/"))["results"]) == 2
    back = f"points/{made[0]['id']}/take-back/"
    assert given(boss.post(back, {"reason": "Somebody else"}), 201)["reverses"] == made[0]["id"]
    refused(boss.post(back, {"reason": "Again"}), 409, "not_open")
    [line] = given(boss.get("points/board/"))["results"]
    assert (line["place"], line["person"]["name"], line["points"]) == (1, "handler", 50)
    assert given(own.patch("points/balance/", {"is_shown": False}))["is_shown"] is False
    assert given(boss.get("points/board/"))["results"] == []
    refused(boss.get("points/board/?period=x"), 404, "not_found")
    assert "service-star" in {row["code"] for row in given(own.get("points/rules/"))["results"]}
    assert PointEntry.objects.count() == 3


def test_f21_o17_rewards_and_fund_by_the_api(desk: Desk) -> None:
    own, resources = Caller(desk.handler), Caller(desk.resources)
    said = {"name": "保温杯", "points": 30, "cost": "80.00", "pieces": 1}
    refused(own.post("rewards/", said), 403, "forbidden")
    cup = given(resources.post("rewards/", said), 201)
    assert (cup["stock"], given(own.get("rewards/"))["results"]) == (1, [cup])
    refused(resources.patch(f"rewards/{cup['id']}/", {"pieces": -2}), 400, "refused")
    assert given(resources.patch(f"rewards/{cup['id']}/", {"pieces": 2}))["stock"] == 3
    refused(own.post("redemptions/", {"reward": cup["id"], "price": 29}), 409, "stale")
    made = given(own.post("redemptions/", {"reward": cup["id"]}), 201)
    refused(own.post("redemptions/", {"reward": cup["id"]}), 409, "refused")
    one = f"redemptions/{made['id']}/"
    entry = PointEntry.objects.get(source_kind="redemption")
    refused(resources.post(f"points/{entry.pk}/take-back/", {"reason": "x"}), 409, "not_open")
    refused(own.post(f"{one}approve/", {}), 403, "forbidden")
    refused(resources.post(f"{one}approve/", {"version": 1}), 409, "refused")
    period = fund.quarter_at(clock.now()).key
    refused(own.put("fund/", {"period": period, "budget": "100"}), 403, "forbidden")
    refused(resources.put("fund/", {"period": "2026-11", "budget": "100"}), 400, "refused")
    state = given(resources.put("fund/", {"period": period, "budget": "100"}))
    assert (state["budget"], state["remaining"]) == ("100.00", "100.00")
    assert given(resources.post(f"{one}approve/", {"version": 1}))["status"] == "approved"
    assert given(resources.get("fund/"))["spent"]["redemption"] == "80.00"
    refused(resources.post(f"{one}refuse/", {"reason": ""}), 400, "invalid")
    assert given(resources.post(f"{one}hand-over/", {}))["status"] == "handed-over"
    refused(own.post(f"{one}withdraw/", {}), 409, "not_open")
    assert given(own.get("redemptions/?status=handed-over"))["results"][0]["id"] == made["id"]
    refused(own.get("redemptions/?status=x"), 400, "invalid")
    assert Redemption.objects.get().cost == Decimal(80)


def test_f21_thanks_by_the_api(desk: Desk) -> None:
    call = CallbackAttempt.objects.create(
        complaint=desk.complaint("answered"), at=at(2), by=desk.quality, is_reached=True, score=10
    )
    quality, own = Caller(desk.quality), Caller(desk.handler)
    said = {"callback": call.pk, "person": desk.handler.pk, "words": "多亏了他"}
    refused(own.post("thanks/", said), 403, "forbidden")
    for wrong in ({**said, "answer": 1}, {"person": desk.handler.pk, "words": "x"}):
        assert list(refused(quality.post("thanks/", wrong), 400, "invalid")["fields"]) == ["answer"]
    refused(quality.post("thanks/", said | {"callback": 999_999}), 400, "invalid")
    made = given(quality.post("thanks/", said), 201)
    assert (made["is_best"], given(own.get("thanks/"))["results"]) == (True, [made])
    refused(own.delete(f"thanks/{made['id']}/"), 403, "forbidden")
    assert quality.delete(f"thanks/{made['id']}/").status_code == 204
    assert given(own.get("thanks/"))["results"] == []
    assert Thanks.objects.exclude(withdrawn_at=None).count() == 1
