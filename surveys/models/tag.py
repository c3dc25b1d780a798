"""What an answer is about, in the words of those who read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models import Person
from surveys.models.answer import Answer


class AnswerTag(models.Model):
    """One word on one answer; the same word on many makes a theme."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=30)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "name"), name="answer_tag_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="answer_tag_named"),
        )

    def __str__(self) -> str:
        return self.name
