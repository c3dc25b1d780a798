"""Audits as pages and the API read them: plan against done (T-16)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from csm.kit.periods import Period
from organisation.access import Place, can, places, visible
from organisation.models import Person
from staff.models import (
    Audit,
    AuditAnswer,
    AuditStatus,
    Checklist,
    ChecklistEdition,
    Finding,
    FindingFile,
)

SEE = "audit.see"


def checklists(person: Person) -> QuerySet[Checklist]:
    """Those of the branches one sees, and the published ones of the headquarters."""
    if not can(person, SEE):
        return Checklist.objects.none()
    shared = Checklist.objects.filter(branch__parent=None, editions__status="published")
    keys = visible(Checklist, person).order_by().values("pk")
    rows = Checklist.objects.filter(Q(pk__in=keys) | Q(pk__in=shared.values("pk")))
    return rows.select_related("branch")


def published(person: Person) -> QuerySet[Checklist]:
    """Those that can be audited by."""
    ready = ChecklistEdition.objects.filter(status="published").values("checklist")
    return checklists(person).filter(pk__in=ready)


def present_edition(checklist: Checklist) -> ChecklistEdition | None:
    """The newest that is published."""
    return checklist.editions.filter(status="published").order_by("-number").first()


def audits(person: Person) -> QuerySet[Audit]:
    """What the person sees; an unannounced one only from its end on (the scope says so)."""
    return visible(Audit, person).select_related("branch", "edition__checklist", "auditor")


def one(rows: QuerySet[Audit]) -> QuerySet[Audit]:
    """With the answers and what was found."""
    files = Prefetch("finding__files", FindingFile.objects.select_related("file"))
    answers = AuditAnswer.objects.select_related("item", "finding__order")
    return rows.select_related("done_by", "planned_by").prefetch_related(
        Prefetch("answers", answers.prefetch_related(files))
    )


def findings(person: Person) -> QuerySet[Finding]:
    return visible(Finding, person).select_related("answer__audit__edition__checklist", "branch")


def of_view(rows: QuerySet[Audit], view: str, today: date) -> QuerySet[Audit]:
    """`late`, `planned`, `done`; everything else is all of them."""
    views = {
        "late": Q(status=AuditStatus.PLANNED, planned_on__lt=today),
        "planned": Q(status=AuditStatus.PLANNED),
        "done": Q(status=AuditStatus.DONE),
    }
    return rows.filter(views.get(view, Q()))


@dataclass(frozen=True)
class Line:
    """A branch in a quarter: what was planned for it, and what became of it."""

    place: Place
    planned: int = 0
    in_time: int = 0
    done_late: int = 0
    open_late: int = 0
    findings: int = 0

    @property
    def is_not_audited(self) -> bool:
        """No audit, no execution."""
        return not self.in_time + self.done_late


def plan(person: Person, period: Period, now: datetime) -> list[Line]:
    """Every branch that the person sees, with the audits due in the period."""
    today = timezone.localdate(now)
    rows = visible(Audit, person).filter(
        ~Q(status=AuditStatus.CANCELLED), planned_on__range=(period.first_on, period.last_on)
    )
    done = Q(status=AuditStatus.DONE)
    figures: dict[str, Any] = {
        "planned": Count("pk", distinct=True),
        "in_time": Count("pk", distinct=True, filter=done & Q(done_on__lte=F("planned_on"))),
        "done_late": Count("pk", distinct=True, filter=done & Q(done_on__gt=F("planned_on"))),
        "open_late": Count("pk", distinct=True, filter=~done & Q(planned_on__lt=today)),
        "findings": Count("answers__finding", distinct=True),
    }
    counted = rows.order_by().values("branch").annotate(**figures)
    found = {key: numbers for key, *numbers in counted.values_list("branch", *figures)}
    return [Line(place, *found.get(place.pk, ())) for place in places(person, SEE)]
