"""Wiring: every address of the application."""

from django.urls import URLPattern, URLResolver, include, path

from csm import health, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("csm.api.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("status.json", health.status, name="status"),
    path("language/", views.set_language, name="set-language"),
    path("", include("complaints.urls")),
    path("", include("staff.urls")),
    path("", include("surveys.urls")),
    path("", include("customers.urls")),
    path("", include("organisation.urls")),
    path("", include("reports.urls")),
]

handler400 = "csm.views.bad_request"
handler403 = "csm.views.permission_denied"
handler404 = "csm.views.page_not_found"
handler500 = "csm.views.server_error"
