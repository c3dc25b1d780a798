"""The addresses of reports."""

from django.urls import path

from reports.views import rankings

urlpatterns = [path("rankings/", rankings.rankings, name="rankings")]
