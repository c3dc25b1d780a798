"""What the company promises its customers, and departments each other (P-01 … P-03)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from organisation.models import Person
from organisation.models.branch import in_language


class PromiseKind(models.TextChoices):
    EXTERNAL = "external", _("To customers")
    INTERNAL = "internal", _("Internal standard")


class Promise(models.Model):
    """One promise; what it says stands in its revisions."""

    kind = models.CharField(_("kind"), max_length=10, choices=PromiseKind)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PromiseRevisionQuerySet(models.QuerySet["PromiseRevision"]):
    def newest(self) -> "PromiseRevisionQuerySet":
        """What each promise says now, in their order."""
        found = self.order_by("promise_id", "-number").distinct("promise_id").values("pk")
        return self.filter(pk__in=found).order_by("promise__position", "promise")

    def to_customers(self, on: date) -> "PromiseRevisionQuerySet":
        """What holds on that day, for everybody to read."""
        holds = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
        mine = self.newest().filter(promise__kind=PromiseKind.EXTERNAL)
        return mine.filter(holds, valid_from__lte=on)


class PromiseRevision(models.Model):
    """One state of a promise. Its rows refuse UPDATE and DELETE: an edit makes the next revision.

    In the customer's words (P-02): what is promised, within how many hours, what the customer gets
    when it is broken, and where to say so (P-03).
    """

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    words = models.CharField(_("promise"), max_length=200)
    words_en = models.CharField(_("promise, English"), max_length=200, blank=True)
    slogan = models.CharField(_("slogan"), max_length=80, blank=True)
    slogan_en = models.CharField(_("slogan, English"), max_length=80, blank=True)
    limit_hours = models.PositiveIntegerField(_("limit in hours"), null=True, blank=True)
    remedy = models.CharField(_("remedy"), max_length=200, blank=True)
    remedy_en = models.CharField(_("remedy, English"), max_length=200, blank=True)
    feedback_line = models.CharField(_("feedback line"), max_length=80, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = PromiseRevisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("promise", "number"), name="promise_revision_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="promise_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(limit_hours__isnull=True) | Q(limit_hours__gt=0),
                name="promise_has_time",
            ),
        )

    def __str__(self) -> str:
        return self.words

    @property
    def label(self) -> str:
        return in_language(self.words, self.words_en)

    @property
    def slogan_label(self) -> str:
        return in_language(self.slogan, self.slogan_en)

    @property
    def remedy_label(self) -> str:
        return in_language(self.remedy, self.remedy_en)


class BrokenPromise(models.Model):
    """A complaint says that a promise was broken; `revision` is what it said then."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="broken_promises")
    promise = models.ForeignKey(Promise, models.PROTECT, related_name="broken_by")
    revision = models.ForeignKey(PromiseRevision, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("complaint", "promise"), name="promise_broken_once"),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.promise_id}"
