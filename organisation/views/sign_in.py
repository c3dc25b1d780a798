"""Where a person arrives after logging in."""

from typing import cast

from django.contrib.auth.views import LoginView
from django.urls import reverse

from organisation.access import postings
from organisation.forms.sign_in import SignInForm
from organisation.models import Person, Role


class SignIn(LoginView):
    """To the page asked for; else to my work, and who only reads reports to the ranking."""

    template_name = "login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        roles = {posting.role for posting in postings(cast(Person, self.request.user))}
        if roles == {Role.EXECUTIVE}:
            return reverse("rankings")
        return super().get_default_redirect_url()
