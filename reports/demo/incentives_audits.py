"""What was audited at the demo company, and what was reported (T-12, T-14 … T-17)."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from complaints.models import Event
from organisation.models import Branch, Person, Role
from reports.demo.company import Company
from staff.actions import audits, checklists, contact_audits, tips
from staff.actions.audits import Answer
from staff.models import AuditKind, ChecklistEdition

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STANDARDS = (
    ("前台", "前台接触岗位标准", "Standard of the front desk", (
        "三声内接听，先报平台名称 | Answers within three rings, names the branch",
        "当场登记，告知客户单号 | Enters it at once, tells the customer its number",
        "不让客户再问第二个人 | The customer need not ask a second person",
    )),
    ("司机", "提送货岗位标准", "Standard of drivers", (
        "到达前半小时电话联系 | Calls half an hour before",
        "当面清点，双方签字 | Counts with the customer, both sign",
    )),
)  # fmt: skip
UNMET = "抽查十单，三单未当场告知单号。"
RECEIPT = "DEMA-DEMB-DEMC-DEMD"
TIP = ("夜班另收装卸费", "仓库夜班向提货客户另收装卸费，没有开票，已有一段时间。")
CASE = ("收费必开票", "夜班另收装卸费而不开票，已退还客户，并在窗口重新公示收费标准。")


def make(company: Company, now: datetime) -> None:
    """Two checklists, audits of every kind, drawn contacts, calls, and one tip that was true."""
    [auditor] = company.who(company.root.code, Role.AUDITOR)
    front, drivers = (_standard(row, company.root, auditor, now - 60 * DAY) for row in STANDARDS)
    places = [site.branch for site in company.sites.values()]
    for place, branch in enumerate(places[:3]):
        _audit(front, branch, auditor, now - 20 * DAY - place * DAY, is_announced=place != 1)
    # Its order has two days from now on.
    _audit(front, places[3], auditor, now - 6 * HOUR, unmet=1)
    plan: dict[str, Any] = {"edition": drivers, "kind": AuditKind.EFFECT, "by": auditor}
    today = timezone.localdate(now)
    audits.plan(branch=places[4], planned_on=today - DAY, now=now - 9 * DAY, **plan)
    audits.plan(branch=places[5], planned_on=today + 3 * DAY, now=now - DAY, **plan)
    _self_audit(drivers, company, places[0], now)
    # A demo of very few complaints has no contact to draw.
    if _has_contacts(today):
        contact_audits.draw(
            branch=company.root, first_on=today - 50 * DAY, last_on=today - DAY, per_branch=8,
            by=auditor, now=now, seed=2026,
        )  # fmt: skip
    for place, branch in enumerate(places[:3]):
        _call(branch, auditor, now - (4 + place) * DAY, is_kept=place != 2)
    _report(company, places[2], auditor, now - 12 * DAY)


def _has_contacts(today: date) -> bool:
    """Whether a colleague took anything in during those days that is answered by now."""
    taken = Event.objects.filter(kind="logged", by__isnull=False)
    answered = taken.filter(complaint__timers__kind="result", complaint__timers__state="met")
    return answered.filter(
        complaint__received_at__date__range=(today - 50 * DAY, today - DAY),
        complaint__is_history=False,
        complaint__status="closed",
    ).exists()


def _standard(row: Any, branch: Branch, by: Person, now: datetime) -> ChecklistEdition:
    post, name, name_en, items = row
    made = checklists.create(
        name=name, name_en=name_en, post=post, branch=branch, items="\n".join(items), by=by, now=now
    )
    checklists.publish(edition=made, by=by, now=now)
    return made


def _audit(
    edition: ChecklistEdition,
    branch: Branch,
    by: Person,
    when: datetime,
    *,
    unmet: int = 0,
    is_announced: bool = True,
) -> None:
    """By headquarters; the first `unmet` items after the first one are not met."""
    row = audits.plan(
        kind=AuditKind.EFFECT, edition=edition, branch=branch, by=by, now=when - 5 * DAY,
        planned_on=timezone.localdate(when), is_announced=is_announced,
    )  # fmt: skip
    audits.carry_out(audit=row, answers=_answers(edition, unmet), by=by, now=when)


def _answers(edition: ChecklistEdition, unmet: int) -> dict[int, Answer]:
    return {
        item.pk: Answer(is_met=False, remark=UNMET, gravity="major")
        if 0 < place <= unmet
        else Answer(is_met=True)
        for place, item in enumerate(edition.items.all())
    }


def _self_audit(edition: ChecklistEdition, company: Company, branch: Branch, now: datetime) -> None:
    [manager, *_others] = company.who(branch.code, Role.BRANCH_MANAGER)
    when = now - 3 * DAY
    row = audits.plan(
        kind=AuditKind.SELF, edition=edition, branch=branch, by=manager, now=when - 5 * DAY,
        planned_on=timezone.localdate(when),
    )  # fmt: skip
    audits.carry_out(audit=row, answers=_answers(edition, 1), by=manager, now=when)


def _call(branch: Branch, by: Person, when: datetime, *, is_kept: bool) -> None:
    answers = {"is_registered": True, "is_kept": is_kept, "is_answered": is_kept}
    contact_audits.enter_call(
        branch=branch, called_at=when, asked="零担货物到哪里了", answers=answers, by=by,
        now=when + HOUR, submission=uuid.uuid5(uuid.NAMESPACE_URL, branch.code),
        remark="" if is_kept else "让客户自己再打一个电话。",
    )  # fmt: skip


def _report(company: Company, branch: Branch, auditor: Person, now: datetime) -> None:
    """Found true by the auditor, told to all; the reward waits at human resources."""
    [handler, *_others] = company.who(branch.code, Role.HANDLER)
    subject, text = TIP
    tip = tips.report(
        branch=branch, subject=subject, text=text, receipt=RECEIPT, by=handler, now=now,
        is_named=True,
    )  # fmt: skip
    tips.decide(
        tip=tip, is_upheld=True, result="情况属实，已退费并重新公示收费标准。", by=auditor,
        now=now + 3 * DAY, reward=Decimal(500),
    )  # fmt: skip
    title, words = CASE
    tips.publish(tip=tip, title=title, text=words, by=auditor, now=now + 4 * DAY)
