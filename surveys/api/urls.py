"""The addresses of surveys under /api/v1/."""

from django.urls import path

from surveys.api import comments, diagnoses, invitations, results, surveys

ONE = "surveys/<int:pk>/"
CUSTOMER = "customers/<int:pk>/"
COMMENT = f"{ONE}comments/<int:answer_pk>/"
DIAGNOSIS = "diagnoses/<int:pk>/"

urlpatterns = [
    path("surveys/", surveys.Surveys.as_view(), name="api-surveys"),
    path(ONE, surveys.OneSurvey.as_view(), name="api-survey"),
    path(f"{ONE}draw/", surveys.Draw.as_view(), name="api-survey-draw"),
    path(f"{ONE}open/", surveys.Open.as_view(), name="api-survey-open"),
    path(f"{ONE}close/", surveys.Close.as_view(), name="api-survey-close"),
    path(f"{ONE}counters/", surveys.Counters.as_view(), name="api-survey-counters"),
    path(f"{ONE}invitations/", invitations.Invitations.as_view(), name="api-survey-invitations"),
    path(f"{ONE}results/", results.SurveyResults.as_view(), name="api-survey-results"),
    path(f"{ONE}comments/", comments.Comments.as_view(), name="api-survey-comments"),
    path(f"{COMMENT}tag/", comments.Tag.as_view(), name="api-survey-comment-tag"),
    path(f"{COMMENT}untag/", comments.Untag.as_view(), name="api-survey-comment-untag"),
    path(f"{ONE}diagnoses/", diagnoses.Diagnoses.as_view(), name="api-survey-diagnoses"),
    path(DIAGNOSIS, diagnoses.OneDiagnosis.as_view(), name="api-diagnosis"),
    path(f"{DIAGNOSIS}finish/", diagnoses.FinishDiagnosis.as_view(), name="api-diagnosis-finish"),
    path(
        f"{DIAGNOSIS}document/",
        diagnoses.DiagnosisDocument.as_view(),
        name="api-diagnosis-document",
    ),
    path("journey/", results.JourneyMap.as_view(), name="api-journey"),
    path(
        "invitations/<int:pk>/answers/",
        invitations.Answers.as_view(),
        name="api-invitation-answers",
    ),
    path("invitations/<int:pk>/", invitations.OneInvitation.as_view(), name="api-invitation"),
    path("invitations/<int:pk>/calls/", invitations.Calls.as_view(), name="api-invitation-calls"),
    path(
        f"{CUSTOMER}decline-surveys/",
        invitations.DeclineSurveys.as_view(),
        name="api-customer-decline-surveys",
    ),
    path(
        f"{CUSTOMER}allow-surveys/",
        invitations.AllowSurveys.as_view(),
        name="api-customer-allow-surveys",
    ),
]
