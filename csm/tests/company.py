"""A small company with everything in it, for tests that hold for every page and every person.

Four places stand in every relation to the branch Wuxi: itself, the one below it, its sibling, and
the region above. Each has a complaint that is being handled (with a note, a file, a draft order and
its evidence), one that is answered, one that nobody has judged yet, a customer and a message.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import get_default_timezone

from complaints.actions import (
    accountability,
    assessments,
    bulk,
    challenges,
    improvements,
    notes,
    promises,
    recoveries,
    recovery_rules,
    views,
    work_orders,
)
from complaints.actions.accountability import Line
from complaints.actions.bulk import Chosen
from complaints.actions.bulk_kinds import AddNote
from complaints.actions.imports import keep_profile
from complaints.actions.order_rows import Analysis, Entry, Proof
from complaints.factories import (
    PLAN,
    CategoryFactory,
    ComplaintFactory,
    ItemFactory,
    WorkOrderFactory,
    checked_import,
)
from complaints.models import (
    Assessment,
    AssessmentRule,
    BulkAct,
    CallbackAttempt,
    Category,
    Challenge,
    Complaint,
    DissatisfiedItem,
    EffectivenessCheck,
    ImportProfile,
    ImportRun,
    Improvement,
    Lesson,
    LessonFile,
    MeasureFile,
    Notice,
    Phrase,
    Policy,
    Promise,
    Recovery,
    RecoveryOffer,
    SavedView,
    Supplier,
    Timer,
    WorkOrder,
)
from complaints.notice_factories import NoticeFactory
from csm.kit import clock, periods
from csm.kit.transitions import move
from customers.actions import retention, talks
from customers.care_factories import CareOfCompany, CareOfCustomer, care_of, care_of_company
from customers.factories import CustomerFactory, checked_table
from customers.models import Customer, RetentionStep, TableImport, TalkText
from organisation import letters
from organisation.actions import calendars, files, people
from organisation.actions.tokens import issue_token
from organisation.factories import PersonFactory, exported_by, given_up_by, tree
from organisation.letters import Draft
from organisation.models import (
    ApiToken,
    Branch,
    Job,
    JobFile,
    Letter,
    Message,
    Person,
    Role,
    StoredFile,
    WorkCalendar,
)
from reports.actions import tables as kept_tables
from reports.crosstabs.spec import SIMPLEST
from reports.models import Dispute, DisputeAbout, DisputeFile, KeptTable
from staff import audit_factories as audited
from staff import factories as staff
from staff import learning_factories as learned
from staff import quarter_factories as quarters
from staff import star_factories
from staff.actions import checklists, contest_reports, redemptions, rewards
from staff.models import (
    AccountReview,
    AskedPerson,
    Audit,
    Ceremony,
    Contest,
    ContestStatus,
    Course,
    Duty,
    ExpertAnswer,
    FindingFile,
    Induction,
    InnovationAward,
    MicroReport,
    PointEntry,
    PointRule,
    Redemption,
    ReportFile,
    Reward,
    Scorecard,
    SpotCheck,
    StaffRound,
    StarCandidate,
    StarElection,
    Swap,
    Thanks,
    Tip,
    TipFile,
    TrainingSession,
    Turn,
)
from surveys import factories as surveys
from surveys.actions import diagnoses, questionnaires
from surveys.actions.diagnoses import Entry as Diagnosed
from surveys.models import Answer, Counter, Diagnosis, Edition, Invitation, Touchpoint
from surveys.results.reading import Asked

# Words that may never reach a person who has no part in a place: "SECRET-of-sibling-…".
SECRET = "SECRET-of-{place}-"
SECRET_PERSON = f"{SECRET}person"
PLACES = ("own", "child", "sibling", "parent")


@dataclass(frozen=True)
class Place:
    """One branch with what happened there."""

    branch: Branch
    handler: Person
    customer: Customer
    complaint: Complaint
    answered: Complaint
    received: Complaint
    order: WorkOrder
    notice: Notice
    draft: Notice
    item: DissatisfiedItem
    file: StoredFile
    evidence: StoredFile
    message: Message
    failed: Message
    stuck: Timer
    token: ApiToken
    exported: JobFile
    given_up: Job
    bulk: BulkAct
    view: SavedView
    kept_table: KeptTable
    phrase: Phrase
    recovery: Recovery
    challenge: Challenge
    dispute: DisputeFile
    assessment: Assessment
    proof: MeasureFile
    check: EffectivenessCheck
    lesson: LessonFile
    improvement: Improvement
    invitation: Invitation
    counter: Counter
    edition: Edition
    said: Answer
    diagnosis: Diagnosis
    points: PointEntry
    audit: Audit
    finding: FindingFile
    tip: TipFile
    card: Scorecard
    plan_file: ReportFile
    redemption: Redemption
    thanks: Thanks
    candidate: StarCandidate
    turn: Turn
    swap: Swap
    micro_report: MicroReport
    asked: AskedPerson
    induction: Induction
    training: TrainingSession
    account_manager: Person
    review: AccountReview
    duty: Duty
    step: RetentionStep
    care: CareOfCustomer

    @property
    def keys(self) -> dict[str, dict[str, Any]]:
        """What the addresses of this place's things are made of."""
        contact = self.customer.contacts.get()
        return {
            "complaint": {"number": self.complaint.number},
            "order": {"pk": self.order.pk},
            "notice": {"pk": self.notice.pk},
            "draft": {"pk": self.draft.pk},
            "served": {"pk": self.order.pk, "number": self.complaint.number},
            "item": {"pk": self.item.pk},
            "customer": {"pk": self.customer.pk},
            "retention": {"pk": self.step.case_id},
            "retention_step": {"pk": self.step.case_id, "step_pk": self.step.pk},
            "visit": {"pk": self.care.task.visit_id},
            "visit_task": {"pk": self.care.task.visit_id, "task_pk": self.care.task.pk},
            "segment": {"pk": self.care.segment.pk},
            "care_act": {"pk": self.care.act.pk},
            "care_date": {"pk": self.customer.pk, "date_pk": self.care.day.pk},
            "customer_notice": {"pk": self.care.notice.pk},
            "contact": {"pk": self.customer.pk, "contact_pk": contact.pk},
            "file": {"number": self.complaint.number, "file_id": self.file.pk},
            "evidence": {"pk": self.order.pk, "file_id": self.evidence.pk},
            "message": {"pk": self.message.pk},
            "failed": {"pk": self.failed.pk},
            "stuck": {"pk": self.stuck.pk},
            "token": {"pk": self.token.pk},
            "job": {"pk": self.exported.job_id},
            "job_file": {"pk": self.exported.job_id, "file_id": self.exported.file_id},
            "given_up": {"pk": self.given_up.pk},
            "bulk": {"pk": self.bulk.pk},
            "view": {"pk": self.view.pk},
            "kept_table": {"pk": self.kept_table.pk},
            "phrase": {"pk": self.phrase.pk},
            "recovery": {"number": self.complaint.number, "pk": self.recovery.pk},
            "challenge": {"number": self.answered.number, "pk": self.challenge.pk},
            "dispute": {"pk": self.dispute.dispute_id},
            "dispute_file": {"pk": self.dispute.dispute_id, "file_id": self.dispute.file_id},
            "late": {"key": "2020-W10", "code": self.branch.code},
            "assessment": {"pk": self.assessment.pk},
            "measure": {"pk": self.proof.measure_id},
            "proof": {"pk": self.proof.measure_id, "file_id": self.proof.file_id},
            "check": {"pk": self.check.pk},
            "lesson": {"pk": self.lesson.lesson_id},
            "lesson_proof": {"pk": self.lesson.lesson_id, "file_id": self.lesson.file_id},
            "improvement": {"pk": self.improvement.pk},
            "survey": {"pk": self.invitation.survey_id},
            "invitation": {"pk": self.invitation.pk},
            "talk": {"pk": self.invitation.survey_id, "branch_pk": self.branch.pk},
            "online": {"pk": self.counter.survey_id},
            "counter": {"pk": self.counter.survey_id, "counter_pk": self.counter.pk},
            "questionnaire": {"pk": self.edition.questionnaire_id},
            "edition": {"pk": self.edition.pk},
            "question": {"pk": self.edition.pk, "key": "total"},
            "diagnosis": {"pk": self.diagnosis.pk},
            "response": {"pk": self.said.response_id},
            "comment": {"pk": self.invitation.survey_id, "answer_pk": self.said.pk},
            "points": {"pk": self.points.pk},
            "audit": {"pk": self.audit.pk},
            "checklist": {"pk": self.audit.edition.checklist_id},
            "finding": {"pk": self.finding.finding_id},
            "finding_file": {"pk": self.finding.finding_id, "file_id": self.finding.file_id},
            "tip": {"pk": self.tip.tip_id},
            "tip_file": {"pk": self.tip.tip_id, "file_id": self.tip.file_id},
            "card": {"pk": self.card.pk},
            "plan": {"pk": self.plan_file.report.plan_id},
            "plan_file": {"pk": self.plan_file.report.plan_id, "file_id": self.plan_file.file_id},
            "redemption": {"pk": self.redemption.pk},
            "thanks": {"pk": self.thanks.pk},
            "call": {"pk": self.thanks.callback_id},
            "said": {"pk": self.said.pk},
            "star_candidate": {
                "pk": self.candidate.election_id,
                "candidate_pk": self.candidate.pk,
            },
            "turn": {"pk": self.turn.pk},
            "swap": {"pk": self.swap.pk},
            "micro_report": {"pk": self.micro_report.pk},
            "asked": {"pk": self.asked.pk},
            "induction": {"pk": self.induction.pk},
            "training": {"pk": self.training.pk},
            "account": {"pk": self.account_manager.pk, "key": "2026-Q3"},
            "account_review": {"pk": self.review.pk},
            "task_force": {"pk": self.duty.force_id},
            "duty": {"pk": self.duty.pk},
            "branch": {"pk": self.branch.pk},
            "person": {"pk": self.handler.pk},
        }


@dataclass(frozen=True)
class Company:
    """`people` by what they are: the personas of the scope table."""

    places: dict[str, Place]
    people: dict[str, Person]
    category: Category
    calendar: WorkCalendar
    policy: Policy
    imported: ImportRun
    profile: ImportProfile
    rejected: JobFile
    offer: RecoveryOffer
    supplier: Supplier
    rule: AssessmentRule
    touchpoint: Touchpoint
    letter: Letter
    promise: Promise
    point_rule: PointRule
    staff_round: StaffRound
    contest: Contest
    award: InnovationAward
    reward: Reward
    star: StarElection
    care: CareOfCompany
    told: MicroReport
    proposed: ExpertAnswer
    course: Course
    table: TableImport
    talk_text: TalkText
    table_faults: JobFile

    def client(self, persona: str, **options: Any) -> Client:
        """A browser in which the persona is logged in; nobody for "anonymous"."""
        client = Client(**options)
        if persona in self.people:
            client.force_login(self.people[persona])
        return client


def company() -> Company:
    """All of it: about a second."""
    found = tree()
    branches = dict(
        zip(PLACES, (found.branch, found.child, found.sibling, found.region), strict=True)
    )
    root, own = found.headquarters, found.branch
    postings = {
        "staff": [(own, Role.HANDLER)],
        "manager": [(own, Role.BRANCH_MANAGER)],
        "neighbour": [(found.sibling, Role.HANDLER)],
        "region": [(found.region, Role.QUALITY_MANAGER)],
        "quality": [(root, Role.QUALITY_MANAGER)],
        "executive": [(root, Role.EXECUTIVE)],
        "auditor": [(root, Role.AUDITOR)],
        "administrator": [(root, Role.ADMINISTRATOR)],
        "local": [(found.region, Role.ADMINISTRATOR)],
        "idle": [],
        "disabled": [(own, Role.HANDLER)],
    }
    names = {
        "staff": SECRET_PERSON.format(place="own"),
        "neighbour": SECRET_PERSON.format(place="sibling"),
    }
    persons = {
        name: PersonFactory.create(username=name, name=names.get(name, name), postings=held)
        for name, held in postings.items()
    }
    category = CategoryFactory.create(code="delay")
    offer = recovery_rules.create_offer(name="餐券", kind="gift", unit_value=Decimal(20), by=None)
    course = learned.course(_expert(root), root, category=category)
    handlers = {"own": persons["staff"], "sibling": persons["neighbour"]}
    supplier = Supplier.objects.create(name="苏南运输", created_at=clock.now())
    rewards.create(name="保温杯", points=1, pieces=9, cost=Decimal(80), by=None)
    told = _told(own, persons["staff"], persons["quality"])
    places = {
        name: _place(name, branch, handlers.get(name), persons["quality"], category, offer)
        for name, branch in branches.items()
    }
    award = _awarded(own, persons["quality"])
    people.change(person=persons["disabled"], by=None, now=clock.now(), is_active=False)
    calendar = calendars.create(name="客服中心", timezone="Asia/Shanghai", by=None)
    calendars.set_day(
        calendar=calendar, on=date(2026, 10, 1), is_working=False, name="国庆", by=None
    )
    policy = Policy.objects.last_resort().get()
    imported = checked_import(persons["administrator"])
    rejected = JobFile.objects.get(job=imported.check_job)
    table = checked_table(persons["administrator"], "nobody,nowhere,2026-01,1,1,\n")
    profile = keep_profile(
        name="旧系统", table=imported.table, by=persons["administrator"], now=clock.now()
    )
    return Company(
        *(places, persons, category, calendar, policy, imported, profile, rejected, offer),
        supplier=supplier,
        rule=AssessmentRule.objects.get(),
        touchpoint=surveys.touchpoint(),
        letter=_failed_letter(),
        point_rule=PointRule.objects.get(code="manager"),
        talk_text=talks.write(
            stage="decline",
            standing="",
            words="先听客户说",
            words_en="",
            by=persons["administrator"],
            now=clock.now(),
        ),
        staff_round=quarters.begin_round(now=clock.now()),
        contest=Contest.objects.get(status=ContestStatus.OPEN),
        award=award,
        reward=Reward.objects.get(),
        star=StarElection.objects.get(),
        care=care_of_company(persons["administrator"], clock.now()),
        told=told,
        course=course,
        table=table,
        table_faults=JobFile.objects.get(job=table.check_job),
        proposed=learned.proposed(persons["quality"], _expert(root)),
        promise=promises.create(
            kind="external", words="一诺千金", valid_from=date(2026, 1, 1), by=None, now=clock.now()
        ),
    )


def _awarded(branch: Branch, quality: Person) -> InnovationAward:
    """An award that tells nothing, with a photo of its ceremony."""
    now = clock.now() - timedelta(days=100)
    writer = PersonFactory.create(branch=branch)
    held = staff.contest(period=_quarter(now), now=now)
    plan = staff.plan(held, branch, writer, kind="special", now=now)
    move(held, to=ContestStatus.ANNOUNCED, announced_at=now, announced_by=quality)
    award = InnovationAward.objects.create(
        contest=held, plan=plan, kind="team", mean=80, reviewers=3, prize="x"
    )
    photo = SimpleUploadedFile("photo.txt", b"a photo")
    [kept] = files.store([photo], by=quality, now=now)
    Ceremony.objects.create(award=award, held_on=now.date(), note="x", photo=kept, at=now)
    return award


def _contested(secret: str, branch: Branch, handler: Person, quality: Person) -> ReportFile:
    """A plan of the branch that is carried out, with evidence."""
    now = clock.now()
    found = Contest.objects.first() or staff.contest(period=_quarter(now), now=now)
    plan = staff.plan(
        found, branch, handler, runner=quality, until="running", title=f"{secret}plan", now=now
    )
    upload = SimpleUploadedFile(f"{secret}done.txt", b"a list")
    contest_reports.report(plan=plan, text=f"{secret}done", uploads=[upload], by=handler, now=now)
    return ReportFile.objects.get(report__plan=plan)


def _quarter(now: datetime) -> str:
    return periods.at(now, kind="quarter", zone=get_default_timezone()).key


def _told(branch: Branch, by: Person, reviewer: Person) -> MicroReport:
    """What all staff read, with a check of awareness; the places add who is asked."""
    now = clock.now()
    told = staff.report(branch, by=by, reviewer=reviewer, until="published")
    SpotCheck.objects.create(
        report=told, seed=1, drawn_by=reviewer, drawn_at=now, closes_at=now + timedelta(days=7)
    )
    return told


def _expert(root: Branch) -> Person:
    return PersonFactory.create(branch=root, role=Role.SERVICE_FUNCTION)


def _failed_letter() -> Letter:
    letters.put(Draft("a letter", "customer@example.com", "complaint_received"), now=clock.now())
    Letter.objects.update(state="failed", attempts=8, next_attempt_at=None)
    return Letter.objects.get()


def _place(
    name: str,
    branch: Branch,
    handler: Person | None,
    quality: Person,
    category: Category,
    offer: RecoveryOffer,
) -> Place:
    secret = SECRET.format(place=name)
    handler = handler or PersonFactory.create(name=SECRET_PERSON.format(place=name), branch=branch)
    customer = CustomerFactory.create(
        name=f"{secret}customer", home_branch=branch, contact_name=f"{secret}contact"
    )
    common: dict[str, Any] = {
        "customer": customer,
        "branch": branch,
        "handler": handler,
        "quality": quality,
        "category": category,
        "description": f"{secret}description",
        "waybill": f"{secret}waybill",
    }
    complaint = ComplaintFactory.create(subject=f"{secret}subject", until="handling", **common)
    now = clock.now()
    notes.write(complaint=complaint, text=f"{secret}note", by=handler, now=now)
    upload = SimpleUploadedFile(f"{secret}file.txt", b"what the customer sent")
    [attachment] = notes.attach(complaint=complaint, uploads=[upload], by=handler, now=now)
    order = WorkOrderFactory.create(
        complaint=complaint,
        filler=handler,
        title_content=f"{secret}title",
        course=(Entry(text=f"{secret}course"),),
        causes=(Analysis(text=f"{secret}causes", evidence=(Proof("record", f"{secret}record"),)),),
    )
    upload = SimpleUploadedFile(f"{secret}evidence.txt", b"a list")
    [evidence] = work_orders.attach(order=order, uploads=[upload], by=handler, now=now)
    message = Message.objects.inbox(handler).earliest("pk")
    failed = Message.objects.filter(recipient=handler, channel="email").earliest("pk")
    Message.objects.filter(pk=failed.pk).update(state="failed", attempts=8, next_attempt_at=None)
    stuck = complaint.timers.filter(kind="result")
    stuck.update(quarantined_at=now, next_fire_at=None, fire_failures=8)
    # Nobody urges themselves: a colleague has taken it on since.
    colleague = PersonFactory.create(branch=branch, role=Role.HANDLER)
    given = recoveries.give(
        complaint=complaint, offer=offer, words=f"{secret}recovery", by=handler, now=now
    )
    complaint.timers.update(owner=colleague)
    Complaint.objects.filter(pk=complaint.pk).update(handler=colleague)
    answered = ComplaintFactory.create(subject=f"{secret}answered", until="answered", **common)
    representative = PersonFactory.create(branch=branch, role=Role.CUSTOMER_REPRESENTATIVE)
    challenge = challenges.challenge(
        complaint=answered, words=f"{secret}challenge", by=representative, now=clock.now()
    )
    invitation = _asked(secret, branch, customer)
    return Place(
        branch=branch,
        handler=handler,
        customer=customer,
        step=retention.note(
            case=retention.open_case(customer=customer, by=handler, now=now),
            text=f"{secret}step",
            due_on=now.date() + timedelta(days=9),
            by=handler,
            now=now,
        ),
        care=care_of(customer, secret, by=handler, notifier=quality, now=now),
        complaint=complaint,
        answered=answered,
        received=ComplaintFactory.create(subject=f"{secret}received", **common),
        order=order,
        notice=NoticeFactory.create(
            title=f"{secret}notice",
            until="published",
            addressees=[branch],
            asked=[branch],
            opinion=f"{secret}opinion",
            speaker=handler,
            by=quality,
        ),
        # Naming the others tells them nothing.
        draft=NoticeFactory.create(
            title=f"{secret}draft",
            text=f"{secret}text",
            issuing_branch=branch,
            addressees=Branch.objects.exclude(pk=branch.pk),
            by=quality,
        ),
        item=ItemFactory.create(
            customer=customer,
            branch=branch,
            opinion=f"{secret}opinion",
            plan=f"{secret}plan",
            by=quality,
        ),
        file=attachment.file,
        evidence=evidence.file,
        message=message,
        failed=failed,
        stuck=stuck.get(),
        token=issue_token(person=handler, now=now, name=f"{secret}token")[0],
        exported=exported_by(handler, title=f"{secret}export"),
        given_up=given_up_by(handler, title=f"{secret}job"),
        bulk=bulk.change(
            chosen=Chosen({complaint.number: None}),
            kind=AddNote(f"{secret}bulk"),
            by=handler,
            now=now,
        ),
        view=views.save(name=f"{secret}view", query="status=handling", by=handler),
        kept_table=kept_tables.keep(
            name=f"{secret}table", query=SIMPLEST, by=handler, now=clock.now()
        ),
        phrase=_phrase(name, handler, branch),
        recovery=given,
        challenge=challenge,
        dispute=_disputed(secret, complaint, representative),
        edition=_questionnaire(secret, branch),
        assessment=_consequences(secret, complaint, quality),
        counter=_hung(secret, branch),
        invitation=invitation,
        said=_said(secret, invitation),
        diagnosis=_diagnosed(secret, invitation, quality),
        points=staff.earned(handler, branch),
        **_audited(secret, branch, handler),
        card=quarters.branch_card(branch, now=now),
        plan_file=_contested(secret, branch, handler, quality),
        redemption=_redeemed(handler),
        thanks=_thanked(answered, colleague, quality),
        candidate=_put_up(secret, complaint, handler),
        **_programme(secret, branch, handler, quality),
        induction=learned.inducted(handler, branch),
        account_manager=PersonFactory.create(branch=branch, role=Role.ACCOUNT_MANAGER),
        review=learned.reviewed(handler, branch),
        duty=learned.duty(branch, handler, name=f"{secret}force"),
        training=learned.trained(
            Course.objects.get(), branch, learned.resources(1)[0], [handler], place=f"{secret}room"
        ),
        **_rectified(secret, answered, handler, quality),
    )


def _programme(secret: str, branch: Branch, handler: Person, quality: Person) -> dict[str, Any]:
    """A turn with its draft, one to change with, and somebody who was drawn."""
    draft = staff.report(
        branch, by=quality, title=f"{secret}story", text=f"{secret}story", tone="negative"
    )
    swap = Swap.objects.create(
        turn=draft.turn, other=staff.turn(branch), branch=branch, other_branch=branch,
        reason=f"{secret}swap", asked_by=quality, asked_at=clock.now(),
    )  # fmt: skip
    asked = AskedPerson.objects.create(
        spot_check=SpotCheck.objects.get(), person=handler, branch=branch
    )
    return {"turn": draft.turn, "swap": swap, "micro_report": draft, "asked": asked}


def _audited(secret: str, branch: Branch, handler: Person) -> dict[str, Any]:
    """An audit to come, one that found something, and a tip; the checklist has a draft, too."""
    now = clock.now()
    edition = audited.checklist(
        branch, name=f"{secret}checklist", name_en="", items=f"{secret}item\n{secret}other"
    )
    checklists.begin_next(checklist=edition.checklist, by=None, now=now)
    tip = Tip.objects.create(
        branch=branch,
        subject=f"{secret}tip",
        text=f"{secret}told",
        received_on=now.date(),
        receipt_hash=f"{secret}receipt",
    )
    [file] = files.store([SimpleUploadedFile(f"{secret}tip.txt", b"a list")], by=None, now=now)
    return {
        "audit": audited.planned(branch, handler, edition=edition),
        "finding": audited.found(
            branch,
            handler,
            edition=edition,
            remark=f"{secret}remark",
            file_name=f"{secret}finding.txt",
        ),
        "tip": TipFile.objects.create(tip=tip, file=file),
    }


def _questionnaire(secret: str, branch: Branch) -> Edition:
    """A draft that follows a published edition."""
    first = surveys.edition(branch, name=f"{secret}questionnaire")
    return questionnaires.begin_next(questionnaire=first.questionnaire, by=None, now=clock.now())


def _consequences(secret: str, complaint: Complaint, quality: Person) -> Assessment:
    """A line on the one supplier, and an assessment of the branch."""
    now = clock.now()
    supplier = Supplier.objects.get().pk
    line = Line("supplier", supplier=supplier, what=f"{secret}line")
    accountability.write(of=complaint, lines=[line], by=quality, now=now)
    return assessments.propose(
        branch=complaint.branch, kind="points", points=5, reason=f"{secret}assessment",
        complaint=complaint, by=quality, now=now,
    )  # fmt: skip


def _asked(secret: str, branch: Branch, customer: Customer) -> Invitation:
    """The customer in a survey by phone of the branch."""
    now = clock.now()
    survey = surveys.survey(branch, name=f"{secret}survey", name_en="", method="phone", now=now)
    return Invitation.objects.create(
        survey=survey,
        customer=customer,
        branch=branch,
        created_at=now,
        call_at=now,
        expires_at=now + timedelta(days=14),
    )


def _hung(secret: str, branch: Branch) -> Counter:
    """The code of a survey online of the branch."""
    edition = surveys.edition(branch, name=f"{secret}short")
    survey = surveys.survey(branch, name=f"{secret}online", name_en="", edition=edition)
    return surveys.counter(survey, branch, clock.now())


def _said(secret: str, invitation: Invitation) -> Answer:
    """What another customer wrote in that survey."""
    rows = surveys.responses(
        invitation.survey, invitation.branch, clock.now(), [{"wish": f"{secret}wish", "total": 9}]
    )
    return rows[0].answers.exclude(text="").get()


def _put_up(secret: str, complaint: Complaint, handler: Person) -> StarCandidate:
    """Somebody of the branch in the election of the region, which is in preparation."""
    now = clock.now()
    return star_factories.candidate(
        star_factories.region_election(complaint.branch, now=now),
        handler,
        complaint.branch,
        story=f"{secret}story",
        complaint=complaint,
        now=now,
    )


def _diagnosed(secret: str, invitation: Invitation, quality: Person) -> Diagnosis:
    """A draft about that survey."""
    now = clock.now()
    made = diagnoses.draft(asked=Asked(invitation.survey, quality), by=quality, now=now)
    problems = [Diagnosed(f"{secret}problem", "common", "tactical")]
    texts = {"level": f"{secret}level"}
    diagnoses.save(diagnosis=made, texts=texts, problems=problems, by=quality, now=now)
    return made


def _redeemed(handler: Person) -> Redemption:
    """By points that were earned just before."""
    return redemptions.ask(reward=Reward.objects.get(), nonce=1, by=handler, now=clock.now())


def _thanked(complaint: Complaint, person: Person, quality: Person) -> Thanks:
    """By name, at a callback; everybody in the company reads it."""
    now = clock.now()
    call = CallbackAttempt.objects.create(
        complaint=complaint, at=now, by=quality, is_reached=True, is_satisfied=True, score=10
    )
    return staff.thanked(person, complaint.branch, callback=call, by=quality, now=now)


def _rectified(
    secret: str, complaint: Complaint, handler: Person, quality: Person
) -> dict[str, Any]:
    """What stands around an order that was submitted."""
    now = clock.now()
    plan = [replace(each, text=f"{secret}measure") for each in PLAN]
    order = WorkOrderFactory.create(
        complaint=complaint, filler=handler, until="submitted", plan=plan, place=f"{secret}place"
    )
    measure = order.measures.earliest("pk")
    lesson = Lesson.objects.create(measure=measure, branch=order.branch, offered_at=now)
    uploads = [SimpleUploadedFile(f"{secret}{name}.txt", b"a list") for name in ("proof", "lesson")]
    proof, adopted = files.store(uploads, by=handler, now=now)
    return {
        "proof": MeasureFile.objects.create(measure=measure, file=proof),
        "check": EffectivenessCheck.objects.create(
            order=order, days=30, since_at=now, due_on=now.date()
        ),
        "lesson": LessonFile.objects.create(lesson=lesson, file=adopted),
        "improvement": improvements.request(
            order=order, kind="course", title=f"{secret}course", reason="x", by=quality, now=now
        ),
    }


def _disputed(secret: str, complaint: Complaint, by: Person) -> DisputeFile:
    timer = complaint.timers.get(kind="result")
    dispute = Dispute.objects.create(
        period="2020-W10",
        also="2020-03",
        about=DisputeAbout.VERDICT,
        complaint=complaint,
        timer=timer,
        branch=timer.verdict_branch,
        words=f"{secret}dispute",
        by=by,
        at=clock.now(),
    )
    upload = SimpleUploadedFile(f"{secret}proof.txt", b"a log")
    [file] = files.store([upload], by=by, now=clock.now())
    return DisputeFile.objects.create(dispute=dispute, file=file)


def _phrase(name: str, owner: Person, branch: Branch) -> Phrase:
    """A canned reply for all below the branch: what stands above is no secret there."""
    secret = "" if name == "parent" else SECRET.format(place=name)
    return Phrase.objects.create(
        owner=owner, branch=branch, name=f"{secret}phrase", text=f"{secret}{{number}}"
    )
