"""Everything under /api/. Version 1 only ever gains."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from csm.api.schema import DESCRIPTION
from csm.api.views import Docs, Nothing

# The settings are read before the library can be: the text comes from here.
document = SpectacularAPIView.as_view(custom_settings={"DESCRIPTION": DESCRIPTION})

version_1 = [
    path("", include("organisation.api.urls")),
    path("", include("complaints.api.urls")),
    path("", include("reports.api_urls")),
    path("schema/", document, name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
]
urlpatterns = [
    path("v1/", include(version_1)),
    re_path("", Nothing.as_view(), name="api-nothing"),
]
