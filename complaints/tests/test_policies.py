"""Policies in the browser: targets, clocks, ladders, who they are for (sla.md rule 9, §3)."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Category, Event, LadderStep, Policy, Timer
from complaints.tests.policy_forms import Typed, fields_of, opened, row_of, rules
from complaints.tests.rows import signed_in
from csm.tests.crawler import Page
from customers.factories import CustomerFactory
from organisation.actions import calendars
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SENT = {"do": "save"}


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def admin(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR)


@pytest.fixture
def client(admin: Person) -> Client:
    client = signed_in(admin)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def standard() -> Policy:
    return Policy.objects.last_resort().get()


def edit(client: Client, policy: Policy, **changed: Any) -> Any:
    """Open the editor, change some fields, save."""
    data = opened(client, policy) | SENT | changed
    return client.post(reverse("policy-edit", args=[policy.pk]), data)


def add(client: Client, **changed: Any) -> Policy:
    data = opened(client) | SENT | {"name": "另一条"} | changed
    answer = client.post(reverse("policy-new"), data)
    assert answer.status_code == 302, answer.context["editor"].errors
    return Policy.objects.get(name=data["name"])


def steps(policy: Policy, kind: str) -> list[tuple[int | None, float | None, list[str]]]:
    newest = policy.revisions.latest("number")
    return [
        (row.percent, row.after / HOUR if row.after is not None else None, row.roles)
        for row in LadderStep.objects.filter(revision=newest, kind=kind).order_by("position")
    ]


def test_an_edit_is_the_next_revision_and_moves_no_running_clock(
    company: Tree, client: Client, standard: Policy
) -> None:
    old = ComplaintFactory.create(branch=company.branch)
    before = list(Timer.objects.order_by("pk").values())
    first = standard.revisions.latest("number")

    answer = edit(
        client,
        standard,
        **{"result-duration": "12"},
        **row_of("result", 0, amount="4", unit="after", roles=["executive"]),
        **row_of("result", 1, DELETE="on"),
        **row_of("result", 5, amount="30", unit="percent", roles=["handler", "branch_manager"]),
    )

    assert answer.status_code == 302
    newest = standard.revisions.latest("number")
    assert newest.number == first.number + 1
    assert newest.created_by == answer.wsgi_request.user
    assert steps(standard, "result") == [
        (30, None, ["handler", "branch_manager"]),
        (None, 0, ["branch_manager", "quality_specialist"]),
        (None, 4, ["executive"]),
        (None, 12, ["service_director"]),
        (None, 24, ["general_manager"]),
    ]
    assert newest.targets.get(kind="result").duration == 12 * HOUR
    assert first.targets.get(kind="result").duration == 24 * HOUR
    assert list(Timer.objects.order_by("pk").values()) == before
    new = ComplaintFactory.create(branch=company.branch)
    timers = {row.complaint_id: row for row in Timer.objects.filter(kind="result")}
    assert timers[new.pk].due_at - timers[new.pk].started_at == 12 * HOUR
    assert timers[old.pk].due_at - timers[old.pk].started_at == 24 * HOUR


def test_saving_what_is_there_makes_no_revision(client: Client, standard: Policy) -> None:
    count = standard.revisions.count()
    assert edit(client, standard).status_code == 302
    assert edit(client, standard, name="改名").status_code == 302
    standard.refresh_from_db()
    assert (standard.name, standard.revisions.count()) == ("改名", count)


@pytest.mark.parametrize(
    ("condition", "matching", "other"),
    [
        ("severity", {"severity": "critical"}, {"severity": "high"}),
        ("tier", {"customer": {"tier": "diamond"}}, {"customer": {"tier": "gold"}}),
        (
            "grade",
            {"customer": {"kind": "company", "grade": "5A"}},
            {"customer": {"kind": "company", "grade": "1A"}},
        ),
        ("category", {"category": "delay"}, {"category": "other"}),
        ("branch", {"branch": "child"}, {"branch": "sibling"}),
    ],
)
def test_a_policy_takes_only_what_its_condition_names(
    company: Tree, client: Client, condition: str, matching: Typed, other: Typed
) -> None:
    """Two hours for those it is meant for; the others keep the promise of the standard."""
    delay = CategoryFactory.create(code="delay")
    CategoryFactory.create(code="other")
    wanted = {
        "severity": "critical",
        "tier": "diamond",
        "grade": "5A",
        "category": str(delay.pk),
        "branch": str(company.branch.pk),
    }[condition]
    add(client, **{condition: wanted, "result-duration": "2"})
    assert promised(company, matching) == 2 * HOUR
    assert promised(company, other) == 24 * HOUR


def promised(company: Tree, given: Typed) -> timedelta:
    fields: Typed = {"branch": getattr(company, given.get("branch", "branch"))}
    if "severity" in given:
        fields["severity"] = given["severity"]
    if "category" in given:
        fields["category"] = Category.objects.get(code=given["category"])
    if "customer" in given:
        fields["customer"] = CustomerFactory.create(home_branch=company.branch, **given["customer"])
    complaint = ComplaintFactory.create(**fields)
    timer = complaint.timers.get(kind="result")
    return timer.due_at - timer.started_at


def test_a_policy_counts_by_the_calendar_that_it_names(company: Tree, client: Client) -> None:
    calendar = calendars.create(name="客服中心", timezone="Asia/Shanghai", by=None)
    add(client, severity="critical", calendar=str(calendar.pk), **{"result-duration": "10"})
    friday = datetime(2026, 3, 6, 8, tzinfo=UTC)  # 16:00 in Shanghai
    complaint = ComplaintFactory.create(
        branch=company.branch, severity="critical", received_at=friday, now=friday
    )
    # Two hours on Friday, eight on Monday.
    due = complaint.timers.get(kind="result").due_at
    assert calendar.hours[0] == calendar.hours[4] == [(time(9), time(18))]
    assert due == datetime(2026, 3, 9, 9, tzinfo=UTC)


WRONG: dict[str, tuple[Typed, str]] = {
    "target of zero": ({"result-duration": "0"}, "A target must be longer than zero."),
    "no target": ({"result-duration": ""}, "Enter the target."),
    "target in words": ({"result-duration": "soon"}, "Result: Enter a number."),
    "negative pause": ({"pause_limit": "-1"}, "0"),
    "no time to appeal": ({"appeal_within": "0"}, "0.01"),
    "no attempts": ({"callback_attempts": "0"}, "1"),
    "no name": ({"name": ""}, "Enter the name."),
    "share of nothing": (row_of("result", 0, amount="0"), "enter 1 to 99"),
    "share of all": (row_of("result", 0, amount="100"), "enter 1 to 99"),
    "half a percent": (row_of("result", 0, amount="50.5"), "enter 1 to 99"),
    "nobody hears": (row_of("result", 0, roles=[]), "Choose who hears this step."),
    "an unknown role": (row_of("result", 0, roles=["king"]), "king"),
    "by no channel": (row_of("result", 0, channels=[]), "Choose how they are told."),
    "the same step twice": (
        row_of("result", 1, amount="50", roles=["handler"]),
        "The same step stands above.",
    ),
    "a condition for the last resort": ({"severity": "high"}, "must stay"),
    "asleep as the last resort": ({"is_active": None}, "must stay"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_said_and_kept_and_changes_nothing(
    client: Client, standard: Policy, case: str
) -> None:
    changed, words = WRONG[case]
    before = rules()
    data = opened(client, standard) | SENT | {"apology-duration": "1.5"} | changed
    data = {name: value for name, value in data.items() if value is not None}
    answer = client.post(reverse("policy-edit", args=[standard.pk]), data)

    assert answer.status_code == 422
    editor = answer.context["editor"]
    assert any(words in text for _place, text in editor.errors), editor.errors
    assert editor.ladders[0].target["duration"].value() == "1.5"
    text = answer.content.decode()
    assert "<title>Error: " in text
    places = [place for place, _text in editor.errors if place]
    assert all(f'id="{place}"' in text for place in places)
    assert rules() == before


def test_a_name_is_taken_once_and_there_is_one_last_resort(
    client: Client, standard: Policy
) -> None:
    before = rules()
    for changed in ({"name": standard.name, "severity": "high"}, {"name": "第二条"}):
        answer = client.post(reverse("policy-new"), opened(client) | SENT | changed)
        assert answer.status_code == 422
        assert answer.context["editor"].errors
    assert rules() == before


def test_a_row_is_added_and_what_was_typed_stays(client: Client, standard: Policy) -> None:
    before = rules()
    data = opened(client, standard) | {"do": "add-result", "result-duration": "7"}
    answer = client.post(reverse("policy-edit", args=[standard.pk]), data)
    ladder = next(each for each in answer.context["editor"].ladders if each.kind == "result")
    assert answer.status_code == 200
    assert ladder.target["duration"].value() == "7"
    assert len(ladder.rows.forms) == int(data["result-steps-TOTAL_FORMS"]) + 1
    assert rules() == before
    # Left as it came, the new row is no step.
    again = fields_of(answer.context["editor"]) | SENT
    assert client.post(reverse("policy-edit", args=[standard.pk]), again).status_code == 302
    assert len(steps(standard, "result")) == 5


def cautioned(answer: Any) -> list[tuple[str, int | None, str]]:
    return [(each.kind, each.place, each.text) for each in answer.context["cautions"]]


def test_the_editor_warns_of_what_reaches_nobody(
    company: Tree, client: Client, standard: Policy
) -> None:
    """A ladder without steps, a role nobody holds, an address nobody has."""
    PersonFactory.create(branch=company.region, role=Role.SERVICE_DIRECTOR, email="", name="王总监")
    data = opened(client, standard) | {"do": "preview"}
    for place in range(4):
        data |= row_of("callback", place, DELETE="on")
    data |= row_of("result", 3, roles=["service_director"], channels=["email"])
    answer = client.post(reverse("policy-edit", args=[standard.pk]), data)
    found = cautioned(answer)

    assert ("callback", None, "Nobody is told about this clock.") in found
    said = [text for kind, place, text in found if (kind, place) == ("result", 3)]
    assert said == [
        "Nobody is Service director at Headquarters, Ganning or above.",
        "No e-mail address, so not told at all: 王总监.",
    ]
    assert "Nobody is told about this clock." in answer.content.decode()


def test_the_preview_names_people_and_moments_for_a_complaint_of_then(
    company: Tree, client: Client, standard: Policy
) -> None:
    manager = PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    director = PersonFactory.create(branch=company.headquarters, role=Role.SERVICE_DIRECTOR)
    url = reverse("policy", args=[standard.pk])
    asked = {"branch": str(company.child.pk), "received_at": "2026-03-02T09:00"}
    answer = client.get(url, asked)
    result = next(each for each in answer.context["courses"] if each.kind == "result")
    told = [
        (f"{telling.at.astimezone(UTC):%d %H:%M}", [person.pk for person in telling.people])
        for telling in result.tellings
    ]
    # The branch manager above stands in for the handler; nobody is a specialist.
    assert told == [
        ("02 13:00", [manager.pk]),
        ("02 20:55", [manager.pk]),
        ("03 01:00", [manager.pk]),
        ("03 13:00", [director.pk]),
        ("04 01:00", [answer.wsgi_request.user.pk]),
    ]
    assert client.get(url, {"branch": "0"}).status_code == 422


def test_who_saved_second_loses_nothing_and_saves_on_top(
    company: Tree, client: Client, standard: Policy
) -> None:
    mine = opened(client, standard) | SENT | {"result-duration": "5"}
    other = PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR)
    assert edit(signed_in(other), standard, **{"callback-duration": "60"}).status_code == 302
    before = rules()

    answer = client.post(reverse("policy-edit", args=[standard.pk]), mine)
    assert answer.status_code == 409
    assert other.name in answer.content.decode()
    kept = {ladder.kind: ladder for ladder in answer.context["editor"].ladders}
    assert kept["result"].target["duration"].value() == "5"
    assert rules() == before
    again = mine | {"number": answer.context["editor"].form["number"].value()}
    assert client.post(reverse("policy-edit", args=[standard.pk]), again).status_code == 302
    newest = standard.revisions.latest("number")
    assert newest.number == int(mine["number"]) + 2
    assert newest.targets.get(kind="callback").duration == 72 * HOUR
    assert newest.targets.get(kind="result").duration == 5 * HOUR


def test_two_revisions_stand_side_by_side(client: Client, standard: Policy) -> None:
    once = add(client, severity="low")
    alone = client.get(reverse("policy-compare", args=[once.pk]))
    assert alone["Location"] == reverse("policy", args=[once.pk])
    url, number = reverse("policy-compare", args=[standard.pk]), standard.revisions.count()
    edit(client, standard, **{"result-duration": "12"}, **row_of("result", 1, DELETE="on"))
    answer = client.get(url, {"old": str(number + 1), "new": str(number)})
    marked = [
        (section.title, line.label, line.old, line.new, line.mark)
        for section in answer.context["sections"]
        for line in section.lines
        if line.mark
    ]
    assert [row[:4] for row in marked] == [
        ("Result", "Target", "24 h", "12 h"),
        ("Result", "At 83% of the target", "Handler · Inbox, E-mail · Reminder", ""),
    ]
    assert answer.context["differences"] == 2
    assert client.get(url, {"old": "1", "new": "9"}).status_code == 422
    assert client.get(url, {"old": "x"}).status_code == 422


def test_policies_are_tried_in_their_order_and_the_last_resort_stays_last(
    client: Client, standard: Policy
) -> None:
    first = add(client, name="甲", severity="high")
    second = add(client, name="乙", severity="critical")

    def order() -> list[str]:
        return [row.policy.name for row in client.get(reverse("policies")).context["rows"]]

    assert order() == ["甲", "乙", standard.name]
    move = reverse("policy-move", args=[second.pk])
    assert client.post(move, {"direction": "up"}).status_code == 302
    assert order() == ["乙", "甲", standard.name]
    assert client.post(move, {"direction": "up"}).status_code == 409
    down = reverse("policy-move", args=[first.pk])
    assert client.post(down, {"direction": "down"}).status_code == 409
    assert order() == ["乙", "甲", standard.name]


def test_a_quality_manager_reads_policies_and_changes_none(company: Tree, standard: Policy) -> None:
    client = signed_in(PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER))
    page = client.get(reverse("policy", args=[standard.pk])).content.decode()
    assert reverse("policy-edit", args=[standard.pk]) not in page
    assert Page(page).offences == []
    before = rules()
    for name in ("policy-edit", "policy-recalculate", "policy-move"):
        assert client.post(reverse(name, args=[standard.pk])).status_code == 403
    assert rules() == before


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_as_often_for_one_policy_as_for_twenty(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    for place in range(count):
        add(client, name=f"第 {place} 条", severity="high")
    with django_assert_num_queries(8):
        assert len(client.get(reverse("policies")).context["rows"]) == count + 1


class TestRecalculation:
    """The page that moves running clocks to the latest revision."""

    @pytest.fixture
    def url(self, company: Tree, client: Client, standard: Policy) -> str:
        """Two complaints of now and one of 20 hours ago; then the result is promised in 12 h."""
        for hours in (0, 0, 20):
            at = datetime.now(UTC) - hours * HOUR
            ComplaintFactory.create(branch=company.branch, received_at=at, now=at)
        assert edit(client, standard, **{"result-duration": "12"}).status_code == 302
        return reverse("policy-recalculate", args=[standard.pk])

    @staticmethod
    def sent(client: Client, url: str, **changed: Any) -> Any:
        form = client.get(url).context["form"]
        return client.post(url, {name: form[name].value() for name in form.now} | changed)

    def test_shows_what_moves_and_what_is_overdue_at_once(self, client: Client, url: str) -> None:
        answer = client.get(url)
        preview = answer.context["preview"]
        assert (preview.clocks, preview.moved, preview.overdue_at_once) == (12, 3, 1)
        assert [
            (row.kind, row.change.due_before - row.change.due_after, row.is_overdue)
            for row in answer.context["rows"]
        ] == [("Result", 12 * HOUR, True)] + [("Result", 12 * HOUR, False)] * 2
        assert Page(answer.content.decode()).offences == []
        assert not Event.objects.filter(kind="recalculated").exists()

    def test_needs_a_second_look(self, client: Client, url: str) -> None:
        before = list(Timer.objects.order_by("pk").values())
        answer = self.sent(client, url)
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"looked"}
        assert list(Timer.objects.order_by("pk").values()) == before

    @pytest.mark.parametrize("name", ["revision", "clocks", "moved", "overdue"])
    @pytest.mark.parametrize("value", ["99", "", "x"])
    def test_refuses_a_look_at_something_else(
        self, client: Client, url: str, name: str, value: str
    ) -> None:
        before = list(Timer.objects.order_by("pk").values())
        answer = self.sent(client, url, looked="on", **{name: value})
        assert answer.status_code == 409
        assert "Look again" in answer.content.decode()
        assert list(Timer.objects.order_by("pk").values()) == before

    def test_moves_them_once_and_writes_each_down(
        self, client: Client, url: str, standard: Policy
    ) -> None:
        answer = self.sent(client, url, looked="on")
        assert answer.status_code == 302
        newest = standard.revisions.latest("number")
        rows = Timer.objects.filter(kind="result")
        assert {row.due_at - row.started_at for row in rows} == {12 * HOUR}
        assert not Timer.objects.exclude(revision=newest).exists()
        assert Event.objects.filter(kind="recalculated").count() == 12
        empty = client.get(url)
        assert empty.context["preview"].clocks == 0
        assert self.sent(client, url, looked="on").status_code == 302
        assert Event.objects.filter(kind="recalculated").count() == 12


def test_c25_a_category_without_clocks_counts_no_promise(company: Tree, client: Client) -> None:
    typed = {"code": "praise", "name": "表扬", "position": "1", "is_exempt": "on"}
    assert client.post(reverse("category-new"), typed).status_code == 302
    praise = Category.objects.get(code="praise")
    assert praise.is_exempt
    assert "without clocks" in client.get(reverse("categories")).content.decode()
    assert reverse("category-edit", args=[praise.pk]) in (
        client.get(reverse("policies")).content.decode()
    )
    assert not ComplaintFactory.create(branch=company.branch, category=praise).timers.exists()
    url = reverse("category-edit", args=[praise.pk])
    assert client.post(url, typed | {"is_exempt": "", "is_active": "on"}).status_code == 302
    praise.refresh_from_db()
    assert ComplaintFactory.create(branch=company.branch, category=praise).timers.count() == 4
