"""The addresses of the callback desk."""

from django.urls import URLPattern, path

from complaints.views import callbacks

urlpatterns: list[URLPattern] = [
    path("callbacks/", callbacks.callbacks, name="callbacks"),
    path("callbacks/<str:number>/", callbacks.callback, name="callback"),
]
