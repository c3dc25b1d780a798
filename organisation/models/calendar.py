"""Work calendars: weekly hours, holidays and make-up working days (调休)."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkCalendar(models.Model):
    """Weekly hours in one time zone. `weekly` is {"0": [["09:00", "18:00"]], …}, "0" is Monday."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    timezone = models.CharField(_("time zone"), max_length=60)
    weekly = models.JSONField(_("weekly hours"))
    country = models.CharField(_("holidays of"), max_length=2, default="CN")

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> dict[int, list[tuple[time, time]]]:
        """The weekly hours as times; a span may end at midnight ("00:00")."""
        return {
            int(day): [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans]
            for day, spans in self.weekly.items()
        }


class CalendarDay(models.Model):
    """A day that differs from the week: a holiday, or a make-up working day."""

    calendar = models.ForeignKey(WorkCalendar, models.CASCADE, related_name="days")
    on = models.DateField(_("day"))
    is_working = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("name"), max_length=80, blank=True)

    class Meta:
        ordering = ("on",)
        constraints = (
            models.UniqueConstraint(fields=("calendar", "on"), name="calendar_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
