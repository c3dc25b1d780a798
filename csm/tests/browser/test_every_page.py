"""Every page, in both languages: axe finds nothing on a desk and on a phone, nothing overflows."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.timezone import get_default_timezone
from playwright.sync_api import Page

from complaints.actions import bulk, imports, lessons, order_opening, promises, views
from complaints.actions.bulk import Chosen
from complaints.actions.bulk_kinds import Assign
from complaints.factories import (
    ComplaintFactory,
    ItemFactory,
    WorkOrderFactory,
    checked_import,
)
from complaints.models import (
    BulkAct,
    CallbackAttempt,
    Complaint,
    DissatisfiedItem,
    ImportRun,
    Lesson,
    Notice,
    Policy,
    Promise,
    SavedView,
    WorkOrder,
)
from complaints.notice_factories import NoticeFactory
from csm.kit import clock, periods
from csm.tests.browser.conftest import DESK, PHONE, Company, SignIn
from customers.actions import account_files, competitors, ladders, refreshing
from customers.care_factories import care_of
from customers.factories import CustomerFactory
from customers.models import Customer, CustomerNotice, CustomerVolume, Segment, Tier, Visit
from organisation.access import visible
from organisation.factories import PersonFactory
from organisation.models import Branch, Message, Person, Posting, Role
from staff import audit_factories as audited
from staff import factories as staff
from staff import learning_factories as learned
from staff import quarter_factories as quarters
from staff import scorecards as cards
from staff import star_factories as stars
from staff.actions import (
    audits,
    awareness,
    checklists,
    contact_audits,
    contest_awards,
    contest_judging,
    contests,
    fund,
    redemptions,
    rewards,
    satisfaction,
    scorecards,
    star_counting,
    star_elections,
    tips,
    turns,
)
from staff.factories import earned, thanked
from staff.models import (
    AccountReview,
    AskedPerson,
    Audit,
    Contest,
    Course,
    Duty,
    ExpertQuestion,
    Induction,
    InnovationAward,
    MicroReport,
    Plan,
    PointEntry,
    PointRule,
    Redemption,
    Scorecard,
    StaffRound,
    StarElection,
    Thanks,
    Tip,
    TrainingSession,
    Turn,
)
from surveys import factories as asked
from surveys.actions import calls, counters, drawing, surveys
from surveys.models import Counter, Invitation, Survey

MODULES = Path(__file__).resolve().parents[3] / "node_modules"
AXE = (MODULES / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What is right is not described, only counted.
FAULTS = """async rules => {
    const found = await axe.run({
        runOnly: {type: "tag", values: rules}, resultTypes: ["violations"], selectors: false,
    });
    return found.violations.flatMap(
        fault => fault.nodes.map(node => `${fault.id}: ${node.html.slice(0, 120)}`));
}"""
LOCALES = ["zh-CN", "en-US"]
# 1280 px wide at 400 %, and at 200 %.
ZOOMED = ({"width": 320, "height": 256}, {"width": 640, "height": 450})


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways."""
    # What the bar half covers on a scrolled page is no small target: it scrolls out from under it.
    page.evaluate("scrollTo(0, 0)")
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    named: list[str] = page.evaluate(FAULTS, RULES)
    return named + overflow(page)


def overflow(page: Page) -> list[str]:
    """Whether the page scrolls sideways."""
    width = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [f"{width} px too wide"] if width > 0 else []


@pytest.fixture
def furnished(company: Company) -> Company:
    """Something on every page: complaints at every stage, orders in every state."""
    branch, handler = company.tree.branch, company.people["handler"]
    quality = company.people["quality"]
    given = {"branch": branch, "category": company.category, "quality": quality}
    for stage in ("received", "assigned", "handling", "answered", "called_back", "closed"):
        customer = CustomerFactory.create(home_branch=branch)
        ComplaintFactory.create(
            until=stage, handler=handler, customer=customer, by=company.people["desk"], **given
        )
    for state in ("draft", "submitted", "returned", "confirmed"):
        complaint = ComplaintFactory.create(until="handling", handler=handler, **given)
        WorkOrderFactory.create(complaint=complaint, until=state, filler=handler, quality=quality)
    words = "问题无人反馈，运输途中问题不能及时反馈；月底仓库发货出现差异"
    # Of one order of another branch: open, taken up, declined.
    measures = WorkOrder.objects.get(status="confirmed").measures.all()
    Lesson.objects.bulk_create(
        Lesson(measure=each, branch=branch, offered_at=clock.now()) for each in measures
    )
    taken, declined, _open = Lesson.objects.order_by("pk")
    answer: dict[str, Any] = {"by": handler, "now": clock.now()}
    lessons.accept(lesson=taken, adopted_on=date(2026, 1, 5), proof="检查表" * 9, **answer)
    lessons.decline(lesson=declined, reason="没有夜班", **answer)
    ItemFactory.create(branch=branch, by=quality)
    promised = promises.create(
        kind="external", words="24 小时内告知处理结果", words_en="The result within 24 hours",
        remedy="逾期免当票运费", remedy_en="Late: this freight is free", limit_hours=24,
        feedback_line="400-800-1234", valid_from=date(2026, 1, 1), by=None, now=clock.now(),
    )  # fmt: skip
    broken = Complaint.objects.filter(status="handling").latest("pk")
    promises.mark(complaint=broken, promises=[promised], by=quality, now=clock.now())
    item = ItemFactory.create(branch=branch, by=quality, opinion=words, plan=words)
    order_opening.open_for_item(item=item, by=quality, now=clock.now())
    numbers = Complaint.objects.order_by("pk").values_list("number", flat=True)[:6]
    bulk.change(
        chosen=Chosen(dict.fromkeys([*numbers, "TS0-0"])),
        kind=Assign(handler),
        by=quality,
        now=clock.now(),
    )
    for name in ("待分派", "To assign"):
        views.save(name=name, query="status=received", by=quality, role=Role.HANDLER)
    for state in ("draft", "published", "withdrawn"):
        NoticeFactory.create(until=state, addressees=[branch], asked=[branch] * (state == "draft"),
                             opinion="", speaker=None, by=quality)  # fmt: skip
    ask(branch, quality)
    audit(branch, company.people["auditor"], handler)
    reward(handler, quality, branch)
    elect(company)
    tell(branch, quality)
    expert = PersonFactory.create(branch=company.tree.headquarters, role=Role.SERVICE_FUNCTION)
    learned.inducted(handler, branch)
    course = learned.course(expert, company.tree.headquarters, category=company.category)
    learned.trained(course, branch, quality, [handler], scores={handler.pk: 88})
    learned.proposed(handler, expert, category=company.category)
    learned.answered(handler, expert, quality, category=company.category)
    admin = company.people["admin"]
    compete(branch, handler, quality, admin)
    run = checked_import(admin)
    imports.keep_profile(name="旧系统", table=run.table, by=admin, now=clock.now())
    # A key is long and has no spaces.
    Message.objects.create(
        key="escalation:" + "TS20261130-0001:" * 6,
        recipient=handler,
        channel="email",
        text="job_done",
        created_at=clock.now(),
        state="failed",
    )
    look_back(branch)
    lead(company.people, handler, branch)
    director = Person.objects.get(pk=company.people["auditor"].pk)
    key_account = Customer.objects.latest("pk")
    know(key_account, director)
    quality = company.people["quality"]
    care_of(key_account, "关怀", by=quality, notifier=quality, now=clock.now())
    return company


def know(customer: Customer, manager: Person) -> None:
    """A key account in danger, with all that people and rules say of it."""
    now, today = clock.now(), timezone.localdate()
    customer.account_manager = manager
    customer.save()
    for day in range(240, 0, -30):
        CustomerVolume.objects.create(
            customer=customer, branch=customer.home_branch, starts_on=today - timedelta(days=day),
            days=30, shipments=day, revenue=900 * day, last_on=today - timedelta(days=day - 20),
            source="file", written_at=now,
        )  # fmt: skip
    ladders.place(customer=customer, ladder="relation", value="partner", reason="签了三年合同",
                  seen="", by=manager, now=now)  # fmt: skip
    competitors.note(customer=customer, competitor="顺达物流", words="便宜两元", seen_on=today,
                     by=manager, now=now)  # fmt: skip
    seen = None
    for needs in ("夜间提货", "夜间提货，需叉车"):
        dates = [{"month": 5, "day": 12, "what": "厂庆"}]
        seen = account_files.write(
            customer=customer, seen=seen, secrecy="internal", dates=dates, by=manager,
            now=now, needs=needs,
        ).pk  # fmt: skip
    refreshing.run(now=now)


def lead(people: dict[str, Person], handler: Person, branch: Branch) -> None:
    """Human resources and the service director are played by the auditor, too."""
    for role in (Role.HUMAN_RESOURCES, Role.SERVICE_DIRECTOR):
        Posting.objects.create(person=people["auditor"], branch=Branch.objects.top(), role=role)
    PersonFactory.create(branch=branch, role=Role.ACCOUNT_MANAGER, email="")
    learned.reviewed(handler, branch)
    learned.duty(branch, handler)
    card, appeals = Scorecard.objects.get(person=people["manager"]), people["manager"]
    scorecards.appeal(card=card, text="少算一次回访", by=appeals, now=clock.now())


def leading_pages() -> Iterator[str]:
    """What human resources and the service director do."""
    yield f"/customers/{Customer.objects.latest('pk').pk}/file/edit/"
    before = cards.current(clock.now()).previous.key
    course = Course.objects.get().pk
    yield from ("/staff/training/needs/", "/staff/training/new/")
    yield from (f"/staff/training/{course}/edit/", f"/staff/training/{course}/sessions/new/")
    kept = Posting.objects.get(role=Role.ACCOUNT_MANAGER).person_id
    yield from ("/staff/account-managers/", f"/staff/account-managers/{kept}/{before}/")
    review = AccountReview.objects.get().pk
    yield from ("/staff/account-managers/reviews/", f"/staff/account-managers/reviews/{review}/")
    duty = Duty.objects.get()
    yield from (f"/staff/task-forces/{duty.force_id}/", f"/staff/task-forces/duties/{duty.pk}/")
    yield "/staff/task-forces/"
    yield from ("/staff/inductions/new/", f"/staff/inductions/{Induction.objects.get().pk}/")
    entry = PointEntry.objects.exclude(source_kind="redemption").earliest("pk")
    yield from ("/staff/points/give/", f"/staff/points/people/{entry.person_id}/")
    yield f"/staff/points/{entry.pk}/take-back/"
    yield f"/staff/rewards/{Redemption.objects.get().reward_id}/"
    running = Contest.objects.get(status="open").pk
    yield from (f"/staff/contest/{running}/days/", "/staff/scorecards/schemes/handler/")
    appealed = Scorecard.objects.get(appeal__isnull=False).pk
    yield from (f"/staff/scorecards/{appealed}/", f"/staff/scorecards/{appealed}/answer/")
    yield f"/customers/{Customer.objects.latest('pk').pk}/visits/"
    visit = Visit.objects.filter(status="planned").earliest("pk")
    yield from (f"/customers/visits/{visit.pk}/", f"/customers/visits/{visit.pk}/change/")
    yield from (
        f"/customers/{visit.customer_id}/{part}/" for part in ("visits/plan", "care", "lists")
    )
    segment, notice = Segment.objects.latest("pk").pk, CustomerNotice.objects.latest("pk").pk
    yield from (f"/customers/segments/{segment}/", f"/customers/segments/{segment}/edit/")
    yield from (f"/customers/notices/{notice}/", f"/customers/notices/{notice}/edit/")
    categorised = Complaint.objects.exclude(category=None).latest("pk").number
    yield f"/complaints/{categorised}/knowledge/"


def look_back(branch: Branch) -> None:
    """The survey of staff of the quarter before, an open one, and closed scorecards."""
    now = clock.now()
    before = now - timedelta(days=100)
    people = [PersonFactory.create(branch=branch, email="") for _each in range(6)]
    quarters.answered_round(people, now=before)
    satisfaction.settle_due(now=now)
    quarters.begin_round(now=now)
    scorecards.close(period=cards.current(now).previous, by=None, now=now)


def ask(branch: Branch, by: Person) -> None:
    """A survey of a sample of each status, one by phone with a call, and a code at a counter."""
    now, edition = clock.now(), asked.edition(branch, name="服务满意度与改进建议")
    for number in range(6):
        CustomerFactory.create(
            email=f"{number}@example.com", home_branch=branch, tier=Tier.values[number % 4]
        )
    online = surveys.create(
        name="2026 年度客户满意度调查", branch=branch, edition=edition, by=by, now=now,
        stratum="tier", size=5,
    )  # fmt: skip
    drawing.draw(survey=online, by=by, now=now)
    surveys.open_(survey=online, by=by, now=now)
    statuses = ("complete", "partial", "undeliverable", "sent")
    for row, status in zip(online.invitations.order_by("pk"), statuses, strict=False):
        Invitation.objects.filter(pk=row.pk).update(
            status=status, sent_at=now, next_message_at=None
        )
    counters.hang(survey=online, branch=branch, place="客户大厅 3 号柜台", by=by, now=now)
    phone = asked.survey(branch, edition=edition, name="电话回访调查", method="phone")
    rows = [asked.invitation(phone, branch, now, call_at=now) for _each in range(3)]
    calls.record(invitation=rows[-1], outcome="no_reply", by=by, now=now)
    surveys.create(name="准备中的调查", branch=branch, edition=edition, by=by, now=now)


def compete(branch: Branch, handler: Person, quality: Person, judge: Person) -> None:
    """A contest that was announced, and one with a plan in each phase."""
    now = clock.now()
    root = Branch.objects.get(parent=None)
    Posting.objects.create(person=judge, branch=root, role=Role.REVIEWER)
    today = periods.at(now, kind="quarter", zone=get_default_timezone())
    over = staff.contest(now=now, period=today.key, fewest_reviewers=1)
    given: dict[str, Any] = {"runner": quality, "now": now}
    won = staff.plan(over, branch, handler, until="reported", **given)
    points = dict.fromkeys(over.criteria.values_list("pk", flat=True), 9)
    judge = Person.objects.get(pk=judge.pk)
    contest_judging.judge(plan=won, points=points, words="", by=judge, now=now)
    contests.announce(contest=over, personal=[], reason="", by=quality, now=now)
    promoted: dict[str, Any] = {"title": "一小时内答复", "words": "先答复", "method": "培训"}
    contest_awards.promote(plan=Plan.objects.get(), by=quality, now=now, **promoted)
    running = staff.contest(now=now, period=today.following.key)
    for stage in staff.STAGES:
        staff.plan(running, branch, handler, until=stage, kind="special", **given)


def reward(handler: Person, quality: Person, branch: Branch) -> None:
    """Points, a reward that was asked for, thanks, a budget."""
    now = clock.now()
    cup = rewards.create(
        name="保温杯", words="500 毫升，可刻姓名", points=20, pieces=5, cost=Decimal(60), by=None
    )
    earned(handler, branch, now=now)
    redemptions.ask(reward=cup, nonce=1, by=handler, now=now)
    call = CallbackAttempt.objects.filter(is_reached=True).earliest("pk")
    thanked(handler, branch, callback=call, by=quality, now=now)
    fund.set_budget(period=fund.quarter_at(now).key, amount=Decimal(500), by=None, now=now)


def elect(company: Company) -> None:
    """The service star of three quarters: in preparation, voted for, decided."""
    now, places = clock.now(), company.tree
    people = [(company.people[name], places.branch) for name in ("handler", "desk")]
    before = stars.last_quarter(now)
    made = stars.election(
        places.headquarters,
        quarter=before.previous.key,
        last_on=before.first_on + timedelta(days=9),
        now=before.start,
    )
    rows = [stars.candidate(made, *each, now=before.start) for each in people]
    stars.opened(made, by=None, now=before.start)
    stars.votes(made, rows, votes=7, answered=12, now=before.start)
    star_counting.advance(now=now)
    made.refresh_from_db()
    star_elections.decide(election=made, star=rows[0], words="", by=stars.director(), now=now)
    stars.served(places.branch, email="star@example.com", now=before.start)
    stars.voting(places.headquarters, people, now=now)
    draft = stars.region_election(places.branch, now=now)
    stars.candidate(draft, *people[0], now=now)


def star_pages() -> Iterator[str]:
    yield from ("/staff/stars/", "/staff/stars/new/")
    draft, _voting, _decided = StarElection.objects.order_by("-quarter")
    yield from (f"/staff/stars/{draft.pk}/edit/", f"/staff/stars/{draft.pk}/candidates/new/")
    candidate = f"/staff/stars/{draft.pk}/candidates/{draft.candidates.get().pk}/"
    yield from (candidate, f"{candidate}withdraw/")
    yield from (f"/staff/stars/{row.pk}/" for row in StarElection.objects.order_by("pk"))


def tell(branch: Branch, quality: Person) -> None:
    """A story that all read, whom it was asked, and the weeks to come."""
    now, writer = clock.now(), PersonFactory.create(branch=branch)
    story = staff.report(branch, by=writer, reviewer=quality, now=now, until="published")
    awareness.draw(report=story, per_branch=100, by=quality, now=now)
    turns.plan(now=now)


def story_pages(username: str) -> Iterator[str]:
    """What a writer and a reviewer do."""
    story, coming = MicroReport.objects.get().pk, Turn.objects.latest("monday").pk
    weeks = "/staff/micro-reports/rotation/"
    if username == "handler":
        mine = AskedPerson.objects.get(person__username="handler")
        written = Turn.objects.filter(branch__code="WX").latest("monday").pk
        yield from (f"/staff/awareness/{mine.pk}/", f"{weeks}{written}/write/")
        yield f"/staff/micro-reports/{story}/"
    if username == "quality":
        yield from (f"/staff/micro-reports/{story}/", f"/staff/micro-reports/{story}/awareness/")
        yield from (f"{weeks}{coming}/swap/", f"{weeks}{coming}/hand-on/")
        yield f"/staff/awareness/{AskedPerson.objects.latest('pk').pk}/"


def audit(branch: Branch, auditor: Person, handler: Person) -> None:
    """Contacts, a mystery call, an audit to come, one that found something, and a tip."""
    now = clock.now()
    edition = audited.checklist(Branch.objects.top(), now=now)
    checklists.begin_next(checklist=edition.checklist, by=auditor, now=now)
    audited.found(
        branch, handler, edition=edition, remark="抽查十单，三单未当场告知单号" * 3, now=now
    )
    today = timezone.localdate(now)
    audits.plan(
        kind="effect", edition=edition, branch=branch, planned_on=today, by=auditor, now=now,
        is_announced=False,
    )  # fmt: skip
    contact_audits.draw(
        branch=Branch.objects.top(), first_on=today, last_on=today, per_branch=5, by=auditor,
        now=now,
    )  # fmt: skip
    contact_audits.enter_call(
        branch=branch, called_at=now, asked="货到哪里了" * 9, answers={"is_kept": False},
        submission=uuid.uuid4(), by=auditor, now=now,
    )  # fmt: skip
    tip = tips.report(
        branch=branch, subject="夜班另收装卸费", text="没有开票。" * 9, receipt=tips.new_receipt(),
        by=handler, now=now,
    )  # fmt: skip
    tips.decide(tip=tip, is_upheld=True, result="属实", by=auditor, now=now)
    tips.publish(tip=tip, title="收费必开票", text="已退还客户。" * 9, by=auditor, now=now)
    tips.report(
        branch=branch, subject="第二条", text="没有开票。", receipt=tips.new_receipt(), by=handler,
        now=now,
    )  # fmt: skip


def audit_pages() -> Iterator[str]:
    to_come, done = Audit.objects.order_by("status")[::-1]
    upheld, fresh = Tip.objects.order_by("pk")
    yield from ("/staff/first-contact/", "/staff/first-contact/contacts/")
    yield from ("/staff/first-contact/draw/", "/staff/mystery-calls/", "/staff/mystery-calls/new/")
    yield from ("/staff/checklists/", "/staff/checklists/new/", "/staff/audits/?view=late")
    yield f"/staff/checklists/{done.edition.checklist_id}/"
    yield from ("/staff/audits/", "/staff/audits/plan/", "/staff/audits/new/")
    yield from (f"/staff/audits/{done.pk}/", f"/staff/audits/{to_come.pk}/")
    yield f"/staff/audits/{to_come.pk}/carry-out/"
    yield from ("/staff/report-line/", "/staff/cases/", "/staff/tips/")
    yield from (f"/staff/tips/{upheld.pk}/", f"/staff/tips/{fresh.pk}/")


def survey_pages() -> Iterator[str]:
    draft, phone, online = (row.pk for row in Survey.objects.order_by("-pk"))
    yield from ("/surveys/", "/surveys/?status=closed", "/surveys/new/")
    yield from (f"/surveys/{draft}/", f"/surveys/{draft}/edit/", f"/surveys/{online}/")
    yield from (f"/surveys/{phone}/", f"/surveys/{phone}/calls/")
    yield f"/surveys/invitations/{Invitation.objects.latest('pk').pk}/call/"
    counter = Counter.objects.get().pk
    yield from (f"/surveys/{online}/counters/", f"/surveys/{online}/counters/{counter}/")
    yield f"/customers/{Invitation.objects.latest('pk').customer_id}/surveys/"


def shared_pages() -> Iterator[str]:
    """Addresses that several people open."""
    yield from ("/", "/complaints/", "/complaints/?status=closed&search=nobody", "/work-orders/")
    yield from ("/work-orders/?branch=WX&score_to=3&source=hand", "/dissatisfied-items/")
    yield f"/dissatisfied-items/{DissatisfiedItem.objects.latest('pk').pk}/"
    yield from ("/lessons/", f"/lessons/{Lesson.objects.latest('pk').pk}/")
    for row in StaffRound.objects.all():
        yield f"/staff/satisfaction/{row.quarter}/"
    yield from ("/staff/satisfaction/", "/staff/scorecards/", "/staff/scorecards/schemes/")
    yield from ("/staff/scorecards/now/", "/staff/scorecards/now/?branch=WX")
    yield f"/staff/scorecards/{Scorecard.objects.filter(kind='branch').earliest('pk').pk}/"
    yield from ("/staff/contest/", "/staff/contest/timeliness/", "/staff/practices/")
    yield from (f"/staff/contest/plans/{row.pk}/" for row in Plan.objects.order_by("pk"))
    yield f"/staff/contest/awards/{InnovationAward.objects.get().pk}/"
    yield "/staff/rules/"
    yield from ("/staff/rewards/", "/staff/redemptions/?status=asked", "/staff/thanks/")
    yield from ("/staff/", "/staff/points/", "/staff/board/", "/staff/micro-reports/")
    yield from ("/staff/micro-reports/rotation/", "/staff/awareness/")
    yield from ("/staff/knowledge/", "/staff/knowledge/?search=没有", "/staff/knowledge/new/")
    yield from (f"/staff/knowledge/{row.pk}/" for row in ExpertQuestion.objects.all())
    yield from ("/staff/inductions/", "/staff/training/")
    yield f"/staff/training/{Course.objects.get().pk}/"
    yield f"/staff/training/sessions/{TrainingSession.objects.get().pk}/"
    yield from ("/rankings/periods/", "/rankings/disputes/", "/rankings/periods/2020-W10/")
    yield from ("/reports/", "/reports/2020-W10/")
    yield "/reports/tables/"
    crossed = "rows=weekday&columns=hour&measure=complaints&period=this-year"
    plain = "rows=branch&measure=complaints&measure=on_time_result&period=this-year"
    yield from (f"/reports/tables/show/?{query}" for query in ("", crossed, plain))
    yield from ("/promises/", "/inbox/", "/rankings/", "/customers/", "/settings/me/", "/nowhere/")
    yield "/customers/moves/"
    yield f"/customers/{Customer.objects.latest('pk').pk}/"
    yield from (f"/complaints/{row.number}/" for row in Complaint.objects.order_by("pk")[:6])
    yield from (f"/work-orders/{row.pk}/" for row in WorkOrder.objects.order_by("pk"))


def own_pages(username: str) -> Iterator[str]:
    """Addresses of one part."""
    if username == "handler":
        yield "/complaints/new/"
        one = f"/customers/{Customer.objects.latest('pk').pk}"
        yield from (f"{one}/file/", f"{one}/value/")
        yield "/staff/contest/plans/new/"
        yield f"/staff/satisfaction/{StaffRound.objects.latest('quarter').quarter}/answer/"
        card = Scorecard.objects.get(person__username=username).pk
        yield from (f"/staff/scorecards/{card}/", f"/staff/scorecards/{card}/appeal/")
        yield f"/staff/contest/plans/{Plan.objects.get(status='draft').pk}/edit/"
        yield f"/staff/inductions/{Induction.objects.get().pk}/"
        yield from ("/settings/phrases/", "/settings/phrases/new/")
        yield f"/staff/rewards/{Redemption.objects.get().reward_id}/redeem/"
        yield f"/staff/redemptions/{Redemption.objects.get().pk}/"
    yield from story_pages(username)
    if username != "admin":
        yield from ("/notices/", "/notices/?search=nothing")
        seen = visible(Notice, Person.objects.get(username=username)).order_by("pk")
        yield from (f"/notices/{notice.pk}/" for notice in seen)
    if username == "quality":
        yield from ("/notices/new/", "/settings/numbering/work_order/")
        yield f"/complaints/{Complaint.objects.latest('pk').number}/promises/"
        yield "/callbacks/"
        yield f"/staff/thanks/callbacks/{Thanks.objects.get().callback_id}/"
        yield f"/callbacks/{Complaint.objects.filter(status='answered').latest('pk').number}/"
        one = f"/customers/{Customer.objects.latest('pk').pk}"
        yield from (f"{one}/glance/", f"{one}/timeline/", f"{one}/complaints/", f"{one}/ladders/")
        yield from (f"{one}/file/", f"{one}/competitors/")
        yield from ("/customers/new/", "/work-orders/new/", "/work-orders/new/finding/")
        waiting = f"/dissatisfied-items/{DissatisfiedItem.objects.earliest('pk').pk}/"
        yield from ("/dissatisfied-items/new/", waiting, f"{waiting}edit/")
        yield f"/work-orders/{WorkOrder.objects.earliest('pk').pk}/complaints/"
        yield from ("/complaints/views/", "/complaints/views/new/?status=received&severity=high")
        yield f"/complaints/views/{SavedView.objects.latest('pk').pk}/"
        yield f"/complaints/bulk/{BulkAct.objects.latest('pk').pk}/"
        yield f"/complaints/?through=all&open={Complaint.objects.latest('pk').number}"
        yield f"/complaints/{Complaint.objects.latest('pk').number}/clocks/"
        yield f"/complaints/{Complaint.objects.latest('pk').number}/print/"
        yield f"/work-orders/{WorkOrder.objects.latest('pk').pk}/print/"
        yield from survey_pages()
        yield "/staff/contest/new/"
        yield from (f"/staff/contest/{row.pk}/results/" for row in Contest.objects.all())
        yield from star_pages()
    if username == "auditor":
        yield from audit_pages()
        yield from leading_pages()
    if username == "admin":
        yield "/staff/contest/reviews/"
        yield f"/staff/contest/reviews/{Plan.objects.filter(status='reported').latest('pk').pk}/"
        yield from ("/staff/rules/", "/staff/rules/new/", "/staff/fund/", "/staff/fund/budget/")
        yield from ("/staff/rewards/", "/staff/rewards/new/", "/staff/satisfaction/new/")
        yield f"/staff/rules/{PointRule.objects.latest('pk').pk}/"
        yield "/settings/rankings/"
        yield from ("/settings/", "/promises/new/", f"/promises/{Promise.objects.latest('pk').pk}/")
        for room in ("branches", "people", "categories", "calendars", "operations", "imports"):
            yield f"/settings/{room}/"
        yield from ("/settings/imports/new/", "/settings/numbering/", "/customers/talk/")
        yield "/customers/value/rules/"
        yield from ("/settings/templates/", "/settings/templates/work_order/")
        run = f"/settings/imports/{ImportRun.objects.latest('pk').pk}/"
        yield from (run, f"{run}columns/")
        yield from ("/settings/branches/new/", "/settings/people/new/")
        policy = f"/settings/policies/{Policy.objects.earliest('pk').pk}/"
        yield from ("/settings/policies/", policy, f"{policy}edit/", f"{policy}compare/")
        yield f"{policy}recalculate/"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("username", ["handler", "quality", "admin", "auditor"])
def test_u01_axe_finds_nothing_and_u04_nothing_overflows(
    furnished: Company, sign_in: SignIn, username: str, locale: str
) -> None:
    page = sign_in(username, locale=locale)
    addresses = [*own_pages(username)]
    addresses += shared_pages() if username in ("handler", "quality") else []
    found: dict[str, list[str]] = {}
    for address in addresses:
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == (404 if address == "/nowhere/" else 200), address
        for size in (DESK, PHONE, *ZOOMED):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            if wrong := overflow(page) if size in ZOOMED else faults(page):
                found[f"{address} at {size['width']}"] = wrong
    assert not found


@pytest.mark.parametrize("locale", LOCALES)
def test_u01_the_login_page_and_a_control(company: Company, sign_in: SignIn, locale: str) -> None:
    page = sign_in("desk", locale=locale)
    page.context.clear_cookies()
    page.goto("/login/")
    assert faults(page) == []
    page.evaluate("document.querySelector('label').remove()")
    assert faults(page), "axe sees a fault that was put there"
