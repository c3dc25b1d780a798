"""What staff ask experts, and what the company answers (T-22)."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Category
from complaints.models.search import Folded, Pieces
from csm.kit.transitions import Moving
from organisation.models import Person

SPACE = Value(" ")


def question_text() -> Combinable:
    """What a search reads; the index has the same words."""
    words = Concat("title", SPACE, "details", SPACE, "answer", output_field=TextField())
    return Folded(words)


class QuestionStatus(models.TextChoices):
    ASKED = "asked", pgettext_lazy("of a question to experts", "Open")
    PUBLISHED = "published", pgettext_lazy("of a question to experts", "Answered")
    DECLINED = "declined", pgettext_lazy("of a question to experts", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a question to experts", "Withdrawn")


class ExpertQuestion(Moving):
    """A question of anybody, shared by the whole company. `answer` is the one that was published.

    It stays in place while the next one is reviewed.
    """

    MOVES: ClassVar = {
        QuestionStatus.ASKED: (QuestionStatus.PUBLISHED, QuestionStatus.DECLINED),
        QuestionStatus.PUBLISHED: (QuestionStatus.PUBLISHED, QuestionStatus.WITHDRAWN),
        QuestionStatus.WITHDRAWN: (QuestionStatus.PUBLISHED,),
    }

    title = models.CharField(_("question"), max_length=120)
    details = models.TextField(_("details"), max_length=2000, blank=True)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("complaint category"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=QuestionStatus, default=QuestionStatus.ASKED
    )
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=10_000, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    close_reason = models.TextField(_("reason"), max_length=2000, blank=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="published")
                | ~Q(answer="")
                & Q(
                    answered_by__isnull=False, reviewed_by__isnull=False, published_at__isnull=False
                ),
                name="question_published_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("answered_by")),
                name="question_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("declined", "withdrawn"))
                | ~Q(close_reason="") & Q(closed_by__isnull=False),
                name="question_closed_has_reason",
            ),
        )
        indexes = (
            models.Index(fields=("category", "-id"), name="question_by_category"),
            GinIndex(Pieces(question_text()), name="question_by_pieces"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        if self.status in (QuestionStatus.ASKED, QuestionStatus.PUBLISHED):
            return ["answer", "close"]
        return ["answer"] if self.status == QuestionStatus.WITHDRAWN else []


class AnswerStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("of an expert's answer", "Waits for its review")
    ACCEPTED = "accepted", pgettext_lazy("of an expert's answer", "Published")
    RETURNED = "returned", pgettext_lazy("of an expert's answer", "Returned")


class ExpertAnswer(Moving):
    """What an expert proposes; another person publishes it or gives it back with a reason."""

    MOVES: ClassVar = {AnswerStatus.PROPOSED: (AnswerStatus.ACCEPTED, AnswerStatus.RETURNED)}

    question = models.ForeignKey(ExpertQuestion, models.CASCADE, related_name="answers")
    text = models.TextField(_("answer"), max_length=10_000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    status = models.CharField(
        _("status"), max_length=10, choices=AnswerStatus, default=AnswerStatus.PROPOSED
    )
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("question",),
                condition=Q(status="proposed"),
                name="answer_one_in_review",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", reviewed_by__isnull=True)
                | Q(
                    status__in=("accepted", "returned"),
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="answer_reviewed_has_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by")),
                name="answer_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(reason=""), name="answer_returned_has_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question_id} {self.status}"

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return ["publish", "return"] if self.status == AnswerStatus.PROPOSED else []
