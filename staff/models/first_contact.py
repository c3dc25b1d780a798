"""Whether the first one asked kept it until it was answered: 首问制稽查 (T-12)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Event, HandOver, Timer
from organisation.models import Branch, Person
from organisation.scope import Scope


class ContactDraw(models.Model):
    """Contacts drawn at random: the same seed over the same frame draws the same ones.

    The frame: complaints that a colleague of the branches took in from `first_on` to `last_on`,
    whose result has been due or given, and which no earlier draw took. Of each branch `per_branch`.
    """

    SCOPE: ClassVar = Scope(verb="audit.see", branches=("branch",))

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    per_branch = models.PositiveSmallIntegerField(_("contacts per branch"))
    seed = models.BigIntegerField(_("seed"))
    frame_size = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="contact_draw_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(per_branch__range=(1, 200)), name="contact_draw_size"
            ),
            models.CheckConstraint(condition=Q(seed__gte=0), name="contact_draw_seed"),
        )

    def __str__(self) -> str:
        return f"{self.first_on}/{self.last_on} {self.seed}"


class Checked(models.Model):
    """The four questions; empty where one could not be judged."""

    is_registered = models.BooleanField(_("registered"), null=True)
    is_kept = models.BooleanField(_("kept until handed over"), null=True)
    is_followed = models.BooleanField(_("followed"), null=True)
    is_answered = models.BooleanField(_("answered in time"), null=True)

    class Meta:
        abstract = True


def label_of(item: str) -> Any:
    """One of the four in words."""
    return getattr(Checked._meta.get_field(item), "verbose_name")  # noqa: B009


ITEMS = ("is_registered", "is_kept", "is_followed", "is_answered")


class AuditedContact(Checked):
    """One contact as the system's own records tell it, read at the draw; never changed.

    Beside each answer stands what it was read from: the entry, the accepted hand-over or the
    promise missed before it, what the first contact did on it later, the clock of the result.
    """

    SCOPE: ClassVar = Scope(verb="audit.see", branches=("branch",))

    draw = models.ForeignKey(ContactDraw, models.CASCADE, related_name="contacts")
    complaint = models.OneToOneField(Complaint, models.CASCADE, related_name="audited_contact")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taken_in_on = models.DateField()
    logged = models.ForeignKey(Event, models.CASCADE, related_name="+")
    hand_over = models.ForeignKey(HandOver, models.CASCADE, null=True, related_name="+")
    missed = models.ForeignKey(Timer, models.CASCADE, null=True, related_name="+")
    followed = models.ForeignKey(Event, models.CASCADE, null=True, related_name="+")
    result = models.ForeignKey(Timer, models.CASCADE, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(is_kept=True, missed__isnull=True)
                | Q(is_kept=False, missed__isnull=False),
                name="audited_contact_kept_has_source",
            ),
            models.CheckConstraint(
                condition=Q(is_followed=True, followed__isnull=False)
                | Q(is_followed=False, followed__isnull=True),
                name="audited_contact_followed_has_source",
            ),
        )
        indexes = (models.Index(fields=("taken_in_on", "branch"), name="audited_contact_by_day"),)

    def __str__(self) -> str:
        return f"{self.draw_id} {self.complaint_id}"


class MysteryCall(Checked):
    """A call by an auditor who did not say so, typed in afterwards; never changed.

    Nobody calls the branch where they work. `submission` makes a form that is sent twice one.
    """

    SCOPE: ClassVar = Scope(verb="audit.see", branches=("branch",))

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="mystery_calls")
    called_at = models.DateTimeField(_("called at"))
    called_on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked = models.CharField(_("what was asked"), max_length=300)
    remark = models.CharField(_("what was noticed"), max_length=500, blank=True)
    entered_at = models.DateTimeField()
    submission = models.UUIDField(unique=True, editable=False)

    class Meta:
        ordering = ("-called_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(entered_at__gte=F("called_at")), name="mystery_call_has_been"
            ),
            models.CheckConstraint(
                condition=Q(is_registered__isnull=False)
                | Q(is_kept__isnull=False)
                | Q(is_followed__isnull=False)
                | Q(is_answered__isnull=False),
                name="mystery_call_answers_something",
            ),
        )
        indexes = (models.Index(fields=("called_on", "branch"), name="mystery_call_by_day"),)

    def __str__(self) -> str:
        return f"{self.branch_id} {self.called_at}"
