"""The addresses of incentives under /api/v1/."""

from django.urls import URLPattern, path

from staff.api import awareness, micro_reports

TURN = "micro-reports/turns/<int:pk>/"
REPORT = "micro-reports/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("micro-reports/", micro_reports.MicroReports.as_view(), name="api-micro-reports"),
    path("micro-reports/turns/", micro_reports.Turns.as_view(), name="api-turns"),
    path(f"{TURN}story/", micro_reports.TurnStory.as_view(), name="api-turn-story"),
    path(f"{TURN}swap/", micro_reports.SwapTurn.as_view(), name="api-turn-swap"),
    path(f"{TURN}hand-on/", micro_reports.HandOnTurn.as_view(), name="api-turn-hand-on"),
    path(
        "micro-reports/swaps/<int:pk>/answer/",
        micro_reports.AnswerSwap.as_view(),
        name="api-swap-answer",
    ),
    path(REPORT, micro_reports.OneMicroReport.as_view(), name="api-micro-report"),
    path(
        f"{REPORT}submit/",
        micro_reports.SubmitMicroReport.as_view(),
        name="api-micro-report-submit",
    ),
    path(
        f"{REPORT}approve/",
        micro_reports.ApproveMicroReport.as_view(),
        name="api-micro-report-approve",
    ),
    path(
        f"{REPORT}return/",
        micro_reports.ReturnMicroReport.as_view(),
        name="api-micro-report-return",
    ),
    path(f"{REPORT}meeting/", awareness.Meeting.as_view(), name="api-micro-report-meeting"),
    path(f"{REPORT}awareness/", awareness.Draw.as_view(), name="api-micro-report-awareness"),
    path("awareness/", awareness.Awareness.as_view(), name="api-awareness"),
    path(
        "awareness/<int:pk>/answers/",
        awareness.AskedAnswers.as_view(),
        name="api-awareness-answers",
    ),
]
