"""Guessing passwords is slow; signing in is not (B-17).

Only failures stay counted, by name and address together: nobody can lock another person out for
longer than WINDOW, nor from elsewhere. The address is the connection's own: what a header says
about it can be made up.
"""

from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db import connection
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation.actions.tokens import hash_of
from organisation.models import Person, SignInTries

MOST = 20
WINDOW = timedelta(minutes=5)
# Counted before the password is looked at: of a hundred tries at once only MOST are.
COUNT = """
INSERT INTO organisation_signintries AS t (key, count, since_at) VALUES (%(key)s, 1, %(now)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN t.since_at <= %(begin)s THEN 1 ELSE t.count + 1 END,
    since_at = CASE WHEN t.since_at <= %(begin)s THEN excluded.since_at ELSE t.since_at END
RETURNING count, since_at
"""


class TooManyTries(Refused):
    """Not even looked at; `seconds` is how long to wait."""

    code = "throttled"

    def __init__(self, seconds: int) -> None:
        super().__init__(_("Too many tries. Wait five minutes, then try again."))
        self.seconds = seconds


def sign_in(*, username: str, password: str, address: str, now: datetime) -> Person | None:
    """Who it is; None alike for an unknown name, a wrong password and a disabled person."""
    key = hash_of(f"{address} {username.lower()}")
    _count(key, now)
    person = authenticate(username=username, password=password)
    if person is not None:
        SignInTries.objects.filter(key=key).delete()
    return person


def _count(key: str, now: datetime) -> None:
    """Count one more try. Whoever begins to try takes away what is over, so no table grows."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": key, "now": now, "begin": now - WINDOW})
        count, since = cursor.fetchone()
    if count == 1:
        SignInTries.objects.filter(since_at__lte=now - WINDOW).delete()
    if count > MOST:
        raise TooManyTries(max(int((since + WINDOW - now).total_seconds()), 1))
