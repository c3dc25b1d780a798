from django.urls import path

from customers.api import care, quality, risks, views, visits, volumes

CASE = "retention-cases/<int:pk>/"
VISIT = "visits/<int:pk>/"
NOTICE = "customer-notices/<int:pk>/"

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
    path("visits/", visits.Visits.as_view(), name="api-visits"),
    path("visits/due/", visits.Due.as_view(), name="api-visits-due"),
    path("customers/<int:pk>/visits/plan/", visits.Plan.as_view(), name="api-visit-plan"),
    path(VISIT, visits.OneVisit.as_view(), name="api-visit"),
    path(f"{VISIT}write-down/", visits.WriteDown.as_view(), name="api-visit-write-down"),
    path(f"{VISIT}cancel/", visits.Cancel.as_view(), name="api-visit-cancel"),
    path(f"{VISIT}findings/", visits.Find.as_view(), name="api-visit-finding"),
    path(f"{VISIT}tasks/", visits.FollowUp.as_view(), name="api-visit-task"),
    path("segments/", care.Segments.as_view(), name="api-segments"),
    path(
        "segments/<int:pk>/customers/",
        care.SegmentCustomers.as_view(),
        name="api-segment-customers",
    ),
    path("customers/<int:pk>/care-wish/", care.Wish.as_view(), name="api-care-wish"),
    path("care-acts/", care.CareActs.as_view(), name="api-care-acts"),
    path("care-acts/<int:pk>/close/", care.CloseCare.as_view(), name="api-care-close"),
    path("customer-notices/", care.Notices.as_view(), name="api-customer-notices"),
    path(f"{NOTICE}reach/", care.Reach.as_view(), name="api-customer-notice-reach"),
    path(f"{NOTICE}send/", care.Send.as_view(), name="api-customer-notice-send"),
    path(f"{NOTICE}stop/", care.Stop.as_view(), name="api-customer-notice-stop"),
]
