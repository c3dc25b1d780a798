"""How satisfied staff are (S-20): who has answered in one table, what was answered in others.

Nothing pairs them: keys are random, an answer has no time, and whenever somebody answers, all
answers of the round are written anew in a random order by one statement. ADR 0008 says what an
administrator of the database could still see.
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Branch, Person

# The questions of each edition; 1 is "not at all", 5 "entirely". A set that was asked stays.
EDITIONS = {
    1: (
        _("I have what I need to serve customers well."),
        _("Other departments help when a customer waits for us."),
        _("My manager listens, and stands up for good service."),
        _("Good service is recognised here."),
        _("I learn here what my work asks of me."),
        _("All in all I am satisfied with my work here."),
    ),
}
NEWEST = max(EDITIONS)
NUMBER_OF_QUESTIONS = 6
# The place of the overall question in every edition.
OVERALL = 5


class Agreement(models.IntegerChoices):
    NOT_AT_ALL = 1, pgettext_lazy("agreement", "Not at all")
    HARDLY = 2, pgettext_lazy("agreement", "Hardly")
    PARTLY = 3, pgettext_lazy("agreement", "Partly")
    MOSTLY = 4, pgettext_lazy("agreement", "Mostly")
    ENTIRELY = 5, pgettext_lazy("agreement", "Entirely")


class StaffRound(models.Model):
    """One survey of all staff: of a quarter, answered from the day `first_on` to `last_on`.

    Nothing of it can be changed: results that were seen and then went on would tell the answers in
    between. After the last day the sweep folds small groups (`settled_on`); then it is read.
    """

    quarter = models.CharField(_("quarter"), max_length=7, unique=True)
    edition = models.PositiveSmallIntegerField(default=NEWEST)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    settled_on = models.DateField(null=True)

    class Meta:
        ordering = ("-quarter",)
        constraints = (
            models.CheckConstraint(
                condition=Q(last_on__gt=F("first_on")), name="staff_round_has_days"
            ),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True) | Q(settled_on__gt=F("last_on")),
                name="staff_round_settled_after_its_end",
            ),
        )

    def __str__(self) -> str:
        return self.quarter

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(str(words) for words in EDITIONS[self.edition])


class StaffParticipation(models.Model):
    """Somebody has answered a round: once, on this day. What, nobody knows."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(StaffRound, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("round", "person"), name="staff_answers_once"),
        )

    def __str__(self) -> str:
        return f"{self.round_id} {self.person_id}"


class StaffRating(models.Model):
    """The marks of somebody, in the order of the questions, for a group large enough, or for none.

    `branch` is what the person chose to be counted with; None is the company alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(StaffRound, models.PROTECT, related_name="ratings")
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("counted with")
    )
    marks = ArrayField(models.PositiveSmallIntegerField(), size=NUMBER_OF_QUESTIONS)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(marks__contained_by=Agreement.values, marks__len=NUMBER_OF_QUESTIONS),
                name="staff_marks_from_1_to_5",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class StaffWords(models.Model):
    """What somebody wrote: with no marks and no group."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(StaffRound, models.PROTECT, related_name="words")
    text = models.TextField(max_length=2000)

    def __str__(self) -> str:
        return str(self.pk)
