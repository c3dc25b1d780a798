"""Whom a questionnaire goes to, how, and how often."""

from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Category
from csm.kit.transitions import Moving
from organisation.models import Branch, Job, Person, PublicLink
from organisation.models.branch import in_language
from organisation.scope import Scope
from surveys.models.questionnaire import Edition

# How long an answer may be changed after it was sent.
EDITABLE_FOR = timedelta(hours=12)

# What the links of invitations and of counters open.
SHEET, COUNTER = "sheet", "counter-sheet"


class Method(models.TextChoices):
    """How it is asked (S-01)."""

    ONLINE = "online", _("Online")
    PHONE = "phone", pgettext_lazy("of a survey", "Phone")
    INTERCEPT = "intercept", _("At the counter")
    INTERVIEW = "interview", _("Interview with a key person")
    GROUP = "group", _("Focus group")


# These ask customers whom we know.
SAMPLED = (Method.ONLINE, Method.PHONE, Method.INTERVIEW)


class SurveyStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a survey", "In preparation")
    OPEN = "open", pgettext_lazy("of a survey", "Running")
    CLOSED = "closed", pgettext_lazy("of a survey", "Closed")


class Survey(Moving):
    """One survey of a sample or, with `after_closing`, about each complaint that is closed.

    `frame`: who may be drawn, as lists of codes: `{"tiers", "grades", "kinds", "stages",
    "branches"}`; an empty list takes all. `quotas`: `{stratum code: number}` of what `stratum`
    names. The draw is repeatable by its `seed` (S-02, F-17); `draw` keeps what it found:
    `{"excluded": {reason: number}, "strata": [[code, in the frame, drawn]]}`.
    """

    SCOPE: ClassVar = Scope(
        verb="survey.see", branches=("branch", "invitations__branch", "counters__branch")
    )
    MOVES: ClassVar = {
        SurveyStatus.DRAFT: (SurveyStatus.OPEN,),
        SurveyStatus.OPEN: (SurveyStatus.CLOSED,),
    }

    class Stratum(models.TextChoices):
        NONE = "", _("No strata")
        TIER = "tier", _("Tier or grade")
        BRANCH = "branch", pgettext_lazy("stratum", "Branch")
        STAGE = "stage", _("Stage of the customer's life cycle")

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="surveys", verbose_name=_("questionnaire")
    )
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="surveys", verbose_name=_("issuing unit")
    )
    method = models.CharField(_("method"), max_length=10, choices=Method, default=Method.ONLINE)
    status = models.CharField(
        _("status"), max_length=8, choices=SurveyStatus, default=SurveyStatus.DRAFT
    )
    is_anonymous = models.BooleanField(_("anonymous"), default=False)

    frame = models.JSONField(default=dict, blank=True)
    stratum = models.CharField(
        _("strata"), max_length=6, choices=Stratum, default=Stratum.NONE, blank=True
    )
    quotas = models.JSONField(default=dict, blank=True)
    margin = models.DecimalField(
        _("wished precision, ± percentage points"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(5),
        validators=(MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(50))),
    )
    size = models.PositiveIntegerField(_("sample size"), null=True, blank=True)
    cool_down_days = models.PositiveSmallIntegerField(
        _("days between two surveys of one customer"), default=30
    )
    seed = models.BigIntegerField(null=True)
    frame_size = models.PositiveIntegerField(null=True)
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    draw = models.JSONField(default=dict, blank=True)
    draw_job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")

    remind_every_days = models.PositiveSmallIntegerField(_("remind every, days"), default=3)
    remind_at_most = models.PositiveSmallIntegerField(_("reminders at most"), default=2)
    open_for_days = models.PositiveSmallIntegerField(
        _("days to answer"), default=14, validators=(MinValueValidator(1), MaxValueValidator(365))
    )
    after_closing = models.BooleanField(_("asks after each closed complaint"), default=False)
    delay_hours = models.PositiveSmallIntegerField(_("hours after closing"), default=24)
    opens_complaint = models.BooleanField(
        _("a dissatisfied answer opens a complaint, too"), default=False
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status="draft", opened_at__isnull=True, closed_at__isnull=True)
                | Q(status="open", opened_at__isnull=False, closed_at__isnull=True)
                | Q(status="closed", opened_at__isnull=False, closed_at__isnull=False),
                name="survey_moments_by_status",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, seed__isnull=True, frame_size__isnull=True)
                | Q(drawn_at__isnull=False, seed__isnull=False, frame_size__isnull=False),
                name="survey_drawn_whole",
            ),
            models.CheckConstraint(
                condition=Q(size__isnull=True)
                | Q(frame_size__isnull=True)
                | Q(size__lte=F("frame_size")),
                name="survey_sample_within_frame",
            ),
            models.CheckConstraint(
                condition=Q(opens_complaint=False) | Q(category__isnull=False),
                name="survey_complaint_has_category",
            ),
            # An anonymous answer belongs to nobody whose complaint it could be.
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(opens_complaint=False, after_closing=False),
                name="survey_anonymous_asks_in_general",
            ),
            models.CheckConstraint(
                condition=Q(margin__gte=1, margin__lte=50), name="survey_margin_in_range"
            ),
        )
        indexes = (
            models.Index(
                fields=("id",),
                condition=Q(status="open", after_closing=True),
                name="survey_after_closing",
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def takes_sample(self) -> bool:
        """Whether it asks customers that are drawn beforehand."""
        return self.method in SAMPLED and not self.after_closing

    @property
    def is_drawable(self) -> bool:
        return self.takes_sample and self.drawn_at is None and self.status != SurveyStatus.CLOSED


class Counter(models.Model):
    """A QR code that hangs somewhere: who scans it answers, without an invitation."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="counters")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    place = models.CharField(_("where it hangs"), max_length=120)
    link = models.OneToOneField(PublicLink, models.PROTECT, related_name="counter")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("survey", "branch", "place"), name="counter_once"),
        )

    def __str__(self) -> str:
        return self.place
