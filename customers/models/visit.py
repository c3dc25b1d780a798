"""Visits to customers and receptions: planned, made, and what follows (K-14, K-15, T-24)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from customers.models.customer import Customer
from organisation.models import Branch, Person, PublicLink
from organisation.scope import Scope

FEED = "visits-feed"


class VisitKind(models.TextChoices):
    VISIT = "visit", pgettext_lazy("touchpoint", "Visit to the customer")
    RECEPTION = "reception", pgettext_lazy("touchpoint", "Reception of the customer")


class Purpose(models.TextChoices):
    """Why one meets; the levers of K-22 among them."""

    REGULAR = "regular", pgettext_lazy("purpose of a visit", "Keeping in touch")
    PROBLEM = "problem", pgettext_lazy("purpose of a visit", "A problem or complaint")
    CONTRACT = "contract", pgettext_lazy("purpose of a visit", "Contract or offer")
    THANKS = "thanks", pgettext_lazy("purpose of a visit", "Thanks and care")
    JOINT_PLAN = "joint_plan", pgettext_lazy("purpose of a visit", "Joint plan at the beginning")
    CIRCLE = "circle", pgettext_lazy("purpose of a visit", "Theme circle")
    REFERRAL = "referral", pgettext_lazy("purpose of a visit", "Asking for a referral")
    FAMILY = "family", pgettext_lazy("purpose of a visit", "Family and next generation")
    EXPERT = "expert", pgettext_lazy("purpose of a visit", "Bringing an expert")


class VisitStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("of a visit", "Planned")
    DONE = "done", pgettext_lazy("of a visit", "Made")
    CANCELLED = "cancelled", pgettext_lazy("of a visit", "Cancelled")


class Visit(Moving):
    """`branch` is the customer's home at that time; `steps` one a line; `words` what was said.

    A visit that nobody planned is written down as one that was made.
    """

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("branch",), people=("owner", "by"))
    MOVES: ClassVar = {VisitStatus.PLANNED: (VisitStatus.DONE, VisitStatus.CANCELLED)}

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="visits")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=9, choices=VisitKind)
    status = models.CharField(
        _("status"), max_length=9, choices=VisitStatus, default=VisitStatus.PLANNED
    )
    on = models.DateField(_("day"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("who visits or receives")
    )
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=Purpose, default=Purpose.REGULAR
    )
    aim = models.CharField(_("what is to be reached"), max_length=200, blank=True)
    plan = models.TextField(_("plan"), max_length=2000, blank=True)
    steps = models.TextField(_("steps"), max_length=2000, blank=True)
    who = models.CharField(_("who was there"), max_length=200, blank=True)
    words = models.TextField(_("what was said"), max_length=2000, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status="planned", closed_at__isnull=True)
                | Q(status="cancelled", closed_at__isnull=False)
                | Q(~Q(words=""), ~Q(who=""), status="done", closed_at__isnull=False),
                name="visit_made_says_what",
            ),
            models.UniqueConstraint(
                fields=("customer", "on", "kind"),
                condition=Q(status="planned"),
                name="visit_planned_once",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-on", "-id"), name="visit_of_customer_by_day"),
            models.Index(fields=("branch", "on"), name="visit_by_branch"),
            models.Index(fields=("owner", "on"), name="visit_by_owner"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.on}"

    @property
    def is_planned(self) -> bool:
        return self.status == VisitStatus.PLANNED

    @property
    def step_lines(self) -> list[str]:
        return [line.strip() for line in self.steps.splitlines() if line.strip()]


class FindingKind(models.TextChoices):
    """How what was heard is sorted (K-14)."""

    NEED = "need", pgettext_lazy("heard at a visit", "Need")
    PROBLEM = "problem", pgettext_lazy("heard at a visit", "Problem")
    PRAISE = "praise", pgettext_lazy("heard at a visit", "Praise")
    COMPETITOR = "competitor", pgettext_lazy("heard at a visit", "Competitor")
    CHANCE = "chance", pgettext_lazy("heard at a visit", "Chance")


class VisitFinding(models.Model):
    """One thing that was learnt."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="findings")
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind)
    words = models.CharField(_("what was learnt"), max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.words


class VisitTask(models.Model):
    """What follows from a visit: who does it by which day."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="tasks")
    text = models.CharField(_("what is to be done"), max_length=500)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("to be done by"))
    done_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "pk")
        indexes = (
            models.Index(
                fields=("owner", "due_on"),
                condition=Q(done_at__isnull=True),
                name="visit_task_open",
            ),
        )

    def __str__(self) -> str:
        return self.text


class VisitFeed(models.Model):
    """The calendar address of a person: only the hash of its token is kept; ended, it is void."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    link = models.ForeignKey(PublicLink, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.person_id)
