"""The addresses of customers; `csm.kit.secrecy` knows where a token stands in them."""

from django.urls import URLPattern, path

from surveys import public
from surveys.models import COUNTER, SHEET

# The names of the first two are the purposes of the links that open them.
urlpatterns: list[URLPattern] = [
    path("s/<str:token>/", public.sheet, name=SHEET),
    path("s/<str:token>/here/", public.counter, name=COUNTER),
    path("s/<str:token>/stop/", public.stop, name="sheet-stop"),
]
