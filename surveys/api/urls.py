"""The addresses of surveys under /api/v1/."""

from django.urls import path

from surveys.api import results

urlpatterns = [
    path("surveys/<int:pk>/results/", results.SurveyResults.as_view(), name="api-survey-results")
]
