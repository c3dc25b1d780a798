"""The addresses of segments, care and notices."""

from django.urls import URLPattern, path

from customers.views import care, care_rules, notices, segments

OF_CUSTOMER = "customers/<int:pk>/care/"
RULES = "customers/care/rules/"
SEGMENT = "customers/segments/<int:pk>/"
NOTICE = "customers/notices/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("customers/segments/", segments.index, name="segments"),
    path("customers/segments/new/", segments.new, name="segment-new"),
    path(SEGMENT, segments.segment, name="segment"),
    path(f"{SEGMENT}edit/", segments.edit, name="segment-edit"),
    path(f"{SEGMENT}remove/", segments.remove, name="segment-remove"),
    path("customers/<int:pk>/lists/", segments.lists, name="customer-lists"),
    path("customers/care/", care.board, name="care"),
    path("customers/care/<int:pk>/", care.close, name="care-close"),
    path(RULES, care_rules.rules, name="care-rules"),
    path(f"{RULES}festivals/", care_rules.add_festival, name="care-festival"),
    path(f"{RULES}festivals/<int:pk>/", care_rules.remove_festival, name="care-festival-remove"),
    path(f"{RULES}rules/", care_rules.add_rule, name="care-rule"),
    path(f"{RULES}rules/<int:pk>/", care_rules.remove_rule, name="care-rule-remove"),
    path(f"{RULES}services/", care_rules.add_service, name="care-service"),
    path(f"{RULES}services/<int:pk>/", care_rules.switch_service, name="care-service-switch"),
    path(OF_CUSTOMER, care.customer, name="customer-care"),
    path(f"{OF_CUSTOMER}wish/", care.wish, name="care-wish"),
    path(f"{OF_CUSTOMER}dates/", care.add_date, name="care-date"),
    path(f"{OF_CUSTOMER}dates/<int:date_pk>/", care.forget_date, name="care-date-forget"),
    path(f"{OF_CUSTOMER}plan/", care.plan, name="care-plan"),
    path("customers/notices/", notices.index, name="customer-notices"),
    path("customers/notices/new/", notices.new, name="customer-notice-new"),
    path(NOTICE, notices.notice, name="customer-notice"),
    path(f"{NOTICE}edit/", notices.edit, name="customer-notice-edit"),
    path(f"{NOTICE}send/", notices.send, name="customer-notice-send"),
    path(f"{NOTICE}stop/", notices.stop, name="customer-notice-stop"),
]
