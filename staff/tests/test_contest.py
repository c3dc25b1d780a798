"""The contest of a quarter: plans that stay, blind marks, awards, good practice (T-06 … T-10)."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from complaints.tests.clockwork import Desk, at, opened_desk
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.tests.race import race
from organisation.factories import PersonFactory
from organisation.models import Message, Person, Posting, Role, StoredFile
from staff import contests as reading
from staff import factories
from staff.actions import (
    contest_awards,
    contest_days,
    contest_judging,
    contest_plans,
    contest_reminders,
    contest_reports,
    contests,
)
from staff.forms.contest import ContestForm
from staff.models import (
    AwardShare,
    Contest,
    ContestCorrection,
    InnovationAward,
    Judgement,
    Plan,
    PlanStatus,
    PlanText,
    PointEntry,
    Practice,
    SourceKind,
    TeamMember,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def desk() -> Desk:
    return opened_desk()


@pytest.fixture
def running(desk: Desk) -> Contest:
    return factories.contest(now=at(0))


def reviewers(desk: Desk, number: int = 3) -> list[Person]:
    root = desk.company.headquarters
    return [
        PersonFactory.create(name=f"Judge {n}", branch=root, role=Role.REVIEWER, email="")
        for n in range(number)
    ]


def of_branch(desk: Desk, running: Contest, until: str = "reported", **more: Any) -> Plan:
    given: dict[str, Any] = {"runner": desk.quality, "until": until, "now": at(1)} | more
    return factories.plan(running, desk.company.branch, desk.handler, **given)


def marks(plan: Plan, person: Person, *points: int) -> Judgement:
    keys = plan.contest.criteria.values_list("pk", flat=True)
    given = dict(zip(keys, points, strict=True))
    return contest_judging.judge(plan=plan, points=given, words="", by=person, now=at(2))


def client(person: Person) -> Client:
    found = Client(headers={"accept-language": "en"})
    found.force_login(person)
    return found


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_t07_a_submitted_plan_is_final_in_the_database_too(desk: Desk, running: Contest) -> None:
    plan = of_branch(desk, running, "submitted")
    text = plan.newest
    said: dict[str, Any] = {name: getattr(text, name) for name in contest_plans.NEEDED} | {
        "title": "Another"
    }
    with pytest.raises(NotOpen):
        contest_plans.save(plan=plan, team=[desk.handler], by=desk.handler, now=at(2), **said)
    url = f"/api/v1/contest-plans/{plan.pk}/"
    changed = client(desk.handler).patch(url, {"title": "x"}, content_type="application/json")
    assert (changed.status_code, changed.json()["code"]) == (409, "not_open")
    page = client(desk.handler).post(f"/staff/contest/plans/{plan.pk}/edit/", {"title": "x"})
    assert page.status_code == 409
    statements = (
        "UPDATE staff_plantext SET title = 'Another' WHERE id = %s",
        "UPDATE staff_plantext SET submitted_at = NULL WHERE id = %s",
        "DELETE FROM staff_plantext WHERE id = %s",
        "UPDATE staff_teammember SET person_id = person_id WHERE text_id = %s",
        "DELETE FROM staff_teammember WHERE text_id = %s",
    )
    for statement in statements:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [text.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.update(kind="special")
    with pytest.raises(DatabaseError), transaction.atomic():
        TeamMember.objects.create(text=text, person=desk.manager)
    kept = PlanText.objects.get()
    assert (kept.title, kept.submitted_at) == ("Answer within the hour", at(1))
    assert [member.person for member in kept.members.all()] == [desk.handler]


def test_t07_what_is_not_complete_is_not_submitted(desk: Desk, running: Contest) -> None:
    plan = contest_plans.begin(
        contest=running,
        branch=desk.company.branch,
        kind="activity",
        title="Later",
        by=desk.handler,
        now=at(1),
    )
    page = client(desk.handler).post(f"/staff/contest/plans/{plan.pk}/submit/")
    assert page.status_code == 422
    lacks = [f"The plan lacks: {name}." for name in ("problem", "benchmark company", "measures")]
    assert f"{' '.join(lacks)} The plan lacks: budget." in text_of(page)
    assert "Name who carries the plan out." in text_of(page)
    said: dict[str, Any] = dict(factories.LONG)
    with pytest.raises(Refused) as refusal:
        contest_plans.save(
            plan=plan, title="x", **said, budget=None, team=[desk.neighbour],
            by=desk.handler, now=at(1),
        )  # fmt: skip
    assert list(refusal.value.fields) == ["team"]
    with pytest.raises(Forbidden):
        contest_plans.save(
            plan=plan, title="x", **said, budget=None, team=[], by=desk.neighbour,
            now=at(1),
        )  # fmt: skip
    assert (PlanText.objects.get().title, TeamMember.objects.count()) == ("Later", 0)
    assert Plan.objects.get().status == "draft"


@pytest.mark.django_db(transaction=True)
def test_t07_of_two_who_submit_at_once_one_does() -> None:
    desk = opened_desk()
    running = factories.contest(now=at(0))
    begin: dict[str, Any] = {
        "contest": running, "branch": desk.company.branch, "kind": "activity", "title": "x",
        "now": at(1),
    }  # fmt: skip
    both = (desk.handler, desk.manager)
    begun = race(*(lambda by=by: contest_plans.begin(by=by, **begin) for by in both))
    assert sorted(isinstance(each, Plan) for each in begun) == [False, True]
    plan = Plan.objects.get()
    said: dict[str, Any] = factories.LONG | {
        "title": "x",
        "budget": Decimal(1),
        "team": [desk.handler],
    }
    contest_plans.save(plan=plan, by=desk.handler, now=at(1), **said)
    acts = [
        lambda by=by: contest_plans.submit(plan=Plan.objects.get(), by=by, now=at(2)) for by in both
    ]
    results = race(*acts)
    assert [each for each in results if isinstance(each, NotOpen | Stale)] != []
    assert results.count(None) == 1
    assert PlanText.objects.filter(submitted_at=at(2)).count() == 1
    assert Message.objects.filter(text="contest_plan").count() == 1


def test_t07_returned_with_a_reason_a_new_version_is_in_time(desk: Desk, running: Contest) -> None:
    plan = of_branch(desk, running, "submitted")
    runner = client(desk.quality)
    url = f"/staff/contest/plans/{plan.pk}/return/"
    late = (running.plans_due_on + 3 * DAY).isoformat()
    assert runner.post(url, {"reason": "", "again_by": late}).status_code == 422
    assert runner.post(url, {"reason": "No figure", "again_by": late}).status_code == 422
    later = at(24 * 9)
    contest_plans.give_back(
        plan=plan, reason="No figure", again_by=running.plans_due_on + 3 * DAY, by=desk.quality,
        now=later,
    )  # fmt: skip
    with pytest.raises(Refused):
        contest_plans.submit(plan=plan, by=desk.handler, now=later)
    passed = at(24 * 12)
    # Not due while it may still be rewritten; the sibling and the child sent nothing.
    rows = {row.branch: row for row in reading.timeliness(desk.quality, now=passed)}
    assert {name: (row.on_time, row.due) for name, row in rows.items()} == {
        "Xinwu": (0, 1), "Suzhou": (0, 1)
    }  # fmt: skip
    page = text_of(client(desk.handler).get(f"/staff/contest/plans/{plan.pk}/"))
    assert "Version 1 was returned No figure" in page
    said: dict[str, Any] = factories.LONG | {
        "title": "Better",
        "budget": Decimal(1),
        "team": [desk.handler],
    }
    contest_plans.save(plan=plan, by=desk.handler, now=passed, **said)
    contest_plans.submit(plan=plan, by=desk.handler, now=passed)
    rows = {row.branch: row for row in reading.timeliness(desk.quality, now=at(24 * 14))}
    own = rows["Wuxi"]
    assert (own.on_time, own.due, round(own.low or 0, 4), own.high) == (1, 1, 0.2065, 1.0)
    total = reading.together(rows.values())
    assert (total.on_time, total.due, total.branch) == (1, 3, "")
    assert [text.number for text in plan.texts.filter(submitted_at__isnull=False)] == [1, 2]
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanText.objects.filter(number=1).update(title="x")


def test_t07_whoever_wrote_a_plan_does_not_decide_about_it(desk: Desk, running: Contest) -> None:
    """Also who neither began it nor is on its team."""
    plan = of_branch(desk, running, "draft")
    said: dict[str, Any] = factories.LONG | {"title": "Mine", "budget": Decimal(1)}
    contest_plans.save(plan=plan, team=[desk.handler], by=desk.quality, now=at(1), **said)
    contest_plans.submit(plan=plan, by=desk.handler, now=at(2))
    url = f"/staff/contest/plans/{plan.pk}/accept/"
    assert client(desk.quality).post(url, {"version": plan.version}).status_code == 403
    plan.refresh_from_db()
    assert plan.status == PlanStatus.SUBMITTED


def test_t08_reviewers_see_neither_branch_nor_names(desk: Desk, running: Contest) -> None:
    secret = "Wuxi (无锡分公司, WX, 江苏) 的 handler asks the manager"
    plan = of_branch(
        desk, running, "running", title=f"Plan of {secret}", measures=secret, team=[desk.handler]
    )
    photo = SimpleUploadedFile("wuxi.txt", b"a list of Wuxi")
    contest_reports.report(
        plan=plan, text=f"Done by {secret}", is_final=True, uploads=[photo], by=desk.manager,
        now=at(2),
    )  # fmt: skip
    judge = reviewers(desk, 1)[0]
    # Whoever sees everything elsewhere sees it blind as a reviewer.
    Posting.objects.create(person=judge, branch=desk.company.headquarters, role=Role.EXECUTIVE)
    browser = client(judge)
    seen = [
        browser.get(url, headers=headers)
        for url in (
            "/staff/contest/reviews/",
            f"/staff/contest/reviews/{plan.pk}/",
            "/staff/contest/?view=review",
            "/api/v1/contest-reviews/",
            f"/api/v1/contest-reviews/{plan.pk}/",
        )
        for headers in ({}, {"HX-Request": "true"})
    ]
    for answer in seen:
        assert answer.status_code == 200
        # A form's token is chance: any two letters may stand in it.
        whole = re.sub(r'value="\w{64}"', "", answer.content.decode())
        text = whole.partition("</main>")[0].rpartition("<main")[2]
        assert not re.search("wuxi|无锡|WX|江苏|jiangsu|handler|manager", text, re.IGNORECASE)
    assert "1 file of evidence" in text_of(seen[2])
    file = StoredFile.objects.get()
    for url in (
        f"/staff/contest/plans/{plan.pk}/",
        f"/staff/contest/plans/{plan.pk}/files/{file.pk}/",
        f"/api/v1/contest-plans/{plan.pk}/",
        f"/api/v1/contest-plans/{plan.pk}/files/{file.pk}/",
    ):
        assert browser.get(url).status_code == 404
        own = client(desk.manager).get(url)
        assert own.status_code == 200
        b"".join(own)


def test_t08_nobody_judges_their_own_and_marks_are_given_once(desk: Desk, running: Contest) -> None:
    plan = of_branch(desk, running)
    one, two, insider = reviewers(desk)
    Posting.objects.create(person=insider, branch=desk.company.child, role=Role.HANDLER)
    Posting.objects.create(
        person=desk.handler, branch=desk.company.headquarters, role=Role.REVIEWER
    )
    Posting.objects.create(
        person=desk.quality, branch=desk.company.headquarters, role=Role.REVIEWER
    )
    for who in (desk.handler, insider, desk.quality, desk.manager):
        person = Person.objects.get(pk=who.pk)
        with pytest.raises(Forbidden):
            marks(plan, person, 10, 10)
        url = f"/staff/contest/reviews/{plan.pk}/"
        assert client(person).post(url, {}).status_code == 403
    with pytest.raises(DatabaseError), transaction.atomic():
        Judgement.objects.create(plan=plan, reviewer=desk.handler, at=at(2))
    given = [
        {"criterion": row.pk, "points": points}
        for row, points in zip(running.criteria.all(), (8, 5), strict=True)
    ]
    api = client(one)
    for body, status in (
        ({"points": given[:1]}, 400),
        ({"points": [*given, {"criterion": 0, "points": 1}]}, 400),
        ({"points": given}, 204),
        ({"points": given}, 409),
    ):
        url = f"/api/v1/contest-reviews/{plan.pk}/marks/"
        assert api.post(url, body, content_type="application/json").status_code == status
    for wrong in ((0, 5), (11, 5)):
        with pytest.raises(Refused):
            marks(plan, two, *wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        Judgement.objects.update(words="x")
    url, browser = f"/staff/contest/reviews/{plan.pk}/", client(two)
    # 8 by 60 and 5 by 40 percent: 68.
    assert "68" not in text_of(browser.get(url))
    keys = [f"points-{row.pk}" for row in running.criteria.all()]
    half = browser.post(url, {keys[0]: "9", keys[1]: ""})
    assert (half.status_code, 'value="9"' in half.content.decode()) == (422, True)
    assert browser.post(url, dict.fromkeys(keys, "9")).status_code == 302
    assert "Reviewers 2 Mean 79.00 Spread 15.56" in text_of(browser.get(url))
    conflict = browser.post(f"{url}conflict/", {"reason": "My sister is on the team"})
    assert conflict.status_code == 302
    assert reading.marks_of([plan.pk]) == {plan.pk: (1, Decimal("68.00"), None)}
    assert Judgement.objects.count() == 2


def test_t08_t09_winners_get_their_awards_and_points(desk: Desk, running: Contest) -> None:
    gone = PersonFactory.create(name="gone", branch=desk.company.branch, email="")
    best = of_branch(desk, running, team=[desk.handler, desk.manager, gone])
    other = factories.plan(
        running, desk.company.sibling, desk.neighbour, runner=desk.quality, until="reported",
        now=at(1),
    )  # fmt: skip
    special = factories.plan(
        running, desk.company.sibling, desk.neighbour, runner=desk.quality, until="reported",
        kind="special", title="A frame for glass", now=at(1),
    )  # fmt: skip
    people = reviewers(desk)
    announce: dict[str, Any] = {"contest": running, "by": desk.quality, "now": at(3)}
    for n, person in enumerate(people):
        marks(best, person, 8 + n % 2, 10)
        marks(other, person, 5, 5)
        if n:
            marks(special, person, 10, 10)
    member = special.newest.members.get()
    with pytest.raises(NotOpen):
        contests.announce(personal=[], reason="", **announce)
    marks(special, people[0], 10, 10)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    left = TeamMember.objects.get(person=gone)
    for refused, personal, reason in (("reason", [member], " "), ("personal", [left], "x")):
        with pytest.raises(Refused) as refusal:
            contests.announce(personal=personal, reason=reason, **announce)
        assert list(refusal.value.fields) == [refused]
    assert (InnovationAward.objects.count(), PointEntry.objects.count()) == (0, 0)
    url = f"/staff/contest/{running.pk}/results/"
    runner = client(desk.quality)
    assert client(desk.manager).get(url).status_code == 403
    sent = {"personal": [member.pk], "reason": "Found it alone", "version": "1"}
    assert runner.post(url, sent).status_code == 302
    assert runner.post(url, sent).status_code == 409
    awards = InnovationAward.objects.values_list("plan", "kind", "mean", "spread", "reviewers")
    # 88, 94 and 88; three times 100.
    assert set(awards) == {
        (best.pk, "team", Decimal("90.00"), Decimal("3.46"), 3),
        (special.pk, "personal", Decimal("100.00"), Decimal("0.00"), 3),
    }
    shares = {share.pk: share.person for share in AwardShare.objects.select_related("person")}
    assert set(shares.values()) == {desk.handler, desk.manager, desk.neighbour}
    entries = PointEntry.objects.filter(source_kind=SourceKind.INNOVATION)
    assert {(entry.source_id, entry.person, entry.points) for entry in entries} == {
        (pk, person, 30) for pk, person in shares.items()
    }
    page = text_of(client(desk.handler).get(url))
    assert "Team award for service innovation: Answer within the hour" in page
    assert "Mean 90.00 · Spread 3.46 · n = 3" in page
    with pytest.raises(NotOpen):
        marks(best, people[0], 1, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        InnovationAward.objects.update(mean=100)


def announced(desk: Desk, running: Contest) -> InnovationAward:
    plan = of_branch(desk, running)
    for person in reviewers(desk):
        marks(plan, person, 9, 9)
    [award] = contests.announce(contest=running, personal=[], reason="", by=desk.quality, now=at(3))
    return award


def test_t09_t10_prize_ceremony_and_good_practice(desk: Desk, running: Contest) -> None:
    award = announced(desk, running)
    runner, branch = client(desk.quality), client(desk.handler)
    own = f"/staff/contest/awards/{award.pk}/"
    wrong: dict[str, Any] = {"handed_to": desk.handler, "handed_on": date(2026, 11, 17)}
    for given, field in (
        (wrong, "handed_on"),
        (wrong | {"handed_on": date(2026, 11, 19)}, "handed_on"),
        ({"handed_to": desk.neighbour, "handed_on": date(2026, 11, 18)}, "handed_to"),
    ):
        with pytest.raises(Refused) as refusal:
            contest_awards.hand_over(award=award, by=desk.quality, now=at(4), **given)
        assert list(refusal.value.fields) == [field]
    today: dict[str, Any] = {"handed_to": desk.handler, "handed_on": date(2026, 11, 18)}
    contest_awards.hand_over(award=award, by=desk.quality, now=at(4), **today)
    with pytest.raises(NotOpen):
        contest_awards.hand_over(award=award, by=desk.quality, now=at(4), **today)
    assert "2000 元 handed to handler by quality" in text_of(branch.get(own))
    held: dict[str, Any] = {"held_on": date(2026, 11, 18), "note": "In the hall", "now": at(5)}
    text = SimpleUploadedFile("a.txt", b"no photo")
    with pytest.raises(Refused):
        contest_awards.hold_ceremony(award=award, by=desk.handler, uploads=[text], **held)
    with pytest.raises(Forbidden):
        contest_awards.hold_ceremony(award=award, by=desk.neighbour, **held)
    photo = SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    kept = contest_awards.hold_ceremony(award=award, by=desk.handler, uploads=[photo], **held)
    picture = client(desk.neighbour).get(f"{own}photo/{kept.photo_id}/")
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    promote = f"/staff/contest/plans/{award.plan_id}/promote/"
    said = {"title": "Within the hour", "words": "Call at once", "method": ""}
    assert runner.post(promote, said).status_code == 422
    assert branch.post(promote, said | {"method": "Training"}).status_code == 403
    assert runner.post(promote, said | {"method": "Training"}).status_code == 302
    assert runner.post(promote, said | {"method": "Training"}).status_code == 409
    assert "Within the hour Wuxi" in text_of(client(desk.neighbour).get("/staff/practices/"))
    assert Practice.objects.count() == 1


def test_t06_a_contest_is_opened_whole_and_once(desk: Desk) -> None:
    opened = factories.contest(now=at(0))
    told = Message.objects.filter(text="contest_opened").values_list("recipient__name", flat=True)
    assert set(told) == {"manager", "neighbour_manager"}
    day = opened.plans_due_on
    uneven = [contests.Weighed("a", "", 50), contests.Weighed("b", "", 49)]
    for field, wrong in (
        ("period", {}),
        ("period", {"period": "2026-Q3"}),
        ("period", {"period": "2026-13"}),
        ("criteria", {"period": "2027-Q1", "criteria": uneven}),
        ("feedback_due_on", {"period": "2027-Q1", "feedback_due_on": day}),
        ("plans_due_on", {"period": "2027-Q1", "plans_due_on": day - 20 * DAY}),
        ("review_due_on", {"period": "2027-Q1", "review_due_on": date.max}),
        ("team_prize", {"period": "2027-Q1", "team_prize": " "}),
    ):
        with pytest.raises(Refused) as refusal:
            factories.contest(now=at(0), **wrong)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(Forbidden):
        factories.contest(now=at(0), period="2027-Q1", by=desk.manager)
    with pytest.raises(DatabaseError), transaction.atomic():
        opened.criteria.update(weight=1)
    assert Contest.objects.count() == 1


def test_t06_criteria_that_are_begun_are_not_called_optional() -> None:
    rows = ContestForm().shown().rows
    for column, expected in ((0, [True] * 4 + [False] * 2), (1, [False] * 6)):
        assert [row[column].field.required for row in rows] == expected


def test_t06_days_are_put_right_and_what_they_were_is_kept(desk: Desk, running: Contest) -> None:
    """Drafts follow; what was submitted does not become late; nobody else may, none after it."""
    draft = of_branch(desk, running, "draft")
    sent = factories.plan(
        running, desk.company.sibling, desk.neighbour, runner=desk.quality, until="submitted",
        now=at(1),
    )  # fmt: skip
    was, url = running.plans_due_on, f"/staff/contest/{running.pk}/days/"
    runner = client(desk.quality)
    days: dict[str, Any] = {"plans_due_on": was - DAY, "feedback_due_on": running.feedback_due_on,
            "review_due_on": running.review_due_on}  # fmt: skip
    said: dict[str, Any] = days | {"reason": "Holiday", "version": running.version}
    assert client(desk.manager).post(url, said).status_code == 403
    for field, wrong in (
        ("plans_due_on", {"plans_due_on": was}),
        ("plans_due_on", {"plans_due_on": at(0).date() - 9 * DAY}),
        ("feedback_due_on", {"feedback_due_on": was - DAY}),
        ("feedback_due_on", {"feedback_due_on": was}),
        ("review_due_on", {"review_due_on": running.feedback_due_on}),
        ("reason", {"reason": " "}),
    ):
        given: dict[str, Any] = days | {"reason": "Holiday"} | wrong
        with pytest.raises(Refused) as refusal:
            contest_days.correct(contest=running, by=desk.quality, now=at(2), **given)
        assert field in refusal.value.fields
    page = runner.post(url, said | {"plans_due_on": "soon"})
    assert (page.status_code, "Holiday" in text_of(page)) == (422, True), "what was typed stays"
    assert not ContestCorrection.objects.exists()
    contest_days.correct(contest=running, by=desk.quality, now=at(2), **days, reason="Holiday")
    due = dict(Plan.objects.values_list("pk", "due_on"))
    assert due == {draft.pk: was - DAY, sent.pk: was}
    told = Message.objects.filter(text="contest_days").values_list("recipient__name", flat=True)
    assert set(told) == {"manager", "neighbour_manager"}
    shown = text_of(client(desk.handler).get("/staff/contest/"))
    assert f"before: plans {was}" in shown
    assert runner.post(url, said).status_code == 409
    with pytest.raises(DatabaseError), transaction.atomic():
        ContestCorrection.objects.update(reason="x")


def test_t07_a_draft_is_thrown_away_but_nothing_that_was_submitted(
    desk: Desk, running: Contest
) -> None:
    draft, writes = of_branch(desk, running, "draft"), client(desk.handler)
    one = f"/staff/contest/plans/{draft.pk}/discard/"
    assert client(desk.neighbour).post(one).status_code == 404
    assert writes.post(one, {"version": draft.version + 1}).status_code == 409
    assert "Throw the draft away" in text_of(writes.get(f"/staff/contest/plans/{draft.pk}/"))
    assert Plan.objects.count() == 1
    assert writes.post(one, {"version": draft.version}).status_code == 302
    assert (Plan.objects.count(), PlanText.objects.count()) == (0, 0)
    for is_returned in (False, True):
        kept = of_branch(desk, running, "submitted", kind="special")
        if is_returned:
            contest_plans.give_back(
                plan=kept, reason="Why?", again_by=running.plans_due_on, by=desk.quality, now=at(2)
            )
        assert writes.delete(f"/api/v1/contest-plans/{kept.pk}/").status_code == 409
        assert "Throw the draft away" not in text_of(writes.get(f"/staff/contest/plans/{kept.pk}/"))
    assert Plan.objects.count() == 2
    again = of_branch(desk, running, "draft")
    assert writes.delete(f"/api/v1/contest-plans/{again.pk}/").status_code == 204


def test_t06_reminders_are_told_once_before_and_after_the_day(desk: Desk, running: Contest) -> None:
    of_branch(desk, running, "submitted")
    judge = reviewers(desk, 1)[0]

    def told(days: int) -> list[tuple[str, str]]:
        """Whom the sweep of that day tells, run twice."""
        known = set(Message.objects.values_list("pk", flat=True))
        for _time in range(2):
            contest_reminders.remind(now=at(24 * days))
        rows = Message.objects.exclude(pk__in=known).filter(text="contest_due")
        return sorted((row.recipient.name, row.context["what"]) for row in rows)

    # The child has no manager of its own: that of the branch hears for it.
    waiting = [("manager", "plan"), ("neighbour_manager", "plan")]
    assert [told(day) for day in (2, 3, 4, 9, 10, 11, 12)] == [
        [], waiting, [], waiting, [], waiting, []
    ]  # fmt: skip
    plan = Plan.objects.get()
    contest_plans.accept(plan=plan, by=desk.quality, now=at(24 * 12))
    assert told(19) == [("handler", "feedback"), ("manager", "feedback")]
    contest_reports.report(plan=plan, text="x", is_final=True, by=desk.handler, now=at(24 * 19))
    assert told(23) == [(judge.name, "marks")]
    marks(plan, judge, 5, 5)
    assert told(30) == []


@pytest.mark.parametrize("number", [1, 20])
def test_t23_the_list_by_phase_asks_a_constant_number_of_questions(
    desk: Desk, running: Contest, number: int, django_assert_num_queries: Any
) -> None:
    for n in range(number):
        of_branch(desk, running, "reported", kind="special", title=f"Plan {n}")
    browser, judge = client(desk.handler), client(reviewers(desk, 1)[0])
    page = browser.get("/staff/contest/?view=review")
    assert "Benchmark company 海底捞" in text_of(page)
    for count, who, url in (
        (10, browser, "/staff/contest/?view=review"),
        (12, browser, "/api/v1/contest-plans/"),
        (15, judge, "/staff/contest/reviews/"),
    ):
        who.get(url)
        with django_assert_num_queries(count, info=url):
            assert who.get(url).status_code == 200
