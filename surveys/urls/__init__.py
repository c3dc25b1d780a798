"""The addresses of surveys."""

from surveys.urls import public, questionnaires, results, surveys

urlpatterns = [
    *public.urlpatterns,
    *questionnaires.urlpatterns,
    *surveys.urlpatterns,
    *results.urlpatterns,
]
