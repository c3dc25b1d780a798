"""The addresses of visits to customers."""

from django.urls import URLPattern, path

from staff.views import visits

urlpatterns: list[URLPattern] = [
    path("customers/<int:pk>/visits/", visits.visits, name="customer-visits"),
]
