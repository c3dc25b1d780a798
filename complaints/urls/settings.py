"""The addresses of the settings that belong to complaints."""

from django.urls import URLPattern, path

from complaints.views import categories, operations

urlpatterns: list[URLPattern] = [
    path("settings/categories/", categories.categories, name="categories"),
    path("settings/categories/new/", categories.new, name="category-new"),
    path("settings/categories/<int:pk>/", categories.edit, name="category-edit"),
    path("settings/operations/", operations.operations, name="operations"),
    path(
        "settings/operations/messages/<int:pk>/", operations.send_again, name="message-send-again"
    ),
    path("settings/operations/clocks/<int:pk>/", operations.release, name="clock-release"),
]
