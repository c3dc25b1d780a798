"""Reminders of the quarter, each told once: what is to begin, to close, to be answered."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone

from organisation import outbox
from organisation.models import Branch, Importance, Person
from organisation.outbox import Notice
from staff import accounts, contact_reading, quarters
from staff import scorecards as cards
from staff.actions import contact_audits, satisfaction, scorecards
from staff.models import CardAppeal, StaffRound
from staff.models.accounts import DECIDE

# So long before the end of a quarter its round should be set; so long after it its cards closed.
ROUND_BEFORE, CLOSED_AFTER = timedelta(days=28), timedelta(days=7)
ANSWERED_WITHIN = timedelta(days=7)
# So long after a quarter account managers are decided on; so long before its end contacts drawn.
DECIDED_AFTER, DRAWN_BEFORE = timedelta(days=14), timedelta(days=21)


def remind(*, now: datetime) -> int:
    """Tell those who may; gives the number of messages written. Safe to run twice."""
    today = timezone.localdate(now)
    found = [*_round(today), *_cards(today), *_appeals(now), *_accounts(today), *_contacts(today)]
    return outbox.put_all(found, now=now)


def _round(today: date) -> Iterator[Notice]:
    quarter = quarters.on(today)
    is_due = quarter.last_on - ROUND_BEFORE <= today <= quarter.last_on - satisfaction.SHORTEST
    latest = StaffRound.objects.order_by("-quarter").values_list("quarter", flat=True).first()
    # Who has never asked is not reminded.
    if is_due and latest and latest < quarter.key:
        yield _notice(
            "round", quarter.key, scorecards.holders(satisfaction.EDIT), "/staff/satisfaction/new/"
        )


def _cards(today: date) -> Iterator[Notice]:
    before = quarters.on(today).previous
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


def _accounts(today: date) -> Iterator[Notice]:
    """Account managers on whom nobody has decided (T-20)."""
    before = quarters.on(today).previous
    places = Branch.objects.active().values_list("pk", flat=True)
    if (
        today >= before.last_on + DECIDED_AFTER
        and accounts.undecided(before, list(places)).exists()
    ):
        path = f"/staff/account-managers/?period={before.key}"
        yield _notice("accounts", before.key, scorecards.holders(DECIDE), path)


def _contacts(today: date) -> Iterator[Notice]:
    """A quarter of which no first contacts were drawn (T-12)."""
    quarter = quarters.on(today)
    is_due = today >= quarter.last_on - DRAWN_BEFORE
    if is_due and contact_reading.is_to_draw(Branch.objects.top(), quarter):
        path = "/staff/first-contact/draw/"
        yield _notice("contacts", quarter.key, scorecards.holders(contact_audits.RUN), path)


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
