"""The addresses of surveys."""

from surveys.urls import public, questionnaires, surveys

urlpatterns = [*public.urlpatterns, *questionnaires.urlpatterns, *surveys.urlpatterns]
