"""What differs between two submissions of a work order."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import order_words
from complaints.forms.order_versions import VersionsForm
from complaints.models import OrderVersion
from complaints.views.work_order_page import order_or_404
from csm.kit.htmx import page
from csm.templatetags.csm import when


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The last two, unless others are chosen. A choice that is none is said and compares none."""
    order = order_or_404(request, pk)
    rows = list(order.versions.select_related("by"))
    numbers = [row.number for row in rows]
    last = {"before": numbers[-2:][0], "after": numbers[-1]} if numbers else {}
    names = [(row.number, _name(row)) for row in rows]
    form = VersionsForm(request.GET or last, choices=names)
    context = {"order": order, "versions": rows, "form": form}
    if len(rows) > 1 and form.is_valid():
        before, after = (rows[numbers.index(form.cleaned_data[name])] for name in last)
        differences = order_words.compare(before.sections, after.sections)
        context |= {"before": before, "after": after, "differences": differences}
    status = 422 if rows and form.errors else 200
    return page(request, "complaints/work_order_versions.html", context, status=status)


def _name(version: OrderVersion) -> str:
    return _("Version %(n)d · %(at)s · %(by)s") % {
        "n": version.number,
        "at": when(version.at, "full_text"),
        "by": version.by.name,
    }
