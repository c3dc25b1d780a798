from django.urls import path

from customers.api import quality, risks, views, volumes

CASE = "retention-cases/<int:pk>/"

urlpatterns = [
    path("customers/", views.Customers.as_view(), name="api-customers"),
    path("customers/<int:pk>/", views.OneCustomer.as_view(), name="api-customer"),
    path("customers/<int:pk>/merge/", quality.Merge.as_view(), name="api-customer-merge"),
    path(
        "customers/<int:pk>/corrections/",
        quality.Corrections.as_view(),
        name="api-customer-corrections",
    ),
    path("customers/<int:pk>/data/", quality.Data.as_view(), name="api-customer-data"),
    path("customer-duplicates/", quality.Duplicates.as_view(), name="api-customer-duplicates"),
    path("customer-duplicates/apart/", quality.Apart.as_view(), name="api-customer-apart"),
    path("customers/<int:pk>/volumes/", volumes.OfCustomer.as_view(), name="api-customer-volumes"),
    path("customer-volumes/", volumes.Volumes.as_view(), name="api-volumes"),
    path("customers/<int:pk>/retention/", risks.OpenCase.as_view(), name="api-retention-open"),
    path("customer-risks/", risks.Risks.as_view(), name="api-customer-risks"),
    path("customer-handovers/", risks.HandOver.as_view(), name="api-handover"),
    path(CASE, risks.OneCase.as_view(), name="api-retention-case"),
    path(f"{CASE}give/", risks.Give.as_view(), name="api-retention-give"),
    path(f"{CASE}steps/", risks.Note.as_view(), name="api-retention-step"),
    path(f"{CASE}steps/<int:step_pk>/done/", risks.Finish.as_view(), name="api-retention-done"),
    path(f"{CASE}close/", risks.Close.as_view(), name="api-retention-close"),
]
