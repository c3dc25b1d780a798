"""The assessment (考核): a consequence, proposed, decided, perhaps appealed (C-10, Q8)."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.notice import Notice
from complaints.models.work_order import WorkOrder
from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.scope import Scope

# What the clock proposes to assess, when nobody submitted the work order in time (C-10).
LATE_ORDER = "late-order"


class AssessmentStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    DECIDED = "decided", _("Decided")
    REJECTED = "rejected", _("Rejected")
    APPEALED = "appealed", _("Appealed")
    FINAL = "final", _("Final")


class AssessmentKind(models.TextChoices):
    """What is proposed. A removal is only ever a proposal to a manager (Q8, C-21)."""

    POINTS = "points", _("Points")
    AMOUNT = "amount", _("Amount")
    REMOVAL = "removal", _("Removal from the post")


MEASURE = Q(kind="points", points__gt=0, amount__isnull=True) | Q(
    kind="amount", amount__gt=0, points__isnull=True
)


class AssessmentRule(models.Model):
    """A rule of the company, with what it usually costs. The late work order is one of them."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    text = models.CharField(_("rule"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=AssessmentKind.choices[:2])
    points = models.IntegerField(_("points"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    # The clock proposes by it for what became due from then on; empty: from the beginning.
    active_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(Lower("text"), name="assessment_rule_text_once"),
            models.CheckConstraint(condition=MEASURE, name="assessment_rule_has_its_measure"),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def measure(self) -> "int | Decimal | None":
        return self.points if self.kind == AssessmentKind.POINTS else self.amount


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def counting(self) -> "AssessmentQuerySet":
        """Decided and not appealed, or upheld: nothing else counts."""
        decided = Q(status=AssessmentStatus.DECIDED)
        return self.filter(decided | Q(status=AssessmentStatus.FINAL, is_upheld=True))


class Assessment(Moving):
    """One consequence for a branch or a person; only decided and upheld ones count.

    One that names a person is private: the person and those who look after the branch see it.
    """

    SCOPE: ClassVar = Scope(
        verb="assessment.see",
        branches=("branch",),
        people=("person",),
        personal_verb="assessment.see_personal",
    )
    MOVES: ClassVar = {
        AssessmentStatus.PROPOSED: (AssessmentStatus.DECIDED, AssessmentStatus.REJECTED),
        # Nobody appeals: it stays decided.
        AssessmentStatus.DECIDED: (AssessmentStatus.APPEALED,),
        AssessmentStatus.APPEALED: (AssessmentStatus.FINAL,),
    }

    status = models.CharField(
        _("status"), max_length=10, choices=AssessmentStatus, default=AssessmentStatus.PROPOSED
    )
    kind = models.CharField(_("kind"), max_length=10, choices=AssessmentKind)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="assessments")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    reason = models.TextField(_("reason"), max_length=2000)
    # As it read then.
    rule = models.CharField(_("company rule"), max_length=200, blank=True)
    points = models.IntegerField(_("points"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    work_order = models.ForeignKey(
        WorkOrder, models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    notice = models.ForeignKey(
        Notice, models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    # Set where the clock proposed it; unique, so that it does so once.
    timer = models.OneToOneField(
        "complaints.Timer", models.PROTECT, null=True, related_name="assessment_proposed"
    )
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decision = models.TextField(_("grounds of the decision"), max_length=2000, blank=True)
    # Set by the decision; the database refuses an appeal after it.
    appeal_until = models.DateTimeField(null=True)
    appeal = models.TextField(_("appeal"), max_length=5000, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appealed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    final_at = models.DateTimeField(null=True)
    final_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    final_words = models.TextField(_("answer to the appeal"), max_length=2000, blank=True)
    is_upheld = models.BooleanField(
        _("upheld"), default=True, help_text="False: the appeal was granted, nothing counts."
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=MEASURE
                | Q(kind="removal", points__isnull=True, amount__isnull=True, person__isnull=False),
                name="assessment_has_its_measure",
            ),
            models.CheckConstraint(
                condition=Q(timer__isnull=False, proposed_by__isnull=True, person__isnull=True)
                | Q(timer__isnull=True, proposed_by__isnull=False),
                name="assessment_proposed_by_one",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at__isnull=True)
                | (~Q(status="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="assessment_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(decision=""),
                name="assessment_rejected_has_grounds",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")),
                name="assessment_not_own_judge",
            ),
            # Nobody decides about themselves.
            models.CheckConstraint(
                condition=Q(person__isnull=True)
                | (
                    (Q(decided_by__isnull=True) | ~Q(decided_by=models.F("person")))
                    & (Q(final_by__isnull=True) | ~Q(final_by=models.F("person")))
                ),
                name="assessment_not_own_case",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("proposed", "rejected"), appeal_until__isnull=True)
                | Q(
                    status__in=("decided", "appealed", "final"),
                    appeal_until__gte=models.F("decided_at"),
                ),
                name="assessment_decided_may_be_appealed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("proposed", "decided", "rejected"), appealed_at=None)
                | (
                    Q(status__in=("appealed", "final"), appealed_by__isnull=False)
                    & Q(appealed_at__lte=models.F("appeal_until"))
                    & ~Q(appeal="")
                ),
                name="assessment_appealed_in_time",
            ),
            # Decided by someone else: neither who decided nor who appealed.
            models.CheckConstraint(
                condition=Q(final_by__isnull=True)
                | (~Q(final_by=models.F("decided_by")) & ~Q(final_by=models.F("appealed_by"))),
                name="assessment_appeal_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(status="final"), final_at__isnull=True, final_by__isnull=True, is_upheld=True
                )
                | Q(
                    ~Q(final_words=""),
                    status="final",
                    final_at__isnull=False,
                    final_by__isnull=False,
                ),
                name="assessment_final_is_answered",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "-proposed_at"), name="assessment_by_branch"),
            models.Index(fields=("status", "-proposed_at"), name="assessment_by_status"),
            # What points are taken off for: what lately could no longer be appealed.
            models.Index(
                fields=("appeal_until",), condition=Q(kind="points"), name="assessment_points_stand"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.branch_id}"

    @property
    def measure(self) -> "int | Decimal | None":
        """Points or an amount, by the kind; a removal has none."""
        return self.points if self.kind == AssessmentKind.POINTS else self.amount

    @property
    def counts(self) -> bool:
        """As `counting()` has it."""
        is_final = self.status == AssessmentStatus.FINAL and self.is_upheld
        return is_final or self.status == AssessmentStatus.DECIDED

    def may_be_appealed(self, now: datetime) -> bool:
        """Decided, and the time for an appeal has not run out. No sweep ends it."""
        is_decided = self.status == AssessmentStatus.DECIDED
        return is_decided and self.appeal_until is not None and now <= self.appeal_until
