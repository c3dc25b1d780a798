"""The calendar address of a person: made, made anew, ended."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from customers.models import VisitFeed
from customers.models.visit import FEED
from organisation.access import require
from organisation.actions import tokens
from organisation.models import Person

LIFE = timedelta(days=366)


@transaction.atomic
def give(*, by: Person, now: datetime) -> VisitFeed:
    """A new address; the one before opens nothing any more."""
    require(by, "customer.see")
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    end(by=by, now=now)
    link = tokens.issue_link(purpose=FEED, life=LIFE, now=now)
    return VisitFeed.objects.create(person=by, link=link)


@transaction.atomic
def end(*, by: Person, now: datetime) -> None:
    """Nobody reads it any more; twice is once."""
    for feed in VisitFeed.objects.filter(person=by).select_related("link"):
        tokens.revoke_link(link=feed.link, now=now)
        feed.delete()


def address(person: Person, *, now: datetime) -> str:
    """The whole address; empty for who has none, or one that opens nothing any more."""
    rows = VisitFeed.objects.filter(person=person, link__expires_at__gt=now)
    feed = rows.select_related("link").first()
    if feed is None:
        return ""
    try:
        return f"{settings.BASE_URL}{tokens.path_of(feed.link)}"
    except tokens.NoToken:
        return ""
