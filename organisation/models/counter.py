"""Numbers that are handed out one after the other."""

from django.db import models


class Counter(models.Model):
    """The last number given under a name, such as "complaint:20261119" or "work-order:2026"."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
