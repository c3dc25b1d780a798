"""The addresses of new people's first months."""

from django.urls import URLPattern, path

from staff.views import induction

ONE = "staff/inductions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/inductions/", induction.inductions, name="inductions"),
    path("staff/inductions/new/", induction.new, name="induction-new"),
    path(ONE, induction.induction, name="induction"),
    path(f"{ONE}mentor/", induction.propose, name="induction-propose"),
    path(f"{ONE}confirm/", induction.confirm, name="induction-confirm"),
    path(f"{ONE}steps/", induction.add_step, name="induction-step"),
    path(f"{ONE}steps/done/", induction.finish_step, name="induction-step-done"),
    path(f"{ONE}assess/", induction.assess, name="induction-assess"),
    path(f"{ONE}decide/", induction.decide, name="induction-decide"),
]
