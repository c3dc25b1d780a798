"""The addresses of training."""

from django.urls import URLPattern, path

from staff.views import sessions, training

ONE = "staff/training/<int:pk>/"
SESSION = "staff/training/sessions/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/training/", training.courses, name="courses"),
    path("staff/training/needs/", training.needs, name="training-needs"),
    path("staff/training/new/", training.new, name="course-new"),
    path(ONE, training.course, name="course"),
    path(f"{ONE}edit/", training.edit, name="course-edit"),
    path(f"{ONE}close/", training.close, name="course-close"),
    path(f"{ONE}sessions/new/", sessions.new, name="training-session-new"),
    path(SESSION, sessions.session, name="training-session"),
    path(f"{SESSION}record/", sessions.record, name="training-session-record"),
    path(f"{SESSION}cancel/", sessions.cancel, name="training-session-cancel"),
]
