"""The addresses of account managers."""

from django.urls import URLPattern, path

from staff.views import accounts

PLACE = "staff/account-managers/"

urlpatterns: list[URLPattern] = [
    path(PLACE, accounts.managers, name="account-managers"),
    path(f"{PLACE}<int:pk>/<slug:key>/", accounts.manager, name="account-manager"),
    path(f"{PLACE}reviews/", accounts.reviews, name="account-reviews"),
    path(f"{PLACE}reviews/<int:pk>/", accounts.review, name="account-review"),
]
