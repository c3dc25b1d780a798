"""The addresses of audits, first contacts and the report line."""

from django.urls import URLPattern, path

from staff.views import audits, checklists, first_contact, tips

AUDIT, CHECKLIST = "staff/audits/<int:pk>/", "staff/checklists/<int:pk>/"
FINDING, TIP = "staff/findings/<int:pk>/", "staff/tips/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/first-contact/", first_contact.standing, name="first-contact"),
    path("staff/first-contact/contacts/", first_contact.contacts, name="first-contact-contacts"),
    path("staff/first-contact/draw/", first_contact.draw, name="first-contact-draw"),
    path("staff/mystery-calls/", first_contact.calls, name="mystery-calls"),
    path("staff/mystery-calls/new/", first_contact.call, name="mystery-call-new"),
    path("staff/checklists/", checklists.checklists, name="checklists"),
    path("staff/checklists/new/", checklists.new, name="checklist-new"),
    path(CHECKLIST, checklists.checklist, name="checklist"),
    path(f"{CHECKLIST}draft/", checklists.draft, name="checklist-draft"),
    path(f"{CHECKLIST}publish/", checklists.publish, name="checklist-publish"),
    path(f"{CHECKLIST}next/", checklists.begin_next, name="checklist-next"),
    path("staff/audits/", audits.audits, name="audits"),
    path("staff/audits/plan/", audits.plan_and_done, name="audit-plan"),
    path("staff/audits/new/", audits.plan, name="audit-new"),
    path(AUDIT, audits.audit, name="audit"),
    path(f"{AUDIT}carry-out/", audits.carry_out, name="audit-carry-out"),
    path(f"{AUDIT}cancel/", audits.cancel, name="audit-cancel"),
    path(f"{FINDING}order/", audits.order, name="finding-order"),
    path(f"{FINDING}files/<uuid:file_id>/", audits.file, name="finding-file"),
    path("staff/report-line/", tips.report, name="report-line"),
    path("staff/report-line/follow/", tips.follow, name="report-line-follow"),
    path("staff/cases/", tips.cases, name="typical-cases"),
    path("staff/tips/", tips.tips, name="tips"),
    path(TIP, tips.tip, name="tip"),
    path(f"{TIP}decide/", tips.decide, name="tip-decide"),
    path(f"{TIP}pay/", tips.pay, name="tip-pay"),
    path(f"{TIP}publish/", tips.publish, name="tip-publish"),
    path(f"{TIP}identity/", tips.identity, name="tip-identity"),
    path(f"{TIP}files/<uuid:file_id>/", tips.file, name="tip-file"),
]
