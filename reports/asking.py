"""Which ranking an address asks for."""

from datetime import datetime

from django.http import Http404, QueryDict

from csm.kit.periods import Period
from organisation.models import Level
from reports import standings
from reports.measures import PARTS
from reports.places import LEVELS
from reports.standings import Standing
from reports.tables import COMPOSITE


def level(query: QueryDict) -> str:
    found = query.get("level", Level.BRANCH)
    if found not in LEVELS:
        raise Http404
    return found


def measure(query: QueryDict) -> str:
    """A part of the composite, or the composite; "" where the address does not say."""
    found = query.get("measure", "")
    if found and found not in (COMPOSITE, *PARTS):
        raise Http404
    return found


def standing(query: QueryDict, period: Period, *, level: str, now: datetime) -> Standing:
    """The ranking of the period; with `revision`, as it was frozen by that one."""
    text = query.get("revision", "")
    if not text:
        return standings.standing(period, level=level, now=now)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    found = standings.frozen(period, level=level, revision=number)
    if found is None:
        raise Http404
    return found


def period(query: QueryDict, now: datetime) -> Period:
    """The one asked for; else the last closed week; before there is any, the running one."""
    key = query.get("period", "")
    try:
        chosen = standings.period_of(key) if key else standings.latest("week")
    except ValueError as error:
        raise Http404 from error
    return chosen or standings.current(now, "week")
