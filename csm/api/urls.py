"""Everything under /api/. Version 1 only ever gains."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from csm.api.views import Docs, Document, Nothing

version_1: list[URLPattern | URLResolver] = [
    path("", include("organisation.api.urls")),
    path("", include("customers.api.urls")),
    path("", include("complaints.api.urls")),
    path("", include("surveys.api.urls")),
    path("", include("staff.api.urls")),
    path("", include("staff.api.audit_urls")),
    path("", include("reports.api_urls")),
    path("schema/", Document.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
]
urlpatterns = [
    path("v1/", include(version_1)),
    re_path("", Nothing.as_view(), name="api-nothing"),
]
