"""Everybody who works here; the user model. Customers are never persons."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models.branch import Branch
from organisation.models.importance import Importance
from organisation.scope import Scope


class Role(models.TextChoices):
    """The role catalogue (O-02, `sla.md` §5)."""

    ADMINISTRATOR = "administrator", _("Administrator")
    QUALITY_MANAGER = "quality_manager", _("Quality manager")
    QUALITY_SPECIALIST = "quality_specialist", _("Quality specialist")
    SERVICE_FUNCTION = "service_function", _("Service function")
    SERVICE_DIRECTOR = "service_director", _("Service director")
    GENERAL_MANAGER = "general_manager", _("General manager")
    HUMAN_RESOURCES = "human_resources", _("Development & HR")
    FRONT_DESK = "front_desk", _("Front desk")
    HANDLER = "handler", _("Handler")
    BRANCH_MANAGER = "branch_manager", _("Branch manager")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    CUSTOMER_REPRESENTATIVE = "customer_representative", _("Customer representative")
    REVIEWER = "reviewer", _("Review group")
    MENTOR = "mentor", _("Mentor")
    AUDITOR = "auditor", _("Auditor")
    EXECUTIVE = "executive", _("Executive")


class PersonManager(BaseUserManager["Person"]):
    def create_person(
        self, username: str | None = None, password: str | None = None, **fields: object
    ) -> "Person":
        """A person; without a user name there is no login."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save()
        return person

    def with_logins(self) -> "models.QuerySet[Person]":
        return self.filter(username__isnull=False, is_active=True)


class Person(AbstractBaseUser):
    """A member of staff, with or without a login."""

    SCOPE: ClassVar = Scope(verb="person.see", branches=("postings__branch",), people=("",))
    USERNAME_FIELD = "username"

    username = models.CharField(_("user name"), max_length=80, unique=True, null=True, blank=True)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=80)
    spelling = models.CharField(max_length=200, blank=True, editable=False)
    spellings = models.TextField(
        blank=True, editable=False, help_text="Every way to type the name; kept by the actions."
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    # WCAG 2.1.4: single keys act, unless the person wants none of it.
    uses_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)
    # What is overdue or escalated reaches everybody by e-mail (`sla.md` §3).
    email_from = models.PositiveSmallIntegerField(
        _("messages by e-mail"), choices=Importance, default=Importance.INFORMATION
    )
    # Quiet hours: those of the company, own ones, or none.
    has_quiet_hours = models.BooleanField(_("quiet hours"), default=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonManager()

    class Meta:
        ordering = ("spelling", "name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(email_from__lte=Importance.OVERDUE), name="person_hears_what_is_overdue"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~Q(quiet_from=F("quiet_until")),
                name="person_quiet_hours_have_both_ends",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def has_login(self) -> bool:
        return self.username is not None


class Posting(models.Model):
    """One role at one branch; it reaches down to every branch below."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="postings")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="postings")
    role = models.CharField(_("role"), max_length=24, choices=Role)

    class Meta:
        ordering = ("branch__path", "role")
        constraints = (
            models.UniqueConstraint(fields=("person", "branch", "role"), name="posting_once"),
        )
        indexes = (models.Index(fields=("branch", "role"), name="posting_by_role"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.branch_id}"
