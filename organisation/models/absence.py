"""Who is away, and who hears in their stead."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models.person import Person
from organisation.scope import Scope


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        return self.filter(from_on__lte=day, until_on__gte=day)


class Absence(models.Model):
    """Days, both included, in the company's zone. A new absence takes the place of the last."""

    SCOPE: ClassVar = Scope(
        verb="person.see", branches=("person__postings__branch",), people=("person", "deputy")
    )

    person = models.OneToOneField(Person, models.CASCADE, related_name="absence")
    deputy = models.ForeignKey(Person, models.CASCADE, related_name="stands_in")
    from_on = models.DateField(_("away from"))
    until_on = models.DateField(_("until"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~Q(deputy=F("person")), name="absence_deputy_is_another"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.from_on} {self.until_on}"

    def covers(self, day: date) -> bool:
        return self.from_on <= day <= self.until_on
