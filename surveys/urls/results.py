"""The addresses of what the answers of a survey say."""

from django.urls import URLPattern, path

from surveys.views import comments, diagnoses, journey, responses, results

ONE = "surveys/<int:pk>/"
DIAGNOSIS = "surveys/diagnoses/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}results/", results.results, name="survey-results"),
    path(f"{ONE}results/export/", results.export, name="survey-results-export"),
    path(f"{ONE}results/drivers/", results.drivers, name="survey-drivers"),
    path(f"{ONE}comments/", comments.comments, name="survey-comments"),
    path(f"{ONE}comments/<int:answer_pk>/tag/", comments.tag, name="survey-comment-tag"),
    path(f"{ONE}responses/", results.responses, name="survey-responses"),
    path(f"{ONE}diagnoses/", diagnoses.diagnoses, name="survey-diagnoses"),
    path(f"{ONE}diagnoses/new/", diagnoses.new, name="survey-diagnosis-new"),
    path(DIAGNOSIS, diagnoses.diagnosis, name="survey-diagnosis"),
    path(f"{DIAGNOSIS}finish/", diagnoses.finish, name="survey-diagnosis-finish"),
    path(f"{DIAGNOSIS}document/", diagnoses.document, name="survey-diagnosis-document"),
    path("surveys/journey/", journey.journey, name="survey-journey"),
    path("surveys/touchpoints/new/", journey.new, name="survey-touchpoint-new"),
    path("surveys/touchpoints/<int:pk>/", journey.edit, name="survey-touchpoint"),
    path("surveys/touchpoints/<int:pk>/delete/", journey.delete, name="survey-touchpoint-delete"),
    path("surveys/responses/<int:pk>/", responses.response, name="survey-response"),
]
