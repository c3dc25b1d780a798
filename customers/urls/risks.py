"""The addresses of customers at risk, their cases, and of passing customers on."""

from django.urls import URLPattern, path

from customers.views import handovers, risks

CASE = "customers/cases/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("customers/risks/", risks.risks, name="customer-risks"),
    path("customers/<int:pk>/retention/", risks.open_case, name="retention-open"),
    path(CASE, risks.case, name="retention-case"),
    path(f"{CASE}give/", risks.give, name="retention-give"),
    path(f"{CASE}steps/", risks.note, name="retention-step"),
    path(f"{CASE}steps/<int:step_pk>/", risks.finish, name="retention-step-done"),
    path(f"{CASE}close/", risks.close, name="retention-close"),
    path("customers/handovers/new/", handovers.new, name="handover-new"),
]
