"""The survey of staff of the demo: last quarter's is over, this quarter's is open; closed cards."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

from csm.kit import periods
from organisation.access import can
from organisation.models import Person
from staff import groups
from staff import scorecards as cards
from staff.actions import satisfaction, scorecards

WORDS = (
    "希望系统能自动提醒回访时间",
    "晨会时间可以再短一些",
    "仓库和客服之间的信息再快一点",
    "多给一线一点当场补偿的权限",
    "新人带教的时间不够",
    "车队排班能提前一天公布就好了",
)
ANSWERS = 60
LASTS = timedelta(days=13)


def ask(now: datetime) -> None:
    """Sixty of the staff have answered the round before, twelve the present one."""
    chance = random.Random("satisfaction")  # noqa: S311  demo data
    before = periods.at(now, kind="quarter", zone=timezone.get_default_timezone()).previous
    first = before.end - timedelta(days=30)
    everybody = Person.objects.filter(is_active=True).order_by("pk")
    people = [person for person in everybody if can(person, satisfaction.ANSWER)]
    chance.shuffle(people)
    _round(people[:ANSWERS], first, chance)
    satisfaction.settle_due(now=now)
    _round(people[: ANSWERS // 5], now, chance)
    scorecards.close(period=cards.quarter(before.key), by=None, now=now)


def _round(people: list[Person], at: datetime, chance: random.Random) -> None:
    today = timezone.localdate(at)
    made = satisfaction.begin(first_on=today, last_on=today + LASTS, by=None, now=at)
    for place, person in enumerate(people):
        offered = groups.offered(person)
        satisfaction.answer(
            of=made,
            marks=[chance.choice((2, 3, 4, 4, 5)) for _each in made.questions],
            group=offered[0] if offered else None,
            words=WORDS[place] if place < len(WORDS) else "",
            by=person,
            now=at,
        )
