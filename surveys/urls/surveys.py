"""The addresses of surveys."""

from django.urls import URLPattern, path

from surveys.views import survey, survey_form, survey_list

ONE = "surveys/<int:pk>/"

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
]
