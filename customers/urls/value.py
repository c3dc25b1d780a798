"""The addresses of what customers are worth."""

from django.urls import URLPattern, path

from customers.views import value

OF_CUSTOMER = "customers/<int:pk>/value/"
urlpatterns: list[URLPattern] = [
    path(OF_CUSTOMER, value.customer, name="customer-value"),
]
