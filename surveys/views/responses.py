"""One response: what was said, what became of it, and what was said when it was asked again."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from csm.kit.htmx import page
from organisation.access import can, visible_or_404
from organisation.doors import me
from surveys.models import Response
from surveys.results import lists, one
from surveys.results.reading import Asked
from surveys.results.tables import FEWEST


@require_safe
def response(request: HttpRequest, pk: int) -> HttpResponse:
    """Begun ones are nobody's business yet; anonymous ones are shown among five or more."""
    person = me(request)
    found = visible_or_404(Response, person, pk=pk, completed_at__isnull=False)
    survey = found.survey
    if survey.is_anonymous and Asked(survey, person).rows[:FEWEST].count() < FEWEST:
        raise Http404
    context = {
        "response": found,
        "survey": survey,
        "name": lists.named([found], person).get(found.customer_id or 0),
        "lines": one.lines(found, person),
        "first": one.first(found, person),
        "complaint": one.complaint(found, person),
        "may_thank": not survey.is_anonymous and can(person, "thanks.note", found),
    }
    return page(request, "surveys/response.html", context)
