"""The addresses of audits and the report line under /api/v1/."""

from django.urls import path

from staff.api import audits, first_contact, tips

AUDIT, TIP = "audits/<int:pk>/", "tips/<int:pk>/"

urlpatterns = [
    path("first-contact/", first_contact.Standing.as_view(), name="api-first-contact"),
    path(
        "first-contact/contacts/",
        first_contact.Contacts.as_view(),
        name="api-first-contact-contacts",
    ),
    path("first-contact/draws/", first_contact.Draws.as_view(), name="api-first-contact-draws"),
    path("mystery-calls/", first_contact.Calls.as_view(), name="api-mystery-calls"),
    path("checklists/", audits.Checklists.as_view(), name="api-checklists"),
    path("audits/", audits.Audits.as_view(), name="api-audits"),
    path(AUDIT, audits.OneAudit.as_view(), name="api-audit"),
    path(f"{AUDIT}carry-out/", audits.CarryOut.as_view(), name="api-audit-carry-out"),
    path(f"{AUDIT}cancel/", audits.Cancel.as_view(), name="api-audit-cancel"),
    path("findings/<int:pk>/work-order/", audits.FindingOrder.as_view(), name="api-finding-order"),
    path("report-line/", tips.Report.as_view(), name="api-report-line"),
    path("tips/", tips.Tips.as_view(), name="api-tips"),
    path(TIP, tips.OneTip.as_view(), name="api-tip"),
    path(f"{TIP}decide/", tips.Decide.as_view(), name="api-tip-decide"),
    path(f"{TIP}pay/", tips.Pay.as_view(), name="api-tip-pay"),
    path(f"{TIP}publish/", tips.Publish.as_view(), name="api-tip-publish"),
    path("typical-cases/", tips.Cases.as_view(), name="api-typical-cases"),
]
