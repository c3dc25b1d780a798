"""What to say to customers of a stage and standing (K-25, K-26)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Grade, Stage, Tier
from organisation.models import Person
from organisation.models.branch import in_language

LONGEST = 1000


class TalkText(models.Model):
    """Words in place of the built-in ones; the closest match counts: both, stage, standing."""

    stage = models.CharField(
        _("stage of the life cycle"), max_length=11, choices=Stage, blank=True, default=""
    )
    standing = models.CharField(
        _("tier or grade"),
        max_length=10,
        choices=[*Tier.choices, *Grade.choices],
        blank=True,
        default="",
    )
    words = models.TextField(_("words"), max_length=LONGEST)
    words_en = models.TextField(_("words in English"), max_length=LONGEST, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("stage", "standing")
        constraints = (
            models.UniqueConstraint(fields=("stage", "standing"), name="talk_text_once"),
            models.CheckConstraint(condition=~Q(words=""), name="talk_text_says_something"),
        )

    def __str__(self) -> str:
        return f"{self.stage} {self.standing}"

    @property
    def said(self) -> str:
        return in_language(self.words, self.words_en)
