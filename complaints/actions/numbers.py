"""Numbers of complaints: `TS` + the day of receipt in the company's zone + a number of the day."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from organisation.actions.counters import take


def new_number(received_at: datetime) -> str:
    """One number, never reused."""
    return new_numbers([received_at])[0]


def new_numbers(received: Sequence[datetime]) -> list[str]:
    """One number for each moment of receipt; one step of the counter for each day."""
    zone = ZoneInfo(settings.TIME_ZONE)
    days = [moment.astimezone(zone).strftime("%Y%m%d") for moment in received]
    # In the order of the days, so that two takers of several cannot lock each other out.
    following = {
        day: take(f"complaint:{day}", count) for day, count in sorted(Counter(days).items())
    }
    numbers = []
    for day in days:
        numbers.append(f"TS{day}-{following[day]:04d}")
        following[day] += 1
    return numbers
