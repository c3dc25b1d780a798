"""Wiring: every address of the application."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("complaints.urls")),
    path("", include("customers.urls")),
    path("", include("organisation.urls")),
    path("", include("reports.urls")),
]
