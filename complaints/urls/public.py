"""The addresses of customers; `csm.kit.secrecy` knows where a token stands in them."""

from django.urls import URLPattern, path

from complaints import public

urlpatterns: list[URLPattern] = [
    path("report/", public.report, name="report"),
    path("track/<str:token>/", public.track, name="track"),
    path("track/<str:token>/add/", public.add, name="track-add"),
    path("track/<str:token>/not-solved/", public.objection, name="track-not-solved"),
]
