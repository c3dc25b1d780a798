"""Closing a week or a month: its rankings are frozen, once and for ever (R-01, R-02)."""

from datetime import datetime, time

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import months
from csm.kit.errors import Refused
from csm.kit.periods import Kind, Period
from organisation.access import require_everywhere
from organisation.actions import sweeps
from organisation.models import Person
from reports import standings
from reports.models import FrozenRanking
from reports.places import LEVELS

# Executives read the week on Monday morning, by the company's clock.
CLOSES_AT = time(8)
# One lock for all periods: two closings at once would do the same sums for nothing.
CLOSING_LOCK = 4713


@transaction.atomic
def close(*, period: str, now: datetime, by: Person | None) -> bool:
    """Freeze both levels of a period ("2026-W47", "2026-11").

    False when it was closed already: nothing changes then. Refused for what is no period and for
    one that has not ended.
    """
    require_everywhere(by, "period.close")
    chosen = _ended(period, now)
    _wait_for_others()
    if FrozenRanking.objects.filter(period=chosen.key).exists():
        return False
    FrozenRanking.objects.bulk_create(
        _frozen(standings.computed(chosen, level=level, now=now), by=by, now=now)
        for level in LEVELS
    )
    return True


def close_ended(*, now: datetime) -> int:
    """Close what has ended: the last week and month, and those missing since the latest closed.

    A period is closed from 08:00 of the day after it on. Gives how many were closed; when none is
    due, that is one query.
    """
    last = [_last_to_close(kind, now) for kind in ("week", "month")]
    keys = [period.key for period in last]
    closed = set(FrozenRanking.objects.filter(period__in=keys).values_list("period", flat=True))
    due = [key for period in last if period.key not in closed for key in _missing(period)]
    count = sum(close(period=key, now=now, by=None) for key in due)
    sweeps.mark("periods", now=now)
    return count


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLOSING_LOCK])


def _ended(key: str, now: datetime) -> Period:
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


def _last_to_close(kind: Kind, now: datetime) -> Period:
    """The latest period whose morning after has come."""
    period = months.running(now, kind).previous
    return period if period.after(CLOSES_AT) <= now else period.previous


def _missing(last: Period) -> list[str]:
    """The keys after the latest closed period of the kind up to `last`; only `last` if none is."""
    earlier = standings.latest(last.kind, before=last.key)
    keys = [last.key]
    period = last.previous
    while earlier and period.key > earlier.key:
        keys.append(period.key)
        period = period.previous
    return keys[::-1]


def _frozen(standing: standings.Standing, *, by: Person | None, now: datetime) -> FrozenRanking:
    return FrozenRanking(
        period=standing.period.key,
        level=standing.level,
        formula=standing.formula,
        frozen_at=now,
        frozen_by=by,
        rows=list(standing.rows),
        company=dict(standing.company),
        before=dict(standing.before),
    )
