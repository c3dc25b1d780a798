"""How often somebody tried a password, so that guessing is slow (B-17)."""

from django.db import models


class SignInTries(models.Model):
    """Failed tries for one name from one address, since the first of them.

    `key` is a hash of both: what was typed as a name may have been a password.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    since_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
