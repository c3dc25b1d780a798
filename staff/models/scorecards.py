"""Balanced scorecards of people, branches and departments (O-16, O-21, F-12).

A department is a role: everybody in the company who holds it.
"""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person, Role
from organisation.scope import Scope


class Perspective(models.TextChoices):
    CUSTOMER = "customer", pgettext_lazy("perspective", "Customer")
    PROCESS = "process", pgettext_lazy("perspective", "Process")
    FINANCIAL = "financial", pgettext_lazy("perspective", "Financial")
    LEARNING = "learning", pgettext_lazy("perspective", "Learning")


class CardKind(models.TextChoices):
    PERSON = "person", pgettext_lazy("kind of scorecard", "Person")
    BRANCH = "branch", pgettext_lazy("kind of scorecard", "Branch")
    DEPARTMENT = "role", pgettext_lazy("kind of scorecard", "Department")


class CardBarrier(models.TextChoices):
    """Why a card is not ranked (F-12, O-16)."""

    NONE = "", _("Ranked")
    NOTHING = "nothing", _("No figures")
    FEW = "few", _("Fewer than ten answers of customers")
    CUSTOMER = "customer", _("Customers weigh less than half of what is known")


# Roles whose work customers see have cards of their own; the first of a person's postings counts.
CARD_ROLES = (
    Role.BRANCH_MANAGER,
    Role.ACCOUNT_MANAGER,
    Role.HANDLER,
    Role.FRONT_DESK,
    Role.CUSTOMER_REPRESENTATIVE,
)
BRANCH_POST, DEPARTMENT_POST = "branch", "department"
POSTS = (
    *((role.value, role.label) for role in CARD_ROLES),
    (BRANCH_POST, _("Branches and regions")),
    (DEPARTMENT_POST, _("Departments")),
)


class CardScheme(models.Model):
    """What counts for a post: one version. The database refuses to change it.

    The perspectives weigh in percent; what customers say weighs half or more (O-16).
    """

    post = models.CharField(_("post"), max_length=24, choices=POSTS)
    number = models.PositiveIntegerField()
    customer = models.PositiveSmallIntegerField(_("weight of the customer, %"))
    process = models.PositiveSmallIntegerField(_("weight of the process, %"))
    financial = models.PositiveSmallIntegerField(_("weight of the financial part, %"))
    learning = models.PositiveSmallIntegerField(_("weight of learning, %"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("post", "-number")
        constraints = (
            models.UniqueConstraint(fields=("post", "number"), name="card_scheme_once"),
            models.CheckConstraint(condition=Q(customer__gte=50), name="card_customer_weighs_half"),
            models.CheckConstraint(
                condition=Q(
                    customer=100 - F("process") - F("financial") - F("learning"),
                ),
                name="card_weights_make_100",
            ),
        )

    def __str__(self) -> str:
        return f"{self.post} {self.number}"

    def weight(self, perspective: str) -> int:
        return int(getattr(self, perspective))


class CardSchemeLine(models.Model):
    """One figure of a scheme: 0 points at `floor`, 100 at `target`, which may lie below it.

    `weight` is against the other lines of the same perspective.
    """

    scheme = models.ForeignKey(CardScheme, models.CASCADE, related_name="lines")
    measure = models.CharField(_("figure"), max_length=12)
    floor = models.DecimalField(_("floor"), max_digits=8, decimal_places=2)
    target = models.DecimalField(_("target"), max_digits=8, decimal_places=2)
    weight = models.PositiveSmallIntegerField(_("weight"))

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("scheme", "measure"), name="card_scheme_line_once"),
            models.CheckConstraint(
                condition=Q(weight__gt=0) & ~Q(floor=F("target")), name="card_scheme_line_scores"
            ),
        )

    def __str__(self) -> str:
        return self.measure


class CardResult(models.Model):
    """What a card comes to: when it was closed, or since an appeal was granted.

    `place` among `of` is that among the ranked cards of the same post; None where a barrier keeps
    it out.
    """

    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    is_complete = models.BooleanField()
    barrier = models.CharField(max_length=8, choices=CardBarrier, blank=True)
    place = models.PositiveIntegerField(null=True)
    of = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True

    @property
    def ranked_score(self) -> Decimal | None:
        """None where a barrier keeps it out: what little is known is no score."""
        return None if self.barrier else self.score


class Scorecard(CardResult):
    """A card as it was closed; the database refuses to change it.

    Of a person it is seen by that person, the managers above, and human resources; those of
    branches and departments by everybody who sees the branch. What an appeal put right stands
    beside it as its `correction`.
    """

    SCOPE: ClassVar = Scope(
        verb="incentive.see",
        branches=("branch",),
        people=("person",),
        personal_verb="scorecard.see",
    )

    quarter = models.CharField(_("quarter"), max_length=7)
    kind = models.CharField(max_length=6, choices=CardKind)
    scheme = models.ForeignKey(CardScheme, models.PROTECT, related_name="cards")
    # The person's at that time; of a department the headquarters.
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="scorecards")
    role = models.CharField(max_length=24, choices=Role, blank=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-quarter", "kind", "place", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("quarter", "person"),
                condition=Q(kind="person"),
                name="scorecard_once_of_person",
            ),
            models.UniqueConstraint(
                fields=("quarter", "branch"),
                condition=Q(kind="branch"),
                name="scorecard_once_of_branch",
            ),
            models.UniqueConstraint(
                fields=("quarter", "role"), condition=Q(kind="role"), name="scorecard_once_of_role"
            ),
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False) | Q(person__isnull=True),
                name="scorecard_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(kind="role") ^ Q(role=""), name="scorecard_department_is_a_role"
            ),
            models.CheckConstraint(
                condition=Q(barrier="", place__isnull=False, score__isnull=False)
                | (~Q(barrier="") & Q(place__isnull=True)),
                name="scorecard_ranked_or_not",
            ),
        )
        indexes = (models.Index(fields=("quarter", "branch"), name="scorecard_by_quarter"),)

    def __str__(self) -> str:
        return f"{self.quarter} {self.subject}"

    @property
    def result(self) -> CardResult:
        """What holds: as an appeal corrected it, else as it was closed."""
        return getattr(self, "correction", None) or self

    @property
    def subject(self) -> str:
        """Whose it is, in the language of the page."""
        if self.person is not None:
            return self.person.name
        return str(self.get_role_display()) if self.role else self.branch.label


class ScorecardLine(models.Model):
    """One line as it was counted; `value` is None where there was nothing to count.

    `weight` is what the line weighs by the scheme, `share` what it weighs here, both in percent:
    a missing line hands its weight to the others (F-12).
    """

    card = models.ForeignKey(Scorecard, models.PROTECT, related_name="lines")
    perspective = models.CharField(max_length=9, choices=Perspective)
    measure = models.CharField(max_length=12)
    value = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    n = models.PositiveIntegerField()
    floor = models.DecimalField(max_digits=8, decimal_places=2)
    target = models.DecimalField(max_digits=8, decimal_places=2)
    weight = models.DecimalField(max_digits=5, decimal_places=2)
    share = models.DecimalField(max_digits=5, decimal_places=2)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("card", "measure"), name="scorecard_line_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True, score__isnull=True, share=0)
                | Q(value__isnull=False, score__isnull=False),
                name="scorecard_line_scored_or_missing",
            ),
        )

    def __str__(self) -> str:
        return self.measure


class CardAppeal(Moving):
    """Somebody appeals against their closed card; another than who closed it answers. Kept."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("of an appeal", "Open")
        UPHELD = "upheld", pgettext_lazy("of an appeal", "The card stands")
        GRANTED = "granted", pgettext_lazy("of an appeal", "Granted")

    MOVES: ClassVar = {Status.OPEN: (Status.UPHELD, Status.GRANTED)}

    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    card = models.OneToOneField(Scorecard, models.PROTECT, related_name="appeal")
    # As on the card: the database itself keeps the two apart.
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("appeal"), max_length=5000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status="open", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(status="open") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="card_appeal_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | (
                    ~Q(answered_by=F("by"))
                    & (Q(closed_by__isnull=True) | ~Q(answered_by=F("closed_by")))
                ),
                name="card_appeal_answered_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.card_id}"
