"""The addresses of the incentives."""

from staff.urls import (
    audits,
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
    *audits.urlpatterns,
    *rewards.urlpatterns,
    *thanks.urlpatterns,
    *micro_reports.urlpatterns,
    *contest.urlpatterns,
    *satisfaction.urlpatterns,
    *scorecards.urlpatterns,
    *stars.urlpatterns,
]
