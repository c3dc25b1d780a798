"""The addresses of the incentives."""

from staff.urls import contest, points, rewards, thanks

urlpatterns = [
    *points.urlpatterns,
    *rewards.urlpatterns,
    *thanks.urlpatterns,
    *contest.urlpatterns,
]
