"""Feedback while a plan is carried out, with its evidence (T-09, T-23)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation.access import require
from organisation.actions import files
from organisation.models import Person
from staff.actions.contest_news import tell_runners
from staff.actions.contest_plans import require_open
from staff.contests import WRITE
from staff.models import Plan, PlanReport, PlanStatus, ReportFile


@transaction.atomic
def report(
    *,
    plan: Plan,
    text: str,
    by: Person,
    now: datetime,
    is_final: bool = False,
    uploads: "Sequence[UploadedFile[Any]]" = (),
    version: int | None = None,
) -> PlanReport:
    """What was done so far; with `is_final` the plan goes to the review group."""
    require(by, WRITE, plan)
    require_open(plan.contest)
    if plan.status != PlanStatus.RUNNING:
        raise NotOpen(_("Feedback is open while the plan is carried out."))
    check_version(plan, version)
    if not text.strip():
        words = _("Say what was done, and what came of it.")
        raise Refused.at("text", words)
    if is_final:
        move(plan, to=PlanStatus.REPORTED)
    else:
        touch(plan)
    made = PlanReport.objects.create(plan=plan, text=text.strip(), is_final=is_final, at=now, by=by)
    stored = files.store(uploads, by=by, now=now)
    ReportFile.objects.bulk_create(ReportFile(report=made, file=row) for row in stored)
    if is_final:
        tell_runners(plan, plan.texts.latest("number").title, by, now, act="reported")
    return made
