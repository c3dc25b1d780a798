"""The addresses of the incentives."""

from staff.urls import points

urlpatterns = [*points.urlpatterns]
