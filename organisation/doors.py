"""What every door needs: who is asking, and how a refused act becomes a form error."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.forms import BaseForm
from django.http import HttpRequest

from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from organisation.models import Person

T = TypeVar("T")


def me(request: HttpRequest) -> Person:
    """The signed-in person; every view behind the login has one."""
    return cast(Person, request.user)


def attempt(form: BaseForm, act: Callable[[], T]) -> T | None:
    """Do the act; if its input is refused, write that on the form and give None.

    Missing rights, a stale page and an act that is not open are pages of their own.
    """
    try:
        return act()
    except (Forbidden, NotOpen, Stale):
        raise
    except Refused as refusal:
        for name, words in refusal.fields.items():
            form.add_error(name if name in form.fields else None, words)
        if not refusal.fields:
            form.add_error(None, refusal.message)
        return None
