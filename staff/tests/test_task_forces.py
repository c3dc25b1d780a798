"""The task force for satisfaction: duties by department, reports, the end (O-04)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from complaints.tests.clockwork import Desk, at, opened_desk, refused, told
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.api import Caller
from csm.tests.api import refused as api_refused
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Role
from staff.actions import task_forces as actions
from staff.agenda import agenda
from staff.models import Duty, DutyReport, TaskForce

pytestmark = pytest.mark.django_db
DAY = 24
WORDS = {"name": "Recovery", "purpose": "Five points more satisfied customers"}


@pytest.fixture
def desk() -> Desk:
    found = opened_desk()
    root = found.company.headquarters
    for name, role in (("gm", Role.GENERAL_MANAGER), ("lead", Role.SERVICE_FUNCTION)):
        found.people[name] = PersonFactory.create(name=name, branch=root, role=role, email="")
    return found


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def force(desk: Desk) -> TaskForce:
    root = desk.company.headquarters
    return actions.create(branch=root, lead=desk.lead, by=desk.gm, now=at(0), **WORDS)


def duty(desk: Desk, of: TaskForce, **said: Any) -> Duty:
    given: dict[str, Any] = {
        "force": of, "department": Role.HANDLER, "person": desk.handler,
        "text": "Review overdue complaints weekly", "by": desk.lead, "now": at(0),
    }  # fmt: skip
    return actions.add_duty(**given | said)


def test_o04_top_management_sets_one_up_and_its_lead_gives_duties(desk: Desk) -> None:
    root = desk.company.headquarters
    given: dict[str, Any] = {"branch": root, "lead": desk.lead, "now": at(0), **WORDS}
    with refused(Forbidden):
        actions.create(by=desk.quality, **given)
    for field in ("name", "purpose"):
        with refused(Refused, field):
            actions.create(by=desk.gm, **given | {field: " "})
    made = force(desk)
    assert told("task_force_lead") == ["lead"]
    with refused(Forbidden):
        duty(desk, made, by=desk.quality)
    for field, wrong in (
        ("text", {"text": " "}),
        ("person", {"department": Role.HUMAN_RESOURCES}),
        ("due_on", {"due_on": at(-DAY).date()}),
    ):
        with refused(Refused, field):
            duty(desk, made, **wrong)
    assert not Duty.objects.exists()
    duty(desk, made, due_on=at(10 * DAY).date())
    assert told("duty_given") == ["handler"]
    with refused(Stale):
        duty(desk, made, version=1)


def test_o04_whoever_is_responsible_reports_until_it_is_done(desk: Desk) -> None:
    row = duty(desk, force(desk))
    with refused(Forbidden):
        actions.report(duty=row, words="Mine", by=desk.neighbour, now=at(1))
    with refused(Refused, "words"):
        actions.report(duty=row, words=" ", by=desk.handler, now=at(1))
    actions.report(duty=row, words="Two reviewed", by=desk.handler, now=at(1))
    actions.finish(duty=row, words="All reviewed", by=desk.handler, now=at(2))
    assert told("duty_reported") == ["lead", "lead"]
    with refused(NotOpen):
        actions.report(duty=row, words="More", by=desk.handler, now=at(3))
    assert list(row.reports.values_list("words", flat=True)) == ["All reviewed", "Two reviewed"]
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyReport.objects.update(words="Nothing")


def test_o04_it_ends_once_no_duty_is_open(desk: Desk) -> None:
    made = force(desk)
    row = duty(desk, made)
    ending: dict[str, Any] = {"force": made, "outcome": "Reached", "by": desk.gm}
    with refused(NotOpen):
        actions.end(now=at(1), **ending)
    with refused(Forbidden):
        actions.drop(duty=row, reason="Not needed", by=desk.handler, now=at(1))
    actions.drop(duty=row, reason="Not needed", by=desk.lead, now=at(1))
    assert told("duty_dropped") == ["handler"]
    with refused(Refused, "outcome"):
        actions.end(now=at(2), **ending | {"outcome": ""})
    with refused(Forbidden):
        actions.end(now=at(2), **ending | {"by": desk.lead})
    actions.end(now=at(2), **ending)
    with refused(NotOpen):
        duty(desk, made)
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskForce.objects.update(outcome="")


def test_o04_a_duty_with_a_day_is_asked_for_and_reminded_once(desk: Desk) -> None:
    made = force(desk)
    duty(desk, made, due_on=at(10 * DAY).date())
    duty(desk, made, text="Standing")
    assert [task.words for task in agenda(desk.handler, now=at(0)).quarter] == [
        "Review overdue complaints weekly"
    ]
    assert actions.remind(now=at(6 * DAY)) == 0
    actions.remind(now=at(8 * DAY))
    actions.remind(now=at(8 * DAY))
    assert told("duty_due") == ["handler"]
    actions.remind(now=at(11 * DAY))
    actions.remind(now=at(11 * DAY))
    assert told("duty_due") == ["handler", "handler", "lead"]
    late = Message.objects.filter(text="duty_due", context__is_late=True)
    assert late.values("importance").distinct().count() == 1


def test_o04_the_pages_lead_from_the_force_to_a_report(desk: Desk) -> None:
    made = force(desk)
    lead, handler = client(desk.lead), client(desk.handler)
    url = reverse("task-force", args=[made.pk])
    assert handler.get(url).status_code == 404
    sent = {"department": "handler", "person": desk.handler.pk, "text": "", "due_on": ""}
    refusal = lead.post(reverse("task-force-duty", args=[made.pk]), sent)
    assert (refusal.status_code, Duty.objects.count()) == (422, 0)
    assert "Say what is to be done." in refusal.content.decode()
    lead.post(reverse("task-force-duty", args=[made.pk]), sent | {"text": "Call back in time"})
    row = Duty.objects.get()
    assert "Call back in time" in handler.get(reverse("task-forces")).content.decode()
    assert handler.get(url).status_code == 200
    assert client(desk.neighbour).get(reverse("duty", args=[row.pk])).status_code == 404
    report = reverse("duty-report", args=[row.pk])
    assert handler.post(report, {"words": "", "version": 1}).status_code == 422
    handler.post(report, {"words": "Half done", "version": 1})
    stale = handler.post(report, {"words": "Kept words", "version": 1, "do": "finish"})
    assert stale.status_code == 409
    assert "Kept words" in stale.content.decode()
    handler.post(report, {"words": "Done", "version": 2, "do": "finish"})
    row.refresh_from_db()
    assert row.status == "done"
    assert "1 of 1 done" in lead.get(url).content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_o04_a_force_asks_as_often_for_one_duty_as_for_twenty(
    desk: Desk, django_assert_num_queries: Any, count: int
) -> None:
    made = force(desk)
    for _each in range(count):
        duty(desk, made)
    browser = client(desk.gm)
    browser.get(reverse("task-force", args=[made.pk]))
    with django_assert_num_queries(11):
        browser.get(reverse("task-force", args=[made.pk]))


def test_o04_programs_do_the_same(desk: Desk) -> None:
    caller, lead, handler = Caller(desk.gm), Caller(desk.lead), Caller(desk.handler)
    body = {"branch": desk.company.headquarters.code, "lead": desk.lead.pk, **WORDS}
    api_refused(lead.post("task-forces/", body), 403, "forbidden")
    made = caller.post("task-forces/", body).json()
    given = {"department": "handler", "person": desk.handler.pk, "text": "Call back in time"}
    row = caller.post(f"task-forces/{made['id']}/duties/", given).json()
    assert (row["status"], row["due_on"], row["reports"]) == ("open", None, [])
    handler.post(f"duties/{row['id']}/report/", {"words": "Half done"})
    done = handler.post(f"duties/{row['id']}/finish/", {"words": "Done"}).json()
    assert [each["words"] for each in done["reports"]] == ["Done", "Half done"]
    ended = caller.post(f"task-forces/{made['id']}/end/", {"outcome": "Reached"}).json()
    assert (ended["status"], ended["outcome"]) == ("ended", "Reached")
    api_refused(caller.post(f"task-forces/{made['id']}/end/", {"outcome": "x"}), 409, "not_open")
