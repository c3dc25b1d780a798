"""The broker, looked at from outside: whether it answers, what waits there, when the bell rang."""

import json
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.utils.dateparse import parse_datetime
from redis.backoff import NoBackoff
from redis.retry import Retry

QUEUES = ("escalation", "notify", "bulk")
# The bell that beat rings most often, and how often; an unheard one expires when the next is due.
BELL, EVERY = "escalation", timedelta(seconds=15)


@dataclass(frozen=True)
class Broker:
    """`waiting` counts the unheard bells of each queue; `rang_at` is when the newest was rung."""

    answers: bool
    waiting: dict[str, int] = field(default_factory=dict)
    rang_at: datetime | None = None


def look() -> Broker:
    """Asks within a second; one that does not answer is away."""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), retries=0),
    )
    with closing(client):
        try:
            asked = client.pipeline(transaction=False)
            for queue in QUEUES:
                asked.llen(queue)
            asked.lindex(BELL, 0)
            *counts, newest = asked.execute()
        except redis.RedisError:
            return Broker(answers=False)
    return Broker(True, dict(zip(QUEUES, counts, strict=True)), _rang_at(newest))


def _rang_at(message: bytes | None) -> datetime | None:
    """From when it expires; what is no bell of ours says nothing."""
    try:
        headers: dict[str, Any] = json.loads(message or b"{}").get("headers", {})
        expires_at = parse_datetime(headers.get("expires") or "")
    except (ValueError, AttributeError):
        return None
    return expires_at - EVERY if expires_at and expires_at.tzinfo else None
