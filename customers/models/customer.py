"""Who complains."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers import keys
from customers.names import asked_pieces, words_of
from customers.phones import digits_of
from organisation.models import Branch, Person
from organisation.scope import Scope


class Kind(models.TextChoices):
    PERSON = "person", _("Person")
    COMPANY = "company", _("Company")
    INTERNAL = "internal", _("Internal")


class Tier(models.TextChoices):
    """Personal and family customers (K-01)."""

    DIAMOND = "diamond", _("Diamond")
    GOLD = "gold", _("Gold")
    SILVER = "silver", _("Silver")
    BASIC = "basic", _("Basic")


class Grade(models.TextChoices):
    """Companies (K-02); given by hand."""

    A1 = "1A", "1A"
    A2 = "2A", "2A"
    A3 = "3A", "3A"
    A4 = "4A", "4A"
    A5 = "5A", "5A"
    B1 = "1B", "1B"
    B2 = "2B", "2B"
    B3 = "3B", "3B"
    B4 = "4B", "4B"
    B5 = "5B", "5B"


class Stage(models.TextChoices):
    """Where the relation stands (K-04)."""

    ACQUISITION = "acquisition", pgettext_lazy("of a customer", "Acquisition")
    GROWTH = "growth", pgettext_lazy("of a customer", "Growth")
    MATURITY = "maturity", pgettext_lazy("of a customer", "Maturity")
    DECLINE = "decline", pgettext_lazy("of a customer", "Decline")
    LEFT = "left", pgettext_lazy("of a customer", "Left")


class Quadrant(models.TextChoices):
    """Content or not, and whether the customer says so (K-09, F-11)."""

    LOYAL = "loyal", _("Loyal")
    PRAISER = "praiser", _("Praises us")
    SILENT = "silent", _("Silent protester")
    COMPLAINER = "complainer", _("Complains")


class Language(models.TextChoices):
    """Each in its own words."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class CustomerQuerySet(models.QuerySet["Customer"]):
    def current(self) -> "CustomerQuerySet":
        """Without those that were merged into others, or are nobody any more."""
        return self.filter(merged_into=None, erased_at=None)

    def named(self, text: str) -> "CustomerQuerySet":
        """Found by name or pinyin, in whole or part, a phone number, its last four, or an address.

        One index for each way, and their hits together, so that none reads the table.
        """
        digits = digits_of(text)
        ways: list[models.QuerySet[Any, Any]] = [
            SearchName.objects.holding(text).values("customer")
        ]
        points = ContactPoint.objects
        if "@" in text:
            ways.append(points.at_address(text).values("contact__customer"))
        elif len(digits) == 4:
            ways.append(points.ending(digits).values("contact__customer"))
        elif len(digits) > 4:
            ways.append(points.calling(digits).values("contact__customer"))
        first, *others = ways
        return self.filter(pk__in=first.union(*others) if others else first)


class Customer(models.Model):
    """A person, a company, or one of our own departments (O-07)."""

    SCOPE: ClassVar = Scope(
        verb="customer.see", branches=("home_branch",), people=("account_manager",)
    )

    name = models.CharField(_("name"), max_length=120)
    # In the books of the company; "00123" and "123" are two numbers.
    code = models.CharField(_("customer number"), max_length=40, blank=True, db_default="")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.COMPANY)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    grade = models.CharField(_("grade"), max_length=2, choices=Grade, blank=True)
    stage = models.CharField(_("stage of the life cycle"), max_length=11, choices=Stage, blank=True)
    # Empty: not known, for want of an index of satisfaction.
    quadrant = models.CharField(
        _("quadrant"), max_length=10, choices=Quadrant, blank=True, default="", db_default=""
    )
    # In which we write; empty: that of the installation. A customer who answers in one chooses it.
    language = models.CharField(
        _("language"), max_length=10, choices=Language, blank=True, default=""
    )
    # Who does not wish to be asked is never asked again (S-18).
    declines_surveys_at = models.DateTimeField(null=True, editable=False)
    # Who does not wish to be judged by rules is judged by people alone (PIPL, article 24).
    declines_labels_at = models.DateTimeField(null=True, editable=False)
    home_branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="customers", verbose_name=_("home branch")
    )
    account_manager = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("account manager"),
    )
    contract_ends_on = models.DateField(_("contract ends on"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    own_spelling = models.CharField(_("pinyin"), max_length=200, blank=True, db_default="")
    # Who was merged stays as a pointer to the survivor, so that old addresses lead there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_from"
    )
    merged_at = models.DateTimeField(null=True, editable=False)
    # Who was taken out of the archive: the row stays for the counts, and names nobody (B-26).
    erased_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("code",), condition=~Q(code=""), name="customer_code_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PERSON, grade="")
                | Q(kind=Kind.COMPANY, tier="")
                | Q(kind=Kind.INTERNAL, tier="", grade=""),
                name="customer_tier_or_grade_by_kind",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="customer_merged_has_time",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(code="", note="", own_spelling=""),
                name="customer_erased_says_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="customer_merged_into_another"
            ),
        )
        indexes = (
            models.Index(fields=("home_branch", "name"), name="customer_by_branch"),
            models.Index(fields=("name",), name="customer_by_name"),
            models.Index(
                fields=("merged_at",),
                condition=Q(merged_at__isnull=False),
                name="customer_by_merge",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> str:
        """Tier or grade in words; empty when there is none."""
        return self.grade or (self.get_tier_display() if self.tier else "")


class Contact(models.Model):
    """A person to speak to at a customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(_("contact"), max_length=80)
    title = models.CharField(pgettext_lazy("in a company", "position"), max_length=80, blank=True)
    best_time = models.CharField(_("best time to call"), max_length=80, blank=True)
    is_primary = models.BooleanField(_("main contact"), default=False)

    class Meta:
        ordering = ("-is_primary", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(is_primary=True), name="contact_one_primary"
            ),
        )

    def __str__(self) -> str:
        return self.name


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def calling(self, number: str) -> "ContactPointQuerySet":
        return self.filter(key__in=keys.wanted(keys.PHONE, number))

    def ending(self, four: str) -> "ContactPointQuerySet":
        return self.filter(last_four_key__in=keys.wanted(keys.LAST_FOUR, four))

    def at_address(self, email: str) -> "ContactPointQuerySet":
        return self.filter(key__in=keys.wanted(keys.EMAIL, email))


class ContactPoint(models.Model):
    """A phone number or an e-mail address, readable in `value` alone; found by its keyed hash."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="points")
    kind = models.CharField(max_length=5, choices=Kind)
    value = models.CharField(_("number or address"), max_length=120)
    key = models.CharField(max_length=22, blank=True, db_default="", db_index=True, editable=False)
    last_four_key = models.CharField(
        max_length=22, blank=True, db_default="", db_index=True, editable=False
    )

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("contact", "kind", "value"), name="contact_point_once"),
        )

    def __str__(self) -> str:
        return self.value

    @classmethod
    def made(cls, contact: Contact, kind: str, value: str) -> "ContactPoint":
        """A point with the keys that it is found by, not stored yet."""
        is_phone = kind == cls.Kind.PHONE
        return cls(
            contact=contact,
            kind=kind,
            value=value,
            key=keys.key_of(kind, value),
            last_four_key=keys.last_four_key(value) if is_phone else "",
        )


class SearchNameQuerySet(models.QuerySet["SearchName"]):
    def holding(self, text: str) -> "SearchNameQuerySet":
        """Every word of the text is in the name, its pinyin or its initials."""
        rows = self.all()
        words = words_of(text)
        for word in words:
            if pieces := asked_pieces(word):
                rows = rows.filter(pieces__contains=pieces)
            rows = rows.filter(text__contains=word)
        return rows if words else rows.none()


class SearchName(models.Model):
    """What a customer is found by: a table of its own, since an index of pairs is dear to keep.

    `core` is the name without its legal form, `sound` how that is read: near-same names share one.
    Kept by the actions (`customers.actions.search_names`).
    """

    customer = models.OneToOneField(
        Customer, models.CASCADE, primary_key=True, related_name="search_name"
    )
    text = models.TextField()
    pieces = ArrayField(models.TextField())
    core = models.CharField(max_length=120, db_index=True)
    sound = models.CharField(max_length=200, db_index=True)

    objects = SearchNameQuerySet.as_manager()

    class Meta:
        indexes = (GinIndex("pieces", name="search_name_by_pieces"),)

    def __str__(self) -> str:
        return self.core
