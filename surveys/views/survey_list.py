"""The list of surveys."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from csm.kit import keyset
from csm.kit.htmx import page
from organisation.access import can, require
from organisation.doors import me
from organisation.models import Person
from surveys import reading
from surveys.models import SurveyStatus

SIZE = 25


@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """Newest first; one tab per status."""
    person = me(request)
    require(person, reading.SEE)
    status = _status_of(request.GET)
    rows = reading.listed(person)
    shown = rows.filter(status=status) if status else rows
    found = keyset.page(shown, order=("-pk",), params=request.GET, size=SIZE)
    context = {
        "rows": reading.rows_of(found.rows, person),
        "found": found,
        "tabs": _tabs(status, person),
        "status": status,
        "may_edit": can(person, "survey.edit"),
    }
    return page(request, "surveys/survey_list.html", context, part="list")


def _status_of(given: QueryDict) -> str:
    status = given.get("status", "")
    return status if status in SurveyStatus.values else ""


def _tabs(current: str, person: Person) -> list[dict[str, Any]]:
    counts = reading.counts_by_status(person)
    names = [("", _("All")), *SurveyStatus.choices]
    return [
        {
            "url": f"?status={value}" if value else "?",
            "label": label,
            "count": counts.get(value, 0) if value else sum(counts.values()),
            "is_current": current == value,
        }
        for value, label in names
    ]
