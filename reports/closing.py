"""How far a period is: running, preview with disputes, waiting for decisions, frozen (R-01, R-02).

Nothing of it is stored but the frozen rankings and the disputes: the rest follows from the clock.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints import months
from complaints.models import Complaint
from csm.kit.periods import Kind, Period
from reports import standings
from reports.models import DISPUTE_HOURS, ClosingRule, Dispute, DisputeStatus, FrozenRanking

# The preview is read on Monday morning, by the company's clock: from then the hours are counted.
PREVIEW_AT = time(8)
KINDS: tuple[Kind, ...] = ("week", "month")


class Stage(models.TextChoices):
    RUNNING = "running", pgettext_lazy("of a period", "Running")
    PREVIEW = "preview", pgettext_lazy("of a period", "Preview, open to disputes")
    DECIDING = "deciding", pgettext_lazy("of a period", "Preview, to be frozen")
    FROZEN = "frozen", _("Frozen")


@dataclass(frozen=True)
class Frozen:
    """One frozen revision of a period, without its rows."""

    revision: int
    frozen_at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Life:
    """Where a period is. Disputes are taken from its end and before `until`."""

    period: Period
    stage: Stage
    until: datetime
    open_disputes: int
    revisions: Sequence[Frozen]

    @property
    def is_disputable(self) -> bool:
        return self.stage == Stage.PREVIEW

    @property
    def latest(self) -> Frozen | None:
        return self.revisions[-1] if self.revisions else None


def rules() -> list[ClosingRule]:
    """Every version, the oldest first."""
    return list(ClosingRule.objects.order_by("created_at", "pk"))


def dispute_until(period: Period, known: Sequence[ClosingRule] | None = None) -> datetime:
    """When the time for disputes is over, by the rule in force when the period ended."""
    versions = rules() if known is None else known
    then = [rule for rule in versions if rule.created_at <= period.end]
    return period.after(PREVIEW_AT) + timedelta(hours=hours(then))


def hours(versions: Sequence[ClosingRule]) -> int:
    """What the latest version says; 48 while there is none."""
    return versions[-1].dispute_hours if versions else DISPUTE_HOURS


def life(period: Period, *, now: datetime) -> Life:
    return lives([period], now=now)[0]


def lives(periods: Sequence[Period], *, now: datetime) -> list[Life]:
    """Where each is; three queries for any number."""
    keys = [period.key for period in periods]
    frozen = _frozen(keys)
    known = rules()
    waiting = _waiting(keys)
    return [
        _life(period, frozen.get(period.key, []), known, waiting[period.key], now)
        for period in periods
    ]


def backwards(newest: Period, size: int, *, now: datetime) -> tuple[list[Period], bool]:
    """So many periods back from `newest`, and whether there are more: to the first complaint."""
    row = Complaint.objects.order_by("received_at").values_list("received_at", flat=True).first()
    first = row or now
    found = [newest]
    while len(found) < size and found[-1].start > first:
        found.append(found[-1].previous)
    return found, found[-1].start > first


def _life(
    period: Period,
    revisions: Sequence[Frozen],
    known: Sequence[ClosingRule],
    waiting: int,
    now: datetime,
) -> Life:
    until = dispute_until(period, known)
    if revisions:
        stage = Stage.FROZEN
    elif not period.has_ended(now):
        stage = Stage.RUNNING
    else:
        stage = Stage.PREVIEW if now < until else Stage.DECIDING
    return Life(period, stage, until, waiting, revisions)


def _frozen(keys: Sequence[str]) -> dict[str, list[Frozen]]:
    rows = FrozenRanking.objects.filter(period__in=keys, level=standings.FIRST_LEVEL)
    found: dict[str, list[Frozen]] = {}
    for key, revision, at, name, reason in rows.order_by("revision").values_list(
        "period", "revision", "frozen_at", "frozen_by__name", "reason"
    ):
        found.setdefault(key, []).append(Frozen(revision, at, name or "", reason))
    return found


def open_in(*keys: str) -> QuerySet[Dispute]:
    """The disputes that a period waits for: of what it counts, in whose time ever."""
    return Dispute.objects.filter(of_period(*keys), status=DisputeStatus.OPEN)


def of_period(*keys: str) -> Q:
    """The disputes about what these periods count."""
    return Q(period__in=keys) | Q(also__in=keys)


def _waiting(keys: Sequence[str]) -> Counter[str]:
    """How many open disputes each waits for."""
    pairs = open_in(*keys).values_list("period", "also")
    return Counter(key for pair in pairs for key in pair)


def around(at: datetime, *, now: datetime) -> list[Life]:
    """The week and the month that count what belongs to a moment."""
    return lives([months.running(at, kind) for kind in KINDS], now=now)


def due(*, now: datetime) -> list[Period]:
    """What is to be frozen by now, the oldest first.

    The last week and month whose time for disputes is over, those missing since the latest frozen
    one, and those that waited for a dispute.
    """
    known = rules()
    last = [_last(kind, now, known) for kind in KINDS]
    keys = [period.key for period in last]
    frozen = set(FrozenRanking.objects.filter(period__in=keys).values_list("period", flat=True))
    found = {key for period in last if period.key not in frozen for key in _missing(period)}
    periods = [standings.period_of(key) for key in found | _waited()]
    ready = [period for period in periods if dispute_until(period, known) <= now]
    return sorted(ready, key=lambda period: (period.end, period.key))


def _waited() -> set[str]:
    """What is not frozen and was disputed: it may have waited while later ones were frozen."""
    rows = Dispute.objects.annotate(
        is_frozen=Exists(FrozenRanking.objects.filter(period=OuterRef("period"))),
        is_also=Exists(FrozenRanking.objects.filter(period=OuterRef("also"))),
    )
    pairs = rows.exclude(is_frozen=True, is_also=True).values_list(
        "period", "is_frozen", "also", "is_also"
    )
    found = {(period, is_frozen) for period, is_frozen, *_also in pairs}
    found |= {(also, is_also) for *_period, also, is_also in pairs}
    return {key for key, is_frozen in found if not is_frozen}


def _last(kind: Kind, now: datetime, known: Sequence[ClosingRule]) -> Period:
    """The latest period whose time for disputes is over."""
    period = months.running(now, kind).previous
    while dispute_until(period, known) > now:
        period = period.previous
    return period


def _missing(last: Period) -> list[str]:
    """The keys after the latest closed period of the kind up to `last`; only `last` if none is."""
    earlier = standings.latest(last.kind, before=last.key)
    keys = [last.key]
    period = last.previous
    while earlier and period.key > earlier.key:
        keys.append(period.key)
        period = period.previous
    return keys
