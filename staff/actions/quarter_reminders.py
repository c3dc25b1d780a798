"""Reminders of the quarter, each told once: what is to begin, to close, to be answered."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from csm.kit import periods
from organisation import outbox
from organisation.models import Importance, Person
from organisation.outbox import Notice
from staff import scorecards as cards
from staff.actions import satisfaction, scorecards
from staff.models import CardAppeal, StaffRound

# So long before the end of a quarter its round should be set; so long after it its cards closed.
ROUND_BEFORE, CLOSED_AFTER = timedelta(days=28), timedelta(days=7)
ANSWERED_WITHIN = timedelta(days=7)


def remind(*, now: datetime) -> int:
    """Tell those who may; gives the number of messages written. Safe to run twice."""
    today = timezone.localdate(now)
    return outbox.put_all([*_round(today), *_cards(today), *_appeals(now)], now=now)


def _round(today: date) -> Iterator[Notice]:
    quarter = periods.on(today, kind="quarter", zone=timezone.get_default_timezone())
    is_due = quarter.last_on - ROUND_BEFORE <= today <= quarter.last_on - satisfaction.SHORTEST
    latest = StaffRound.objects.order_by("-quarter").values_list("quarter", flat=True).first()
    # Who has never asked is not reminded.
    if is_due and latest and latest < quarter.key:
        yield _notice(
            "round", quarter.key, scorecards.holders(satisfaction.EDIT), "/staff/satisfaction/new/"
        )


def _cards(today: date) -> Iterator[Notice]:
    zone = timezone.get_default_timezone()
    before = periods.on(today, kind="quarter", zone=zone).previous
    is_due = today >= before.last_on + CLOSED_AFTER
    if is_due and cards.is_to_close(before):
        path = f"/staff/scorecards/close/{before.key}/"
        yield _notice("cards", before.key, scorecards.holders(scorecards.CLOSE), path)


def _appeals(now: datetime) -> Iterator[Notice]:
    rows = CardAppeal.objects.filter(status=CardAppeal.Status.OPEN, at__lte=now - ANSWERED_WITHIN)
    for row in rows.select_related("card"):
        people = scorecards.answering(row)
        path = f"/staff/scorecards/{row.card_id}/"
        yield _notice("appeal", str(row.card_id), people, path, quarter=row.card.quarter)


def _notice(
    what: str, key: str, people: Iterable[Person], path: str, *, quarter: str = ""
) -> Notice:
    return Notice(
        key=f"quarter-due:{what}:{key}",
        people=[person.pk for person in people],
        text="quarter_due",
        context={"what": what, "quarter": quarter or key},
        importance=Importance.REMINDER,
        path=path,
    )
