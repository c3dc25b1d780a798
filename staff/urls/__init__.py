"""The addresses of the incentives."""

from staff.urls import micro_reports, points

urlpatterns = [*points.urlpatterns, *micro_reports.urlpatterns]
