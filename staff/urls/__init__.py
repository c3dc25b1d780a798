"""The addresses of the incentives."""

from staff.urls import (
    accounts,
    audits,
    contest,
    induction,
    knowledge,
    micro_reports,
    points,
    rewards,
    satisfaction,
    scorecards,
    stars,
    task_forces,
    thanks,
    training,
    visits,
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
    *knowledge.urlpatterns,
    *induction.urlpatterns,
    *training.urlpatterns,
    *accounts.urlpatterns,
    *visits.urlpatterns,
    *task_forces.urlpatterns,
]
