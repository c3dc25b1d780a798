"""The addresses of logging in, the inbox and the settings."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path

from organisation.views import (
    absences,
    access_records,
    branches,
    calendars,
    exports,
    inbox,
    jobs,
    people,
    profile,
    settings,
    sign_in,
)

urlpatterns: list[URLPattern] = [
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:pk>/", inbox.open_message, name="inbox-open"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
    path("jobs/<int:pk>/files/<uuid:file_id>/", jobs.job_file, name="job-file"),
    path("settings/", settings.settings, name="settings"),
    path("settings/roles/", settings.roles, name="roles"),
    path("settings/looks/", access_records.access_records, name="access-records"),
    path("settings/me/", profile.profile, name="profile"),
    path("settings/me/language/", profile.language, name="profile-language"),
    path("settings/me/shortcuts/", profile.shortcuts, name="profile-shortcuts"),
    path("settings/me/password/", profile.password, name="profile-password"),
    path("settings/me/messages/", profile.message_settings, name="profile-messages"),
    path("settings/me/absence/", absences.own, name="absence"),
    path("settings/me/absence/end/", absences.end_own, name="absence-end"),
    path("settings/me/tokens/", profile.new_token, name="token-new"),
    path("settings/me/tokens/<int:pk>/", profile.revoke_token, name="token-revoke"),
    path("settings/branches/", branches.branches, name="branches"),
    path("settings/branches/export/", exports.branches, name="branches-export"),
    path("settings/branches/new/", branches.new, name="branch-new"),
    path("settings/branches/<int:pk>/", branches.edit, name="branch-edit"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/export/", exports.people, name="people-export"),
    path("settings/people/new/", people.new, name="person-new"),
    path("settings/people/<int:pk>/", people.edit, name="person-edit"),
    path("settings/people/<int:pk>/password/", people.password, name="person-password"),
    path("settings/people/<int:pk>/absence/", absences.of_person, name="person-absence"),
    path(
        "settings/people/<int:pk>/absence/end/", absences.end_of_person, name="person-absence-end"
    ),
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/<int:pk>/", calendars.calendar, name="calendar"),
    path("settings/calendars/<int:pk>/years/", calendars.load_year, name="calendar-load-year"),
    path("settings/calendars/<int:pk>/days/", calendars.set_day, name="calendar-set-day"),
    path(
        "settings/calendars/<int:pk>/days/<int:day_pk>/",
        calendars.remove_day,
        name="calendar-remove-day",
    ),
]
