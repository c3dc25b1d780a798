"""Links that open one thing without a login."""

from datetime import datetime

from django.db import models


class PublicLinkQuerySet(models.QuerySet["PublicLink"]):
    def live(self, now: datetime) -> "PublicLinkQuerySet":
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class PublicLink(models.Model):
    """Only the hash of the token is kept.

    `purpose` is the name of the one address that the link opens. From the `nonce` and the secret
    key of the installation the token is made again, to write it into a letter; a copy of the
    database alone opens nothing.
    """

    purpose = models.CharField(max_length=30)
    # Empty only for links older than letters: those open, and cannot be written again.
    nonce = models.CharField(max_length=64, blank=True, default="")
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PublicLinkQuerySet.as_manager()

    class Meta:
        constraints = (
            # `unique=True` would bring a second index, for beginnings of a hash.
            models.UniqueConstraint(fields=("token_hash",), name="public_link_token_once"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="public_link_expires_later",
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now
