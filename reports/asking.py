"""Which ranking an address asks for."""

from datetime import datetime

from django.http import Http404, QueryDict

from csm.kit.periods import Period
from organisation.models import Level
from reports import standings
from reports.places import LEVELS


def level(query: QueryDict) -> str:
    found = query.get("level", Level.BRANCH)
    if found not in LEVELS:
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
