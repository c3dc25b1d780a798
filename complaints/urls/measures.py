"""The addresses of measures, of what they achieved, and of what others learn from them."""

from django.urls import URLPattern, path

from complaints.views import checks, improvements, lessons, measures

ORDER = "work-orders/<int:pk>/"
MEASURE = "measures/<int:pk>/"
LESSON = "lessons/<int:pk>/"
IMPROVEMENT = "improvements/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(f"{ORDER}effect/", checks.report_effect, name="work-order-effect"),
    path(f"{ORDER}improvements/", improvements.new, name="work-order-improvement"),
    path("measures/", measures.measures, name="measures"),
    path(MEASURE, measures.measure, name="measure"),
    path(f"{MEASURE}finish/", measures.finish, name="measure-finish"),
    path(f"{MEASURE}drop/", measures.drop, name="measure-drop"),
    path(f"{MEASURE}lessons/", lessons.spread_of, name="measure-lessons"),
    path(f"{MEASURE}files/<uuid:file_id>/", measures.file, name="measure-file"),
    path("effectiveness/", checks.checks, name="checks"),
    path("effectiveness/<int:pk>/", checks.check, name="check"),
    path("effectiveness/<int:pk>/decide/", checks.decide, name="check-decide"),
    path("lessons/", lessons.lessons, name="lessons"),
    path("lessons/spread/", lessons.spread, name="lessons-spread"),
    path(LESSON, lessons.lesson, name="lesson"),
    path(f"{LESSON}answer/", lessons.answer, name="lesson-answer"),
    path(f"{LESSON}files/<uuid:file_id>/", lessons.file, name="lesson-file"),
    path("improvements/", improvements.improvements, name="improvements"),
    path(IMPROVEMENT, improvements.improvement, name="improvement"),
    path(f"{IMPROVEMENT}start/", improvements.start, name="improvement-start"),
    path(f"{IMPROVEMENT}owner/", improvements.give, name="improvement-owner"),
    path(f"{IMPROVEMENT}finish/", improvements.finish, name="improvement-finish"),
    path(f"{IMPROVEMENT}decline/", improvements.decline, name="improvement-decline"),
]
