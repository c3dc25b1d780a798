"""One complaint from the first call to the last: its plan, carried out through the actions."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from complaints.actions import (
    callbacks,
    hand_overs,
    handling,
    intake,
    judging,
    measure_proof,
    measures,
    notes,
    triage,
    work_orders,
)
from complaints.actions.accountability import Line
from complaints.models import (
    ENDED_STATUSES,
    Category,
    Channel,
    Complaint,
    OrderStatus,
    Status,
    WorkOrder,
)
from organisation.models import Branch, Person, Role
from reports.demo import care, learning, photos
from reports.demo.company import Company, Site
from reports.demo.customers import Client
from reports.demo.plans import HOUR, Awake, Call, Plan, calls
from reports.demo.stage import Act, Stage
from reports.demo.words import Words

AT_HEADQUARTERS = (Channel.HOTLINE, Channel.WEB, Channel.APP, Channel.EMAIL, Channel.SOCIAL)
AT_A_BRANCH = (Channel.PHONE, Channel.COUNTER, Channel.ACCOUNT_MANAGER, Channel.FIELD, Channel.BILL)
WORKED_ON = (Status.ASSIGNED, Status.HANDLING)


@dataclass
class Story:
    """The people of one complaint, and what they do. Each act looks whether it is still open."""

    company: Company
    stage: Stage
    plan: Plan
    client: Client
    site: Site
    category: Category
    words: Words
    awake: Awake
    rng: random.Random
    earlier: list[Complaint] = field(default_factory=list)

    complaint: Complaint = field(init=False)
    order: WorkOrder | None = None

    def begin(self) -> None:
        """Put the acts of the plan on the stage."""
        plan = self.plan
        self._plan(plan.logged, self.log)
        self._plan(plan.invalid, self.propose_invalid)
        self._plan(plan.invalid_decided, self.decide_invalid)
        self._plan(plan.triaged, self.triage)
        self._plan(plan.apologised, self.apologise)
        self._plan(plan.transferred, self.transfer)
        self._plan(plan.accepted, self.accept)
        self._plan(plan.answered, self.answer)
        self._plan(plan.drafted, self.draft)
        self._plan(plan.submitted, self.submit)
        self._plan(plan.returned, self.send_back)
        self._plan(plan.resubmitted, self.submit)
        self._plan(plan.confirmed, self.confirm)
        self._plan_calls(plan.calls)
        for after in plan.notes:
            self._plan(after, self.note)

    def _plan(self, after: timedelta | None, act: Act) -> None:
        if after is not None:
            self.stage.at(self.plan.received_at + after, act)

    def _plan_calls(self, planned: list[Call]) -> None:
        for call in planned:
            self._plan(call.after, partial(self.call_back, call))

    # Who acts

    @property
    def desk(self) -> Person:
        """Who takes it in: the hotline, or the front desk of the branch."""
        return self._one_of(self._intake_code, Role.FRONT_DESK)

    @property
    def quality(self) -> Person:
        """Who triages, judges and calls back."""
        code = self._intake_code if self.plan.is_hotline else self.site.region.code
        return self._one_of(code, Role.QUALITY_MANAGER)

    @property
    def handler(self) -> Person:
        """Who works on it at the branch that is responsible now."""
        if self.complaint.handler_id is not None:
            staff = self.company.who(self._code, Role.HANDLER)
            return next(person for person in staff if person.pk == self.complaint.handler_id)
        return self._one_of(self._code, Role.HANDLER)

    @property
    def _intake_code(self) -> str:
        return self.company.root.code if self.plan.is_hotline else self.site.branch.code

    @property
    def _code(self) -> str:
        places = self.company.sites.items()
        return next(code for code, site in places if site.branch.pk == self.complaint.branch_id)

    def _one_of(self, code: str, role: str) -> Person:
        """The same person all along; the best known of several more often than the others."""
        group = self.company.who(code, role)
        choice = random.Random(f"{self.words.facts['bill']} {role}")  # noqa: S311  demo data
        return choice.choices(group, range(len(group) + 1, 1, -1))[0]

    # What they do

    def log(self, now: datetime) -> None:
        channels = AT_HEADQUARTERS if self.plan.is_hotline else AT_A_BRANCH
        same = [one for one in self.earlier if one.customer_id == self.client.customer.pk]
        self.complaint = intake.log_complaint(
            subject=self.words.about("subject"),
            description=self.words.about("story"),
            channel=self.rng.choices(channels, (6, 2, 2, 1, 1))[0],
            severity=self.plan.severity,
            received_at=self.plan.received_at,
            customer=self.client.customer,
            caller=self.client.contact,
            intake_branch=self._intake_branch,
            waybill=str(self.words.facts["bill"]),
            repeat_of=same[-1] if same and self.rng.random() < 0.2 else None,
            uploads=[photos.photo(self.rng) for _ in range(self.plan.photos)],
            by=self.desk,
            now=now,
        )
        self.earlier.append(self.complaint)

    @property
    def _intake_branch(self) -> Branch:
        return self.company.root if self.plan.is_hotline else self.site.branch

    def propose_invalid(self, now: datetime) -> None:
        reason = self.words.say("invalid_reasons")
        triage.propose_invalid(complaint=self.complaint, reason=reason, by=self.quality, now=now)

    def decide_invalid(self, now: datetime) -> None:
        decide = triage.confirm_invalid if self.plan.is_invalid else triage.reject_invalid
        specialist = self._one_of(self.company.root.code, Role.QUALITY_SPECIALIST)
        decide(complaint=self.complaint, by=specialist, now=now)

    def triage(self, now: datetime) -> None:
        site = self._other_site() if self.plan.is_misplaced else self.site
        named = self._one_of(site.branch.code, Role.HANDLER)
        triage.judge_valid(
            complaint=self.complaint,
            branch=site.branch,
            handler=named if self.rng.random() < 0.7 else None,
            category=self.category,
            severity=self.plan.severity,
            by=self.quality,
            now=now,
        )

    def _other_site(self) -> Site:
        sites = self.company.sites.values()
        return next(site for site in sites if site.region == self.site.region and site != self.site)

    def apologise(self, now: datetime) -> None:
        is_triaged = self.complaint.triaged_at is not None
        handling.apologise(
            complaint=self.complaint,
            channel=Channel.PHONE,
            words=self.words.say("apology"),
            by=self.handler if is_triaged else self.desk,
            now=now,
        )

    def transfer(self, now: datetime) -> None:
        if self.complaint.status not in WORKED_ON:
            return
        (manager,) = self.company.who(self._code, Role.BRANCH_MANAGER)
        hand_overs.transfer(
            complaint=self.complaint,
            branch=self.site.branch,
            reason=self.words.say("transfer_reasons"),
            by=manager,
            now=now,
        )

    def accept(self, now: datetime) -> None:
        if self.complaint.status == Status.ASSIGNED:
            hand_overs.accept(complaint=self.complaint, by=self.handler, now=now)

    def note(self, now: datetime) -> None:
        by = self.handler if self.rng.random() < 0.6 else self.quality
        region = self.site.region.code
        colleagues = [
            *self.company.who(region, Role.ACCOUNT_MANAGER),
            *self.company.who(self.site.branch.code, Role.BRANCH_MANAGER),
            *self.company.who(self.company.root.code, Role.QUALITY_SPECIALIST),
            self.handler,
        ]
        colleague = self.rng.choice([person for person in colleagues if person != by])
        text = self.words.say("notes", colleague=colleague.name)
        notes.write(complaint=self.complaint, text=text, by=by, now=now)

    def answer(self, now: datetime) -> None:
        if self.complaint.status not in WORKED_ON:
            return
        handling.answer(
            complaint=self.complaint,
            channel=Channel.PHONE,
            result=self.words.about("result"),
            is_customer_satisfied=True if self.rng.random() < 0.7 else None,
            by=self.handler,
            now=now,
        )
        care.after_result(
            self.complaint, company=self.company, stage=self.stage, handler=self.handler, now=now
        )

    def draft(self, now: datetime) -> None:
        if self.complaint.triaged_at is not None:
            sections = self.words.beginning(self.complaint.received_at - 3 * HOUR, now)
            self.order = work_orders.draft(
                complaint=self.complaint, by=self.handler, now=now, **sections
            )

    def submit(self, now: datetime) -> None:
        if self.order is None:
            return
        self.order.refresh_from_db()
        if self.order.is_editable:
            sections = self.words.rest(now, is_done=self.rng.random() < 0.6)
            sections["accountability"] = self._answering()
            plan = self.words.plan(now) if self.order.number is None else None
            work_orders.submit(order=self.order, by=self.handler, now=now, plan=plan, **sections)

    def _answering(self) -> tuple[Line, ...]:
        manager = self.company.who(self.site.branch.code, Role.BRANCH_MANAGER)[0]
        supplier = self.rng.choice(self.company.suppliers)
        return self.words.answering(manager.pk, supplier.pk)

    def send_back(self, now: datetime) -> None:
        if (order := self._submitted()) is not None:
            reason = self.words.say("return_reasons")
            sections = self.rng.choice([["causes"], ["causes", "measures"], ["anomaly"]])
            judging.send_back(
                order=order, reason=reason, sections=sections, by=self.quality, now=now
            )

    def confirm(self, now: datetime) -> None:
        if (order := self._submitted()) is not None:
            for measure in measures.unfinished(order):
                proof = self.words.say("proofs")
                measure_proof.finish(measure=measure, proof=proof, by=self.handler, now=now)
            judging.confirm(
                order=order,
                guidance=self.words.say("guidance"),
                offered=learning.worth_it(order),
                by=self.quality,
                now=now,
            )
            learning.stage_answers(order, self.company, self.stage, now)

    def _submitted(self) -> WorkOrder | None:
        if self.order is None:
            return None
        self.order.refresh_from_db()
        return self.order if self.order.status == OrderStatus.SUBMITTED else None

    def call_back(self, call: Call, now: datetime) -> None:
        if self.complaint.status != Status.ANSWERED:
            return
        is_satisfied = {"satisfied": True, "unhappy": False}.get(call.outcome)
        callbacks.record(
            complaint=self.complaint,
            is_reached=is_satisfied is not None,
            is_satisfied=is_satisfied,
            score=self._score(is_satisfied),
            words=self.words.say(call.outcome),
            next_at=None if is_satisfied is not None else now + 13 * HOUR,
            by=self.quality,
            now=now,
        )
        if call.outcome == "unhappy":
            self._go_on(now)
        elif self.complaint.status == Status.CALLED_BACK:
            self.stage.at(now + self.rng.uniform(0.5, 20) * HOUR, self.close)

    def _score(self, is_satisfied: bool | None) -> int | None:
        if is_satisfied is None:
            return None
        return self.rng.randint(7, 10) if is_satisfied else self.rng.randint(1, 6)

    def _go_on(self, now: datetime) -> None:
        """The second cycle: another answer, the order once more, another call."""
        since = now - self.plan.received_at
        answered = self.awake.at(since + self.rng.uniform(2, 26) * HOUR)
        self._plan(answered, self.answer)
        submitted = self.awake.at(since + self.rng.uniform(5, 50) * HOUR)
        self._plan(submitted, self.submit)
        self._plan(self.awake.at(submitted + self.rng.uniform(4, 30) * HOUR), self.confirm)
        self._plan_calls(list(calls(self.rng, answered, self.site.care, self.awake)))

    def close(self, now: datetime) -> None:
        """Close when nothing is missing any more; look again half a day later otherwise."""
        if self.complaint.status in ENDED_STATUSES:
            return
        if handling.missing_to_close(self.complaint):
            self.stage.at(now + 12 * HOUR, self.close)
        elif self.complaint.status == Status.CALLED_BACK:
            handling.close(complaint=self.complaint, by=self.quality, now=now)
