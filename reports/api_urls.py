"""The addresses of rankings under /api/v1/."""

from django.urls import path

from reports import api

urlpatterns = [path("rankings/<str:period>/", api.Ranking.as_view(), name="api-ranking")]
