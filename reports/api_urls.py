"""The addresses of rankings and reports under /api/v1/."""

from django.urls import path

from reports import api, api_tables, period_api, report_api

urlpatterns = [
    path("rankings/<str:period>/", api.Ranking.as_view(), name="api-ranking"),
    path("periods/", period_api.Periods.as_view(), name="api-periods"),
    path("periods/<str:period>/", period_api.OnePeriod.as_view(), name="api-period"),
    path("periods/<str:period>/close/", period_api.ClosePeriod.as_view(), name="api-period-close"),
    path(
        "periods/<str:period>/revise/", period_api.RevisePeriod.as_view(), name="api-period-revise"
    ),
    path("disputes/", period_api.Disputes.as_view(), name="api-disputes"),
    path("disputes/<int:pk>/", period_api.OneDispute.as_view(), name="api-dispute"),
    path(
        "disputes/<int:pk>/decide/", period_api.DecideDispute.as_view(), name="api-dispute-decide"
    ),
    path(
        "disputes/<int:pk>/withdraw/",
        period_api.WithdrawDispute.as_view(),
        name="api-dispute-withdraw",
    ),
    path(
        "disputes/<int:pk>/files/<uuid:file_id>/",
        period_api.OneDisputeFile.as_view(),
        name="api-dispute-file",
    ),
    path("ranking-rules/", api.RankingRules.as_view(), name="api-ranking-rules"),
    path("reports/table/", api_tables.ReportTable.as_view(), name="api-report-table"),
    path("reports/", report_api.Reports.as_view(), name="api-reports"),
    path("reports/<str:period>/", report_api.OneReport.as_view(), name="api-report"),
]
