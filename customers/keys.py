"""Keyed hashes of numbers and addresses: found by equality, never read back (B-25, K-28).

A phone number has so few possible values that a plain hash is undone in minutes; without the secret
key of the installation these cannot be made at all. What is looked for is tried under the present
key and those before it (SECRET_KEY_FALLBACKS), so that a change of key loses nobody.
"""

import hashlib
import hmac
from functools import lru_cache

from django.conf import settings
from django.utils.http import urlsafe_base64_encode

from csm.kit.chinese import folded
from customers.phones import digits_of

# 128 bits: among all numbers of the world no two are alike.
SIZE = 16
PHONE, EMAIL, LAST_FOUR = "phone", "email", "four"


def key_of(kind: str, value: str) -> str:
    """The key under which a point is stored; empty for what has nothing to be found by."""
    plain = _plain(kind, value)
    return _keyed(settings.SECRET_KEY, kind, plain) if plain else ""


def last_four_key(number: str) -> str:
    digits = digits_of(number)
    return _keyed(settings.SECRET_KEY, LAST_FOUR, digits[-4:]) if len(digits) >= 4 else ""


def wanted(kind: str, value: str) -> list[str]:
    """The keys to look for: under each secret key that may have been in use."""
    plain = value if kind == LAST_FOUR else _plain(kind, value)
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_keyed(secret, kind, plain) for secret in secrets] if plain else []


def _plain(kind: str, value: str) -> str:
    """Two ways to write the same number or address are one."""
    return digits_of(value) if kind == PHONE else folded(value).strip()


def _keyed(secret: str, kind: str, plain: str) -> str:
    mac = hmac.digest(_secret(secret), f"{kind}:{plain}".encode(), "sha256")
    return urlsafe_base64_encode(mac[:SIZE])


@lru_cache(maxsize=8)
def _secret(secret: str) -> bytes:
    """A key of its own for this purpose, as `organisation.actions.tokens` derives one."""
    return hashlib.sha256(b"customers.ContactPoint" + secret.encode()).digest()
