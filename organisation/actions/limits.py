"""How often somebody may do something: atomic counters, one for each span of time.

Redis counts; where it is away the database does, from nought. It needs a table for that, so this
stands here and not in the kit. Spans begin at round times: whoever asks at the end of one and the
beginning of the next gets twice the limit at most.
"""

from datetime import UTC, datetime
from functools import lru_cache

import redis
from django.conf import settings
from django.db import connection
from django.utils.translation import ngettext
from redis.backoff import NoBackoff
from redis.retry import Retry

from csm.kit.errors import Refused
from organisation.actions.tokens import hash_of
from organisation.models import Tally

# Set apart by tests: each counts for itself.
PREFIX = "limit"
# Seconds that a frozen Redis may hold a page up; then the database counts.
PATIENCE = 0.25


class TooOften(Refused):
    """Nothing was done; `seconds` is how long to wait."""

    code = "throttled"

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        super().__init__(
            ngettext(
                "Too much at once came from your network. Try again in %(n)d minute.",
                "Too much at once came from your network. Try again in %(n)d minutes.",
                minutes,
            )
            % {"n": minutes}
        )
        self.seconds = seconds


def spend(key: str, *, limit: int, seconds: int, now: datetime, amount: int = 1) -> None:
    """Count one more; TooOften when it is one too many. Of a hundred at once `limit` pass.

    `amount`: so much more, as of kilobytes.
    """
    if _count(key, seconds, now, more=amount) > limit:
        raise TooOften(_left(seconds, now))


def check(key: str, *, limit: int, seconds: int, now: datetime) -> None:
    """TooOften when all are spent; counts nothing."""
    if _count(key, seconds, now, more=0) >= limit:
        raise TooOften(_left(seconds, now))


def _span(seconds: int, now: datetime) -> int:
    return int(now.timestamp()) // seconds


def _left(seconds: int, now: datetime) -> int:
    return seconds - int(now.timestamp()) % seconds


def _count(key: str, seconds: int, now: datetime, *, more: int) -> int:
    name = hash_of(f"{PREFIX} {key} {seconds} {_span(seconds, now)}")
    try:
        return _in_redis(name, seconds, more)
    except redis.RedisError:
        return _in_database(name, seconds, now, more)


def _in_redis(name: str, seconds: int, more: int) -> int:
    asked = _client(settings.REDIS_URL).pipeline(transaction=True)
    asked.incrby(f"limit:{name}", more)
    asked.expire(f"limit:{name}", seconds)
    return int(asked.execute()[0])


@lru_cache(maxsize=2)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), retries=0),
    )


def _in_database(name: str, seconds: int, now: datetime, more: int) -> int:
    """Whoever begins a span takes away what is over, so no table grows."""
    until = datetime.fromtimestamp((_span(seconds, now) + 1) * seconds, tz=UTC)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"key": name, "more": more, "until": until})
        count = int(cursor.fetchone()[0])
    if count == more:
        Tally.objects.filter(until_at__lte=now).delete()
    return count


COUNT = """
INSERT INTO organisation_tally AS t (key, count, until_at) VALUES (%(key)s, %(more)s, %(until)s)
ON CONFLICT (key) DO UPDATE SET count = t.count + excluded.count
RETURNING count
"""
