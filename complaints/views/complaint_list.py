"""The list of complaints: filters in the address, all four clocks on every row."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from complaints import clock_face, clocks, keyset
from complaints.models import Complaint
from csm.kit import clock, htmx
from organisation.access import visible
from organisation.doors import me

# Counting stops here: nobody reads 48,211, and the database need not count that far.
MOST_COUNTED = 1000
VIEWS = {"responsible": "branch", "taken-in": "intake_branch", "part": "participants__person"}


@require_safe
def complaint_list(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    rows = visible(Complaint, person, through="branch")
    targets = clocks.standard_targets()
    page = keyset.page(
        rows.for_page(),
        keyset.ORDERS["due"],
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    faces = clocks.four_of(page.rows, now=now, targets=targets)
    context = {
        "rows": [(row, faces[row.pk]) for row in page.rows],
        "page": page,
        "heads": clock_face.four({}, targets=targets),
    }
    return htmx.page(request, "complaints/complaint_list.html", context)
