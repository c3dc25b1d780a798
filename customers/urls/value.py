"""The addresses of what customers are worth."""

from django.urls import URLPattern, path

from customers.views import value, value_rules

OF_CUSTOMER = "customers/<int:pk>/value/"
urlpatterns: list[URLPattern] = [
    path("customers/value/rules/", value_rules.rules, name="value-rules"),
    path("customers/moves/", value.moves, name="customer-moves"),
    path(OF_CUSTOMER, value.customer, name="customer-value"),
    path(f"{OF_CUSTOMER}override/", value.override, name="customer-label-override"),
    path(f"{OF_CUSTOMER}decline/", value.decline, name="customer-labels-decline"),
    path(f"{OF_CUSTOMER}allow/", value.allow, name="customer-labels-allow"),
]
