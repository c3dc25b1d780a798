"""Who looked at personal data, when and why: for those who answer for it (B-25, PIPL art. 57)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from csm.kit import keyset
from csm.kit.htmx import page
from organisation.access import require, visible
from organisation.doors import me
from organisation.forms.access_records import LookFilter
from organisation.models import AccessRecord

WHAT = {
    "phone": gettext_lazy("A phone number"),
    "contact": gettext_lazy("A contact's numbers"),
    "phone-search": gettext_lazy("A search by number or address"),
    "file": gettext_lazy("A file"),
    "print": gettext_lazy("A printed page"),
    "document": gettext_lazy("A Word file"),
    "person-data": gettext_lazy("All data about a customer"),
    "account-file": gettext_lazy("A key account's file"),
    "tip-identity": gettext_lazy("Who reported something"),
}


@require_safe
def access_records(request: HttpRequest) -> HttpResponse:
    """The newest first; narrowed to a person, a record or a time."""
    person = me(request)
    require(person, "access.see")
    form = LookFilter(request.GET or None)
    rows = visible(AccessRecord, person).select_related("person")
    if form.is_valid():
        rows = form.narrowed(rows)
    found = keyset.page(rows, order=("-at", "-pk"), params=request.GET)
    asked = {name: value for name in form.fields if (value := request.GET.get(name, ""))}
    context = {
        "found": found,
        "form": form,
        "looks": [(row, _what(row.what)) for row in found.rows],
        "conditions": " ".join(asked.values()),
        "query": urlencode(asked),
    }
    status = 422 if form.errors else 200
    return page(request, "organisation/access_records.html", context, part="list", status=status)


def _what(code: str) -> str:
    if code.startswith("export-"):
        return _("A list as a file")
    return str(WHAT.get(code, code))
