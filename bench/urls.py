"""The application, and the bare views that it is held against."""

from django.urls import include, path

from bench import bare
from csm.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [
    path("bench/list/", bare.listed),
    path("bench/orders/", bare.orders),
    path("bench/sheet/<str:token>/", bare.sheet),
    path("bench/insert/", bare.Insert.as_view()),
    path("bench/points/", bare.Statement.as_view()),
    path("bench/points/balance/", bare.Balance.as_view()),
    path("", include("csm.urls")),
]
