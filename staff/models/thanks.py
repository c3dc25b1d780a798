"""Whom customers thank for: noted by name, from what they said (T-11)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import CallbackAttempt
from organisation.models import Branch, Person
from organisation.scope import Scope
from surveys.models import Answer


class Thanks(models.Model):
    """A customer named somebody with thanks: in a survey's answer, or at a callback.

    `is_best`: the customer gave the best score of the scale with it. Noted by a colleague, never by
    the person who is thanked. What was noted wrongly is withdrawn, and earns nothing.
    """

    SCOPE: ClassVar = Scope(verb="thanks.note", branches=("branch",), people=("person", "by"))

    person = models.ForeignKey(Person, models.PROTECT, related_name="thanks")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="thanks")
    callback = models.ForeignKey(CallbackAttempt, models.PROTECT, null=True, related_name="thanks")
    is_best = models.BooleanField(default=False)
    words = models.CharField(_("the customer's words"), max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(answer__isnull=False, callback__isnull=True)
                | Q(answer__isnull=True, callback__isnull=False),
                name="thanks_from_one_place",
            ),
            models.UniqueConstraint(fields=("person", "answer"), name="thanks_once_per_answer"),
            models.UniqueConstraint(fields=("person", "callback"), name="thanks_once_per_call"),
            models.CheckConstraint(
                condition=~Q(by=models.F("person")), name="thanks_not_for_oneself"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="thanks_withdrawn_whole",
            ),
        )
        indexes = (
            models.Index(fields=("at",), name="thanks_by_time"),
            # What is taken back.
            models.Index(
                fields=("withdrawn_at",),
                condition=Q(withdrawn_at__isnull=False),
                name="thanks_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.at}"
