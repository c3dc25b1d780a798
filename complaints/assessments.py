"""Finding assessments, counting them, and what of them waits for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints import months as calendar
from complaints.filters import Codes, Many, OneOf, Words, below
from complaints.models import Assessment, AssessmentKind, AssessmentStatus
from complaints.models.assessment import AssessmentQuerySet
from complaints.work import Waiting
from csm.kit import periods
from organisation.access import branches, can, sees_everything, visible
from organisation.models import Branch, Person

NAMED = ("branch", "person", "complaint", "work_order", "notice", "proposed_by")
MOST_MONTHS = 24
DECISION, ANSWER, APPEAL = "decision", "answer", "appeal"
WAITING = (
    (DECISION, _("For me to decide")),
    (ANSWER, _("For me to answer the appeal")),
    (APPEAL, _("Against us, and may be appealed")),
)


class AssessmentFilter(django_filters.FilterSet):
    """`AssessmentFilter(request.GET, person=…, now=…)`: what the person sees, by conditions."""

    state = Many("status", choices=AssessmentStatus.choices, label=_("State"))
    branch = Codes(method="of_branches", queryset=Branch.objects.none(), label=_("Branch"))
    person = Words(method="of_people", label=_("Person"))
    complaint = Words(method="of_complaints", label=_("Complaint"))
    waiting = OneOf(method="waits", choices=WAITING, label=_("Waits for us"))
    month = django_filters.CharFilter(
        method="of_month",
        label=_("Month"),
        validators=[
            RegexValidator(periods.KEYS["month"].pattern + r"\Z", _("Enter a month as 2026-11."))
        ],
    )

    def __init__(self, data: QueryDict | dict[str, Any], *, person: Person, now: datetime) -> None:
        super().__init__(data, queryset=visible(Assessment, person))
        self.viewer, self.now = person, now
        fields: Any = self.form.fields
        fields["branch"].queryset = branches(person, "branch.see")

    def of_branches(
        self, rows: QuerySet[Any], name: str, chosen: Iterable[Branch]
    ) -> QuerySet[Any]:
        return rows.filter(branch__in=below(chosen))

    def waits(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """For what the person is to do: what "my work" counts."""
        if value == APPEAL:
            mine = to_appeal(self.viewer, self.now)
        else:
            mine = {DECISION: to_decide, ANSWER: to_answer}[value](self.viewer)
        return rows.filter(pk__in=mine.order_by().values("pk"))

    def of_people(self, rows: QuerySet[Any], name: str, given: list[str]) -> QuerySet[Any]:
        """Ids or user names; `me`."""
        ids = [int(each) for each in given if each.isdecimal()]
        named = [each for each in given if not each.isdecimal()]
        own = [self.viewer.pk] if "me" in named else []
        return rows.filter(Q(person__in=[*ids, *own]) | Q(person__username__in=named))

    def of_complaints(self, rows: QuerySet[Any], name: str, numbers: list[str]) -> QuerySet[Any]:
        """Of these numbers; also those of an order that serves one of them."""
        direct = Q(complaint__number__in=numbers)
        links = Q(work_order__links__complaint__number__in=numbers)
        found = Assessment.objects.filter(direct | links).order_by()
        return rows.filter(pk__in=found.values("pk"))

    def of_month(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        """Proposed in that month of the company's zone."""
        period = _month(key)
        if period is None:
            return rows.none()
        return rows.filter(proposed_at__gte=period.start, proposed_at__lt=period.end)


def _month(key: str) -> periods.Period | None:
    try:
        return calendar.of_key(key, *periods.WEEK_OR_MONTH)
    except (ValueError, ValidationError):
        return None


def months(rows: QuerySet[Assessment]) -> list[tuple[str, str]]:
    """Key and name of the latest months in which any was proposed, at most `MOST_MONTHS`."""
    zone = timezone.get_default_timezone()
    starts = rows.datetimes("proposed_at", "month", order="DESC", tzinfo=zone)[:MOST_MONTHS]
    found = [calendar.running(start) for start in starts]
    return [(month.key, periods.label(month)) for month in found]


def for_page(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """With all that a row or the page of one shows."""
    return rows.select_related(*NAMED, "decided_by", "appealed_by", "final_by")


@dataclass(frozen=True)
class Total:
    """What counts of a branch in a month: how many, points and amount together."""

    branch: Branch
    month: datetime
    count: int
    points: int
    amount: Decimal


def totals(rows: AssessmentQuerySet) -> list[Total]:
    """Of what counts, by branch and month of the decision, the latest month first."""
    counting = rows.counting().order_by().annotate(month=TruncMonth("decided_at"))
    found = list(
        counting.values("branch", "month")
        .annotate(count=Count("pk"), points=Sum("points"), amount=Sum("amount"))
        .order_by("-month", "branch__path")
    )
    named = Branch.objects.in_bulk({row["branch"] for row in found})
    return [
        Total(
            branch=named[row["branch"]],
            month=row["month"],
            count=row["count"],
            points=row["points"] or 0,
            amount=row["amount"] or Decimal(),
        )
        for row in found
    ]


def to_decide(person: Person) -> QuerySet[Assessment]:
    """Proposed by somebody else, about somebody else."""
    removal = Q(kind=AssessmentKind.REMOVAL)
    mine = _over(person, "assessment.decide") & ~removal
    mine |= _over(person, "assessment.decide_removal") & removal
    rows = visible(Assessment, person).filter(mine, status=AssessmentStatus.PROPOSED)
    return rows.exclude(proposed_by=person).exclude(person=person)


def to_answer(person: Person) -> QuerySet[Assessment]:
    """Appealed, and the person neither proposed, decided nor appealed."""
    rows = visible(Assessment, person).filter(
        _over(person, "assessment.finish"), status=AssessmentStatus.APPEALED
    )
    involved = Q(proposed_by=person) | Q(decided_by=person) | Q(appealed_by=person)
    return rows.exclude(involved).exclude(person=person)


def to_appeal(person: Person, now: datetime) -> QuerySet[Assessment]:
    """Decided against the person or the branch, and the time for an appeal has not run out."""
    concerned = Q(person=person) | _over(person, "assessment.appeal")
    rows = visible(Assessment, person).filter(
        concerned, status=AssessmentStatus.DECIDED, appeal_until__gte=now
    )
    return rows.exclude(proposed_by=person)


def since_proposal(rows: QuerySet[Assessment]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("proposed_at")))


def since_appeal(rows: QuerySet[Assessment]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("appealed_at")))


def until_appeal(rows: QuerySet[Assessment]) -> Waiting:
    return Waiting(**rows.aggregate(count=Count("pk"), first_at=Min("appeal_until")))


def _over(person: Person, verb: str) -> Q:
    """Those over whose branch the person has the verb."""
    if not can(person, verb):
        return Q(pk__in=())
    if sees_everything(person, verb):
        return ~Q(pk__in=())
    return Q(branch__in=branches(person, verb).order_by().values("pk"))
