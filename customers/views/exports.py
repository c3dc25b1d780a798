"""The list of customers as a file."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from customers.exports import CUSTOMERS
from organisation.views import exports


@require_POST
def customers(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, CUSTOMERS)
