"""The report line (T-17): what was reported, apart from who reported it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person, StoredFile
from organisation.scope import Scope


class TipStatus(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("of a tip", "Received")
    UPHELD = "upheld", pgettext_lazy("of a tip", "True")
    UNFOUNDED = "unfounded", pgettext_lazy("of a tip", "Not confirmed")


class Tip(Moving):
    """What somebody told of. Nothing in this row leads to them: no person, no time of day.

    `receipt_hash`: of the receipt that only they have; with it they follow it, and get the reward.
    `kept_from`: those who must not read it, because it concerns them.
    """

    SCOPE: ClassVar = Scope(verb="tip.handle", branches=("branch",))
    MOVES: ClassVar = {TipStatus.RECEIVED: (TipStatus.UPHELD, TipStatus.UNFOUNDED)}

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    subject = models.CharField(_("what it is about"), max_length=120)
    text = models.TextField(_("what happened"), max_length=5000)
    received_on = models.DateField()
    receipt_hash = models.CharField(max_length=64, unique=True)
    kept_from = models.ManyToManyField(Person, related_name="+")
    status = models.CharField(
        _("status"), max_length=9, choices=TipStatus, default=TipStatus.RECEIVED
    )
    result = models.TextField(_("result"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reward = models.DecimalField(_("reward"), max_digits=9, decimal_places=2, null=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    status="received", decided_at__isnull=True, decided_by__isnull=True, result=""
                )
                | Q(
                    ~Q(status="received"),
                    ~Q(result=""),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="tip_decided_has_result",
            ),
            models.CheckConstraint(
                condition=Q(reward__isnull=True) | Q(status="upheld", reward__gt=0),
                name="tip_reward_for_what_is_true",
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True, paid_by__isnull=True)
                | Q(paid_at__isnull=False, paid_by__isnull=False, reward__isnull=False),
                name="tip_paid_has_reward",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | ~Q(paid_by=F("decided_by")),
                name="tip_paid_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}"


class TipSource(models.Model):
    """Who reported, where they gave it: a table of its own, append-only.

    Only the roles with `tip.identity` look at it, each look is written down, and no list, export,
    message, log or call of the API reads it.
    """

    tip = models.OneToOneField(Tip, models.PROTECT, related_name="source")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    contact = models.CharField(_("how to reach you"), max_length=200, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(contact=""), name="tip_source_says_who"
            ),
        )

    def __str__(self) -> str:
        return f"{self.tip_id}"


class TipFile(models.Model):
    """A file that came with it; it names no uploader."""

    tip = models.ForeignKey(Tip, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.tip_id} {self.file_id}"


class TypicalCase(models.Model):
    """What all may learn from a tip, without names; of one that was true. Never changed."""

    tip = models.OneToOneField(Tip, models.PROTECT, related_name="case")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=5000)
    published_on = models.DateField()
    published_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title
