"""The addresses of reports."""

from django.urls import path

from reports.views import exports, rankings

urlpatterns = [
    path("rankings/", rankings.rankings, name="rankings"),
    path("rankings/export/", exports.rankings, name="rankings-export"),
]
