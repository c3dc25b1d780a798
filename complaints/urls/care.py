"""The addresses of what is done for the customer beside the four promises."""

from django.urls import URLPattern, path

from complaints.views import (
    challenges,
    delay_costs,
    promises,
    recoveries,
    recovery_help,
    recovery_totals,
)
from complaints.views.recoveries import ACTS

ONE = "complaints/<str:number>/"
RECOVERY = f"{ONE}recoveries/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("help/recovery/", recovery_help.recovery, name="recovery-help"),
    path("promises/", promises.promises, name="promises"),
    path("promises/new/", promises.new, name="promise-new"),
    path("promises/<int:pk>/", promises.edit, name="promise"),
    path(f"{ONE}promises/", promises.mark, name="complaint-promises"),
    path("delay-cost/", delay_costs.all_branches, name="delay-cost"),
    path("delay-cost/export/", delay_costs.export, name="delay-cost-export"),
    path(
        "delay-cost/complaints/export/",
        delay_costs.export_complaints,
        name="delayed-complaints-export",
    ),
    path("delay-cost/<int:pk>/", delay_costs.branch, name="delay-cost-branch"),
    path("recoveries/", recovery_totals.recoveries, name="recoveries"),
    path("recoveries/given/", recovery_totals.given, name="recoveries-given"),
    path("recoveries/export/", recovery_totals.export, name="recoveries-export"),
    path(f"{ONE}recoveries/", recoveries.care, name="complaint-care"),
    path(RECOVERY, recoveries.recovery, name="recovery"),
    *(
        path(f"{RECOVERY}{name}/", recoveries.act, {"name": name}, name=act.url_name)
        for name, act in ACTS.items()
    ),
    path(f"{ONE}challenges/", challenges.challenges, name="complaint-challenges"),
    path(f"{ONE}challenges/<int:pk>/", challenges.challenge, name="challenge"),
    path(f"{ONE}follow/", challenges.follow, name="complaint-follow"),
    path(f"{ONE}unfollow/", challenges.unfollow, name="complaint-unfollow"),
]
