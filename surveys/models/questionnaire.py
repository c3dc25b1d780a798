"""What is asked: a questionnaire, its editions, and their questions."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.models.branch import in_language
from organisation.scope import Scope


class Questionnaire(models.Model):
    """A set of questions that lives on through its editions."""

    SCOPE: ClassVar = Scope(verb="survey.see", branches=("branch",))

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="questionnaires", verbose_name=_("kept by")
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("branch", "name"), name="questionnaire_name_once"),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class EditionStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a questionnaire", "Draft")
    PUBLISHED = "published", pgettext_lazy("of a questionnaire", "Published")
    RETIRED = "retired", pgettext_lazy("of a questionnaire", "Retired")


class Edition(Moving):
    """One version of a questionnaire. Once published, neither it nor its questions change.

    The database refuses it (trigger `edition_stays`): answers always belong to what was asked.
    """

    SCOPE: ClassVar = Scope(verb="survey.see", branches=("questionnaire__branch",))
    MOVES: ClassVar = {
        EditionStatus.DRAFT: (EditionStatus.PUBLISHED,),
        EditionStatus.PUBLISHED: (EditionStatus.RETIRED,),
    }

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    status = models.CharField(
        _("status"), max_length=10, choices=EditionStatus, default=EditionStatus.DRAFT
    )
    welcome = models.TextField(_("greeting"), max_length=1000, blank=True)
    welcome_en = models.TextField(_("greeting in English"), max_length=1000, blank=True)
    thanks = models.TextField(_("thanks"), max_length=1000, blank=True)
    thanks_en = models.TextField(_("thanks in English"), max_length=1000, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("questionnaire", "number"), name="edition_once"),
            models.UniqueConstraint(
                fields=("questionnaire",), condition=Q(status="draft"), name="edition_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | Q(~Q(status="draft"), published_at__isnull=False),
                name="edition_published_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="retired", retired_at__isnull=False)
                | Q(~Q(status="retired"), retired_at__isnull=True),
                name="edition_retired_has_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.questionnaire_id}/{self.number}"

    @property
    def greeting(self) -> str:
        return in_language(self.welcome, self.welcome_en)

    @property
    def gratitude(self) -> str:
        return in_language(self.thanks, self.thanks_en)

    @property
    def is_open(self) -> bool:
        """True while it may be changed."""
        return self.status == EditionStatus.DRAFT


class QuestionKind(models.TextChoices):
    """How a question is answered, and which figure it feeds."""

    CSAT5 = "csat5", _("Satisfaction, 1 to 5")
    CSAT10 = "csat10", _("Satisfaction, 1 to 10")
    TOTAL = "total", _("Total score, 0 to 10")
    NPS = "nps", _("Recommendation (NPS), 0 to 10")
    CES = "ces", _("Effort (CES 2.0), 1 to 7")
    SINGLE = "single", _("One of several")
    MULTIPLE = "multiple", _("Several of several")
    MATRIX = "matrix", _("Matrix: several items on one scale, 1 to 7")
    RANKING = "ranking", _("Put in order")
    NUMBER = "number", _("Number")
    TEXT = "text", pgettext_lazy("kind of question", "Text")
    YES_NO = "yes_no", _("Yes or no")


# Lowest and highest answer of the kinds that are a scale.
SCALES: dict[str, tuple[int, int]] = {
    QuestionKind.CSAT5: (1, 5),
    QuestionKind.CSAT10: (1, 10),
    QuestionKind.TOTAL: (0, 10),
    QuestionKind.NPS: (0, 10),
    QuestionKind.CES: (1, 7),
    QuestionKind.MATRIX: (1, 7),
    QuestionKind.YES_NO: (0, 1),
}
# Below it an answer is dissatisfied, unless the question says otherwise (Q5, F-01).
THRESHOLDS: dict[str, Decimal] = {
    QuestionKind.CSAT5: Decimal(3),
    QuestionKind.CSAT10: Decimal(7),
    QuestionKind.TOTAL: Decimal(7),
}
# What a key looks like: it names fields of forms, whose endings begin with a hyphen.
KEY = r"^[a-z][a-z0-9_]*$"
CHOOSING = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
# Those whose `items` are answered one by one.
LISTING = (QuestionKind.MATRIX, QuestionKind.RANKING)


class Driver(models.TextChoices):
    """What satisfaction comes from (S-10)."""

    PRODUCT = "product", pgettext_lazy("driver", "Product")
    PRICE = "price", pgettext_lazy("driver", "Price")
    CHANNEL = "channel", pgettext_lazy("driver", "Channel")
    COMPETITOR = "competitor", pgettext_lazy("driver", "Competitors")


class Element(models.TextChoices):
    """What logistics is judged by (S-12)."""

    TIME = "time", pgettext_lazy("of logistics", "Time")
    RELIABILITY = "reliability", pgettext_lazy("of logistics", "Reliability")
    COMMUNICATION = "communication", pgettext_lazy("of logistics", "Communication")
    CONVENIENCE = "convenience", pgettext_lazy("of logistics", "Convenience")


class Dimension(models.TextChoices):
    """The five of SERVQUAL (F-07)."""

    TANGIBLES = "tangibles", _("Tangibles")
    RELIABILITY = "reliability", pgettext_lazy("of service", "Reliability")
    RESPONSIVENESS = "responsiveness", _("Responsiveness")
    ASSURANCE = "assurance", _("Assurance")
    EMPATHY = "empathy", _("Empathy")


class Question(models.Model):
    """One question of an edition.

    `key` names it through all editions, so that its figures can be followed. `options` (of choices)
    and `items` (of matrix and ranking) are lists of `{"key", "text", "text_en"}`. `condition` shows
    it only after an earlier answer: `{"question": key, "op": "below" | "at_least" | "is",
    "value": number or option key}`; empty: always.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="questions")
    position = models.PositiveIntegerField()
    key = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind)
    text = models.CharField(_("question"), max_length=300)
    text_en = models.CharField(_("question in English"), max_length=300, blank=True)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=300, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    options = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    condition = models.JSONField(default=dict, blank=True)
    threshold = models.DecimalField(
        _("dissatisfied below"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    asks_why_below = models.DecimalField(
        _("ask why below"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    with_importance = models.BooleanField(_("ask how important it is"), default=False)
    with_expectation = models.BooleanField(_("ask what was expected"), default=False)
    with_competitor = models.BooleanField(_("ask about the best competitor"), default=False)
    driver = models.CharField(_("driver"), max_length=12, choices=Driver, blank=True)
    element = models.CharField(_("logistics element"), max_length=14, choices=Element, blank=True)
    dimension = models.CharField(
        _("service dimension"), max_length=14, choices=Dimension, blank=True
    )
    need = models.CharField(_("customer need"), max_length=40, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("edition", "key"), name="question_key_once"),
            models.CheckConstraint(condition=Q(key__regex=KEY), name="question_key_plain"),
            models.UniqueConstraint(
                fields=("edition", "position"),
                name="question_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(SCALES))
                | Q(threshold__isnull=True, asks_why_below__isnull=True),
                name="question_threshold_on_a_scale",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CHOOSING) ^ Q(options=[]), name="question_choice_has_options"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LISTING) ^ Q(items=[]), name="question_list_has_items"
            ),
        )

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)

    @property
    def lines(self) -> int:
        """How many choices or items it has."""
        return len(self.options or self.items)

    @property
    def scale(self) -> tuple[int, int] | None:
        """Lowest and highest answer; None where the answer is no number of a scale."""
        return SCALES.get(self.kind)
