"""The addresses of reports."""

from django.urls import path

from reports.views import (
    changes,
    disputes,
    exports,
    periods,
    rankings,
    reports,
    rules,
    tables,
    watch,
)

urlpatterns = [
    path("rankings/", rankings.rankings, name="rankings"),
    path("rankings/export/", exports.rankings, name="rankings-export"),
    path("rankings/changes/", changes.change_list, name="changes"),
    path("rankings/watch/", watch.watch_list, name="watch"),
    path("rankings/periods/", periods.period_list, name="periods"),
    path("rankings/periods/<str:key>/", periods.period, name="period"),
    path("rankings/periods/<str:key>/freeze/", periods.freeze, name="period-freeze"),
    path("rankings/periods/<str:key>/revise/", periods.revise, name="period-revise"),
    path("rankings/periods/<str:key>/late/<str:code>/", periods.contested, name="contested"),
    path("rankings/disputes/", disputes.dispute_list, name="disputes"),
    path("rankings/disputes/<int:pk>/", disputes.dispute, name="dispute"),
    path("rankings/disputes/<int:pk>/decide/", disputes.decide, name="dispute-decide"),
    path("rankings/disputes/<int:pk>/withdraw/", disputes.withdraw, name="dispute-withdraw"),
    path(
        "rankings/disputes/<int:pk>/files/<uuid:file_id>/",
        disputes.dispute_file,
        name="dispute-file",
    ),
    path("complaints/<str:number>/disputes/", disputes.of_complaint, name="complaint-disputes"),
    path("settings/closing/", periods.closing_rule, name="closing-rule"),
    path("settings/rankings/", rules.rules, name="ranking-rules"),
    path("reports/tables/", tables.tables, name="tables"),
    path("reports/tables/show/", tables.table, name="table"),
    path("reports/tables/keep/", tables.keep, name="table-keep"),
    path("reports/tables/export/", tables.export, name="table-export"),
    path("reports/tables/<int:pk>/delete/", tables.delete, name="table-delete"),
    path("reports/", reports.reports, name="reports"),
    path("reports/subscription/", reports.subscription, name="report-subscription"),
    path("reports/<str:key>/", reports.report, name="report-of"),
    path("reports/<str:key>/file/", reports.report_file, name="report-file"),
]
