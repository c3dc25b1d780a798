"""Closing a week or a month: its rankings are frozen, once and for ever (R-01, R-02).

What is found out later makes a further revision; the first stays.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from csm.kit.errors import NotOpen, Refused
from csm.kit.periods import Period
from organisation.access import require_everywhere
from organisation.actions import sweeps
from organisation.models import Person
from reports import closing, standings
from reports.actions import period_news as news
from reports.checksums import checksum
from reports.models import MOST_HOURS, ClosingRule, FrozenRanking
from reports.places import LEVELS
from reports.standings import Standing

CLOSE, RULES = "period.close", "ranking.rules"
# One lock for all periods: two closings at once would do the same sums for nothing.
CLOSING_LOCK = 4713


@transaction.atomic
def close(*, period: str, now: datetime, by: Person | None) -> bool:
    """Freeze both levels of a period ("2026-W47", "2026-11"), be it before the time for disputes
    is over.

    False when it was closed already: nothing changes then. Refused for what is no period, for one
    that has not ended, and while a dispute is open.
    """
    require_everywhere(by, CLOSE)
    chosen = ended(period, now)
    _wait_for_others()
    if FrozenRanking.objects.filter(period=chosen.key).exists():
        return False
    _check_no_open_disputes(chosen)
    found = [standings.computed(chosen, level=level, now=now) for level in LEVELS]
    _freeze(found, revision=1, reason="", by=by, now=now)
    news.tell_frozen(found, by=by, now=now)
    return True


@transaction.atomic
def revise(*, period: str, reason: str, now: datetime, by: Person) -> int:
    """Write what a closed period comes to by now as a further revision; gives its number.

    The units are added up as they were then, by the same formula. Refused where nothing changed.
    """
    require_everywhere(by, CLOSE)
    chosen = ended(period, now)
    if not reason.strip():
        raise Refused.at("reason", _("Say what was found out, and how."))
    _wait_for_others()
    closed = {level: standings.frozen(chosen, level=level) for level in LEVELS}
    latest = [standing for standing in closed.values() if standing is not None]
    if not latest:
        raise NotOpen(_("%(period)s is not frozen yet.") % {"period": chosen.key})
    found = [
        standings.computed(chosen, level=each.level, now=now, as_closed=each.rows)
        for each in latest
    ]
    if latest[0].formula != found[0].formula:
        raise Refused(
            _("It was frozen by the formula %(formula)s, which is not counted any more.")
            % {"formula": latest[0].formula}
        )
    if not any(map(_differ, latest, found)):
        raise Refused(_("The figures are as they were frozen: there is nothing to revise."))
    revision = latest[0].revision + 1
    _freeze(found, revision=revision, reason=reason.strip(), by=by, now=now)
    news.tell_revised(found, revision=revision, reason=reason.strip(), by=by, now=now)
    return revision


def close_ended(*, now: datetime) -> int:
    """Close what is due: see `closing.due`. Gives how many were closed.

    What waits for a dispute is left for the next round, and whoever decides is reminded once a day.
    """
    count = 0
    for period in closing.due(now=now):
        try:
            count += close(period=period.key, now=now, by=None)
        except NotOpen:
            news.remind(period, now=now)
    sweeps.mark("periods", now=now)
    return count


@transaction.atomic
def set_rule(*, dispute_hours: int, by: Person, now: datetime) -> ClosingRule:
    """For how long disputes are taken in periods that end from now on."""
    require_everywhere(by, RULES)
    if not 0 <= dispute_hours <= MOST_HOURS:
        words = _("Enter a number of hours from 0 to %(most)d.") % {"most": MOST_HOURS}
        raise Refused.at("dispute_hours", words)
    return ClosingRule.objects.create(dispute_hours=dispute_hours, created_at=now, created_by=by)


def ended(key: str, now: datetime) -> Period:
    """The period of a key. Refused for what is none, and for one that has not ended."""
    try:
        period = standings.period_of(key)
    except ValueError:
        raise Refused(
            _("%(key)s is not a period. Name a week such as 2026-W47 or a month such as 2026-11.")
            % {"key": key}
        ) from None
    if not period.has_ended(now):
        raise Refused(
            _("%(period)s has not ended. It can be closed from %(moment)s on.")
            % {"period": key, "moment": f"{timezone.localtime(period.end):%Y-%m-%d %H:%M}"}
        )
    return period


def wait_for_closings() -> None:
    """Nothing is frozen while this transaction lasts; others may do the same meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [CLOSING_LOCK])


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLOSING_LOCK])


def _check_no_open_disputes(period: Period) -> None:
    number = closing.open_in(period.key).count()
    if number:
        raise NotOpen(
            ngettext(
                "%(period)s cannot be frozen: %(n)d dispute is open. Decide it first.",
                "%(period)s cannot be frozen: %(n)d disputes are open. Decide them first.",
                number,
            )
            % {"period": period.key, "n": number}
        )


def _freeze(
    found: Iterable[Standing], *, revision: int, reason: str, by: Person | None, now: datetime
) -> None:
    rows = [_frozen(standing, revision, reason, by, now) for standing in found]
    for row in rows:
        row.checksum = checksum(row)
    FrozenRanking.objects.bulk_create(rows)


def _frozen(
    standing: Standing, revision: int, reason: str, by: Person | None, now: datetime
) -> FrozenRanking:
    return FrozenRanking(
        period=standing.period.key,
        level=standing.level,
        revision=revision,
        reason=reason,
        formula=standing.formula,
        rule=standing.rule,
        weights=dict(standing.weights),
        frozen_at=now,
        cut_off_at=now,
        frozen_by=by,
        rows=list(standing.rows),
        company=dict(standing.company),
        before=dict(standing.before),
    )


def _differ(closed: Standing, found: Standing) -> bool:
    return (closed.rows, closed.company) != (found.rows, found.company)
