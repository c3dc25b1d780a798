"""The addresses of surveys."""

from django.urls import URLPattern, path

from surveys.views import calls, counters, customers, entry, survey, survey_form, survey_list, talks

ONE = "surveys/<int:pk>/"
COUNTER = f"{ONE}counters/<int:counter_pk>/"
INVITATION = "surveys/invitations/<int:pk>/"
OF_CUSTOMER = "customers/<int:pk>/surveys/"

urlpatterns: list[URLPattern] = [
    path("surveys/", survey_list.surveys, name="surveys"),
    path("surveys/new/", survey_form.new, name="survey-new"),
    path("surveys/preview/", survey_form.preview, name="survey-preview"),
    path(ONE, survey.survey, name="survey"),
    path(f"{ONE}edit/", survey_form.edit, name="survey-edit"),
    path(f"{ONE}draw/", survey.draw, name="survey-draw"),
    path(f"{ONE}open/", survey.open_, name="survey-open"),
    path(f"{ONE}close/", survey.close, name="survey-close"),
    path(f"{ONE}delete/", survey.delete, name="survey-delete"),
    path(f"{ONE}calls/", calls.calls, name="survey-calls"),
    path(f"{ONE}talks/new/", talks.new, name="survey-talk"),
    path(f"{ONE}groups/<int:branch_pk>/", talks.group, name="survey-group"),
    path(f"{INVITATION}call/", calls.call, name="survey-call"),
    path(f"{INVITATION}phone/", calls.reveal, name="survey-call-phone"),
    path(f"{ONE}counters/", counters.new, name="survey-counter-new"),
    path(COUNTER, counters.counter, name="survey-counter"),
    path(f"{COUNTER}qr.svg", counters.svg, name="survey-counter-svg"),
    path(f"{COUNTER}take-down/", counters.take_down, name="survey-counter-take-down"),
    path(f"{INVITATION}enter/", entry.entry, name="survey-enter"),
    path("surveys/items/<int:pk>/", entry.item_answer, name="item-answer"),
    path(OF_CUSTOMER, customers.customer, name="customer-surveys"),
    path(f"{OF_CUSTOMER}decline/", customers.decline, name="customer-surveys-decline"),
    path(f"{OF_CUSTOMER}allow/", customers.allow, name="customer-surveys-allow"),
]
