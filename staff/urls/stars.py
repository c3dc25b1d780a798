"""The addresses of the service star."""

from django.urls import URLPattern, path

from staff import public
from staff.models import VOTE
from staff.views import star_candidates, stars

ONE = "staff/stars/<int:pk>/"
CANDIDATE = f"{ONE}candidates/<int:candidate_pk>/"

urlpatterns: list[URLPattern] = [
    path("staff/stars/", stars.stars, name="stars"),
    path("staff/stars/new/", stars.new, name="star-new"),
    path(ONE, stars.star, name="star"),
    path(f"{ONE}edit/", stars.edit, name="star-edit"),
    path(f"{ONE}delete/", stars.delete, name="star-delete"),
    path(f"{ONE}open/", stars.open_, name="star-open"),
    path(f"{ONE}decide/", stars.decide, name="star-decide"),
    path(f"{ONE}prize/", stars.prize, name="star-prize"),
    path(f"{ONE}candidates/new/", star_candidates.new, name="star-candidate-new"),
    path(CANDIDATE, star_candidates.edit, name="star-candidate"),
    path(f"{CANDIDATE}withdraw/", star_candidates.withdraw, name="star-candidate-withdraw"),
    # The purpose of the links that open it.
    path("vote/<str:token>/", public.vote, name=VOTE),
]
