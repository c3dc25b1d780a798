"""Where an open page asks what is new since it was made."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from complaints.models import Complaint
from complaints.views.rows import Row
from complaints.views.trail import PARAMETER

SINCE, SHOWN = "since", "shown"
# What belongs to the question and not to the list.
OWN = (SINCE, SHOWN)


def of_list(given: QueryDict, rows: Iterable[Row], now: datetime) -> str:
    """The list's own conditions, and the rows that are shown of it."""
    asked = given.copy()
    asked[SINCE] = now.isoformat()
    asked[SHOWN] = ",".join(str(row.complaint.pk) for row in rows)
    return f"{reverse('complaint-list-news')}?{asked.urlencode()}"


def of_complaint(request: HttpRequest, complaint: Complaint, now: datetime) -> str:
    """With the list that the person came from, which the link to the newest state keeps."""
    asked = QueryDict(mutable=True)
    asked[SINCE] = now.isoformat()
    if PARAMETER in request.GET:
        asked[PARAMETER] = request.GET[PARAMETER]
    return f"{reverse('complaint-news', args=(complaint.number,))}?{asked.urlencode()}"
