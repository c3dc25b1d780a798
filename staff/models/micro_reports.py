"""The weekly micro-report (服务微报): a true story that everybody reads (T-01 … T-03, P-09)."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Complaint, DocumentKind, WorkOrder
from complaints.models.numbering import NUMBER_IS_WHOLE, Numbered
from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.scope import Scope
from staff.models.turns import Turn

QUESTIONS = 3


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Handed in")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a micro-report", "Withdrawn")


class Tone(models.TextChoices):
    POSITIVE = "positive", _("Good example")
    NEGATIVE = "negative", _("Bad example")


class Layer(models.TextChoices):
    """The four layers of service, from the lowest (P-09)."""

    AS_I_PLEASE = "as-i-please", _("As I please")
    STANDARD = "standard", _("By a standard, in good order")
    TAILORED = "tailored", _("One to one, made to measure")
    HEART = "heart", _("From heart to heart")


class Realm(models.TextChoices):
    """What the customer feels by it: the three realms, and the mood that is none (P-09)."""

    MOOD = "mood", _("Service by mood: the customer is dissatisfied")
    STANDARD = "standard", _("Standard service: the customer is satisfied")
    PERSONAL = "personal", _("Personal service: the customer is surprised")
    FAMILY = "family", _("Service as for the family: the customer is moved")


WRITABLE = (ReportStatus.DRAFT, ReportStatus.RETURNED)
# Its moment came and it was there, whatever became of it later.
TOLD = ("published", "withdrawn")
NUMBERED = ("approved", *TOLD)


class MicroReport(Moving, Numbered):
    """One story. `raw_*` is what was written; what colleagues read has the names masked.

    `hidden_names`: further names that the writer wishes masked. `names_colleagues` leaves the names
    of staff, in a good example only. `is_late`: it was not approved at the moment of its turn. What
    is withdrawn keeps its number and its moment; only those who review still read it.
    """

    KIND: ClassVar = DocumentKind.MICRO_REPORT
    PAGE: ClassVar = "micro-report"
    # Until it is published; then everybody reads it.
    SCOPE: ClassVar = Scope(verb="incentive.see", branches=("branch",))
    MOVES: ClassVar = {
        ReportStatus.DRAFT: (ReportStatus.SUBMITTED,),
        ReportStatus.RETURNED: (ReportStatus.SUBMITTED,),
        ReportStatus.SUBMITTED: (ReportStatus.RETURNED, ReportStatus.APPROVED),
        ReportStatus.APPROVED: (ReportStatus.PUBLISHED,),
        ReportStatus.PUBLISHED: (ReportStatus.WITHDRAWN,),
    }

    turn = models.OneToOneField(Turn, models.PROTECT, related_name="report")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT
    )
    raw_title = models.CharField(_("title"), max_length=120)
    raw_story = models.TextField(_("story"), max_length=10_000, blank=True)
    title = models.CharField(max_length=400)
    story = models.TextField(blank=True)
    tone = models.CharField(_("example"), max_length=10, choices=Tone)
    layer = models.CharField(_("layer of service"), max_length=12, choices=Layer)
    realm = models.CharField(pgettext_lazy("service", "realm"), max_length=10, choices=Realm)
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="micro_reports"
    )
    work_order = models.ForeignKey(
        WorkOrder, models.PROTECT, null=True, blank=True, related_name="micro_reports"
    )
    hidden_names = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    names_colleagues = models.BooleanField(_("colleagues are named"), default=False)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    return_reason = models.CharField(_("reason"), max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("year", "sequence"), name="micro_report_number_once"),
            models.CheckConstraint(condition=NUMBER_IS_WHOLE, name="micro_report_number_whole"),
            models.CheckConstraint(
                condition=Q(status__in=NUMBERED, number__isnull=False)
                | (~Q(status__in=NUMBERED) & Q(number__isnull=True)),
                name="micro_report_approved_has_number",
            ),
            models.CheckConstraint(
                condition=Q(status__in=TOLD, published_at__isnull=False)
                | (~Q(status__in=TOLD) & Q(published_at__isnull=True)),
                name="micro_report_published_has_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")
                )
                | (~Q(status="withdrawn") & Q(withdrawn_at__isnull=True, withdrawal_reason="")),
                name="micro_report_withdrawn_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(return_reason=""),
                name="micro_report_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(complaint__isnull=True) | Q(work_order__isnull=True),
                name="micro_report_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(names_colleagues=False) | Q(tone="positive"),
                name="micro_report_names_good_ones_only",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=models.F("submitted_by")),
                name="micro_report_second_person",
            ),
        )
        indexes = (
            models.Index(fields=("status", "-published_at", "-id"), name="micro_report_by_time"),
        )

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def is_writable(self) -> bool:
        return self.status in WRITABLE

    @property
    def writers(self) -> set[int]:
        """Ids of everybody who wrote or handed in any of it."""
        steps = self.turn.steps.filter(kind__in=(StepKind.WRITTEN, StepKind.SUBMITTED))
        known = (self.written_by_id, self.submitted_by_id, *steps.values_list("by", flat=True))
        return {pk for pk in known if pk}

    @property
    def is_withdrawn(self) -> bool:
        return self.status == ReportStatus.WITHDRAWN

    @property
    def read_on(self) -> tuple[date, date]:
        """The days on which morning meetings read it: to the end of the week it came out in."""
        first = timezone.localdate(self.published_at, timezone.get_default_timezone())
        return first, first + timedelta(days=6 - first.weekday())


class ReportQuestion(models.Model):
    """One of three, by which awareness is checked (T-05): the right answer and two wrong ones."""

    report = models.ForeignKey(MicroReport, models.CASCADE, related_name="questions")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(_("question"), max_length=300)
    right = models.CharField(_("right answer"), max_length=200)
    wrong = models.CharField(_("wrong answer"), max_length=200)
    wrong_too = models.CharField(_("other wrong answer"), max_length=200)

    class Meta:
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=("report", "place"), name="report_question_once"),
            models.CheckConstraint(
                condition=Q(place__range=(1, QUESTIONS)), name="report_question_of_three"
            ),
            models.CheckConstraint(
                condition=~Q(right=models.F("wrong"))
                & ~Q(right=models.F("wrong_too"))
                & ~Q(wrong=models.F("wrong_too")),
                name="report_question_answers_differ",
            ),
        )

    def __str__(self) -> str:
        return self.text


class StepKind(models.TextChoices):
    WRITTEN = "written", _("wrote the story")
    SUBMITTED = "submitted", _("handed it in")
    RETURNED = "returned", _("returned it")
    APPROVED = "approved", _("approved it")
    PUBLISHED = "published", _("It was published")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a micro-report", "withdrew it")
    SWAPPED = "swapped", _("changed the week")
    HANDED_ON = "handed-on", _("gave the week to another branch")
    MOVED = "moved", _("It moved with the work calendar")


class TurnStep(models.Model):
    """What happened to a turn and its report; append-only by trigger."""

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    words = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.turn_id} {self.kind}"
