from django.urls import path

from organisation.api import views

urlpatterns = [
    path("auth/token/", views.Token.as_view(), name="api-token"),
    path("me/", views.Me.as_view(), name="api-me"),
    path("branches/", views.Branches.as_view(), name="api-branches"),
]
