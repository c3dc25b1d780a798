"""Where a customer meets the company (S-14, S-15)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Category
from organisation.models import Person
from organisation.models.branch import Named


class Leg(models.TextChoices):
    """The stages of a customer's journey, in their order (S-14)."""

    AWARE = "aware", pgettext_lazy("of a journey", "Becoming aware")
    INQUIRE = "inquire", pgettext_lazy("of a journey", "Inquiring")
    BUY = "buy", pgettext_lazy("of a journey", "Buying")
    USE = "use", pgettext_lazy("of a journey", "Using")
    AFTER_SALE = "after_sale", pgettext_lazy("of a journey", "After sale")
    REBUY = "rebuy", pgettext_lazy("of a journey", "Buying again")
    RECOMMEND = "recommend", pgettext_lazy("of a journey", "Recommending")


class Moment(models.TextChoices):
    """The three moments of truth (S-15)."""

    NONE = "", pgettext_lazy("moment of truth", "None")
    FIRST_CONTACT = "first_contact", _("First contact")
    PROBLEM_SOLVING = "problem_solving", _("Problem solving")
    COMPLAINT = "complaint", _("Complaint handling")


class Touchpoint(Named):
    """One for the whole company.

    `question_keys` say which answers tell how it is experienced, `categories` which complaints are
    its pain; `weight` is its part in the experience of the whole journey, moments of truth more.
    """

    leg = models.CharField(_("stage of the journey"), max_length=10, choices=Leg)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    moment = models.CharField(
        _("moment of truth"), max_length=15, choices=Moment, default=Moment.NONE, blank=True
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=(MinValueValidator(1), MaxValueValidator(5))
    )
    question_keys = models.JSONField(default=list, blank=True)
    categories = models.ManyToManyField(
        Category, blank=True, related_name="+", verbose_name=_("complaint categories")
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(weight__range=(1, 5)), name="touchpoint_weight_1_to_5"
            ),
            models.UniqueConstraint(fields=("leg", "name"), name="touchpoint_once"),
        )
