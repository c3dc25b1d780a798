"""Random keys, stored hashed: API tokens and public links."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from organisation.models import ApiToken, Person, PublicLink

TOKEN_LIFE = timedelta(days=90)


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


@transaction.atomic
def issue_link(*, purpose: str, life: timedelta, now: datetime) -> tuple[PublicLink, str]:
    """A link for one purpose and its only readable token (256 random bits)."""
    token = secrets.token_urlsafe(32)
    row = PublicLink.objects.create(
        purpose=purpose, token_hash=hash_of(token), created_at=now, expires_at=now + life
    )
    return row, token


def find_link(token: str, *, purpose: str, now: datetime) -> PublicLink | None:
    """The live link of that purpose; unknown, expired, revoked and foreign look alike."""
    return PublicLink.objects.live(now).filter(token_hash=hash_of(token), purpose=purpose).first()


@transaction.atomic
def revoke_link(*, link: PublicLink, now: datetime) -> None:
    PublicLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=now)
