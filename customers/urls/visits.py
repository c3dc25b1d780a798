"""The addresses of visits to come."""

from django.urls import URLPattern, path

from customers.models.visit import FEED
from customers.views import visit_cadence, visit_feeds, visits

ONE = "customers/visits/<int:pk>/"
urlpatterns: list[URLPattern] = [
    path("customers/visits/", visits.board, name="visits"),
    path("customers/visits/cadence/", visit_cadence.cadence, name="visit-cadence"),
    path("customers/visits/feed/", visit_feeds.give, name="visit-feed-give"),
    path("customers/visits/feed/end/", visit_feeds.end, name="visit-feed-end"),
    path("calendar/<str:token>/", visit_feeds.feed, name=FEED),
    path("customers/<int:pk>/visits/plan/", visits.plan, name="visit-plan"),
    path(ONE, visits.visit, name="visit"),
    path(f"{ONE}change/", visits.change, name="visit-change"),
    path(f"{ONE}write-down/", visits.write_down, name="visit-write-down"),
    path(f"{ONE}cancel/", visits.cancel, name="visit-cancel"),
    path(f"{ONE}findings/", visits.find, name="visit-finding"),
    path(f"{ONE}tasks/", visits.follow_up, name="visit-task"),
    path(f"{ONE}tasks/<int:task_pk>/", visits.finish_task, name="visit-task-done"),
]
