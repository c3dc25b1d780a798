"""The addresses of rewards, redemptions and the award fund."""

from django.urls import URLPattern, path

from staff.views import fund, redemptions, rewards
from staff.views.redemptions import ACTS

ONE = "staff/redemptions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/rewards/", rewards.rewards, name="rewards"),
    path("staff/rewards/new/", rewards.new, name="reward-new"),
    path("staff/rewards/<int:pk>/", rewards.edit, name="reward"),
    path("staff/rewards/<int:pk>/redeem/", rewards.redeem, name="reward-redeem"),
    path("staff/redemptions/", redemptions.redemptions, name="redemptions"),
    path(ONE, redemptions.redemption, name="redemption"),
    *(
        path(f"{ONE}{name}/", redemptions.act, {"name": name}, name=act.url_name)
        for name, act in ACTS.items()
    ),
    path("staff/fund/", fund.fund, name="fund"),
    path("staff/fund/budget/", fund.budget, name="fund-budget"),
]
