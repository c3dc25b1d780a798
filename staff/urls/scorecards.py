"""The addresses of scorecards."""

from django.urls import URLPattern, path

from staff.views import card_schemes, scorecards

ONE = "staff/scorecards/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/scorecards/", scorecards.cards, name="scorecards"),
    path("staff/scorecards/now/", scorecards.running, name="scorecard-now"),
    path("staff/scorecards/close/<slug:quarter>/", scorecards.close, name="scorecards-close"),
    path("staff/scorecards/schemes/", card_schemes.schemes, name="card-schemes"),
    path("staff/scorecards/schemes/<slug:post>/", card_schemes.edit, name="card-scheme"),
    path(ONE, scorecards.card, name="scorecard"),
    path(f"{ONE}appeal/", scorecards.appeal, name="scorecard-appeal"),
    path(f"{ONE}answer/", scorecards.answer, name="scorecard-answer"),
]
