"""How often something was done, where Redis cannot count it."""

from django.db import models


class Tally(models.Model):
    """One counter of one span of time; `key` is a hash of what is counted."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
