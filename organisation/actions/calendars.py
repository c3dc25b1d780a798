"""Work calendars: China's holidays and make-up days, editable by the administrator."""

from datetime import date, timedelta

import holidays
from django.db import transaction

from organisation.access import require_everywhere
from organisation.models import CalendarDay, Person, WorkCalendar

# What an announced make-up working day is called: the State Council names holidays only.
MAKE_UP_NAME = "调休上班"
OFFICE_HOURS = {str(day): [["09:00", "18:00"]] for day in range(5)}


@transaction.atomic
def create(
    *, name: str, timezone: str, by: Person | None, weekly: dict[str, list[list[str]]] | None = None
) -> WorkCalendar:
    """A calendar with office hours, Monday to Friday, unless others are given."""
    require_everywhere(by, "calendar.edit")
    return WorkCalendar.objects.create(name=name, timezone=timezone, weekly=weekly or OFFICE_HOURS)


@transaction.atomic
def load_year(*, calendar: WorkCalendar, year: int, by: Person | None) -> int:
    """Add the announced days of a year; days entered by hand stay. Gives how many were added."""
    require_everywhere(by, "calendar.edit")
    days = announced_days(year)
    before = calendar.days.count()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(calendar=calendar, on=on, is_working=works, name=name)
            for on, (works, name) in days.items()
        ],
        ignore_conflicts=True,
    )
    return calendar.days.count() - before


def announced_days(year: int) -> dict[date, tuple[bool, str]]:
    """China's holidays and make-up working days of a year: day → (works, name)."""
    table = holidays.country_holidays("CN", years=year, language="zh_CN")
    days = {on: (False, str(name)) for on, name in table.items() if on.year == year}
    # The set also holds make-up days of other years.
    makeup = {on for on in table.weekend_workdays if on.year == year}
    return days | dict.fromkeys(makeup, (True, MAKE_UP_NAME))


def work_days(first: date, last: date) -> list[date]:
    """The days of work from `first` to `last`, by the company's first calendar, in order.

    Without a calendar: Monday to Friday.
    """
    calendar = WorkCalendar.objects.order_by("pk").first()
    weekly = calendar.weekly if calendar else OFFICE_HOURS
    rows = calendar.days.filter(on__range=(first, last)) if calendar else CalendarDay.objects.none()
    special = dict(rows.values_list("on", "is_working"))
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return [day for day in days if special.get(day, bool(weekly.get(str(day.weekday()))))]


def is_announced(calendar: WorkCalendar, year: int) -> bool:
    """False while a year has no make-up days: the State Council usually speaks in November."""
    return calendar.days.filter(on__year=year, is_working=True).exists()


def unannounced_year(today: date) -> int | None:
    """The year to warn about: this one, or from 1 December the next, while it is not complete."""
    years = [today.year] + ([today.year + 1] if today.month == 12 else [])
    for year in years:
        for calendar in WorkCalendar.objects.all():
            if not is_announced(calendar, year):
                return year
    return None


@transaction.atomic
def set_day(
    *, calendar: WorkCalendar, on: date, is_working: bool, name: str, by: Person | None
) -> None:
    require_everywhere(by, "calendar.edit")
    CalendarDay.objects.update_or_create(
        calendar=calendar, on=on, defaults={"is_working": is_working, "name": name}
    )


@transaction.atomic
def remove_day(*, day: CalendarDay, by: Person | None) -> None:
    require_everywhere(by, "calendar.edit")
    day.delete()
