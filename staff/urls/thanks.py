"""The addresses of thanks."""

from django.urls import URLPattern, path

from staff.views import thanks

urlpatterns: list[URLPattern] = [
    path("staff/thanks/", thanks.thanks, name="thanks"),
    path("staff/thanks/answers/<int:pk>/", thanks.of_answer, name="thanks-answer"),
    path("staff/thanks/callbacks/<int:pk>/", thanks.of_callback, name="thanks-callback"),
    path("staff/thanks/<int:pk>/withdraw/", thanks.withdraw, name="thanks-withdraw"),
]
