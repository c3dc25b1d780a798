"""The assessment (考核): a consequence, proposed, decided, perhaps appealed (C-10, Q8)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.notice import Notice
from complaints.models.work_order import WorkOrder
from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.scope import Scope


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


class Assessment(Moving):
    """One consequence for a branch or a person; only decided and final ones count."""

    SCOPE: ClassVar = Scope(verb="assessment.see", branches=("branch",), people=("person",))
    MOVES: ClassVar = {
        AssessmentStatus.PROPOSED: (AssessmentStatus.DECIDED, AssessmentStatus.REJECTED),
        AssessmentStatus.DECIDED: (AssessmentStatus.APPEALED, AssessmentStatus.FINAL),
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
    appeal = models.TextField(_("appeal"), max_length=5000, blank=True)
    appealed_at = models.DateTimeField(null=True)
    appealed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    final_at = models.DateTimeField(null=True)
    final_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    final_words = models.TextField(_("answer to the appeal"), max_length=2000, blank=True)
    is_upheld = models.BooleanField(
        _("upheld"), default=True, help_text="False: the appeal was granted, nothing counts."
    )

    class Meta:
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="points", points__isnull=False, amount__isnull=True)
                | Q(kind="amount", amount__isnull=False, points__isnull=True)
                | Q(kind="removal", points__isnull=True, amount__isnull=True, person__isnull=False),
                name="assessment_has_its_measure",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at__isnull=True)
                | (~Q(status="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="assessment_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(decided_by=models.F("proposed_by")),
                name="assessment_not_own_judge",
            ),
            models.CheckConstraint(
                condition=~Q(status="appealed")
                | (Q(appealed_at__isnull=False, appealed_by__isnull=False) & ~Q(appeal="")),
                name="assessment_appealed_has_words",
            ),
            # Decided by someone else: neither who decided nor who appealed.
            models.CheckConstraint(
                condition=Q(final_by__isnull=True)
                | (~Q(final_by=models.F("decided_by")) & ~Q(final_by=models.F("appealed_by"))),
                name="assessment_appeal_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="final") | Q(final_at__isnull=False),
                name="assessment_final_has_time",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "-proposed_at"), name="assessment_by_branch"),
            models.Index(fields=("status", "-proposed_at"), name="assessment_by_status"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.branch_id}"
