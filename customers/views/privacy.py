"""What is kept about customers and why (PIPL art. 55), and who is due to be anonymised."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from customers.actions import keeping
from customers.forms.keeping import KeepingForm
from customers.models import Customer, Erasure, KeepingPeriod, Kind
from customers.models.customer import CustomerQuerySet
from organisation.access import require_everywhere, visible
from organisation.doors import me

# So many customers who wait for the second step are listed.
SHOWN = 50
# What, what for, on which ground, who sees it, how long.
PROCESSING = (
    (
        gettext_lazy("Names, numbers and addresses of customers and their contacts"),
        gettext_lazy("To handle complaints, to call back, to keep the contract"),
        gettext_lazy("Contract; masked without the right to see them, each look on record"),
    ),
    (
        gettext_lazy("Complaints, work orders, callbacks, files"),
        gettext_lazy("To put right what went wrong, and to prove it"),
        gettext_lazy("Contract and legal duty; seen by the branches concerned and those above"),
    ),
    (
        gettext_lazy("Survey answers"),
        gettext_lazy("To learn how satisfied customers are"),
        gettext_lazy("Consent; who declines is not asked again"),
    ),
    (
        gettext_lazy("Shipments, revenue, value, stage, warnings"),
        gettext_lazy("To care for customers by their worth and before they leave"),
        gettext_lazy("Contract; who refuses to be judged by rules is left out"),
    ),
    (
        gettext_lazy("Visits, notes, care"),
        gettext_lazy("To keep in touch with customers of a company"),
        gettext_lazy("Contract; seen by the home branch and those above"),
    ),
    (
        gettext_lazy("Who looked at whole numbers, and why"),
        gettext_lazy("To show that personal data is looked at for a reason only"),
        gettext_lazy("Legal duty; seen by quality managers, administrators and auditors"),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest) -> HttpResponse:
    """The record of processing, with the periods to change."""
    person = me(request)
    require_everywhere(person, keeping.VERB)
    periods = dict(KeepingPeriod.objects.values_list("kind", "months"))
    form = KeepingForm(request.POST if request.method == "POST" else None, initial=periods)
    if form.is_bound and form.is_valid():
        keeping.keep(months=form.cleaned_data, by=person)
        messages.success(request, _("The periods were kept. Nobody is anonymised by itself."))
        return go(request, "customer-privacy-due")
    done = Erasure.objects.filter(done_at__isnull=False).count()
    waiting = Erasure.objects.filter(done_at=None).select_related("customer", "asked_by")
    context = {
        "processing": PROCESSING,
        "form": form,
        "done": done,
        "waiting": waiting.order_by("asked_at")[:SHOWN],
    }
    status = 422 if form.errors else 200
    return page(request, "customers/privacy.html", context, status=status)


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Whom the periods would have anonymised, the oldest first; nothing is done here."""
    person = me(request)
    require_everywhere(person, keeping.VERB)
    mine = cast(CustomerQuerySet, visible(Customer, person)).current()
    rows = keeping.due(mine, clock.now()).select_related("home_branch")
    found = keyset.page(rows, order=("created_at", "pk"), params=request.GET)
    periods = [(Kind(row.kind).label, row.months) for row in KeepingPeriod.objects.order_by("kind")]
    context = {"found": found, "count": rows.count(), "periods": periods}
    return page(request, "customers/privacy_due.html", context)
