"""The addresses of the incentives."""

from staff.urls import contest, points

urlpatterns = [*points.urlpatterns, *contest.urlpatterns]
