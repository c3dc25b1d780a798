"""The timers that a sweep has in hand."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Batch(models.Model):
    """Written before its timers are fired, and gone with the transaction that fires them.

    One that stays was the death of the process that had it, or of its connection: a timer in it
    may be the reason (A-12). Without `begun_at` it waits for a sweep.
    """

    timers = ArrayField(models.BigIntegerField())
    begun_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{len(self.timers)} timers"
