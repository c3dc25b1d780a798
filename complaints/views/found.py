"""The one complaint of an address."""

from typing import cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from complaints.models import Complaint
from complaints.models.complaint import ComplaintQuerySet
from organisation.access import visible
from organisation.doors import me


def complaint_or_404(request: HttpRequest, number: str) -> Complaint:
    """What the person may see under this number, with all that its page shows of itself."""
    if "\0" in number:
        raise Http404
    rows = cast(ComplaintQuerySet, visible(Complaint, me(request)))
    return get_object_or_404(rows.for_page(), number=number)
