"""Random keys, stored hashed: API tokens and public links. No other room makes or reads a token."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from organisation.models import ApiToken, Letter, Person, PublicLink

TOKEN_LIFE = timedelta(days=90)
# So many links go in one statement.
BATCH = 2000


class NoToken(Exception):
    """The installation's key has changed since: the link opens, but cannot be written again."""


def hash_of(token: str) -> str:
    """SHA-256 is enough: the token is random, not chosen by a person."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_token(*, person: Person, now: datetime, name: str = "") -> tuple[ApiToken, str]:
    """A new API token and its only readable copy (256 random bits)."""
    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        person=person,
        name=name,
        token_hash=hash_of(token),
        created_at=now,
        expires_at=now + TOKEN_LIFE,
    )
    return row, token


def find_token(token: str, *, now: datetime) -> ApiToken | None:
    """The live token with its person; unknown, expired, revoked and disabled look alike."""
    rows = ApiToken.objects.live(now).filter(token_hash=hash_of(token))
    return rows.select_related("person").first()


@transaction.atomic
def revoke_token(*, token: ApiToken, now: datetime) -> None:
    ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=now)


def issue_link(*, purpose: str, life: timedelta, now: datetime) -> PublicLink:
    """A link for one purpose: the name of the address that it opens."""
    return issue_links(1, purpose=purpose, life=life, now=now)[0]


@transaction.atomic
def issue_links(count: int, *, purpose: str, life: timedelta, now: datetime) -> list[PublicLink]:
    """Many links at once: 100,000 take some seconds."""
    rows = [_new_link(purpose, life, now) for _each in range(count)]
    for start in range(0, count, BATCH):
        _write(rows[start : start + BATCH])
    return rows


def _new_link(purpose: str, life: timedelta, now: datetime) -> PublicLink:
    link = PublicLink(purpose=purpose, nonce=secrets.token_urlsafe(32), created_at=now)
    link.token_hash, link.expires_at = hash_of(_derived(link, settings.SECRET_KEY)), now + life
    return link


def _write(rows: Sequence[PublicLink]) -> None:
    """Links that differ in nothing but their nonce."""
    given: dict[str, Any] = {
        "nonces": [row.nonce for row in rows],
        "hashes": [row.token_hash for row in rows],
        "purpose": rows[0].purpose,
        "created_at": rows[0].created_at,
        "expires_at": rows[0].expires_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)
        keys = dict(cursor.fetchall())
    for row in rows:
        row.pk = keys[row.token_hash]
        row._state.adding, row._state.db = False, connection.alias


WRITE = """
INSERT INTO organisation_publiclink (purpose, nonce, token_hash, created_at, expires_at)
SELECT %(purpose)s, n.nonce, n.hash, %(created_at)s, %(expires_at)s
FROM unnest(%(nonces)s::text[], %(hashes)s::text[]) AS n(nonce, hash)
RETURNING token_hash, id
"""


def _derived(link: PublicLink, secret: str) -> str:
    """256 bits that nobody guesses who lacks the nonce or the secret key."""
    value = f"{link.purpose}:{link.nonce}"
    return urlsafe_base64_encode(hmac.digest(_key(secret), value.encode(), "sha256"))


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    """As `salted_hmac` derives it, once instead of for each link."""
    return hashlib.sha256(b"organisation.PublicLink" + secret.encode()).digest()


def path_of(link: PublicLink) -> str:
    """The path that opens the link, its token in it: for a letter or a redirect, never a log."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _derived(link, secret)
        if hash_of(token) == link.token_hash:
            return path(link.purpose, token)
    raise NoToken


def path(purpose: str, token: str) -> str:
    return reverse(purpose, args=[token])


def find_link(token: str, *, purpose: str, now: datetime) -> PublicLink | None:
    """The live link of that purpose; unknown, expired, revoked and foreign look alike."""
    return PublicLink.objects.live(now).filter(token_hash=hash_of(token), purpose=purpose).first()


@transaction.atomic
def revoke_link(*, link: PublicLink, now: datetime) -> None:
    PublicLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=now)


@transaction.atomic
def renew_link(*, link: PublicLink, life: timedelta, now: datetime) -> PublicLink:
    """Another link in its place: the old one ends, and letters on their way bring the new one."""
    revoke_link(link=link, now=now)
    fresh = issue_link(purpose=link.purpose, life=life, now=now)
    Letter.objects.to_link(link).update(link=fresh)
    return fresh
