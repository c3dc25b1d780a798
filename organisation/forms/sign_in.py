"""The log-in form: Django's, with our count of tries."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from csm.kit import clock
from organisation.actions import sign_ins


class SignInForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("username") and given.get("password"):
            self.user_cache = self._person(given["username"], given["password"])
            if self.user_cache is None:
                raise self.get_invalid_login_error()
        return given

    def _person(self, username: str, password: str) -> Any:
        address = self.request.META["REMOTE_ADDR"] if self.request else ""
        try:
            return sign_ins.sign_in(
                username=username, password=password, address=address, now=clock.now()
            )
        except sign_ins.TooManyTries as refusal:
            raise ValidationError(refusal.message) from refusal
