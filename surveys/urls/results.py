"""The addresses of what the answers of a survey say."""

from django.urls import URLPattern, path

from surveys.views import comments, responses, results

ONE = "surveys/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(f"{ONE}results/", results.results, name="survey-results"),
    path(f"{ONE}results/export/", results.export, name="survey-results-export"),
    path(f"{ONE}results/drivers/", results.drivers, name="survey-drivers"),
    path(f"{ONE}comments/", comments.comments, name="survey-comments"),
    path(f"{ONE}comments/<int:answer_pk>/tag/", comments.tag, name="survey-comment-tag"),
    path(f"{ONE}responses/", results.responses, name="survey-responses"),
    path("surveys/responses/<int:pk>/", responses.response, name="survey-response"),
]
