"""Subscribing to reports, and sending them: Monday and the first at 08:00, by the company's clock.

A report is sent once to each person, whatever the sweeps do: (period, person) is unique.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from complaints import months
from csm.kit.periods import Period
from organisation import outbox
from organisation.access import ROLE_VERBS, require
from organisation.models import Importance, Person
from reports import closing
from reports.documents import building, mail
from reports.documents.building import Facts
from reports.models import ReportKind, ReportSubscription, SentReport

VERB = "report.subscribe"
logger = logging.getLogger(__name__)
# What a standstill of the worker has left out is made up for; older reports are no news.
MISSED = {ReportKind.WEEK: 4, ReportKind.MONTH: 2}


@transaction.atomic
def subscribe(*, kind: str, by: Person, now: datetime) -> None:
    """From the next report on; twice is once."""
    require(by, VERB)
    ReportSubscription.objects.get_or_create(person=by, kind=kind, defaults={"since": now})


@transaction.atomic
def unsubscribe(*, kind: str, by: Person, now: datetime) -> None:
    """Also by who has no right any more."""
    ReportSubscription.objects.filter(person=by, kind=kind, since__lte=now).delete()


def send_due(*, now: datetime) -> int:
    """Send what is due to those who subscribed before it was; the number of reports sent.

    Two queries when nothing is to be sent. Safe to run twice at once.
    """
    due = [period for kind in ReportKind for period in _due(kind, now)]
    waiting = _waiting(due)
    return sum(_send(period, waiting[period.key], now) for period in due if waiting[period.key])


def _due(kind: ReportKind, now: datetime) -> list[Period]:
    """The last periods whose report is due by now, the oldest first."""
    period = months.running(now, "month" if kind == ReportKind.MONTH else "week").previous
    found: list[Period] = []
    for _place in range(MISSED[kind]):
        if period.after(closing.PREVIEW_AT) <= now:
            found.insert(0, period)
        period = period.previous
    return found


def _waiting(due: Iterable[Period]) -> dict[str, list[Person]]:
    """Who has not got them, by period; whoever may not subscribe any more gets nothing."""
    periods = list(due)
    keys = [period.key for period in periods]
    sent = set(SentReport.objects.filter(period__in=keys).values_list("period", "person"))
    roles = [role for role, verbs in ROLE_VERBS.items() if VERB in verbs]
    rows = ReportSubscription.objects.filter(
        person__is_active=True, person__postings__role__in=roles
    )
    found: dict[str, list[Person]] = defaultdict(list)
    for row in rows.select_related("person").order_by("pk").distinct():
        for period in periods:
            is_new = (period.key, row.person_id) not in sent
            if period.kind == row.kind and is_new and row.since <= _due_at(period):
                found[period.key].append(row.person)
    return found


def _due_at(period: Period) -> datetime:
    return period.after(closing.PREVIEW_AT)


def _send(period: Period, people: Iterable[Person], now: datetime) -> int:
    """The company's figures are counted once for all, the lists for each."""
    found, sent = building.facts(period, now=now), 0
    for person in people:
        try:
            sent += _send_one(found, person)
        except Exception:  # one row of a sweep
            logger.exception("report %s was not made for person %s", period.key, person.pk)
    return sent


@transaction.atomic
def _send_one(found: Facts, person: Person) -> bool:
    """False when another sweep was faster."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        words = mail.words(building.report(found, person, most=0))
    period, standing = found.period, found.standing
    said = {
        "at": found.now,
        "stage": found.life.stage,
        "revision": standing.revision,
        "checksum": found.checksum,
        "words": words,
    }
    _row, is_new = SentReport.objects.get_or_create(period=period.key, person=person, defaults=said)
    if not is_new:
        return False
    outbox.put(
        key=f"report:{period.key}",
        to=[person],
        text="report_sent",
        context={"period": period.key, "words": words, outbox.ALONE: True},
        importance=Importance.REMINDER,
        path=f"/reports/{period.key}/",
        now=found.now,
    )
    return True
