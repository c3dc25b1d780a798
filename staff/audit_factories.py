"""Audits for tests and the demo."""

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from csm.kit import clock
from organisation.actions import files
from organisation.models import Branch, Person
from staff.actions import checklists
from staff.models import (
    Audit,
    AuditAnswer,
    AuditKind,
    AuditStatus,
    ChecklistEdition,
    Finding,
    FindingFile,
)


def checklist(
    branch: Branch,
    *,
    name: str = "前台接触岗位标准",
    name_en: str = "Standard of the front desk",
    items: str = "三声内接听 | Answered within three rings\n当场登记 | Registered at once",
    now: datetime | None = None,
) -> ChecklistEdition:
    """A published checklist of the front desk."""
    now = now or clock.now()
    made = checklists.create(
        name=name, name_en=name_en, post="前台", branch=branch, items=items, by=None, now=now
    )
    checklists.publish(edition=made, by=None, now=now)
    return made


def planned(
    branch: Branch, auditor: Person, *, edition: ChecklistEdition, now: datetime | None = None
) -> Audit:
    """A self-audit that is due in a week, as if its branch had planned it."""
    now = now or clock.now()
    return Audit.objects.create(
        kind=AuditKind.SELF,
        edition=edition,
        branch=branch,
        auditor=auditor,
        planned_on=timezone.localdate(now) + timedelta(days=7),
        planned_at=now,
        planned_by=auditor,
    )


def found(
    branch: Branch,
    auditor: Person,
    *,
    edition: ChecklistEdition,
    remark: str = "无登记",
    file_name: str = "照片.txt",
    kind: AuditKind = AuditKind.SELF,
    now: datetime | None = None,
) -> FindingFile:
    """What an audit of the branch found at the first item, with a file; no order is open."""
    now = now or clock.now()
    today = timezone.localdate(now)
    audit = Audit.objects.create(
        kind=kind,
        status=AuditStatus.DONE,
        edition=edition,
        branch=branch,
        auditor=auditor,
        planned_on=today,
        planned_at=now,
        planned_by=auditor,
        done_at=now,
        done_on=today,
        done_by=auditor,
        summary=remark,
    )
    first, *others = edition.items.all()
    answer = AuditAnswer.objects.create(audit=audit, item=first, is_met=False, remark=remark)
    AuditAnswer.objects.bulk_create(
        AuditAnswer(audit=audit, item=item, is_met=True) for item in others
    )
    finding = Finding.objects.create(
        answer=answer, branch=branch, gravity=Finding.Gravity.MAJOR, found_on=today
    )
    [file] = files.store([SimpleUploadedFile(file_name, b"a list")], by=auditor, now=now)
    return FindingFile.objects.create(finding=finding, file=file)
