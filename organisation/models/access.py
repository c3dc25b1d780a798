"""Who looked at personal data."""

from django.db import models

from organisation.models.person import Person


class AccessRecord(models.Model):
    """One unmasking of personal data: who, what, when. Append-only by trigger."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=30)
    reference = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.what} {self.reference}"
