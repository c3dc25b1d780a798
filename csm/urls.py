"""Wiring: every address of the application."""

from django.urls import URLPattern, URLResolver, include, path

from csm import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("csm.api.urls")),
    path("language/", views.set_language, name="set-language"),
    path("", include("complaints.urls")),
    path("", include("customers.urls")),
    path("", include("organisation.urls")),
    path("", include("reports.urls")),
]
