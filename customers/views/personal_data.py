"""All data about one customer, for whoever answers a request for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from csm.kit import clock
from csm.kit.htmx import page
from customers import documents
from customers.actions import personal_data as actions
from customers.forms.personal_data import TakeOutForm
from customers.models import Customer
from organisation.access import require_everywhere, visible
from organisation.doors import attempt, me


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def data(request: HttpRequest, pk: int) -> HttpResponse:
    """The reason is asked; the file is made at once and kept nowhere."""
    person = me(request)
    found = get_object_or_404(visible(Customer, person), pk=pk)
    require_everywhere(person, actions.VERB)
    form = TakeOutForm(request.POST or None)
    if request.method == "POST" and not form.is_bound:
        form = TakeOutForm({})
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        kind = asked.pop("form")
        rows = attempt(
            form,
            lambda: actions.collect(customer=found, by=person, now=clock.now(), **asked),
        )
        if rows is not None:
            return _file(rows, kind, found)
    context = {"customer": found, "form": form}
    status = 422 if form.errors else 200
    return page(request, "customers/personal_data.html", context, status=status)


def _file(rows: documents.Found, kind: str, found: Customer) -> HttpResponse:
    """The name of the file says no name: it is seen in mails and folders."""
    title = _("All data about %(name)s") % {"name": found.name}
    content = documents.drawn(rows, kind, title=title)
    answer = HttpResponse(content, content_type=documents.CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="customer-{found.pk}.{kind}"'
    return answer
