"""Links that open one thing without a login."""

from datetime import datetime

from django.db import models


class PublicLinkQuerySet(models.QuerySet["PublicLink"]):
    def live(self, now: datetime) -> "PublicLinkQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class PublicLink(models.Model):
    """Only the hash of the token is kept; `purpose` binds it to one kind of page."""

    purpose = models.CharField(max_length=30)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PublicLinkQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="public_link_expires_later",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
