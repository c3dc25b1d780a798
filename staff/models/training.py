"""Training: courses by topic, post and level, their sessions, who attended (T-18, T-19, W-15)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Category, Improvement
from csm.kit.transitions import Moving
from organisation.models import Branch, Person, Role
from organisation.scope import Scope

EDIT = "training.edit"


class Topic(models.TextChoices):
    """The four of T-19."""

    PRODUCT = "product", pgettext_lazy("topic of a course", "Product")
    COMMUNICATION = "communication", pgettext_lazy("topic of a course", "Communication")
    PROBLEM_SOLVING = "problem_solving", pgettext_lazy("topic of a course", "Problem solving")
    EMOTION = "emotion", pgettext_lazy("topic of a course", "Emotion")


class CourseLevel(models.TextChoices):
    ENTRY = "entry", pgettext_lazy("level of a course", "Entry")
    ADVANCED = "advanced", pgettext_lazy("level of a course", "Advanced")
    EXPERT = "expert", pgettext_lazy("level of a course", "Expert")


class CourseStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a course", "Open")
    CLOSED = "closed", pgettext_lazy("of a course", "Closed")


class Course(Moving):
    """What is taught to whom; offered to the whole company, kept by one branch.

    `category`: whose complaints it is to make fewer; `improvement`: the request with a work order
    from which it was born. `hold_by`: the day until which it is to be held first.
    """

    SCOPE: ClassVar = Scope(verb=EDIT, branches=("branch",))
    MOVES: ClassVar = {CourseStatus.OPEN: (CourseStatus.CLOSED,)}

    title = models.CharField(_("title"), max_length=120)
    topic = models.CharField(_("topic"), max_length=16, choices=Topic)
    role = models.CharField(_("for whom"), max_length=24, choices=Role, blank=True)
    level = models.CharField(
        _("level"), max_length=8, choices=CourseLevel, default=CourseLevel.ENTRY
    )
    goals = models.TextField(_("what they can do afterwards"), max_length=2000, blank=True)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("complaint category"),
    )
    improvement = models.ForeignKey(
        Improvement, models.PROTECT, null=True, blank=True, related_name="courses"
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("kept by"))
    hold_by = models.DateField(_("to be held until"))
    status = models.CharField(
        _("status"), max_length=6, choices=CourseStatus, default=CourseStatus.OPEN
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("category",), name="course_by_category"),)

    def __str__(self) -> str:
        return self.title

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return ["edit", "plan_session", "close"] if self.status == CourseStatus.OPEN else []


class SessionStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("of a session", "Planned")
    HELD = "held", pgettext_lazy("of a session", "Held")
    CANCELLED = "cancelled", pgettext_lazy("of a session", "Cancelled")


class TrainingSession(Moving):
    """A course held once, for the people of a branch and below it."""

    SCOPE: ClassVar = Scope(
        verb="incentive.see", branches=("branch",), people=("trainer", "attendance__person")
    )
    MOVES: ClassVar = {
        SessionStatus.PLANNED: (SessionStatus.HELD, SessionStatus.CANCELLED),
        SessionStatus.HELD: (SessionStatus.HELD,),
    }

    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("branch"))
    place = models.CharField(_("place"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    trainer = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("trainer"))
    status = models.CharField(
        _("status"), max_length=9, choices=SessionStatus, default=SessionStatus.PLANNED
    )
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-starts_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(minutes__range=(5, 3000)), name="session_has_a_length"
            ),
            models.CheckConstraint(
                condition=~Q(status="held")
                | Q(recorded_at__gte=F("starts_at"), recorded_by__isnull=False),
                name="session_held_after_it_began",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancel_reason=""),
                name="session_cancelled_has_reason",
            ),
        )
        indexes = (models.Index(fields=("course", "starts_at"), name="session_by_course"),)

    def __str__(self) -> str:
        return f"{self.course_id} {self.starts_at:%Y-%m-%d}"

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return {
            SessionStatus.PLANNED.value: ["record", "cancel"],
            SessionStatus.HELD.value: ["record"],
        }.get(self.status, [])


class Attendance(models.Model):
    """One person at one session; `score` of the test in 0…100. Seen by them and who trains there.

    `branch` is where the person works: the effect is counted by it.
    """

    SCOPE: ClassVar = Scope(verb=EDIT, branches=("branch",), people=("person",))

    session = models.ForeignKey(TrainingSession, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    attended = models.BooleanField(_("attended"), null=True)
    score = models.PositiveSmallIntegerField(_("test"), null=True)

    class Meta:
        ordering = ("person__spelling", "person")
        constraints = (
            models.UniqueConstraint(fields=("session", "person"), name="attendance_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(0, 100), attended=True),
                name="attendance_score_of_who_came",
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} {self.person_id}"
