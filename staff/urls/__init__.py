"""The addresses of the incentives."""

from staff.urls import (
    contest,
    micro_reports,
    points,
    rewards,
    satisfaction,
    scorecards,
    stars,
    thanks,
)

urlpatterns = [
    *points.urlpatterns,
    *rewards.urlpatterns,
    *thanks.urlpatterns,
    *micro_reports.urlpatterns,
    *contest.urlpatterns,
    *satisfaction.urlpatterns,
    *scorecards.urlpatterns,
    *stars.urlpatterns,
]
