"""A report for a person: the company's figures are everybody's, the lists what each may see."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import periods
from csm.kit.periods import Period
from organisation.access import can
from organisation.models import Person
from reports import closing, numbers, standings
from reports.closing import Life, Stage
from reports.documents import listed, lists, loops, sections
from reports.documents.cells import Report
from reports.models import FrozenRanking
from reports.standings import Standing

# So many lines of a list stand on the page and in an answer to a program; files have more.
SHOWN, MOST = 50, 20_000


@dataclass(frozen=True)
class Facts:
    """What is the same for everybody: read once for many people."""

    period: Period
    now: datetime
    life: Life
    standing: Standing
    checksum: str
    loops: list[loops.Loop]
    sums: lists.Sums


def facts(period: Period, *, now: datetime) -> Facts:
    """A fixed number of queries; the ranking is the frozen one, else as it stands now."""
    standing = standings.standing(period, level=standings.FIRST_LEVEL, now=now)
    return Facts(
        period=period,
        now=now,
        life=closing.life(period, now=now),
        standing=standing,
        checksum=_checksum(standing),
        loops=loops.loops(period, now=now),
        sums=lists.sums(period),
    )


def _checksum(standing: Standing) -> str:
    if standing.frozen_at is None:
        return ""
    rows = FrozenRanking.objects.filter(
        period=standing.period.key, level=standing.level, revision=standing.revision
    )
    return rows.values_list("checksum", flat=True).get()


def report(found: Facts, person: Person, *, most: int = SHOWN) -> Report:
    """In the active language; with up to `most` lines of each list."""
    standing, period = found.standing, found.period
    seen = numbers.seen(standing, person=person, now=found.now)
    has_lists = can(person, "complaint.see")
    company = standing.company
    clocks = sum(sum(counts.values()) for counts in company["timers"].values())
    return Report(
        period=period,
        life=found.life,
        label=periods.label(period),
        state=_state(found),
        formula=standing.formula,
        checksum=found.checksum,
        made_at=found.now,
        is_empty=not (company["complaints"] or clocks),
        sections=[
            sections.statistics(standing, seen, has_lists=has_lists),
            sections.causes(standing, seen, has_lists=has_lists),
            sections.effects(found.loops),
            listed.accountability(period, person, found.sums, most=most),
            sections.ranking(standing, seen, has_lists=has_lists),
            *([sections.parts(standing)] if company["parts"] else []),
            listed.topics(period, person, found.sums, most=most),
            listed.courses(period, person, found.sums, most=most),
        ],
    )


def _state(found: Facts) -> str:
    """Whether the ranking may still change; frozen, what it can be checked against."""
    life, standing = found.life, found.standing
    if standing.frozen_at is not None:
        words = _("Frozen on %(moment)s, formula %(formula)s.") % {
            "moment": _moment(standing.frozen_at),
            "formula": standing.formula,
        }
        if standing.revision > 1:
            words += " " + _("Revision %(n)d.") % {"n": standing.revision}
        if found.checksum:
            words += " " + _("Checksum %(sum)s.") % {"sum": found.checksum}
        return words
    until = {"moment": _moment(life.until)}
    if life.stage == Stage.RUNNING:
        return _("Still running: the figures change. Frozen on %(moment)s.") % until
    if life.stage == Stage.PREVIEW:
        return _("Preview until %(moment)s: branches may dispute what is counted.") % until
    return _("Preview: the time for disputes ended on %(moment)s, not frozen yet.") % until


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
