"""Care for customers (K-21, K-25, S-18): occasions, wishes, what is to be done, added services."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from customers.models.customer import Customer, Grade, Stage, Tier
from organisation.models import Branch, Person
from organisation.models.branch import Named
from organisation.scope import Scope


class Channel(models.TextChoices):
    ANY = "", pgettext_lazy("way to reach a customer", "Any")
    PHONE = "phone", pgettext_lazy("way to reach a customer", "Phone")
    EMAIL = "email", pgettext_lazy("way to reach a customer", "E-mail")
    VISIT = "visit", pgettext_lazy("way to reach a customer", "Visit")


class CareWish(models.Model):
    """How a customer wishes to be met; no row: nothing was said."""

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="wish")
    channel = models.CharField(_("best way"), max_length=5, choices=Channel, blank=True)
    quiet_until = models.DateField(_("leave in peace until"), null=True, blank=True)
    no_care = models.BooleanField(_("wishes no greetings or care"), default=False)
    no_notices = models.BooleanField(_("wishes no notices of changes"), default=False)
    words = models.CharField(_("what else to heed"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.customer_id)


class DateKind(models.TextChoices):
    BIRTHDAY = "birthday", pgettext_lazy("of a customer", "Birthday")
    FOUNDED = "founded", pgettext_lazy("of a customer", "Founding day")
    JOINED = "joined", pgettext_lazy("of a customer", "Customer since")
    OTHER = "other", pgettext_lazy("of a customer", "Other day")


class CareDate(models.Model):
    """A day of every year that matters to a customer; 29 February is kept on the 28th."""

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("customer__home_branch",))

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="care_dates")
    kind = models.CharField(_("kind"), max_length=8, choices=DateKind)
    month = models.PositiveSmallIntegerField(_("month"))
    day = models.PositiveSmallIntegerField(_("day"))
    words = models.CharField(_("whose or what"), max_length=80, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("month", "day", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "kind", "month", "day"), name="care_date_once"
            ),
            models.CheckConstraint(
                condition=Q(month__in=(1, 3, 5, 7, 8, 10, 12), day__range=(1, 31))
                | Q(month__in=(4, 6, 9, 11), day__range=(1, 30))
                | Q(month=2, day__range=(1, 28)),
                name="care_date_exists",
            ),
        )
        indexes = (models.Index(fields=("month", "day"), name="care_date_by_day"),)

    def __str__(self) -> str:
        return f"{self.month}-{self.day}"


class Festival(Named):
    """A day of the calendar on which customers are thought of; moon festivals move each year."""

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    on = models.DateField(_("day"), unique=True)

    class Meta:
        ordering = ("on",)


class Lever(models.TextChoices):
    """What makes a service worth more to a customer (K-29); the comparison is K-27."""

    SAFETY = "safety", pgettext_lazy("lever of value", "Safety")
    INFORMATION = "information", pgettext_lazy("lever of value", "True information")
    LINKED = "linked", pgettext_lazy("lever of value", "Linked products")
    TRAINING = "training", pgettext_lazy("lever of value", "Training and trial")
    DETAIL = "detail", pgettext_lazy("lever of value", "Care in details")
    SPECIAL = "special", pgettext_lazy("lever of value", "Special service")
    REWARD = "reward", pgettext_lazy("lever of value", "Reward that grows")
    COMPARISON = "comparison", pgettext_lazy("lever of value", "Before and after")
    OTHER = "other", pgettext_lazy("lever of value", "Other")


class AddedService(Named):
    """An entry of the catalogue of what may be offered beyond the contract."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    lever = models.CharField(_("lever of value"), max_length=11, choices=Lever)
    words = models.CharField(_("what the customer gets"), max_length=300, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ("lever", "name")


class Occasion(models.TextChoices):
    DATE = "date", pgettext_lazy("occasion of care", "The customer's own day")
    FESTIVAL = "festival", pgettext_lazy("occasion of care", "Festival")


class CareRule(models.Model):
    """Who is thought of at which occasion (K-25): empty standing or stage: all of them."""

    occasion = models.CharField(_("occasion"), max_length=8, choices=Occasion)
    standing = models.CharField(
        _("tier or grade"),
        max_length=10,
        blank=True,
        choices=[*Tier.choices, *Grade.choices],
    )
    stage = models.CharField(_("stage of the life cycle"), max_length=11, choices=Stage, blank=True)
    channel = models.CharField(_("best way"), max_length=5, choices=Channel, blank=True)
    words = models.CharField(_("what is done"), max_length=200)
    service = models.ForeignKey(
        AddedService, models.SET_NULL, null=True, blank=True, verbose_name=_("added service")
    )

    class Meta:
        ordering = ("occasion", "standing", "stage", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("occasion", "standing", "stage"), name="care_rule_once"
            ),
        )

    def __str__(self) -> str:
        return self.words


class CareStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("of care", "To be done")
    DONE = "done", pgettext_lazy("of care", "Done")
    DROPPED = "dropped", pgettext_lazy("of care", "Not done")


class CareAct(Moving):
    """What is to be done for a customer on a day, by rule or by hand; once per occasion and day."""

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("branch",), people=("owner",))
    MOVES: ClassVar = {CareStatus.PLANNED: (CareStatus.DONE, CareStatus.DROPPED)}

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="care_acts")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("day"))
    occasion = models.CharField(_("occasion"), max_length=80)
    channel = models.CharField(_("best way"), max_length=5, choices=Channel, blank=True)
    words = models.CharField(_("what is done"), max_length=200)
    service = models.ForeignKey(AddedService, models.SET_NULL, null=True, related_name="+")
    status = models.CharField(
        _("status"), max_length=7, choices=CareStatus, default=CareStatus.PLANNED
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("customer", "on", "occasion"), name="care_act_once"),
            models.CheckConstraint(
                condition=Q(status="planned", closed_at__isnull=True)
                | Q(~Q(status="planned"), closed_at__isnull=False),
                name="care_closed_has_time",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "on"), condition=Q(status="planned"), name="care_to_do"),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.on}"
