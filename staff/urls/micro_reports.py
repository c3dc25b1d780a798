"""The addresses of the weekly micro-report."""

from django.urls import URLPattern, path

from staff import awareness_public
from staff.models import AWARE
from staff.views import awareness, micro_reports, rotation

TURN = "staff/micro-reports/rotation/<int:pk>/"
REPORT = "staff/micro-reports/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/micro-reports/", micro_reports.reports, name="micro-reports"),
    path("staff/micro-reports/rotation/", rotation.rotation, name="rotation"),
    path(f"{TURN}write/", micro_reports.write, name="micro-report-write"),
    path(f"{TURN}swap/", rotation.swap, name="turn-swap"),
    path(f"{TURN}hand-on/", rotation.hand_on, name="turn-hand-on"),
    path("staff/micro-reports/swaps/<int:pk>/", rotation.answer, name="swap-answer"),
    path(REPORT, micro_reports.report, name="micro-report"),
    path(f"{REPORT}submit/", micro_reports.submit, name="micro-report-submit"),
    path(f"{REPORT}approve/", micro_reports.approve, name="micro-report-approve"),
    path(f"{REPORT}return/", micro_reports.send_back, name="micro-report-return"),
    path(f"{REPORT}withdraw/", micro_reports.withdraw, name="micro-report-withdraw"),
    path(f"{REPORT}meeting/", awareness.meeting, name="micro-report-meeting"),
    path(f"{REPORT}awareness/", awareness.check, name="awareness-check"),
    path("aware/<str:token>/", awareness_public.answer, name=AWARE),
    path("staff/awareness/", awareness.ranking, name="awareness"),
    path("staff/awareness/<int:pk>/", awareness.answer, name="awareness-answer"),
]
