"""The customer's link, for those who handle the complaint: end it, or send another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.actions import tracking
from complaints.views.answers import see
from complaints.views.found import complaint_or_404
from csm.kit import clock
from organisation.doors import me


@require_POST
def renew(request: HttpRequest, number: str) -> HttpResponse:
    complaint = complaint_or_404(request, number)
    tracking.renew(complaint=complaint, by=me(request), now=clock.now())
    messages.success(request, _("The customer gets a new link by e-mail."))
    return see("complaint", number)


@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    complaint = complaint_or_404(request, number)
    tracking.revoke(complaint=complaint, by=me(request), now=clock.now())
    messages.success(request, _("The customer's link does not open anything any more."))
    return see("complaint", number)
