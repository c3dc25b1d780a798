"""Proof that the sweeps run."""

from django.db import models


class SweepRun(models.Model):
    """When a sweep last finished; a badge turns red when that is too long ago."""

    name = models.CharField(max_length=30, primary_key=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
