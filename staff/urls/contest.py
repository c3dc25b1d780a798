"""The addresses of the contest."""

from django.urls import URLPattern, path

from staff.views import contest, contest_awards, contest_days, contest_plans, contest_reviews

PLAN = "staff/contest/plans/<int:pk>/"
REVIEW = "staff/contest/reviews/<int:pk>/"
AWARD = "staff/contest/awards/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/contest/", contest.contest, name="contest"),
    path("staff/contest/new/", contest.new, name="contest-new"),
    path("staff/contest/timeliness/", contest.timeliness, name="contest-timeliness"),
    path("staff/contest/<int:pk>/days/", contest_days.days, name="contest-days"),
    path("staff/contest/<int:pk>/results/", contest.results, name="contest-results"),
    path("staff/contest/plans/new/", contest_plans.new, name="contest-plan-new"),
    path(PLAN, contest_plans.plan, name="contest-plan"),
    path(f"{PLAN}edit/", contest_plans.edit, name="contest-plan-edit"),
    path(f"{PLAN}submit/", contest_plans.submit, name="contest-plan-submit"),
    path(f"{PLAN}discard/", contest_plans.discard, name="contest-plan-discard"),
    path(f"{PLAN}return/", contest_plans.give_back, name="contest-plan-return"),
    path(f"{PLAN}accept/", contest_plans.accept, name="contest-plan-accept"),
    path(f"{PLAN}report/", contest_plans.report, name="contest-plan-report"),
    path(f"{PLAN}promote/", contest_plans.promote, name="contest-plan-promote"),
    path(f"{PLAN}files/<uuid:file_id>/", contest_plans.file, name="contest-plan-file"),
    path("staff/contest/reviews/", contest_reviews.reviews, name="contest-reviews"),
    path(REVIEW, contest_reviews.review, name="contest-review"),
    path(f"{REVIEW}conflict/", contest_reviews.conflict, name="contest-review-conflict"),
    path(AWARD, contest_awards.award, name="contest-award"),
    path(f"{AWARD}hand-over/", contest_awards.hand_over, name="contest-award-hand-over"),
    path(f"{AWARD}ceremony/", contest_awards.ceremony, name="contest-award-ceremony"),
    path(f"{AWARD}photo/<uuid:file_id>/", contest_awards.photo, name="contest-award-photo"),
    path("staff/practices/", contest.practices, name="practices"),
]
