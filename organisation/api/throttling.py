"""Guessing passwords is slow; signing in is not."""

from django.core.cache import cache
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from organisation.actions.tokens import hash_of

MOST = 20
SECONDS = 300


def check(request: Request, username: str) -> None:
    """Refuse (429) a name that failed too often from this address.

    Only failures count, by name and address together: nobody can lock another person out. The
    address is the connection's own: what a header says about it can be made up.
    """
    if cache.get(_key(request, username), 0) >= MOST:
        raise Throttled(wait=SECONDS)


def failed(request: Request, username: str) -> None:
    key = _key(request, username)
    cache.add(key, 0, SECONDS)
    cache.incr(key)


def _key(request: Request, username: str) -> str:
    # Hashed: a name may hold signs that a cache key may not.
    return "sign-in:" + hash_of(f"{request.META.get('REMOTE_ADDR', '')} {username.lower()}")
