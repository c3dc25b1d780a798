"""What comes of a contest: two awards, prizes, ceremonies, good practice (T-08 … T-10)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person, StoredFile
from staff.models.contest import Contest
from staff.models.contest_plan import Plan


class AwardKind(models.TextChoices):
    TEAM = "team", _("Team award for service innovation")
    PERSONAL = "personal", _("Personal innovation award")


class InnovationAward(models.Model):
    """An award with the figures it was given on: the marks of `reviewers` people, 10 to 100.

    `spread` is their standard deviation; one reviewer has none. The award itself never changes,
    only its prize is handed over, once.
    """

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="awards")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="awards")
    kind = models.CharField(_("award"), max_length=8, choices=AwardKind)
    mean = models.DecimalField(max_digits=5, decimal_places=2)
    spread = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    reviewers = models.PositiveSmallIntegerField()
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    prize = models.CharField(_("prize"), max_length=200)
    handed_on = models.DateField(_("handed over on"), null=True)
    handed_to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    handed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-kind", "-mean", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan",), condition=Q(kind="team"), name="team_award_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="team") | ~Q(reason=""), name="personal_award_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(handed_on=None, handed_to=None, handed_by=None)
                | Q(handed_on__isnull=False, handed_to__isnull=False, handed_by__isnull=False)
                & ~Q(handed_by=F("handed_to")),
                name="prize_handed_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contest_id} {self.kind} {self.plan_id}"


class AwardShare(models.Model):
    """One person's part in an award: the source of their points. Who had left has none."""

    award = models.ForeignKey(InnovationAward, models.PROTECT, related_name="shares")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("award", "person"), name="award_share_once"),
        )

    def __str__(self) -> str:
        return f"{self.award_id} {self.person_id}"


class Ceremony(models.Model):
    """The branch honours its winners."""

    award = models.OneToOneField(InnovationAward, models.PROTECT, related_name="ceremony")
    held_on = models.DateField(_("held on"))
    note = models.TextField(_("note"), max_length=2000)
    photo = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.award_id} {self.held_on}"


class Practice(models.Model):
    """A good proposal, promoted to the whole company; everybody reads it (T-10)."""

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="practice")
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("what others can do"), max_length=5000)
    method = models.TextField(_("how it is promoted"), max_length=2000)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title
