"""What the API keeps about its callers."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from organisation.models.person import Person


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def live(self, now: datetime) -> "ApiTokenQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, person__is_active=True)


class ApiToken(models.Model):
    """A key for programs; only its hash is stored."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.person_id} {self.name}"


class IdempotentAnswer(models.Model):
    """The answer given to a creating call, kept 24 h so that a repeat gets the same one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "key"), name="idempotent_answer_once"),
        )

    def __str__(self) -> str:
        return self.key
