"""The addresses of the survey of staff."""

from django.urls import URLPattern, path

from staff.views import satisfaction

ROUND = "staff/satisfaction/<slug:quarter>/"

urlpatterns: list[URLPattern] = [
    path("staff/satisfaction/", satisfaction.rounds, name="satisfaction"),
    path("staff/satisfaction/new/", satisfaction.new, name="satisfaction-new"),
    path(ROUND, satisfaction.results, name="satisfaction-round"),
    path(f"{ROUND}answer/", satisfaction.answer, name="satisfaction-answer"),
]
