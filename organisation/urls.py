"""The addresses of logging in, the inbox and the settings."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path

from organisation.views import inbox

urlpatterns: list[URLPattern] = [
    path(
        "login/",
        LoginView.as_view(template_name="login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:pk>/", inbox.open_message, name="inbox-open"),
]
