"""Audits: planned, carried out, called off; findings become work orders (T-14, T-16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.guard import check_year_of_day
from complaints.actions.order_opening import open_for_finding
from complaints.models import WorkOrder
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import can, require
from organisation.actions import files
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders
from staff.actions.audit_reminders import context_of
from staff.models import (
    Audit,
    AuditAnswer,
    AuditKind,
    AuditStatus,
    ChecklistEdition,
    Finding,
    FindingFile,
)

RUN, ANSWER = "audit.run", "audit.answer"
OPEN_ORDER = "work_order.open"
FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Answer:
    """What was found at one item. `is_met` None: it does not apply there."""

    is_met: bool | None
    remark: str = ""
    gravity: str = Finding.Gravity.MINOR
    uploads: "Sequence[UploadedFile[Any]]" = ()


@transaction.atomic
def plan(
    *,
    kind: str,
    edition: ChecklistEdition,
    branch: Branch,
    planned_on: date,
    by: Person,
    now: datetime,
    auditor: Person | None = None,
    is_announced: bool = True,
) -> Audit:
    """Who goes through which checklist at a branch, until which day.

    The branch plans its own audits; those of effect are planned and carried out by the auditors,
    none by somebody who works there. An unannounced one tells the branch nothing.
    """
    is_own = kind == AuditKind.SELF
    require(by, ANSWER if is_own else RUN, branch)
    auditor = auditor or by
    _check_plan(edition, branch, planned_on, now)
    if is_own and not is_announced:
        words = _("A branch cannot surprise itself.")
        raise Refused.at("is_announced", words)
    _check_auditor(auditor, branch, is_own=is_own)
    made = Audit.objects.create(
        kind=kind,
        is_announced=is_announced,
        edition=edition,
        branch=branch,
        auditor=auditor,
        surprise_of=None if is_announced else auditor,
        planned_on=planned_on,
        planned_at=now,
        planned_by=by,
    )
    told = [auditor, *(holders(branch, Role.BRANCH_MANAGER) if is_announced else ())]
    _tell(made, "audit_planned", to=told, by=by, now=now)
    return made


@transaction.atomic
def carry_out(
    *,
    audit: Audit,
    answers: Mapping[int, Answer],
    by: Person,
    now: datetime,
    summary: str = "",
    version: int | None = None,
) -> list[Finding]:
    """Answer every item, by its key; what is not met is a finding.

    A finding of headquarters opens its work order at once; of a self-audit, when somebody who may
    open orders does so. From now on the branch sees an unannounced one, too.
    """
    _check_auditing(audit, by)
    _check_planned(audit, version)
    items = list(audit.edition.items.all())
    _check_answers({item.pk for item in items}, answers)
    today = timezone.localdate(now)
    move(
        audit,
        to=AuditStatus.DONE,
        done_at=now,
        done_on=today,
        done_by=by,
        summary=summary.strip(),
        surprise_of=None,
    )
    rows = AuditAnswer.objects.bulk_create(
        AuditAnswer(
            audit=audit,
            item=item,
            is_met=answers[item.pk].is_met,
            remark=answers[item.pk].remark.strip(),
        )
        for item in items
    )
    found = [_find(row, answers[row.item_id], by, now) for row in rows if row.is_met is False]
    if audit.kind == AuditKind.EFFECT:
        for finding in found:
            open_order(finding=finding, by=by, now=now)
    told = holders(audit.branch, Role.BRANCH_MANAGER)
    _tell(audit, "audit_done", to=told, by=by, now=now, count=len(found))
    return found


@transaction.atomic
def open_order(*, finding: Finding, by: Person, now: datetime) -> WorkOrder:
    """The finding's one work order, new or the one that exists."""
    require(by, OPEN_ORDER, finding)
    # Two people pressing the button at once get one order: the finding's row is the lock.
    held = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if held.order is not None:
        return held.order
    answer = held.answer
    order = open_for_finding(
        branch=held.branch,
        occasion=f"{answer.item.text}\n{answer.remark}",
        found_on=held.found_on,
        found_by=answer.audit.auditor.name[:80],
        by=by,
        now=now,
    )
    Finding.objects.filter(pk=held.pk).update(order=order)
    finding.order = order
    return order


@transaction.atomic
def cancel(
    *, audit: Audit, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Call it off, with the reason; it stays in the plan as such."""
    require(by, ANSWER if audit.kind == AuditKind.SELF else RUN, audit)
    _check_planned(audit, version)
    if not reason.strip():
        words = _("Say why it is called off.")
        raise Refused.at("reason", words)
    move(audit, to=AuditStatus.CANCELLED, cancel_reason=reason.strip())
    told = [audit.auditor]
    if audit.is_announced:
        told += holders(audit.branch, Role.BRANCH_MANAGER)
    _tell(audit, "audit_cancelled", to=told, by=by, now=now, reason=reason.strip())


def may_carry_out(person: Person, audit: Audit) -> bool:
    """Whoever was named, unless they work there by now; of a self-audit all who answer for it."""
    if audit.kind == AuditKind.SELF:
        return can(person, ANSWER, audit)
    is_named = audit.auditor_id == person.pk and can(person, RUN, audit)
    return is_named and not person.postings.filter(branch=audit.branch_id).exists()


def _check_auditing(audit: Audit, by: Person) -> None:
    if not may_carry_out(by, audit):
        raise Forbidden(_("Only the auditor who was named carries it out."))


def _check_planned(audit: Audit, version: int | None) -> None:
    if audit.status != AuditStatus.PLANNED:
        words = _("This audit is over: “%(status)s”.") % {"status": audit.get_status_display()}
        raise NotOpen(words)
    check_version(audit, version)


def _check_plan(edition: ChecklistEdition, branch: Branch, planned_on: date, now: datetime) -> None:
    check_year_of_day(planned_on, field="planned_on")
    today = timezone.localdate(now)
    if not today <= planned_on <= today + FURTHEST:
        words = _("Choose a day from today on, within a year.")
        raise Refused.at("planned_on", words)
    keeper = edition.checklist.branch
    if edition.is_open or not branch.path.startswith(keeper.path):
        words = _("This checklist is not published for this branch.")
        raise Refused.at("checklist", words)
    if not branch.is_active:
        words = _("This branch is closed.")
        raise Refused.at("branch", words)


def _check_auditor(auditor: Person, branch: Branch, *, is_own: bool) -> None:
    words = ""
    if not auditor.is_active:
        words = _("This person has left.")
    elif is_own and not can(auditor, ANSWER, branch):
        words = _("This person does not answer for the branch.")
    elif not is_own and not can(auditor, RUN, branch):
        words = _("This person is no auditor there.")
    elif not is_own and auditor.postings.filter(branch=branch).exists():
        words = _("Nobody audits the unit where they work.")
    if words:
        raise Refused.at("auditor", words)


def _check_answers(items: set[int], answers: Mapping[int, Answer]) -> None:
    fields = {f"met-{pk}": _("Answer this item.") for pk in items - set(answers)}
    for pk, answer in answers.items():
        if pk not in items:
            raise Refused(_("An answer belongs to no item of this checklist."))
        if answer.is_met is False and not answer.remark.strip():
            fields[f"remark-{pk}"] = _("Say what was found.")
        if answer.gravity not in Finding.Gravity.values:
            fields[f"gravity-{pk}"] = _("Choose how grave it is.")
    if fields:
        raise Refused(_("Not every item is answered."), fields=fields)


def _find(row: AuditAnswer, answer: Answer, by: Person, now: datetime) -> Finding:
    finding = Finding.objects.create(
        answer=row,
        branch=row.audit.branch,
        gravity=answer.gravity,
        found_on=timezone.localdate(now),
    )
    stored = files.store(answer.uploads, by=by, now=now)
    FindingFile.objects.bulk_create(FindingFile(finding=finding, file=file) for file in stored)
    return finding


def _tell(
    audit: Audit,
    text: str,
    *,
    to: Sequence[Person],
    by: Person | None,
    now: datetime,
    **more: object,
) -> None:
    outbox.put(
        key=f"audit:{audit.pk}:{text}",
        to=to,
        text=text,
        context=context_of(audit) | more,
        importance=Importance.REMINDER,
        path=f"/staff/audits/{audit.pk}/",
        now=now,
        apart_from=by,
    )
