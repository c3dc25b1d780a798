"""What was answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Complaint, DissatisfiedItem
from customers.models import Customer, Stage
from organisation.models import Branch, Person
from organisation.scope import Scope
from surveys.models.invitation import Invitation
from surveys.models.questionnaire import Question
from surveys.models.survey import Counter, Survey


class Source(models.TextChoices):
    """Who put the answer in; reported apart."""

    CUSTOMER = "customer", pgettext_lazy("source of an answer", "The customer")
    PHONE = "phone", _("Staff on the phone")
    INTERCEPT = "intercept", _("At the counter")
    NOTE = "note", _("Notes of a talk")


class Response(models.Model):
    """All answers of one person to one survey: begun, resumed, completed once.

    Of an anonymous survey it names neither customer nor invitation, and its moments are days
    (F-22). `region` and what is said of the customer are as they were then.
    """

    SCOPE: ClassVar = Scope(verb="survey.see", branches=("branch",))

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, related_name="response"
    )
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="responses")
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="survey_responses"
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="survey_responses")
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, related_name="survey_responses"
    )
    # Where a low answer opened a complaint, too: this one, once.
    opened_complaint = models.OneToOneField(
        Complaint, models.PROTECT, null=True, related_name="opened_by_response"
    )
    # Asked again after an order: counted beside the first answer, not among the survey's.
    is_repeat = models.BooleanField(default=False)
    source = models.CharField(_("source"), max_length=9, choices=Source)
    entered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    tier = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=2, blank=True)
    stage = models.CharField(max_length=11, choices=Stage, blank=True)
    language = models.CharField(max_length=10, blank=True)
    # What the second and later posts of one browser are recognised by; hashed.
    session_hash = models.CharField(max_length=64, blank=True)
    device_hash = models.CharField(max_length=64, blank=True)
    suspicion = models.CharField(_("doubt"), max_length=20, blank=True)
    started_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True)
                | Q(completed_at__gte=models.F("started_at")),
                name="response_completed_later",
            ),
            models.CheckConstraint(
                condition=Q(source__in=("phone", "note"), entered_by__isnull=False)
                | Q(source__in=("customer", "intercept"), entered_by__isnull=True),
                name="response_entered_by_staff",
            ),
            models.UniqueConstraint(
                fields=("survey", "session_hash"),
                condition=~Q(session_hash=""),
                name="response_once_per_session",
            ),
        )
        indexes = (
            models.Index(fields=("survey", "completed_at"), name="response_by_survey"),
            models.Index(fields=("branch", "completed_at"), name="response_by_branch"),
            models.Index(fields=("customer", "-completed_at"), name="response_by_customer"),
            models.Index(
                fields=("survey", "device_hash", "started_at"),
                condition=~Q(device_hash=""),
                name="response_by_device",
            ),
        )

    def __str__(self) -> str:
        return f"{self.survey_id} {self.pk}"


class Answer(models.Model):
    """The answer to one question, or to one item of it.

    `value` is a number on the question's scale, a number, a place in an order (1 = first), or 1 and
    0 for yes and no; `choices` are option keys. Not applicable: no row at all.
    """

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    item = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    choices = models.JSONField(default=list, blank=True)
    text = models.TextField(max_length=5000, blank=True)
    importance = models.PositiveSmallIntegerField(null=True)
    expectation = models.PositiveSmallIntegerField(null=True)
    competitor = models.PositiveSmallIntegerField(null=True)
    # The work that it became: once (S-05).
    dissatisfied_item = models.OneToOneField(
        DissatisfiedItem, models.PROTECT, null=True, related_name="survey_answer"
    )

    class Meta:
        ordering = ("question__position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("response", "question", "item"), name="answer_once"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (1, 7)}),
                    name=f"answer_{name}_1_to_7",
                )
                for name in ("importance", "expectation", "competitor")
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(choices=[]) | ~Q(text=""),
                name="answer_says_something",
            ),
        )
        indexes = (models.Index(fields=("question", "response"), name="answer_by_question"),)

    def __str__(self) -> str:
        return f"{self.question_id} {self.value or self.text}"
