"""The addresses of the incentives."""

from staff.urls import contest, points, rewards, satisfaction, scorecards, stars, thanks

urlpatterns = [
    *points.urlpatterns,
    *rewards.urlpatterns,
    *thanks.urlpatterns,
    *contest.urlpatterns,
    *satisfaction.urlpatterns,
    *scorecards.urlpatterns,
    *stars.urlpatterns,
]
